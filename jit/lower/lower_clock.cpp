// Readings of the clock are places that no computation crosses. Entry: lower_clock.
//
// LLVM knows of a call of the clock only that it may touch memory; a computation in registers, or a call of a pure function, it
// moves past it. So before and after each reading every variable goes through an empty piece of assembly that claims to change
// it and memory: what was computed before is computed before, what is computed with it later begins later. Functions that read
// no clock have none of this.

#include "lower/lower_clock.h"

#include <llvm/IR/InlineAsm.h>

#include "lower/features.h"

namespace kjit {
namespace {

llvm::Value* through_register(FunctionLowering& f, llvm::Value* value) {
  auto* type = llvm::FunctionType::get(value->getType(), {value->getType()}, false);
  return f.b.CreateCall(type, llvm::InlineAsm::get(type, "", "=r,0,~{memory}", /*hasSideEffects=*/true), {value});
}

// Complex numbers and tuples by their parts.
llvm::Value* opaque_value(FunctionLowering& f, llvm::Value* value) {
  llvm::Type* type = value->getType();
  if (auto* parts = llvm::dyn_cast<llvm::StructType>(type)) {
    for (unsigned i = 0; i < parts->getNumElements(); ++i) {
      value = f.b.CreateInsertValue(value, opaque_value(f, f.b.CreateExtractValue(value, i)), i);
    }
    return value;
  }
  if (type->isDoubleTy()) return f.b.CreateBitCast(through_register(f, f.b.CreateBitCast(value, f.m.i64())), type);
  if (type->isFloatTy()) return f.b.CreateBitCast(through_register(f, f.b.CreateBitCast(value, f.m.i32())), type);
  return f.b.CreateTrunc(through_register(f, f.b.CreateZExt(value, f.m.i64())), type);
}

}  // namespace

llvm::Value* opaque(FunctionLowering& f, llvm::Value* value, const Type& type) {
  return type.is_managed() ? value : opaque_value(f, value);
}

void pin_values(FunctionLowering& f) {
  for (typed::LocalId id = 0; id < f.locals.size(); ++id) {
    llvm::AllocaInst* place = f.locals[id].place;
    if (!place || f.function.locals[id].type.is_managed()) continue;
    llvm::Value* value = f.b.CreateLoad(place->getAllocatedType(), place);
    f.b.CreateStore(opaque(f, value, f.function.locals[id].type), place);
  }
}

llvm::Value* lower_clock(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node) {
  pin_values(f);
  llvm::Value* time = lower_builtin(f, expr, node);
  pin_values(f);
  return time;
}

}  // namespace kjit
