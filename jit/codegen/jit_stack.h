#pragma once
// Machine code in memory: an object file in, a callable entry out.
//
//   std::string error;
//   std::shared_ptr<JitStack> jit = JitStack::create(error);
//   std::shared_ptr<LinkedCode> code = jit->link(object, "kjit_entry", {}, error);
//   reinterpret_cast<kjit_entry>(code->address())(&ctx, args, &result);

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi.h"

namespace kjit {

// Owns the machine code of one object and frees it when destroyed; nothing may be running in it then. Keeps its JitStack alive.
class LinkedCode {
 public:
  virtual ~LinkedCode() = default;
  virtual void* address() const = 0;  // of the function that link() was asked for
  // Of another function of the object; null if it has none of this name. Any thread.
  virtual void* find(const std::string& function) const = 0;
};
using LinkedParts = std::vector<std::shared_ptr<LinkedCode>>;

// Thread rule: any member may be called from any thread at any time.
class JitStack {
 public:
  // The address of a symbol that is neither the runtime's nor C's mathematics, or null; called while something is linked.
  using Resolve = std::function<void*(std::string_view symbol)>;
  // Null and a text in `error` when code cannot be linked here (no target, memory may not be executable).
  static std::shared_ptr<JitStack> create(std::string& error, Resolve resolve = nullptr);
  virtual ~JitStack() = default;

  // Links the object with the runtime and with other code of this stack, which it keeps alive. Each object has a name space of
  // its own, so that several may define the same symbols. Null and a text in `error` on failure.
  virtual std::shared_ptr<LinkedCode> link(std::string_view object, const std::string& function, const LinkedParts& used,
                                           std::string& error) = 0;
};

}  // namespace kjit
