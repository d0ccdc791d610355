// Modules know the machine that they are for from their beginning: what is computed from sizes and alignments while they are made
// holds when they are compiled.

#include <gtest/gtest.h>

#include <llvm/IR/Module.h>

#include "tests/unit/lower_runner.h"

namespace kjit::testing {
namespace {

TEST(LowerLayout, AModuleIsMadeForItsMachine) {
  TreeBuilder tree;
  tree.result(Kind::I64);
  tree.add(tree.ret(tree.i64(7)));
  std::string error;
  const auto machine = make_target_machine(host_target(), 0, error);
  const LoweredModule lowered = lower_alone(tree.program, {0});
  EXPECT_EQ(lowered.module->getDataLayout(), machine->createDataLayout());
  EXPECT_EQ(lowered.module->getTargetTriple(), machine->getTargetTriple().str());
}

}  // namespace
}  // namespace kjit::testing
