// Kernels whose types are known at run time only. Entry: Module::function, AnyFunction::call.

#include "kjit/any_function.h"

#include <chrono>
#include <utility>

#include "driver/compiled.h"
#include "driver/deadline.h"
#include "driver/invoke.h"

namespace kjit::inline KJIT_ABI {

namespace {

KernelSignature public_signature(const Signature& signature) {
  KernelSignature result{signature.name, {}, signature.result};
  for (const Parameter& parameter : signature.parameters)
    result.parameters.push_back({parameter.name, parameter.type, parameter.written});
  return result;
}

CallResult wrong_count(const KernelSignature& signature, std::size_t given) {
  CallResult result;
  result.status = CallResult::Status::RunError;
  result.error.kind = "TypeError";
  result.error.message =
      signature.text() + " wants " + std::to_string(signature.parameters.size()) + " arguments, not " + std::to_string(given);
  return result;
}

}  // namespace

std::string KernelSignature::text() const {
  std::string list;
  for (const KernelParameter& parameter : parameters) list += (list.empty() ? "" : ", ") + parameter.name + ": " + parameter.type;
  return name + "(" + list + ") -> " + result;
}

AnyFunction::AnyFunction(std::shared_ptr<const detail::Compiled> code)
    : signature_(public_signature(code->entry->kernel->image.signature)), code_(std::move(code)) {}

CallResult AnyFunction::call(const std::vector<Value>& args, const CallOptions& given) const {
  if (args.size() != signature_.parameters.size()) return wrong_count(signature_, args.size());
  Module::Impl& module = *code_->module;
  const Deadline deadline(given);
  const CallOptions& options = deadline.options();
  const auto start = std::chrono::steady_clock::now();
  CallResult result =
      invoke(*code_->entry, module.engine->options, args, options, options.stream ? *options.stream : module.next_stream++);
  result.timing.run_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return result;
}

Result<AnyFunction> Module::function(std::string_view name, const std::vector<std::string>& types) const {
  Result<detail::Compiled> code = detail::compile_for(*this, name, types);
  if (!code) return code.error();
  return AnyFunction(std::make_shared<const detail::Compiled>(std::move(*code)));
}

}  // namespace kjit::inline KJIT_ABI
