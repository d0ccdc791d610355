// Failures of the C interface. Entry: report, kjit_failure_*.

#include "capi/failure.h"

namespace kjit::capi {

kjit_failure bad_argument(std::string message) {
  std::string text = message;
  return {KJIT_BAD_ARGUMENT, std::move(message), std::move(text)};
}

kjit_failure bad_source(const Error& error) { return {KJIT_BAD_SOURCE, error.message, error.render()}; }

kjit_failure kernel_failed(RunError error) {
  kjit_failure failure{KJIT_KERNEL_FAILED, error.kind + (error.message.empty() ? "" : ": " + error.message), error.render()};
  failure.run = std::move(error);
  return failure;
}

Failed failure_of(CallResult& result) {
  switch (result.status) {
    case CallResult::Status::Ok: return std::nullopt;
    case CallResult::Status::CompileError: return bad_source({"the source text has errors", result.diagnostics});
    case CallResult::Status::RunError: return kernel_failed(std::move(result.error));
  }
  return std::nullopt;
}

kjit_outcome report(kjit_failure failure, kjit_failure** out) noexcept {
  const kjit_outcome outcome = failure.outcome;
  if (out == nullptr) return outcome;
  *out = new (std::nothrow) kjit_failure(std::move(failure));
  return *out == nullptr ? KJIT_NO_MEMORY : outcome;
}

kjit_outcome report_exception(kjit_failure** out) noexcept {
  const auto described = [out](kjit_outcome outcome, const char* text) noexcept {
    try {
      return report({outcome, text, text}, out);
    } catch (...) {
      if (out != nullptr) *out = nullptr;
      return KJIT_NO_MEMORY;
    }
  };
  try {
    throw;
  } catch (const CallbackFailure& failure) {
    return described(KJIT_CALLBACK_FAILED, failure.what());
  } catch (const std::bad_alloc&) {
    return described(KJIT_NO_MEMORY, "not enough memory");
  } catch (const std::exception& bug) {
    return described(KJIT_BUG, bug.what());
  } catch (...) {
    return described(KJIT_BUG, "an unknown exception");
  }
}

}  // namespace kjit::capi

// Without an object there was no memory for one.
const char* kjit_failure_message(const kjit_failure* failure) {
  return failure == nullptr ? "not enough memory" : failure->message.c_str();
}
const char* kjit_failure_text(const kjit_failure* failure) {
  return failure == nullptr ? "not enough memory" : failure->text.c_str();
}
const char* kjit_failure_kind(const kjit_failure* failure) { return failure == nullptr ? "" : failure->run.kind.c_str(); }
int kjit_failure_exit_code(const kjit_failure* failure) { return failure == nullptr ? 1 : failure->run.exit_code; }
void kjit_failure_free(kjit_failure* failure) { delete failure; }

size_t kjit_failure_frame_count(const kjit_failure* failure) { return failure == nullptr ? 0 : failure->run.traceback.size(); }

kjit_outcome kjit_failure_frame(const kjit_failure* failure, size_t index, kjit_frame* frame) {
  if (frame == nullptr || index >= kjit_failure_frame_count(failure)) return KJIT_BAD_ARGUMENT;
  const kjit::Frame& from = failure->run.traceback[index];
  *frame = {from.kernel.c_str(), from.file.c_str(), from.source.c_str(), from.line, from.column};
  return KJIT_DONE;
}
