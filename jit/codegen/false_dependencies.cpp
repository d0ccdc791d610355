// Entry: make_false_dependency_pass.

#include "codegen/false_dependencies.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/CodeGen/MachineFrameInfo.h>
#include <llvm/CodeGen/MachineFunction.h>
#include <llvm/CodeGen/MachineFunctionPass.h>
#include <llvm/CodeGen/MachineRegisterInfo.h>
#include <llvm/CodeGen/TargetInstrInfo.h>
#include <llvm/CodeGen/TargetRegisterInfo.h>
#include <llvm/CodeGen/TargetSubtargetInfo.h>

namespace kjit {
namespace {

using llvm::MCRegister;

// One block, from its beginning.
class BlockScan {
 public:
  BlockScan(llvm::MachineBasicBlock& block, const llvm::TargetSubtargetInfo& target)
      : block_(block), instructions_(*target.getInstrInfo()), registers_(*target.getRegisterInfo()) {}

  bool run() {
    bool changed = false;
    for (llvm::MachineInstr& instruction : block_) {
      changed = clear_inputs(instruction) || changed;
      note_outputs(instruction);
    }
    return changed;
  }

 private:
  bool clear_inputs(llvm::MachineInstr& instruction) {
    bool changed = false;
    for (unsigned number = 0; number < instruction.getNumExplicitOperands(); ++number) {
      const llvm::MachineOperand& operand = instruction.getOperand(number);
      if (!operand.isReg() || !operand.isUse() || !operand.isUndef() || operand.isTied() || !operand.getReg().isPhysical())
        continue;
      if (instructions_.getUndefRegClearance(instruction, number, &registers_) == 0) continue;
      if (!holds_nothing(operand.getReg().asMCReg())) continue;
      instructions_.breakPartialRegDependency(instruction, number, &registers_);
      changed = true;
    }
    return changed;
  }

  // What a block wrote itself is LLVM's affair, and may be read later.
  bool holds_nothing(MCRegister reg) const {
    for (llvm::MCRegUnit unit : registers_.regunits(reg)) {
      if (written_.contains(unit)) return false;
    }
    if (last_call_ && llvm::MachineOperand::clobbersPhysReg(last_call_, reg)) return true;
    for (llvm::MCRegAliasIterator alias(reg, &registers_, /*IncludeSelf=*/true); alias.isValid(); ++alias) {
      if (block_.isLiveIn(*alias)) return false;
    }
    return true;
  }

  void note_outputs(const llvm::MachineInstr& instruction) {
    for (const llvm::MachineOperand& operand : instruction.operands()) {
      if (!operand.isRegMask()) continue;
      last_call_ = operand.getRegMask();
      written_.clear();
    }
    for (const llvm::MachineOperand& operand : instruction.operands()) {
      if (!operand.isReg() || !operand.isDef() || !operand.getReg().isPhysical()) continue;
      for (llvm::MCRegUnit unit : registers_.regunits(operand.getReg().asMCReg())) written_.insert(unit);
    }
  }

  llvm::MachineBasicBlock& block_;
  const llvm::TargetInstrInfo& instructions_;
  const llvm::TargetRegisterInfo& registers_;
  llvm::DenseSet<llvm::MCRegUnit> written_;   // in this block, behind its last call
  const std::uint32_t* last_call_ = nullptr;  // its mask of registers
};

class FalseDependencyPass final : public llvm::MachineFunctionPass {
 public:
  FalseDependencyPass() : MachineFunctionPass(id) {}

  llvm::StringRef getPassName() const override { return "kjit: false dependencies behind calls"; }

  bool runOnMachineFunction(llvm::MachineFunction& function) override {
    if (!function.getFrameInfo().hasCalls() || skipFunction(function.getFunction())) return false;
    if (!function.getRegInfo().tracksLiveness()) return false;
    bool changed = false;
    for (llvm::MachineBasicBlock& block : function) changed = BlockScan(block, function.getSubtarget()).run() || changed;
    return changed;
  }

 private:
  static char id;
};

char FalseDependencyPass::id = 0;

}  // namespace

llvm::Pass* make_false_dependency_pass() { return new FalseDependencyPass; }

}  // namespace kjit
