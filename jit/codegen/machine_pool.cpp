// The pool of target machines. Entry: MachinePool::take.

#include "codegen/machine_pool.h"

#include <llvm/Target/TargetMachine.h>

#include <mutex>
#include <utility>
#include <vector>

#include "codegen/target.h"

namespace kjit {

struct MachinePool::Idle {
  std::mutex mutex;
  std::vector<std::unique_ptr<llvm::TargetMachine>> machines;

  std::unique_ptr<llvm::TargetMachine> pop() {
    const std::lock_guard lock(mutex);
    if (machines.empty()) return nullptr;
    std::unique_ptr<llvm::TargetMachine> machine = std::move(machines.back());
    machines.pop_back();
    return machine;
  }
  void push(llvm::TargetMachine* machine) {
    const std::lock_guard lock(mutex);
    machines.emplace_back(machine);
  }
};

MachinePool::MachinePool(int opt_level, CodeTarget target)
    : opt_level_(opt_level), target_(std::move(target)), idle_(std::make_shared<Idle>()) {}
MachinePool::~MachinePool() = default;

std::shared_ptr<llvm::TargetMachine> MachinePool::take(std::string& error) {
  std::unique_ptr<llvm::TargetMachine> machine = idle_->pop();
  if (!machine) machine = make_target_machine(target_, opt_level_, error);
  if (!machine) return nullptr;
  return {machine.release(), [idle = idle_](llvm::TargetMachine* used) { idle->push(used); }};
}

}  // namespace kjit
