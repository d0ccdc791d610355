// Conversions as typed::Convert states them. Entry: convert_value.

#include <cmath>

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

struct Conversion {
  FunctionLowering& f;
  llvm::Value* value;
  const Type& from;
  const Type& to;
  typed::SiteId site;

  llvm::Type* target() const { return f.m.scalar_type(to.kind()); }
};

// In checked functions the value must survive the way there and back, and keep its sign.
llvm::Value* int_to_int(const Conversion& c) {
  auto& b = c.f.b;
  llvm::Value* result = b.CreateIntCast(c.value, c.target(), c.from.is_signed());
  if (!c.f.checked()) return result;
  llvm::Value* back = b.CreateIntCast(result, c.value->getType(), c.to.is_signed());
  llvm::Value* lost = b.CreateICmpNE(back, c.value);
  if (c.from.is_signed() != c.to.is_signed()) {
    llvm::Value* signed_side = c.from.is_signed() ? c.value : result;
    lost = b.CreateOr(lost, b.CreateICmpSLT(signed_side, llvm::Constant::getNullValue(signed_side->getType())));
  }
  c.f.trap_if(lost, KJIT_TRAP_IntOutOfRange, c.site, trap_value(c.f, c.value, c.from), c.f.int64(bit_width(c.to.kind())));
  return result;
}

// The smallest double that is too large for the type; all of these bounds are exact.
double upper_bound(const Type& type) { return std::ldexp(1.0, bit_width(type.kind()) - (type.is_signed() ? 1 : 0)); }

// Exclusive as well: values between it and the type's minimum truncate into range. For 64 bits the next double below -2**63
// serves.
double lower_bound(const Type& type) {
  if (!type.is_signed()) return -1.0;
  double minimum = -upper_bound(type);
  return bit_width(type.kind()) == 64 ? std::nextafter(minimum, -INFINITY) : minimum - 1.0;
}

llvm::Value* float_to_int(const Conversion& c) {
  auto& b = c.f.b;
  const ExactFloats exact(b);
  llvm::Value* wide = c.from.is(Kind::F32) ? b.CreateFPExt(c.value, c.f.m.f64()) : c.value;
  auto real = [&](double x) { return llvm::ConstantFP::get(c.f.m.f64(), x); };
  llvm::Value* fits = b.CreateAnd(b.CreateFCmpOGT(wide, real(lower_bound(c.to))), b.CreateFCmpOLT(wide, real(upper_bound(c.to))));
  llvm::BasicBlock* bad = c.f.new_block("not_an_int");
  llvm::BasicBlock* next = c.f.new_block("ok");
  c.f.branch_unlikely(b.CreateNot(fits), bad, next);
  c.f.start_block(bad);
  c.f.trap_if(b.CreateFCmpUNO(wide, wide), KJIT_TRAP_FloatNanToInt, c.site);
  llvm::Value* magnitude = b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, wide);
  c.f.trap_if(b.CreateFCmpOEQ(magnitude, real(INFINITY)), KJIT_TRAP_FloatInfToInt, c.site);
  c.f.trap_if(b.getTrue(), KJIT_TRAP_FloatTooLargeForInt, c.site, trap_value(c.f, wide, Kind::F64),
              c.f.int64(bit_width(c.to.kind())));
  b.CreateBr(next);
  c.f.start_block(next);
  return c.to.is_signed() ? b.CreateFPToSI(wide, c.target()) : b.CreateFPToUI(wide, c.target());
}

llvm::Value* to_float(const Conversion& c) {
  if (c.from.is_float()) return c.f.b.CreateFPCast(c.value, c.target());
  return c.from.is_signed() ? c.f.b.CreateSIToFP(c.value, c.target()) : c.f.b.CreateUIToFP(c.value, c.target());
}

llvm::Value* to_complex(const Conversion& c) {
  Type part = real_part_kind(c.to.kind());
  if (!c.from.is_complex()) {
    llvm::Value* re = convert_value(c.f, c.value, c.from, part, c.site);
    return make_complex(c.f, re, llvm::ConstantFP::getZero(re->getType()));
  }
  llvm::Type* type = c.f.m.scalar_type(part.kind());
  llvm::Value* re = c.f.b.CreateFPCast(c.f.b.CreateExtractValue(c.value, 0), type);
  return make_complex(c.f, re, c.f.b.CreateFPCast(c.f.b.CreateExtractValue(c.value, 1), type));
}

llvm::Value* to_tuple(const Conversion& c) {
  llvm::Value* result = llvm::PoisonValue::get(c.f.m.value_type(c.to));
  for (unsigned i = 0; i < c.to.elements().size(); ++i) {
    const Type &from = c.from.elements()[i], &to = c.to.elements()[i];
    llvm::Value* element = c.f.from_memory(c.f.b.CreateExtractValue(c.value, i), from);
    result = c.f.b.CreateInsertValue(result, c.f.to_memory(convert_value(c.f, element, from, to, c.site), to), i);
  }
  return result;
}

}  // namespace

llvm::Value* truth(FunctionLowering& f, llvm::Value* value, const Type& type) {
  if (type.is(Kind::Bool)) return value;
  if (type.is_float()) return f.b.CreateFCmpUNE(value, llvm::ConstantFP::getZero(value->getType()));
  if (type.is(Kind::Str)) return f.b.CreateICmpNE(f.b.CreateExtractValue(value, 1), f.int64(0));
  if (type.is_complex()) {
    Type part = real_part_kind(type.kind());
    return f.b.CreateOr(truth(f, f.b.CreateExtractValue(value, 0), part), truth(f, f.b.CreateExtractValue(value, 1), part));
  }
  return f.b.CreateICmpNE(value, llvm::Constant::getNullValue(value->getType()));
}

llvm::Value* convert_value(FunctionLowering& f, llvm::Value* value, const Type& from, const Type& to, typed::SiteId site) {
  Conversion c{f, value, from, to, site};
  if (from == to || from.is_array()) return value;
  if (to.is(Kind::Bool)) return truth(f, value, from);
  if (to.is_tuple() || to.is_function()) return to_tuple(c);
  if (to.is_complex()) return to_complex(c);
  if (to.is_float()) return to_float(c);
  KJIT_ASSERT(to.is_integer(), "no such conversion");
  if (from.is_float() && f.loop_elements) return numpy_float_to_int(f, value, from, to);
  if (from.is_float()) return float_to_int(c);
  return from.is(Kind::Bool) ? f.b.CreateZExt(value, c.target()) : int_to_int(c);
}

}  // namespace kjit
