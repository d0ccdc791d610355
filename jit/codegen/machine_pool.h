#pragma once
// Target machines to borrow. They cost a millisecond to make and serve one thread at a time.

#include <memory>
#include <string>

#include "codegen/target.h"

namespace llvm {
class TargetMachine;
}  // namespace llvm

namespace kjit {

// Thread rule: any member may be called from any thread at any time.
class MachinePool {
 public:
  explicit MachinePool(int opt_level, CodeTarget target = host_target());
  ~MachinePool();

  const CodeTarget& target() const { return target_; }

  // A machine for the caller's thread alone; it goes back when the pointer is dropped, which may be after the pool's end. Null
  // and a text in `error` if LLVM has no code generator for the target.
  std::shared_ptr<llvm::TargetMachine> take(std::string& error);

 private:
  struct Idle;
  const int opt_level_;
  const CodeTarget target_;
  std::shared_ptr<Idle> idle_;
};

}  // namespace kjit
