// kjit run: executes the script of a file, or calls one kernel. Entry: run_command. Many calls: jobs.cpp.

#include <fmt/format.h>
#include <sys/random.h>

#include <cstring>
#include <optional>
#include <utility>

#include "call.h"
#include "commands.h"
#include "driver/npy.h"
#include "exit_code.h"
#include "inputs.h"
#include "jobs.h"
#include "progress.h"
#include "report.h"
#include "stop.h"

namespace kjit::cli {

namespace {

int fail(int exit_code, std::string_view message) {
  print_error(fmt::format("kjit run: {}\n", message));
  return exit_code;
}

std::optional<std::uint64_t> draw_seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != sizeof seed) return std::nullopt;
  return seed;
}

CallResult call_target(Module& module, const RunOptions& options, const std::vector<Value>& args, CallOptions call) {
  const Deadline deadline(options.timeout);
  ProgressLine progress(options.progress);
  if (progress.wanted()) {
    call.progress = [&progress](const LoopProgress& loop) { progress.show(loop); };
    call.write = [&progress, write = std::move(call.write)](std::string_view text) {
      progress.erase();
      write(text);
    };
  }
  return options.target.kernel ? module.call(*options.target.kernel, args, call) : module.run_script(call);
}

// A number is stored as an array without axes, as numpy.save does.
std::optional<ArrayValue> as_array(const Value& value) {
  if (const auto* array = std::get_if<ArrayValue>(&value.data)) return *array;
  const auto scalar = []<typename T>(DType dtype, const T& number) {
    ArrayValue array = ArrayValue::zeros(dtype, {});
    *reinterpret_cast<T*>(array.data.get()) = number;
    return array;
  };
  const auto integer = [&]<typename T>(DType wide, const T& number) {
    ArrayValue array = ArrayValue::zeros(value.narrow.value_or(wide), {});
    std::memcpy(array.data.get(), &number, item_size(array.dtype));  // little-endian: the low bytes come first
    return array;
  };
  if (const auto* x = std::get_if<bool>(&value.data)) return scalar(DType::Bool, *x);
  if (const auto* x = std::get_if<std::int64_t>(&value.data)) return integer(DType::I64, *x);
  if (const auto* x = std::get_if<std::uint64_t>(&value.data)) return integer(DType::U64, *x);
  if (const auto* x = std::get_if<float>(&value.data)) return scalar(DType::F32, *x);
  if (const auto* x = std::get_if<double>(&value.data)) return scalar(DType::F64, *x);
  if (const auto* x = std::get_if<std::complex<float>>(&value.data)) return scalar(DType::C64, *x);
  if (const auto* x = std::get_if<std::complex<double>>(&value.data)) return scalar(DType::C128, *x);
  return std::nullopt;
}

int save_result(const Value& value, const std::string& path) {
  const auto array = as_array(value);
  if (!array) return fail(kProgramFailed, "the result is neither an array nor a number: it cannot be stored in a .npy file");
  const auto error = save_npy(path, *array);
  return error ? fail(kProgramFailed, fmt::format("{}: {}", path, error->message)) : int{kSuccess};
}

void report_time(const Timing& timing) {
  print_error(fmt::format("compile {:.3f} ms\nrun {:.3f} ms\n", timing.compile_ms, timing.run_ms));
}

int finish(const RunOptions& options, const CallResult& result, const Module& module, const std::string& collected, Output& out) {
  int exit_code = exit_code_of(result);
  const bool saves = result.ok() && !options.out.empty();
  if (saves) exit_code = save_result(result.value, options.out);
  const bool has_result = options.target.kernel.has_value();
  if (options.json) {
    out.write(run_json(result, module, exit_code, collected, has_result && !saves));
    return exit_code;
  }
  if (result.ok() && has_result && !saves) out.write(repr(result.value) + "\n");
  out.flush();
  report_failure(result, module);
  if (!result.note.empty()) print_error(fmt::format("kjit: note: {}\n", result.note));
  if (options.time) report_time(result.timing);
  return exit_code;
}

}  // namespace

int run_command(const RunOptions& options, Output& out) {
  auto args = parse_arguments(options.target.args);
  if (const auto* bad = std::get_if<BadArgument>(&args)) return fail(bad->exit_code, bad->message);
  const auto seed = options.random_seed ? draw_seed() : options.seed;
  if (!seed) return fail(kProgramFailed, "the system gives no random seed");
  if (options.random_seed) print_error(fmt::format("seed: {}\n", *seed));

  install_signal_handlers();
  if (!options.map.empty()) {
    const auto rows = read_rows(options.map);
    if (const auto* bad = std::get_if<BadArgument>(&rows)) return fail(bad->exit_code, bad->message);
    return map_command(options, *seed, std::get<0>(rows), std::get<std::vector<Value>>(args), out);
  }
  if (options.repeat > 0) return jobs_command(options, *seed, std::get<std::vector<Value>>(args), out);
  Engine engine(options.target.engine);
  auto module = load_module(engine, options.target.file);
  if (!module) return fail(kProgramFailed, module.error().message);
  std::string collected;
  CallOptions call = call_options(options, *seed);
  call.write = [&](std::string_view text) { options.json ? void(collected += text) : out.write(text); };
  const CallResult result = call_target(*module, options, std::get<std::vector<Value>>(args), std::move(call));
  return finish(options, result, *module, collected, out);
}

}  // namespace kjit::cli
