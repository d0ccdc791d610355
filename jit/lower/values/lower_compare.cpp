// Comparisons. Entry: lower_compare. Integers against floats compare exactly, as Python does.

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

using llvm::CmpInst;
using typed::CompareOp;

CmpInst::Predicate int_predicate(CompareOp op, bool is_signed) {
  switch (op) {
    case CompareOp::Eq: return CmpInst::ICMP_EQ;
    case CompareOp::Ne: return CmpInst::ICMP_NE;
    case CompareOp::Lt: return is_signed ? CmpInst::ICMP_SLT : CmpInst::ICMP_ULT;
    case CompareOp::Le: return is_signed ? CmpInst::ICMP_SLE : CmpInst::ICMP_ULE;
    case CompareOp::Gt: return is_signed ? CmpInst::ICMP_SGT : CmpInst::ICMP_UGT;
    case CompareOp::Ge: return is_signed ? CmpInst::ICMP_SGE : CmpInst::ICMP_UGE;
  }
  KJIT_UNREACHABLE("no such comparison");
}

CmpInst::Predicate float_predicate(CompareOp op) {
  switch (op) {
    case CompareOp::Eq: return CmpInst::FCMP_OEQ;
    case CompareOp::Ne: return CmpInst::FCMP_UNE;
    case CompareOp::Lt: return CmpInst::FCMP_OLT;
    case CompareOp::Le: return CmpInst::FCMP_OLE;
    case CompareOp::Gt: return CmpInst::FCMP_OGT;
    case CompareOp::Ge: return CmpInst::FCMP_OGE;
  }
  KJIT_UNREACHABLE("no such comparison");
}

CompareOp mirrored(CompareOp op) {
  switch (op) {
    case CompareOp::Lt: return CompareOp::Gt;
    case CompareOp::Le: return CompareOp::Ge;
    case CompareOp::Gt: return CompareOp::Lt;
    case CompareOp::Ge: return CompareOp::Le;
    default: return op;
  }
}

// Rounding the integer to a double is monotonic: unless both sides are then equal, the doubles compare as the numbers do. If they
// are equal the float is a whole number, and the tie is decided among integers (above the largest one: the integer is less).
llvm::Value* compare_int_float(FunctionLowering& f, CompareOp op, llvm::Value* integer, llvm::Value* real, bool is_signed) {
  auto& b = f.b;
  llvm::Value* rounded = is_signed ? b.CreateSIToFP(integer, f.m.f64()) : b.CreateUIToFP(integer, f.m.f64());
  llvm::Value* by_float = b.CreateFCmp(float_predicate(op), rounded, real);
  auto convert = is_signed ? llvm::Intrinsic::fptosi_sat : llvm::Intrinsic::fptoui_sat;
  llvm::Value* whole = b.CreateIntrinsic(convert, {f.m.i64(), f.m.f64()}, {real});
  llvm::Constant* beyond = llvm::ConstantFP::get(f.m.f64(), is_signed ? 0x1p63 : 0x1p64);
  bool integer_is_less = op == CompareOp::Lt || op == CompareOp::Le || op == CompareOp::Ne;
  llvm::Value* by_int = b.CreateICmp(int_predicate(op, is_signed), integer, whole);
  by_int = b.CreateSelect(b.CreateFCmpOEQ(real, beyond), b.getInt1(integer_is_less), by_int);
  return b.CreateSelect(b.CreateFCmpOEQ(rounded, real), by_int, by_float);
}

llvm::Value* compare_complex(FunctionLowering& f, CompareOp op, llvm::Value* lhs, llvm::Value* rhs) {
  llvm::Value* re = f.b.CreateFCmpOEQ(f.b.CreateExtractValue(lhs, 0), f.b.CreateExtractValue(rhs, 0));
  llvm::Value* im = f.b.CreateFCmpOEQ(f.b.CreateExtractValue(lhs, 1), f.b.CreateExtractValue(rhs, 1));
  llvm::Value* equal = f.b.CreateAnd(re, im);
  return op == CompareOp::Ne ? f.b.CreateNot(equal) : equal;
}

llvm::Value* compare_text(FunctionLowering& f, CompareOp op, llvm::Value* lhs, llvm::Value* rhs) {
  llvm::Value* left = f.spill(lhs, Kind::Str);
  llvm::Value* right = f.spill(rhs, Kind::Str);
  llvm::Value* order = f.call_runtime("kjit_str_compare", {left, right});
  return f.b.CreateICmp(int_predicate(op, true), order, f.int32(0));
}

bool is_zero(const typed::Expr& expr) {
  const auto* constant = std::get_if<typed::Constant>(&expr.node);
  const auto* value = constant ? std::get_if<std::int64_t>(&constant->value) : nullptr;
  return value && *value == 0;
}

// `a % b == 0`, the test for divisibility: the inner loop of every sieve.
bool is_divisibility(const typed::Compare& node) {
  const auto* mod = std::get_if<typed::Binary>(&node.lhs->node);
  bool equality = node.op == CompareOp::Eq || node.op == CompareOp::Ne;
  return equality && mod && mod->op == typed::BinaryOp::Mod && node.lhs->type.is_signed() && is_zero(*node.rhs);
}

llvm::Value* lower_divisibility(FunctionLowering& f, const typed::Compare& node) {
  const auto& mod = std::get<typed::Binary>(node.lhs->node);
  llvm::Value* lhs = lower_expr(f, *mod.lhs);
  llvm::Value* rhs = lower_expr(f, *mod.rhs);
  f.locate(node.lhs->span);
  llvm::Value* divides = lower_int_divides(f, lhs, rhs, {node.lhs->site, mod.lhs->type, node.lhs->type});
  return node.op == CompareOp::Eq ? divides : f.b.CreateNot(divides);
}

}  // namespace

llvm::Value* lower_compare(FunctionLowering& f, const typed::Expr& expr, const typed::Compare& node) {
  if (is_divisibility(node)) return lower_divisibility(f, node);
  llvm::Value* lhs = lower_expr(f, *node.lhs);
  llvm::Value* rhs = lower_expr(f, *node.rhs);
  f.locate(expr.span);
  const Type &left = node.lhs->type, &right = node.rhs->type;
  if (left.is_integer() && right.is_float()) return compare_int_float(f, node.op, lhs, rhs, left.is_signed());
  if (left.is_float() && right.is_integer()) return compare_int_float(f, mirrored(node.op), rhs, lhs, right.is_signed());
  if (left.is_float()) return f.b.CreateFCmp(float_predicate(node.op), lhs, rhs);
  if (left.is_complex()) return compare_complex(f, node.op, lhs, rhs);
  if (left.is(Kind::Str)) return compare_text(f, node.op, lhs, rhs);
  if (left.is(Kind::None)) return f.b.getInt1(node.op == CompareOp::Eq);
  return f.b.CreateICmp(int_predicate(node.op, left.is_signed()), lhs, rhs);
}

}  // namespace kjit
