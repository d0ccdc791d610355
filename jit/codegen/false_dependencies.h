#pragma once

namespace llvm {
class Pass;
}

namespace kjit {

// For the end of the code generator. Some instructions write a register in part and so wait for what wrote it last (vcvtsi2sd
// takes its upper half from another register). LLVM clears a register that was written nearby, but takes no account of calls: in
// `s += math.log(i + 1.0)` the conversion waited for the logarithm of the iteration before, three times the time of the loop.
// This pass clears such registers behind calls and at the beginning of blocks. Owned by the pass manager that it is added to.
llvm::Pass* make_false_dependency_pass();

}  // namespace kjit
