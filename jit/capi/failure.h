#pragma once
// Errors of the C interface, and the border that no C++ exception crosses.

#include <exception>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "kjit/c.h"
#include "kjit/engine.h"

struct kjit_failure {
  kjit_outcome outcome = KJIT_BUG;
  std::string message;
  std::string text;
  kjit::RunError run = {};  // KJIT_KERNEL_FAILED
};

namespace kjit::capi {

// Nothing: it went well.
using Failed = std::optional<kjit_failure>;

kjit_failure bad_argument(std::string message);
kjit_failure bad_source(const Error& error);
kjit_failure kernel_failed(RunError error);
// nullopt if the call went well.
Failed failure_of(CallResult& result);

// What a callback of the host has thrown, on its way out.
class CallbackFailure : public std::exception {
 public:
  explicit CallbackFailure(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

// Puts the failure where the host wants it.
kjit_outcome report(kjit_failure failure, kjit_failure** out) noexcept;
// The same for the exception that is being handled.
kjit_outcome report_exception(kjit_failure** out) noexcept;

template <typename Body>
kjit_outcome guarded(kjit_failure** out, Body body) noexcept {
  try {
    Failed failed = body();
    return failed ? report(std::move(*failed), out) : KJIT_DONE;
  } catch (...) {
    return report_exception(out);
  }
}

}  // namespace kjit::capi
