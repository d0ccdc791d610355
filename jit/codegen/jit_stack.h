#pragma once
// Machine code in memory: an object file in, a callable entry out.
//
//   std::string error;
//   std::shared_ptr<JitStack> jit = JitStack::create(error);
//   std::unique_ptr<LinkedCode> code = jit->link(object, "kjit_entry", error);
//   code->entry()(&ctx, args, &result);

#include <memory>
#include <string>
#include <string_view>

#include "runtime/abi.h"

namespace kjit {

// Owns the machine code of one object and frees it when destroyed; nothing may be running in it then. Keeps its JitStack alive.
class LinkedCode {
 public:
  virtual ~LinkedCode() = default;
  virtual kjit_entry entry() const = 0;
};

// Thread rule: any member may be called from any thread at any time.
class JitStack {
 public:
  // Null and a text in `error` when code cannot be linked here (no target, memory may not be executable).
  static std::shared_ptr<JitStack> create(std::string& error);
  virtual ~JitStack() = default;

  // Links the object with the runtime. Each object has a name space of its own, so that several may define the same symbols. Null
  // and a text in `error` on failure.
  virtual std::unique_ptr<LinkedCode> link(std::string_view object, const std::string& entry, std::string& error) = 0;
};

}  // namespace kjit
