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
    case Home::Table: place.is_table = true, place.indices.push_back(integer(0)), place.type = type->getPointeeType(); break;
    case Home::Pointer:
      place.indices.push_back(found.position.empty() ? integer(found.fixed) : atom(found.position, Rep::Int));
      if (type->isPointerType()) place.type = type->getPointeeType();
      break;
    default: break;
  }
  return place;
}

Place FunctionTranslator::field(const Place& record, const FieldDecl& field) {
  if (field.isBitField()) refuse(field.getLocation(), "a bit field");
  if (record.window || field.getParent()->isUnion()) return member_bits(record, field);
  Place place = record;
  place.base = fmt::format("{}_{}", record.base, field.getNameAsString());
  place.type = field.getType();
  if (const auto scalar = scalar_of(field.getType(), context_); scalar && place.indices.empty()) {
    place.is_variable = true, place.rep = scalar->rep, place.range = scalar->range();
  }
  return place;
}

Place FunctionTranslator::decayed(Place array) {
  if (array.window) {
    fold_position(array, array.type, function_.getLocation());
    array.type = context_.getAsArrayType(array.type)->getElementType();
    return array;
  }
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
  Value& last = pointer.window ? pointer.window->position : pointer.indices.back();
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
    if (isa<CXXThisExpr>(n->getBase()->IgnoreParenImpCasts())) return field(object_place(n->getExprLoc()), *member);
    return field(n->isArrow() ? pointer(n->getBase()) : place(n->getBase()), *member);
  }
  if (const auto* n = dyn_cast<UnaryOperator>(expr)) {
    if (n->getOpcode() == UO_Deref && isa<CXXThisExpr>(n->getSubExpr()->IgnoreParenImpCasts()))
      return object_place(n->getExprLoc());
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
    if (n->getCastKind() == CK_LValueBitCast) return window_on(place(n->getSubExpr()), n->getType(), n->getExprLoc());
  }
  if (const auto* n = dyn_cast<CallExpr>(expr); n && n->getType()->isUnionType() && scalar_of(n->getType(), context_)) {
    return value_place(call(*n), n->getType());
  }
  if (const auto* n = dyn_cast<CompoundLiteralExpr>(expr); n && scalar_of(n->getType(), context_)) {
    return value_place(expression(n->getInitializer()), n->getType());
  }
  if (const auto* n = dyn_cast<CXXOperatorCallExpr>(expr);
      n && n->getOperator() == OO_Subscript && n->getNumArgs() == 2 && container_element(n->getArg(0)->getType())) {
    return moved(decayed(place(n->getArg(0))), read_only_index(n->getArg(1)), true);
  }
  if (const auto* n = dyn_cast<MaterializeTemporaryExpr>(expr)) return place(n->getSubExpr());
  if (const auto* n = dyn_cast<CXXThisExpr>(expr)) return object_place(n->getExprLoc());
  if (const auto* n = dyn_cast<CXXMemberCallExpr>(expr)) {
    if (const auto element = container_end(*n)) return *element;
  }
  if (const auto* n = dyn_cast<CallExpr>(expr); n && n->isGLValue()) {
    if (const auto object = object_result(*n)) return *object;
  }
  if (const auto made = new_record(*expr)) return *made;
  refuse(expr->getExprLoc(), fmt::format("a place of kind {}", expr->getStmtClassName()));
}

// A record without a name: the result of a call, (struct v){1, 2}.
std::optional<Place> FunctionTranslator::new_record(const Expr& written) {
  const Expr* expr = written.IgnoreImplicit();
  if (const auto* n = dyn_cast<CompoundLiteralExpr>(expr)) expr = n->getInitializer();
  const RecordDecl* record = record_of(expr->getType());
  const auto* copy = dyn_cast<CXXConstructExpr>(expr);
  if (copy && copy->getNumArgs() == 1 && copy->getConstructor()->isCopyOrMoveConstructor())
    return place(copy->getArg(0)->IgnoreImplicit());
  if (!record || !isa<CallExpr, InitListExpr, CXXConstructExpr>(expr)) return std::nullopt;
  Place result;
  result.base = unique_record_name(isa<CallExpr>(expr) ? "result" : "made", *record);
  result.type = expr->getType();
  if (isa<InitListExpr, CXXConstructExpr>(expr)) make_fields(result.base, *record, false, expr->getExprLoc());
  initialise(result, *expr);
  return result;
}

// v.front(), v.back(), v.at(i)
std::optional<Place> FunctionTranslator::container_end(const CXXMemberCallExpr& call) {
  const CXXMethodDecl* method = call.getMethodDecl();
  if (!method || !method->getIdentifier() || !container_element(call.getObjectType())) return std::nullopt;
  const llvm::StringRef name = method->getName();
  if (name != "front" && name != "back" && name != "at") return std::nullopt;
  const Place all = decayed(place(call.getImplicitObjectArgument()));
  if (name == "front") return all;
  if (name == "at") return moved(all, read_only_index(call.getArg(0)), true);
  const Value length = atom(fmt::format("len({})", view_of(all)), Rep::Int);
  return moved(all, infix(length, "-", integer(1), Prec::Sum, Rep::Int), true);
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
        if (context_.hasSameUnqualifiedType(from, to)) return address(inner);
        return window_on(address(inner), to, n->getExprLoc());
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
  if (const auto* n = dyn_cast<ConditionalOperator>(expr)) return chosen_pointer(*n);
  if (isa<CXXThisExpr>(expr)) return object_place(expr->getExprLoc());
  if (const auto* n = dyn_cast<CXXMemberCallExpr>(expr); n && container_element(n->getObjectType()) &&
                                                         n->getMethodDecl()->getIdentifier() &&
                                                         n->getMethodDecl()->getName() == "data") {
    return decayed(place(n->getImplicitObjectArgument()));
  }
  refuse(expr->getExprLoc(), fmt::format("a pointer of kind {}", expr->getStmtClassName()));
}

// c ? p : q: another position in the same array, or one of two arrays.
Place FunctionTranslator::chosen_pointer(const ConditionalOperator& choice) {
  const SourceLocation where = choice.getQuestionLoc();
  if (has_side_effects(choice.getTrueExpr()) || has_side_effects(choice.getFalseExpr()))
    refuse(where, "?: of pointers that move");
  const Value test = condition(choice.getCond());
  const Place then = pointer(choice.getTrueExpr()), otherwise = pointer(choice.getFalseExpr());
  if (then.window || otherwise.window || record_of(then.type)) refuse(where, "?: of pointers to records or parts of numbers");
  Place result = then;
  const auto either = [&](const std::string& a, const std::string& b) {
    return fmt::format("{} if {} else {}", a, operand(test, Prec::Or), b);
  };
  if (then.base == otherwise.base && then.indices.size() == 1 && otherwise.indices.size() == 1) {
    const std::string text = either(then.indices[0].text, otherwise.indices[0].text);
    result.indices[0] = {text, Prec::Conditional, Rep::Int, signed_range(64), false};
    return result;
  }
  result.base = temporary("chosen");
  result.is_table = false;
  result.indices = {integer(0)};
  out_.line(fmt::format("{} = {}", result.base, either(view_of(then), view_of(otherwise))));
  return result;
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

// A constant table, or what is left of it from there on, as an array.
std::string FunctionTranslator::array_of_table(const Place& table) {
  const auto scalar = scalar_of(array_shape(table.type, context_).element, context_);
  // np.array takes a tuple of numbers by its name, but none of tuples.
  if (!scalar || table.type->isArrayType()) refuse(function_.getLocation(), fmt::format("the table '{}' passed on", table.base));
  std::string text = table.base;
  for (std::size_t k = 0; k + 1 < table.indices.size(); ++k) text += fmt::format("[{}]", table.indices[k].text);
  const Value& last = table.indices.back();
  const std::string rest = last.is_literal && last.range.lo == 0 ? "" : fmt::format("[{}:]", last.text);
  return fmt::format("np.array({}, dtype={}){}", text, dtype_of(*scalar), rest);
}

std::string FunctionTranslator::view_of(const Place& pointer) {
  if (pointer.window) refuse(function_.getLocation(), fmt::format("a part of '{}' passed on", pointer.base));
  if (pointer.is_table) return array_of_table(pointer);
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
  if (place.is_variable && place.rep != Rep::None && !place.window) scalar->rep = place.rep;
  return *scalar;
}

}  // namespace kjit::import
