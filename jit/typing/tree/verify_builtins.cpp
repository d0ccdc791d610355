// builtin_fits(): calls of builtins against the signature column of their row.

#include "typing/tree/signature.h"
#include "typing/tree/verifier.h"

namespace kjit::typed {

bool builtin_fits(const BuiltinCall& call, const Type& result) {
  const BuiltinRow& row = builtin_row(call.builtin);
  const bool may_be_checked = row.is_libm() || call.builtin == Builtin::Sqrt;
  if (call.checked && !may_be_checked) return false;
  std::vector<Type> arguments;
  arguments.reserve(call.args.size());
  for (const ExprPtr& arg : call.args) arguments.push_back(arg->type);
  return signature_fits(row.signature, arguments, result);
}

}  // namespace kjit::typed
