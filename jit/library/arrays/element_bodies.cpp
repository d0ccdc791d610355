// What NumPy's element functions make of numbers that stand for the elements.

#include <algorithm>
#include <limits>

#include "library/arrays/element_functions.h"
#include "library/handlers.h"
#include "library/library.h"
#include "typing/arrays/np_promotion.h"
#include "typing/tree/signature.h"

namespace kjit {

using typed::BinaryOp;
using typed::CompareOp;

ExprPtr element_operator(FunctionChecker& c, ElementCall call) {
  return c.element_binary(static_cast<BinaryOp>(call.row.op), std::move(call.bodies[0]), std::move(call.bodies[1]), call.span());
}

ExprPtr element_comparison(FunctionChecker& c, ElementCall call) {
  return c.element_compare(static_cast<CompareOp>(call.row.op), std::move(call.bodies[0]), std::move(call.bodies[1]),
                           call.span());
}

// logical_and and the like.
ExprPtr element_logic(FunctionChecker& c, ElementCall call) {
  ExprPtr lhs = c.truth(std::move(call.bodies[0])), rhs = c.truth(std::move(call.bodies[1]));
  return c.make(Kind::Bool, call.span(), typed::Binary{static_cast<BinaryOp>(call.row.op), std::move(lhs), std::move(rhs)});
}

ExprPtr element_not(FunctionChecker& c, ElementCall call) {
  return c.make(Kind::Bool, call.span(), typed::Unary{typed::UnaryOp::Not, c.truth(std::move(call.bodies[0]))});
}

ExprPtr element_reciprocal(FunctionChecker& c, ElementCall call) {
  ExprPtr body = std::move(call.bodies[0]);
  if (body->type.is(Kind::Bool)) body = c.convert(std::move(body), Kind::I8);  // as NumPy does
  const Type type = body->type;
  const BinaryOp op = type.is_integer() ? BinaryOp::FloorDiv : BinaryOp::TrueDiv;
  ExprPtr one = c.convert(c.int_constant(1, call.span()), type);
  return c.make(type, call.span(), typed::Binary{op, std::move(one), std::move(body)});
}

ExprPtr element_where(FunctionChecker& c, ElementCall call) {
  std::vector<ExprPtr>& bodies = call.bodies;
  const Kind common = np_common(np_operand(bodies[1]->type), np_operand(bodies[2]->type));
  ExprPtr condition = c.truth(std::move(bodies[0]));
  ExprPtr then = c.convert(std::move(bodies[1]), common), otherwise = c.convert(std::move(bodies[2]), common);
  return c.make(common, call.span(), typed::Conditional{std::move(condition), std::move(then), std::move(otherwise)});
}

namespace {

// A bound of np.clip that is a Python integer, as a number of an integer type that need not hold it: the nearest that it holds,
// which clips alike. A constant on the wrong side of the whole type is refused, as in NumPy.
ExprPtr clip_bound(FunctionChecker& c, ExprPtr bound, Kind kind, bool is_least) {
  const bool python_integer = bound->type.is(Kind::I64) && np_operand(bound->type).weak;
  if (!python_integer || !Type(kind).is_integer() || kind == Kind::I64) return c.convert(std::move(bound), kind);
  const int bits = bit_width(kind);
  const bool has_sign = Type(kind).is_signed();
  const std::int64_t least = has_sign ? -(std::int64_t{1} << (bits - 1)) : 0;
  const std::int64_t most =
      bits == 64 ? std::numeric_limits<std::int64_t>::max() : (std::int64_t{1} << (has_sign ? bits - 1 : bits)) - 1;
  const Span span = bound->span;
  if (const std::optional<std::int64_t> number = c.int_value(*bound)) {
    const bool clips_nothing = is_least ? *number < least : *number > most;
    if (clips_nothing) return c.convert(c.int_constant(is_least ? least : most, span), kind);
    return c.fits_element(*bound, kind, span) ? c.convert(std::move(bound), kind) : c.invalid(span);
  }
  for (const bool lower : {true, false}) {
    std::vector<ExprPtr> pair;
    pair.push_back(std::move(bound));
    pair.push_back(c.int_constant(lower ? least : most, span));
    bound = c.builtin_call(lower ? Builtin::Maximum : Builtin::Minimum, Kind::I64, span, std::move(pair));
  }
  return c.convert(std::move(bound), kind);
}

// The first body between those of the others that are given; real numbers all.
ExprPtr clip_element(FunctionChecker& c, std::vector<ExprPtr> bodies, bool has_least, bool has_most, Span span) {
  NpOperand common = np_operand(bodies[0]->type);
  for (std::size_t i = 1; i < bodies.size(); ++i) common = {np_common(common, np_operand(bodies[i]->type)), false};
  ExprPtr value = c.convert(std::move(bodies[0]), common.kind);
  std::size_t next = 1;
  for (const Builtin side : {Builtin::Maximum, Builtin::Minimum}) {
    if (side == Builtin::Maximum ? !has_least : !has_most) continue;
    std::vector<ExprPtr> pair;
    pair.push_back(std::move(value));
    pair.push_back(clip_bound(c, std::move(bodies[next++]), common.kind, side == Builtin::Maximum));
    if (pair.back()->type.is_unknown()) return c.invalid(span);
    value = c.builtin_call(side, common.kind, span, std::move(pair));
  }
  return value;
}

}  // namespace

ExprPtr element_clip(FunctionChecker& c, ElementCall call) {
  for (const ExprPtr& body : call.bodies) {
    if (body->type.is_complex()) return c.bad_argument(call.site, "real numbers", body->type, body->span);
  }
  return clip_element(c, std::move(call.bodies), call.given[1], call.given[2], call.span());
}

namespace {

// False, reported: one of the numbers is a Python integer that elements of this type cannot be.
bool all_fit(FunctionChecker& c, const std::vector<ExprPtr>& bodies, Kind kind) {
  return std::ranges::all_of(bodies, [&](const ExprPtr& body) { return c.fits_element(*body, kind, body->span); });
}

bool keeps(Keeps what, const Type& type) {
  if (type.is(Kind::Bool)) return what == Keeps::Bools || what == Keeps::Both;
  return type.is_integer() && (what == Keeps::Integers || what == Keeps::Both);
}

// NumPy looks for a form of floats that takes each operand: integers of 16 bits have one in F32, also beside each other, where
// their common type is wider.
bool all_fit_single(const std::vector<ExprPtr>& bodies) {
  return std::ranges::all_of(bodies, [](const ExprPtr& body) {
    const NpOperand own = np_operand(body->type);
    return own.weak ? Type(own.kind).is_integer() : np_float_for(own.kind) == Kind::F32;
  });
}

// A row that is an element function, with NumPy's types: narrow integers are computed in F32.
ExprPtr call_element_form(FunctionChecker& c, const CallSite& site, const PathRow& row, std::vector<ExprPtr> bodies) {
  NpOperand common = np_operand(bodies[0]->type);
  for (const ExprPtr& body : bodies) {
    const NpOperand next = np_operand(body->type);
    common = {np_common(common, next), common.weak && next.weak};
  }
  std::optional<ElementForm> form = element_form(row.rows(), common.kind);
  if (!form) return c.bad_argument(site, "other numbers", common.kind, site.span());
  const bool narrow = form->operand == Kind::F64 && !common.weak && all_fit_single(bodies);
  const bool takes_single = builtin_row(form->builtin).signature.starts_with('F');  // others are computed as F64 and rounded
  const bool of_single = common.kind == Kind::C64 || np_float_for(common.kind) == Kind::F32;
  const bool single = of_single && !common.weak && common.kind != Kind::Bool && form->operand == Kind::C128;
  const Kind operand = narrow && takes_single ? Kind::F32 : form->operand;
  const Kind result = operand == Kind::F32 && form->result == Kind::F64 ? Kind::F32 : form->result;
  if (!all_fit(c, bodies, operand)) return c.invalid(site.span());
  for (ExprPtr& body : bodies) body = c.convert(std::move(body), operand);
  ExprPtr value = c.builtin_call(form->builtin, result, site.span(), std::move(bodies));
  if ((narrow || single) && result == Kind::F64) return c.convert(std::move(value), Kind::F32);
  return single && result == Kind::C128 ? c.convert(std::move(value), Kind::C64) : std::move(value);
}

// The function of numbers of the site, applied to the bodies instead of its arguments.
ExprPtr call_scalar_form(FunctionChecker& c, ElementCall call) {
  const Kind before = call.bodies[0]->type.kind();
  for (std::size_t i = 0; i < call.bodies.size(); ++i) c.keep(*call.site.call.args[i], std::move(call.bodies[i]));
  const PathRow* row = library().find(call.site.path);
  KJIT_ASSERT(row && row->handler, "a lifted function has a form for numbers");
  ExprPtr result = row->handler(c, {call.site.expr, call.site.call, call.site.path, call.site.name, row});
  if (before == Kind::F32 && result->type.is(Kind::F64)) return c.convert(std::move(result), Kind::F32);
  if (before == Kind::C64 && result->type.is(Kind::C128)) return c.convert(std::move(result), Kind::C64);
  return result;
}

}  // namespace

// The function of numbers, with NumPy's types.
ExprPtr element_lifted(FunctionChecker& c, ElementCall call) {
  std::vector<ExprPtr>& bodies = call.bodies;
  if (keeps(call.row.keeps, bodies[0]->type)) return std::move(bodies[0]);
  const PathRow* row = library().find(call.site.path);
  if (row && row->category == PathCategory::Element) {
    const std::size_t arity = builtin_row(row->builtins[0]).signature.find('>');
    if (bodies.size() == arity) return call_element_form(c, call.site, *row, std::move(bodies));
    c.report<DiagId::E0601>(call.span(), call.site.name, arity, bodies.size());
    return c.invalid(call.span());
  }
  if (bodies.size() == 2) {
    const Kind common = np_common(np_operand(bodies[0]->type), np_operand(bodies[1]->type));
    if (!all_fit(c, bodies, common)) return c.invalid(call.span());
    for (ExprPtr& body : bodies) body = c.convert(std::move(body), common);
  }
  return call_scalar_form(c, std::move(call));
}

// The remainder with the sign of the dividend: of integers 0 by 0.
ExprPtr element_fmod(FunctionChecker& c, ElementCall call) {
  using enum typed::BinaryOp;
  Kind common = np_common(np_operand(call.bodies[0]->type), np_operand(call.bodies[1]->type));
  if (common == Kind::Bool) common = Kind::I8;  // as NumPy does
  if (!Type(common).is_integer()) return element_lifted(c, std::move(call));
  if (!all_fit(c, call.bodies, common)) return c.invalid(call.span());
  const Span span = call.span();
  const auto zero = [&] { return c.convert(c.int_constant(0, span), common); };
  const auto binary = [&](typed::BinaryOp op, ExprPtr x, ExprPtr y) {
    return c.make(common, span, typed::Binary{op, std::move(x), std::move(y)});
  };
  const auto compare = [&](CompareOp op, ExprPtr x, ExprPtr y) {
    return c.make(Kind::Bool, span, typed::Compare{op, std::move(x), std::move(y)});
  };
  const auto choose = [&](ExprPtr condition, ExprPtr then, ExprPtr otherwise) {
    return c.make(common, span, typed::Conditional{std::move(condition), std::move(then), std::move(otherwise)});
  };
  return c.with_value(c.convert(std::move(call.bodies[0]), common), [&](const typed::Expr& a) {
    return c.with_value(c.convert(std::move(call.bodies[1]), common), [&](const typed::Expr& b) {
      ExprPtr divisor =
          choose(compare(CompareOp::Eq, c.clone(b), zero()), c.convert(c.int_constant(1, span), common), c.clone(b));
      ExprPtr floored = binary(Mod, c.clone(a), std::move(divisor));  // with the sign of the divisor
      if (Type(common).is_unsigned()) return floored;
      return c.with_value(std::move(floored), [&](const typed::Expr& rest) {
        ExprPtr other_sign =
            compare(CompareOp::Ne, compare(CompareOp::Lt, c.clone(a), zero()), compare(CompareOp::Lt, c.clone(rest), zero()));
        ExprPtr is_whole = compare(CompareOp::Eq, c.clone(rest), zero());
        ExprPtr moved = choose(std::move(other_sign), binary(Sub, c.clone(rest), c.clone(b)), c.clone(rest));
        return choose(std::move(is_whole), zero(), std::move(moved));
      });
    });
  });
}

// gcd and lcm, computed as int64.
ExprPtr element_divisor(FunctionChecker& c, ElementCall call) {
  const Kind common = np_common(np_operand(call.bodies[0]->type), np_operand(call.bodies[1]->type));
  if (!Type(common).is_integer() || common == Kind::U64) {
    return c.bad_argument(call.site, "integers of at most 63 bits", common, call.span());
  }
  if (!all_fit(c, call.bodies, common)) return c.invalid(call.span());
  for (ExprPtr& body : call.bodies) body = c.convert(std::move(body), Kind::I64);
  return c.convert(c.builtin_call(static_cast<Builtin>(call.row.op), Kind::I64, call.span(), std::move(call.bodies)), common);
}

namespace {

ExprPtr round_both_parts(FunctionChecker& c, ExprPtr value, ExprPtr decimals, Span span) {
  const Kind kind = value->type.kind(), real = real_part_kind(kind);
  return c.with_value(std::move(value), [&](const typed::Expr& z) {
    return c.with_value(std::move(decimals), [&](const typed::Expr& places) {
      std::vector<ExprPtr> parts;
      for (const Builtin part : {Builtin::Real, Builtin::Imag}) {
        std::vector<ExprPtr> arg;
        arg.push_back(c.clone(z));
        ExprPtr own = c.builtin_call(part, real, span, std::move(arg));
        parts.push_back(c.convert(round_to_decimals(c, std::move(own), c.clone(places), span), Kind::F64));
      }
      return c.convert(c.builtin_call(Builtin::MakeComplex, Kind::C128, span, std::move(parts)), kind);
    });
  });
}

}  // namespace

// Integers are whole; tens of them (decimals < 0) are not rounded to.
ExprPtr element_round(FunctionChecker& c, ElementCall call) {
  std::vector<ExprPtr>& bodies = call.bodies;
  const Type type = bodies[0]->type;
  if (type.is(Kind::Bool)) return c.bad_argument(call.site, "numbers", type, call.span());
  if (bodies.size() == 2 && !bodies[1]->type.is_integer())
    return c.bad_argument(call.site, "an integer", bodies[1]->type, call.span());
  if (bodies.size() == 1) bodies.push_back(c.int_constant(0, call.span()));
  if (type.is_float()) return round_to_decimals(c, std::move(bodies[0]), std::move(bodies[1]), call.span());
  if (type.is_complex()) return round_both_parts(c, std::move(bodies[0]), std::move(bodies[1]), call.span());
  const bool whole = c.int_value(*bodies[1]).value_or(-1) >= 0;
  return whole ? std::move(bodies[0]) : c.bad_argument(call.site, "floats beside such decimals", type, call.span());
}

}  // namespace kjit
