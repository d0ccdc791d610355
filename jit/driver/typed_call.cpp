// Kernels as typed C++ functions: the part of kjit/function.h that is not a template. Entry: detail::find_function.

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "driver/compiled.h"
#include "driver/deadline.h"
#include "driver/host_lock.h"
#include "driver/invoke.h"
#include "driver/own_array.h"
#include "driver/run_error.h"
#include "kjit/function.h"
#include "lower/lower.h"
#include "runtime/runtime.h"
#include "typing/type_text.h"

namespace kjit::inline KJIT_ABI {

namespace detail {

// The header knows the binary interface of kernels as these.
static_assert(sizeof(Text) == sizeof(kjit_str) && offsetof(Text, size) == offsetof(kjit_str, size) &&
              offsetof(Text, owner) == offsetof(kjit_str, owner));
static_assert(sizeof(Descriptor<KJIT_MAX_RANK>) == sizeof(kjit_array) &&
              offsetof(Descriptor<1>, owner) == offsetof(kjit_array, owner) &&
              offsetof(Descriptor<1>, shape) == offsetof(kjit_array, dims) &&
              sizeof(Descriptor<3>) == offsetof(kjit_array, dims) + 6 * sizeof(std::int64_t));
static_assert(dtype_of<bool>() == KJIT_BOOL && dtype_of<std::int64_t>() == KJIT_I64 && dtype_of<std::uint8_t>() == KJIT_U8 &&
              dtype_of<double>() == KJIT_F64 && dtype_of<std::complex<double>>() == KJIT_C128);
static_assert(KJIT_OK == 0);

namespace {

kjit_context* runtime_context(Context* context) { return reinterpret_cast<kjit_context*>(context); }

// The contexts that this thread has; they die with it.
class ThreadContexts {
 public:
  ~ThreadContexts() {
    while (!all_.empty()) free(reinterpret_cast<Context*>(all_.back().get()));
  }
  Context* make() {
    all_.push_back(std::make_unique<kjit_context>());
    kjit_context_init(all_.back().get(), nullptr, nullptr, 0);
    return reinterpret_cast<Context*>(all_.back().get());
  }
  void free(Context* context) {
    kjit_context_destroy(runtime_context(context));
    std::erase_if(all_, [context](const auto& owned) { return owned.get() == runtime_context(context); });
  }

 private:
  std::vector<std::unique_ptr<kjit_context>> all_;
};

ThreadContexts& thread_contexts() {
  static thread_local ThreadContexts contexts;
  return contexts;
}

// A strided result is copied when the host takes it.
bool fits(const std::optional<Type>& kernel, const std::optional<Type>& wanted) {
  if (!kernel || !wanted || kernel->kind() != wanted->kind()) return false;
  if (kernel->is_array()) return kernel->dtype() == wanted->dtype() && kernel->rank() == wanted->rank();
  if (!kernel->is_tuple()) return *kernel == *wanted;
  return std::ranges::equal(kernel->elements(), wanted->elements(), [](const Type& a, const Type& b) { return fits(a, b); });
}

// What is wrong with calling the kernel in the wanted way.
std::optional<Error> mismatch(const Signature& kernel, const std::vector<ParameterText>& parameters, const std::string& wanted,
                              const std::string& result) {
  if (!fits(parse_type(kernel.result), parse_type(result)))
    return Error{"the host wants " + wanted + ", but the kernel is " + to_string(kernel)};
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!parameters[i].is_const || !kernel.parameters[i].written) continue;
    return Error{"the kernel writes to its parameter " + kernel.parameters[i].name +
                 ", which the host passes as const: " + to_string(kernel)};
  }
  return std::nullopt;
}

// Without random numbers, the host's lock and threads, and the interpreter there is nothing to prepare for a call.
void* direct_entry(const Compiled& code) {
  const LinkedKernel& kernel = *code.entry->kernel;
  const EngineOptions& options = code.module->engine->options;
  const bool simple = kernel.code && !kernel.image.draws && lock_of(options) == nullptr && !options.loop_executor;
  return simple ? kernel.code->find(kDirectSymbol) : nullptr;
}

}  // namespace

Result<TypedEntry> find_function(const Module& module, std::string_view name, const std::vector<ParameterText>& parameters,
                                 const std::string& result) {
  std::vector<std::string> types;
  types.reserve(parameters.size());
  for (const ParameterText& parameter : parameters) types.push_back(parameter.type);
  Result<Compiled> code = compile_for(module, name, types);
  if (!code) return code.error();
  const std::string wanted = call_text(name, types) + " -> " + result;
  if (auto error = mismatch(code->entry->kernel->image.signature, parameters, wanted, result)) return std::move(*error);
  void* const direct = direct_entry(*code);
  return TypedEntry{direct, std::make_shared<const Compiled>(std::move(*code))};
}

std::optional<Error> call(const Compiled& code, const CallOptions& given, void* const* args, void* result) {
  Module::Impl& module = *code.module;
  const Deadline deadline(given);
  const CallOptions& options = deadline.options();
  const std::uint64_t stream = options.stream ? *options.stream : module.next_stream++;
  auto error = run_in_memory(*code.entry, module.engine->options, args, result, options, stream);
  if (!error) return std::nullopt;
  return to_error(std::move(*error));
}

Context* new_context() { return thread_contexts().make(); }
void free_context(Context* context) noexcept { thread_contexts().free(context); }

Error take_error(const Compiled& code, Context* context) {
  Error error = to_error(make_run_error(runtime_context(context)->error, code.entry->kernel->image.sites));
  kjit_error_clear(runtime_context(context));
  return error;
}

void release_buffer(void* owner) noexcept { kjit_release(static_cast<kjit_buffer*>(owner)); }

bool own_array(void* descriptor, int dtype, int rank) {
  return kjit::own_array(static_cast<kjit_array*>(descriptor), dtype, rank);
}

}  // namespace detail

}  // namespace kjit::inline KJIT_ABI
