#pragma once
// Our own bugs. A user's mistake is a Diagnostic and a failing program is a run-time error; neither ever reaches these.
//
// A failed assertion throws InternalError: the library never aborts the host. The command line catches it, prints it with a
// request to report it, and exits with 70.

#include <stdexcept>
#include <string>

namespace kjit {

class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void fail_assertion(const char* condition, const char* message, const char* file, int line);

}  // namespace kjit

#define KJIT_ASSERT(condition, message) \
  (static_cast<bool>(condition) ? void(0) : ::kjit::fail_assertion(#condition, message, __FILE__, __LINE__))
#define KJIT_UNREACHABLE(message) ::kjit::fail_assertion("unreachable", message, __FILE__, __LINE__)
