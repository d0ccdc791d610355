// Calls of kernels. Entry: lower_call.

#include "lower/features.h"

namespace kjit {

llvm::Value* lower_call(FunctionLowering& f, const typed::Expr& expr, const typed::Call& node) {
  std::vector<llvm::Value*> args{f.ctx};
  for (llvm::Value* arg : lower_all(f, node.args)) args.push_back(arg);
  f.locate(expr.span);
  const bool timed = f.reads_clock();
  for (std::size_t i = 0; timed && i < node.args.size(); ++i) args[i + 1] = opaque(f, args[i + 1], node.args[i]->type);
  if (f.m.clock_readers[node.callee]) pin_values(f);
  llvm::Function* callee = f.m.functions[node.callee];
  llvm::CallInst* call = f.b.CreateCall(callee, args);
  call->setCallingConv(callee->getCallingConv());
  call->setDoesNotThrow();
  if (f.m.program.functions[node.callee].is_recursive) f.recursive_calls.push_back(call);
  f.fail_if_call_failed(f.b.CreateExtractValue(call, 1), expr.site);
  if (f.m.clock_readers[node.callee]) pin_values(f);
  llvm::Value* result = f.b.CreateExtractValue(call, 0);
  return f.own_temporary(timed ? opaque(f, result, expr.type) : result, expr.type);
}

}  // namespace kjit
