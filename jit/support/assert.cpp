// What a failed KJIT_ASSERT does: it throws InternalError with the place. Entry: fail_assertion.

#include "support/assert.h"

#include <string_view>

namespace kjit {

namespace {

// Build folders differ from machine to machine; the path below the repository does not.
std::string_view short_path(std::string_view file) {
  for (std::string_view root : {"/jit/", "/runtime/", "/tools/"}) {
    if (auto at = file.rfind(root); at != std::string_view::npos) return file.substr(at + 1);
  }
  return file;
}

}  // namespace

void fail_assertion(const char* condition, const char* message, const char* file, int line) {
  std::string text = "internal error: ";
  text.append(message).append(" (").append(condition).append(") at ");
  text.append(short_path(file)).append(":").append(std::to_string(line));
  throw InternalError(text);
}

}  // namespace kjit
