// Calls, functions and results of the C interface. Entry: kjit_call, kjit_function_call.

#include <chrono>
#include <cmath>

#include "capi/objects.h"

namespace kjit::capi {

namespace {

// Runs a callback of the host; what it throws comes out of the call as a CallbackFailure.
template <typename F>
void enter_callback(F callback) {
  try {
    callback();
  } catch (const std::exception& thrown) {
    throw CallbackFailure(thrown.what());
  } catch (...) {
    throw CallbackFailure("a callback threw something that is no std::exception");
  }
}

void set_callbacks(const kjit_call_options& from, CallOptions& options) {
  if (from.write != nullptr) {
    options.write = [from](std::string_view text) { enter_callback([&] { from.write(from.user, text.data(), text.size()); }); };
  }
  if (from.progress == nullptr) return;
  options.progress = [from](const LoopProgress& progress) {
    const kjit_progress told{progress.file.data(), progress.file.size(), progress.line,
                             progress.done,        progress.total,       progress.seconds};
    enter_callback([&] { from.progress(from.user, &told); });
  };
}

Failed set_limits(const kjit_call_options& from, CallOptions& options) {
  if (from.schedule < KJIT_AS_WRITTEN || from.schedule > KJIT_AUTO_SCHEDULE) return bad_argument("there is no such schedule");
  if (!(from.timeout >= 0)) return bad_argument("a timeout is a number of seconds");
  if (from.threads < 0) return bad_argument("a negative number of threads");
  options.threads = from.threads;
  if (from.schedule != KJIT_AS_WRITTEN) options.schedule = static_cast<Schedule>(from.schedule - 1);
  constexpr double kLongest = 1e9;  // seconds; as good as none
  if (from.timeout > 0)
    options.timeout = std::chrono::nanoseconds(static_cast<std::int64_t>(std::fmin(from.timeout, kLongest) * 1e9));
  if (from.cancel != nullptr) options.stop = &from.cancel->stop;
  return std::nullopt;
}

Failed read_options(const kjit_call_options* from, CallOptions& options) {
  if (from == nullptr) return std::nullopt;
  if (from->size != sizeof *from) return bad_argument("options that kjit_call_options_init has not seen");
  if (from->argv == nullptr && from->argc > 0) return bad_argument("no argv, but a count of words");
  options.seed = from->seed;
  if (from->stream >= 0) options.stream = static_cast<std::uint64_t>(from->stream);
  options.argv.assign(from->argv, from->argv + from->argc);
  set_callbacks(*from, options);
  return set_limits(*from, options);
}

Failed give_result(CallResult called, kjit_result** out) {
  if (Failed failed = failure_of(called)) return failed;
  if (out != nullptr) *out = new kjit_result(std::move(called));
  return std::nullopt;
}

// `call` takes values and options.
template <typename Call>
Failed call_with(const kjit_value* args, size_t count, const kjit_call_options* from, kjit_result** out, Call call) {
  std::vector<Value> values;
  if (Failed failed = read_arguments(args, count, values)) return failed;
  CallOptions options;
  if (Failed failed = read_options(from, options)) return failed;
  return give_result(call(values, options), out);
}

}  // namespace

}  // namespace kjit::capi

using namespace kjit::capi;

// ---- stopping
// --------------------------------------------------------------------------------------------------------------------

kjit_cancel* kjit_cancel_new() { return new (std::nothrow) kjit_cancel; }
void kjit_cancel_request(kjit_cancel* cancel) {
  if (cancel != nullptr) cancel->stop.store(static_cast<int>(kjit::Stop::Cancel), std::memory_order_relaxed);
}
int kjit_cancel_requested(const kjit_cancel* cancel) {
  return cancel != nullptr && cancel->stop.load(std::memory_order_relaxed) != 0 ? 1 : 0;
}
void kjit_cancel_free(kjit_cancel* cancel) { delete cancel; }

// ---- calls
// -----------------------------------------------------------------------------------------------------------------------

void kjit_call_options_init(kjit_call_options* options) {
  if (options == nullptr) return;
  *options = {};
  options->size = sizeof *options;
  options->stream = -1;
}

kjit_outcome kjit_call(kjit_module* module, const char* kernel, const kjit_value* args, size_t count,
                       const kjit_call_options* options, kjit_result** result, kjit_failure** failure) {
  return guarded(failure, [&]() -> Failed {
    if (module == nullptr || kernel == nullptr) return bad_argument("no module or kernel");
    return call_with(args, count, options, result, [&](const std::vector<kjit::Value>& values, const kjit::CallOptions& chosen) {
      return module->module.call(kernel, values, chosen);
    });
  });
}

kjit_outcome kjit_run_script(kjit_module* module, const kjit_call_options* options, kjit_failure** failure) {
  return guarded(failure, [&]() -> Failed {
    if (module == nullptr) return bad_argument("no module");
    return call_with(nullptr, 0, options, nullptr, [&](const std::vector<kjit::Value>&, const kjit::CallOptions& chosen) {
      return module->module.run_script(chosen);
    });
  });
}

// ---- functions
// -------------------------------------------------------------------------------------------------------------------

kjit_outcome kjit_find(kjit_module* module, const char* kernel, const char* const* types, size_t count, kjit_function** function,
                       kjit_failure** failure) {
  return guarded(failure, [&]() -> Failed {
    if (module == nullptr || kernel == nullptr || function == nullptr)
      return bad_argument("no module, kernel or place for the function");
    if (types == nullptr && count > 0) return bad_argument("no types, but a count of them");
    auto found = module->module.function(kernel, std::vector<std::string>(types, types + count));
    if (!found) return bad_source(found.error());
    std::string signature = found->signature().text();
    *function = new kjit_function{std::move(*found), std::move(signature)};
    return std::nullopt;
  });
}

void kjit_function_free(kjit_function* function) { delete function; }

const char* kjit_function_signature(const kjit_function* function) {
  return function == nullptr ? "" : function->signature.c_str();
}
const char* kjit_function_result_type(const kjit_function* function) {
  return function == nullptr ? "" : function->function.signature().result.c_str();
}
size_t kjit_function_parameter_count(const kjit_function* function) {
  return function == nullptr ? 0 : function->function.signature().parameters.size();
}

namespace {

const kjit::KernelParameter* parameter_at(const kjit_function* function, size_t index) {
  return index < kjit_function_parameter_count(function) ? &function->function.signature().parameters[index] : nullptr;
}

}  // namespace

const char* kjit_function_parameter_name(const kjit_function* function, size_t index) {
  const kjit::KernelParameter* parameter = parameter_at(function, index);
  return parameter == nullptr ? nullptr : parameter->name.c_str();
}
const char* kjit_function_parameter_type(const kjit_function* function, size_t index) {
  const kjit::KernelParameter* parameter = parameter_at(function, index);
  return parameter == nullptr ? nullptr : parameter->type.c_str();
}
int kjit_function_parameter_written(const kjit_function* function, size_t index) {
  const kjit::KernelParameter* parameter = parameter_at(function, index);
  return parameter != nullptr && parameter->written ? 1 : 0;
}

kjit_outcome kjit_function_call(const kjit_function* function, const kjit_value* args, size_t count,
                                const kjit_call_options* options, kjit_result** result, kjit_failure** failure) {
  return guarded(failure, [&]() -> Failed {
    if (function == nullptr) return bad_argument("no function");
    return call_with(args, count, options, result, [&](const std::vector<kjit::Value>& values, const kjit::CallOptions& chosen) {
      return function->function.call(values, chosen);
    });
  });
}

// ---- results
// ---------------------------------------------------------------------------------------------------------------------

const kjit_value* kjit_result_value(const kjit_result* result) { return result == nullptr ? nullptr : &result->value.get(); }
const char* kjit_result_note(const kjit_result* result) { return result == nullptr ? "" : result->call.note.c_str(); }
double kjit_result_compile_ms(const kjit_result* result) { return result == nullptr ? 0 : result->call.timing.compile_ms; }
double kjit_result_run_ms(const kjit_result* result) { return result == nullptr ? 0 : result->call.timing.run_ms; }
void kjit_result_free(kjit_result* result) { delete result; }
