// Places: variables, elements, fields, and what pointers point at.

#include <clang/AST/DeclCXX.h>
#include <fmt/format.h>

#include "translator.h"

namespace kjit::import {

using namespace clang;

Variable& FunctionTranslator::variable(const ValueDecl& declaration, SourceLocation where) {
  const auto found = variables_.find(&declaration);
  if (found == variables_.end())
    refuse(where, fmt::format("the variable '{}', which this function does not own", declaration.getNameAsString()));
  return found->second;
}

Place FunctionTranslator::variable_place(const ValueDecl& declaration, SourceLocation where) {
  const auto* declared = dyn_cast<VarDecl>(&declaration);
  if (const auto alias = aliases_.find(&declaration); alias != aliases_.end()) return alias->second;
  const QualType type = declaration.getType().getNonReferenceType();
  if (declared && !variables_.contains(declared) && declared->hasGlobalStorage()) {
    Place constant;
    constant.base = unit_.use_constant(*declared, where);
    constant.type = type;
    constant.is_table = type->isArrayType() || record_of(type);
    return constant;
  }
  const Variable& found = variable(declaration, where);
  Place place;
  place.base = found.name;
  place.type = type;
  switch (found.home) {
    case Home::Scalar: place.rep = found.rep, place.range = found.range, place.is_variable = true; break;
    case Home::Cell:
    case Home::RecordCells: place.indices.push_back(integer(0)); break;
    case Home::Pointer:
      place.indices.push_back(found.position.empty() ? integer(found.fixed) : atom(found.position, Rep::Int));
      if (type->isPointerType()) place.type = type->getPointeeType();
      break;
    default: break;
  }
  return place;
}

Place FunctionTranslator::field(const Place& record, const FieldDecl& field) {
  Place place = record;
  place.base = fmt::format("{}_{}", record.base, field.getNameAsString());
  place.type = field.getType();
  if (field.isBitField()) refuse(field.getLocation(), "a bit field");
  if (const auto scalar = scalar_of(field.getType(), context_); scalar && place.indices.empty()) {
    place.is_variable = true, place.rep = scalar->rep, place.range = scalar->range();
  }
  return place;
}

Place FunctionTranslator::decayed(Place array) {
  if (const auto element = container_element(array.type)) {
    array.type = *element;
  } else if (const auto* type = context_.getAsArrayType(array.type)) {
    array.type = type->getElementType();
  }
  array.indices.push_back(integer(0));
  array.is_variable = false;
  return array;
}

Place FunctionTranslator::moved(Place pointer, const Value& by, bool forward) {
  Value& last = pointer.indices.back();
  const bool both = last.is_literal && by.is_literal;
  if (both) {
    last = integer(static_cast<std::int64_t>(forward ? last.range.lo + by.range.lo : last.range.lo - by.range.lo));
  } else if (last.is_literal && last.range.lo == 0 && forward) {
    last = by;
  } else if (last.is_literal && last.range.lo == 0) {
    last = Value{"-" + operand(by, Prec::Unary, true), Prec::Unary, Rep::Int, signed_range(64), false};
  } else if (last.is_literal && last.range.lo < 0 && forward) {  // a[-1 + i] reads better as a[i - 1]
    last = infix(by, "-", integer(static_cast<std::int64_t>(-last.range.lo)), Prec::Sum, Rep::Int);
  } else {
    last = infix(last, forward ? "+" : "-", by, Prec::Sum, Rep::Int);
  }
  return pointer;
}

Place FunctionTranslator::place(const Expr* expr) {
  expr = expr->IgnoreParens();
  if (const auto* n = dyn_cast<DeclRefExpr>(expr)) return variable_place(*n->getDecl(), n->getExprLoc());
  if (const auto* n = dyn_cast<ArraySubscriptExpr>(expr)) {
    const Place base = pointer(n->getBase());
    return moved(base, read_only_index(n->getIdx()), true);
  }
  if (const auto* n = dyn_cast<MemberExpr>(expr)) {
    const auto* member = dyn_cast<FieldDecl>(n->getMemberDecl());
    if (!member) refuse(n->getExprLoc(), "a member that is no field");
    return field(n->isArrow() ? pointer(n->getBase()) : place(n->getBase()), *member);
  }
  if (const auto* n = dyn_cast<UnaryOperator>(expr)) {
    if (n->getOpcode() == UO_Deref) return pointer(n->getSubExpr());
    if (n->isIncrementDecrementOp() && n->isPrefix()) {
      const Setting exact(in_subscript_, false);
      increment(*n);
      return place(n->getSubExpr());
    }
  }
  if (const auto* n = dyn_cast<BinaryOperator>(expr); n && n->isAssignmentOp()) {
    side_effect_value(*n);
    return place(n->getLHS());
  }
  if (const auto* n = dyn_cast<CastExpr>(expr)) {
    if (n->getCastKind() == CK_NoOp || n->getCastKind() == CK_LValueToRValue) return place(n->getSubExpr());
  }
  if (const auto* n = dyn_cast<CXXOperatorCallExpr>(expr); n && n->getOperator() == OO_Subscript && n->getNumArgs() == 2) {
    return moved(decayed(place(n->getArg(0))), read_only_index(n->getArg(1)), true);
  }
  if (const auto* n = dyn_cast<MaterializeTemporaryExpr>(expr)) return place(n->getSubExpr());
  refuse(expr->getExprLoc(), fmt::format("a place of kind {}", expr->getStmtClassName()));
}

// The place that a pointer points at; its last index is the pointer's position.
Place FunctionTranslator::pointer(const Expr* expr) {
  expr = expr->IgnoreParens();
  if (const auto* n = dyn_cast<DeclRefExpr>(expr)) return variable_place(*n->getDecl(), n->getExprLoc());
  if (const auto* n = dyn_cast<CastExpr>(expr)) {
    const Expr* inner = n->getSubExpr();
    switch (n->getCastKind()) {
      case CK_ArrayToPointerDecay:
        if (isa<StringLiteral>(inner->IgnoreParens())) refuse(n->getExprLoc(), "a string");
        return decayed(place(inner));
      case CK_LValueToRValue:
        return inner->IgnoreParens()->getType()->isPointerType() && !isa<DeclRefExpr>(inner->IgnoreParens())
                   ? (refuse(n->getExprLoc(), "a pointer that is stored in memory"), Place{})
                   : pointer(inner);
      case CK_NoOp: return pointer(inner);
      case CK_BitCast: {
        const QualType from = inner->getType()->getPointeeType(), to = n->getType()->getPointeeType();
        if (context_.hasSameUnqualifiedType(from, to)) return pointer(inner);
        refuse(n->getExprLoc(), "memory read as another type");
      }
      case CK_NullToPointer: refuse(n->getExprLoc(), "a null pointer");
      default: refuse(n->getExprLoc(), fmt::format("a cast of a pointer ({})", n->getCastKindName()));
    }
  }
  if (const auto* n = dyn_cast<BinaryOperator>(expr)) {
    if (n->isAdditiveOp()) {
      const bool left = n->getLHS()->getType()->isPointerType();
      const Place base = pointer(left ? n->getLHS() : n->getRHS());
      return moved(base, read_only_index(left ? n->getRHS() : n->getLHS()), n->getOpcode() == BO_Add);
    }
    if (n->isAssignmentOp()) {
      expression_statement(*n);
      return pointer(n->getLHS());
    }
  }
  if (const auto* n = dyn_cast<UnaryOperator>(expr)) {
    if (n->getOpcode() == UO_AddrOf) {
      Place target = place(n->getSubExpr());
      if (target.indices.empty()) refuse(n->getExprLoc(), "the address of this variable");
      return target;
    }
    if (n->isIncrementDecrementOp()) {
      const Setting exact(in_subscript_, false);
      const Place before = pointer(n->getSubExpr());
      if (n->isPrefix()) {
        increment(*n);
        return pointer(n->getSubExpr());
      }
      const ValueDecl* variable = named_variable(n->getSubExpr());
      if (statement_ && variable && count_uses(statement_, variable) == 1) {
        const std::size_t first = out_.size();
        increment(*n);
        for (std::string& line : out_.cut(first)) after_.push_back(line.substr(line.find_first_not_of(' ')));
        return before;
      }
      Place kept = before;
      const std::string position = temporary("at");
      out_.line(fmt::format("{} = {}", position, before.indices.back().text));
      kept.indices.back() = atom(position, Rep::Int);
      increment(*n);
      return kept;
    }
  }
  refuse(expr->getExprLoc(), fmt::format("a pointer of kind {}", expr->getStmtClassName()));
}

std::string FunctionTranslator::text_of(const Place& place) {
  std::string list;
  for (const Value& index : place.indices) {
    if (index.is_literal && index.range.lo < 0)
      refuse(function_.getLocation(), fmt::format("an element in front of '{}'", place.base));
    list += (list.empty() ? "" : place.is_table ? "][" : ", ") + index.text;
  }
  return list.empty() ? place.base : fmt::format("{}[{}]", place.base, list);
}

std::string FunctionTranslator::view_of(const Place& pointer) {
  if (pointer.is_table) refuse(function_.getLocation(), fmt::format("the table '{}' passed on", pointer.base));
  std::string list;
  for (std::size_t k = 0; k + 1 < pointer.indices.size(); ++k) list += (list.empty() ? "" : ", ") + pointer.indices[k].text;
  const Value& last = pointer.indices.back();
  if (last.is_literal && last.range.lo < 0)
    refuse(function_.getLocation(), fmt::format("an address in front of '{}'", pointer.base));
  if (last.is_literal && last.range.lo == 0) return list.empty() ? pointer.base : fmt::format("{}[{}]", pointer.base, list);
  return fmt::format("{}[{}{}{}:]", pointer.base, list, list.empty() ? "" : ", ", last.text);
}

Scalar FunctionTranslator::scalar_at(const Place& place, SourceLocation where) {
  auto scalar = scalar_of(place.type, context_);
  if (!scalar) refuse(where, fmt::format("a value of type '{}'", place.type.getAsString()));
  if (place.is_variable && place.rep != Rep::None) scalar->rep = place.rep;
  return *scalar;
}

}  // namespace kjit::import
