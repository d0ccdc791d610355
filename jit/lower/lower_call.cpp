// Calls of kernels. Entry: lower_call.

#include "lower/features.h"

namespace kjit {

llvm::Value* lower_call(FunctionLowering& f, const typed::Expr& expr, const typed::Call& node) {
  std::vector<llvm::Value*> args{f.ctx};
  for (llvm::Value* arg : lower_all(f, node.args)) args.push_back(arg);
  f.locate(expr.span);
  llvm::Function* callee = f.m.functions[node.callee];
  llvm::CallInst* call = f.b.CreateCall(callee, args);
  call->setCallingConv(callee->getCallingConv());
  call->setDoesNotThrow();
  f.fail_if_call_failed(f.b.CreateExtractValue(call, 1), expr.site);
  return f.own_temporary(f.b.CreateExtractValue(call, 0), expr.type);
}

}  // namespace kjit
