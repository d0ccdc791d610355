// Expressions: literals, variables, casts, conditions, and the values of expressions with side effects.

#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>
#include <fmt/format.h>

#include "translator.h"

namespace kjit::import {

using namespace clang;

namespace {

Value integer_value(const llvm::APInt& bits, const Scalar& scalar) {
  if (scalar.rep == Rep::U64) return unsigned_integer(bits.zextOrTrunc(64).getZExtValue());
  return integer(scalar.is_signed ? bits.sextOrTrunc(64).getSExtValue()
                                  : static_cast<std::int64_t>(bits.zextOrTrunc(64).getZExtValue()));
}

const Expr* without_wrappers(const Expr* expr) {
  for (;;) {
    if (const auto* paren = dyn_cast<ParenExpr>(expr))
      expr = paren->getSubExpr();
    else if (const auto* constant = dyn_cast<ConstantExpr>(expr))
      expr = constant->getSubExpr();
    else if (const auto* cleanups = dyn_cast<ExprWithCleanups>(expr))
      expr = cleanups->getSubExpr();
    else if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(expr))
      expr = temporary->getSubExpr();
    else if (const auto* argument = dyn_cast<CXXDefaultArgExpr>(expr))
      expr = argument->getExpr();
    else if (const auto* member = dyn_cast<CXXDefaultInitExpr>(expr))
      expr = member->getExpr();
    else if (const auto* substituted = dyn_cast<SubstNonTypeTemplateParmExpr>(expr))
      expr = substituted->getReplacement();
    else
      return expr;
  }
}

}  // namespace

Value FunctionTranslator::literal(const Expr* expr) {
  const auto scalar = scalar_of(expr->getType(), context_);
  if (!scalar) refuse(expr->getExprLoc(), fmt::format("a value of type '{}'", expr->getType().getAsString()));
  if (const auto* number = dyn_cast<IntegerLiteral>(expr)) return integer_value(number->getValue(), *scalar);
  if (const auto* character = dyn_cast<CharacterLiteral>(expr)) return integer(character->getValue());
  if (const auto* truth = dyn_cast<CXXBoolLiteralExpr>(expr)) return atom(truth->getValue() ? "True" : "False", Rep::Bool);
  return float_constant(cast<FloatingLiteral>(expr)->getValue(), scalar->rep);
}

Value FunctionTranslator::reference(const DeclRefExpr& reference) {
  if (const auto* constant = dyn_cast<EnumConstantDecl>(reference.getDecl())) {
    return {unit_.use_constant(*constant),
            Prec::Atom,
            Rep::Int,
            {constant->getInitVal().getExtValue(), constant->getInitVal().getExtValue()},
            true};
  }
  return load(place(&reference), reference.getExprLoc());
}

Value FunctionTranslator::load(const Place& place, SourceLocation where) {
  if (place.window) return load_bits(place, where);
  const Scalar scalar = scalar_at(place, where);
  const Range range = place.is_variable ? place.range : scalar.range();
  const Value whole = atom(text_of(place), scalar.rep, range);
  // A narrow element would compute at its own width.
  const bool is_narrow = !place.indices.empty() && !place.is_table && scalar.rep == Rep::Int && scalar.bits < 64;
  return is_narrow ? kjit::import::call("int", whole, Rep::Int, range) : whole;
}

Value FunctionTranslator::read_only_index(const Expr* expr) {
  Value value;
  {
    const Setting subscript(in_subscript_, true);
    value = expression(expr);
  }
  if (value.rep == Rep::U64 && value.before) {
    value = *value.before;  // 5 of u64(5), len(v) of u64(len(v))
  } else if (value.rep == Rep::U64) {
    value = kjit::import::call("i64", value, Rep::Int);
  }
  if (value.rep == Rep::Bool) value = kjit::import::call("int", value, Rep::Int, {0, 1});
  value.rep = Rep::Int;
  return value;
}

Value FunctionTranslator::cast(const CastExpr& cast) {
  const Expr* operand = cast.getSubExpr();
  switch (cast.getCastKind()) {
    case CK_LValueToRValue: {
      if (const auto* named = dyn_cast<DeclRefExpr>(operand->IgnoreParens())) return reference(*named);
      if (isa<CallExpr>(operand->IgnoreParens())) return expression(operand);
      return load(place(operand), operand->getExprLoc());
    }
    case CK_NoOp:
    case CK_ConstructorConversion: return expression(operand);
    case CK_IntegralCast:
    case CK_BooleanToSignedIntegral:
    case CK_IntegralToBoolean:
    case CK_FloatingToBoolean:
    case CK_IntegralToFloating:
    case CK_FloatingToIntegral:
    case CK_FloatingCast: {
      const auto to = scalar_of(cast.getType(), context_);
      if (!to) refuse(cast.getExprLoc(), fmt::format("a value of type '{}'", cast.getType().getAsString()));
      const bool through_float = to->rep == Rep::Int && !operand->getType()->isIntegralOrEnumerationType();
      const Setting mode(in_subscript_, in_subscript_ && !through_float && to->rep != Rep::Bool);
      return converted(expression(operand), *to);
    }
    case CK_LValueToRValueBitCast: {
      const auto to = scalar_of(cast.getType(), context_), from = scalar_of(operand->getType(), context_);
      if (!to || !from) refuse(cast.getExprLoc(), "bits read as another type");
      return reinterpreted(load(place(operand), operand->getExprLoc()), *from, *to, cast.getExprLoc());
    }
    case CK_PointerToBoolean: refuse(cast.getExprLoc(), "a pointer as a condition");
    default: refuse(cast.getExprLoc(), fmt::format("a cast ({})", cast.getCastKindName()));
  }
}

// A number that is all of an object-like macro of the user's keeps the macro's name.
std::optional<Value> FunctionTranslator::macro_constant(const Expr& expr) {
  const SourceLocation begin = expr.getBeginLoc();
  if (!begin.isMacroID() || sources().isInSystemHeader(sources().getSpellingLoc(begin))) return std::nullopt;
  SourceLocation name_at;
  if (!Lexer::isAtStartOfMacroExpansion(begin, sources(), context_.getLangOpts(), &name_at)) return std::nullopt;
  if (!expr.getEndLoc().isMacroID() || !Lexer::isAtEndOfMacroExpansion(expr.getEndLoc(), sources(), context_.getLangOpts()))
    return std::nullopt;
  for (SourceLocation at = begin; at.isMacroID();) {
    const SrcMgr::ExpansionInfo& expansion = sources().getSLocEntry(sources().getFileID(at)).getExpansion();
    if (expansion.isFunctionMacroExpansion() || expansion.isMacroArgExpansion()) return std::nullopt;
    at = expansion.getExpansionLocStart();
  }
  const auto scalar = scalar_of(expr.getType(), context_);
  const std::string name = Lexer::getSourceText(CharSourceRange::getTokenRange(name_at), sources(), context_.getLangOpts()).str();
  Expr::EvalResult result;
  if (!scalar || scalar->rep == Rep::Bool || name.empty() || name.starts_with("__") || expr.isValueDependent())
    return std::nullopt;
  if (!expr.EvaluateAsRValue(result, context_) || result.HasSideEffects) return std::nullopt;
  Value value;
  if (result.Val.isInt()) {
    value = integer_value(result.Val.getInt(), *scalar);
  } else if (result.Val.isFloat()) {
    value = float_constant(result.Val.getFloat(), scalar->rep);
    if (!result.Val.getFloat().isFinite()) return std::nullopt;
  } else {
    return std::nullopt;
  }
  value.text = unit_.use_macro(name, value.text);
  value.prec = Prec::Atom;
  value.before = nullptr;
  return value;
}

Value FunctionTranslator::expression(const Expr* written) {
  if (const auto named = macro_constant(*written)) return *named;
  const Expr* expr = without_wrappers(written);
  if (isa<IntegerLiteral, FloatingLiteral, CharacterLiteral, CXXBoolLiteralExpr>(expr)) return literal(expr);
  if (const auto* n = dyn_cast<DeclRefExpr>(expr)) return reference(*n);
  if (const auto* n = dyn_cast<CastExpr>(expr)) return cast(*n);
  if (const auto* n = dyn_cast<BinaryOperator>(expr)) return binary(*n);
  if (const auto* n = dyn_cast<UnaryOperator>(expr)) return unary(*n);
  if (const auto* n = dyn_cast<ConditionalOperator>(expr)) return conditional(*n);
  if (const auto* n = dyn_cast<CXXMemberCallExpr>(expr); n && n->isGLValue()) {
    if (const auto element = container_end(*n)) return load(*element, n->getExprLoc());
  }
  const auto* written_operator = dyn_cast<CXXOperatorCallExpr>(expr);
  const bool is_element = written_operator && written_operator->getOperator() == OO_Subscript &&
                          container_element(written_operator->getArg(0)->getType());
  if (const auto* n = dyn_cast<CallExpr>(expr); n && !is_element) return call(*n);
  if (isa<ArraySubscriptExpr, MemberExpr, CXXOperatorCallExpr>(expr)) return load(place(expr), expr->getExprLoc());
  if (const auto* n = dyn_cast<UnaryExprOrTypeTraitExpr>(expr); n && n->getKind() == UETT_SizeOf) {
    Expr::EvalResult result;
    if (n->EvaluateAsInt(result, context_)) return integer_value(result.Val.getInt(), Scalar{Rep::U64, 64, false});
  }
  if (const auto* n = dyn_cast<ImplicitValueInitExpr>(expr)) {
    const auto scalar = scalar_of(n->getType(), context_);
    if (scalar) return converted(integer(0), *scalar);
  }
  if (const auto* n = dyn_cast<CompoundLiteralExpr>(expr)) return expression(n->getInitializer());
  if (const auto* n = dyn_cast<InitListExpr>(expr); n && n->getType()->isUnionType()) {
    if (const auto stored = scalar_of(n->getType(), context_)) return union_value(*n, *stored);
  }
  if (const auto* n = dyn_cast<CXXConstructExpr>(expr); n && n->getNumArgs() == 1 && scalar_of(n->getType(), context_)) {
    return expression(n->getArg(0));  // a copy of a union
  }
  if (const auto* n = dyn_cast<InitListExpr>(expr); n && n->getNumInits() == 1) return expression(n->getInit(0));
  refuse(expr->getExprLoc(), fmt::format("an expression of kind {}", expr->getStmtClassName()));
}

// ---- conditions ----------------------------------------------------------------------------------------------------------

Value FunctionTranslator::as_bool(const Value& value) {
  if (value.rep == Rep::Bool) return value;
  if (value.is_literal && value.rep == Rep::Int) return atom(value.range.lo != 0 ? "True" : "False", Rep::Bool);
  const bool is_float = value.rep == Rep::F64 || value.rep == Rep::F32;
  return infix(value, "!=", atom(is_float ? "0.0" : "0", value.rep), Prec::Compare, Rep::Bool);
}

// a % b where only matters whether it is 0: C and Python agree.
Value FunctionTranslator::zero_remainder(const BinaryOperator& op) {
  const auto scalar = scalar_of(op.getType(), context_);
  const Value lhs = converted(expression(op.getLHS()), *scalar), rhs = converted(expression(op.getRHS()), *scalar);
  return infix(lhs, "%", rhs, Prec::Product, scalar->rep);
}

// Something whose truth is that of the C expression: an int stays as it is.
Value FunctionTranslator::condition(const Expr* expr) {
  const Setting exact(in_subscript_, false);
  const Expr* inner = without_wrappers(expr);
  while (const auto* implicit = dyn_cast<ImplicitCastExpr>(inner)) {
    if (implicit->getCastKind() != CK_IntegralToBoolean && implicit->getCastKind() != CK_IntegralCast) break;
    const auto from = scalar_of(implicit->getSubExpr()->getType(), context_), to = scalar_of(implicit->getType(), context_);
    if (!from || !to || (to->rep != Rep::Bool && to->bits < from->bits)) break;
    inner = without_wrappers(implicit->getSubExpr());
  }
  if (const auto* op = dyn_cast<BinaryOperator>(inner); op && op->isLogicalOp() && !has_side_effects(op->getRHS())) {
    const bool is_and = op->getOpcode() == BO_LAnd;
    const Value lhs = condition(op->getLHS()), rhs = condition(op->getRHS());
    return infix(lhs, is_and ? "and" : "or", rhs, is_and ? Prec::And : Prec::Or, Rep::Bool);
  }
  if (const auto* op = dyn_cast<UnaryOperator>(inner); op && op->getOpcode() == UO_LNot) {
    const Value value = condition(op->getSubExpr());
    return {"not " + operand(value, Prec::Not), Prec::Not, Rep::Bool, {}, false};
  }
  if (const auto* op = dyn_cast<BinaryOperator>(inner); op && op->getOpcode() == BO_Rem) return zero_remainder(*op);
  if (const auto* op = dyn_cast<BinaryOperator>(inner); op && op->isEqualityOp()) {
    const auto* left = dyn_cast<BinaryOperator>(op->getLHS()->IgnoreParenImpCasts());
    const auto* zero = dyn_cast<IntegerLiteral>(op->getRHS()->IgnoreParenImpCasts());
    if (left && left->getOpcode() == BO_Rem && zero && zero->getValue() == 0) {
      return infix(zero_remainder(*left), op->getOpcode() == BO_EQ ? "==" : "!=", integer(0), Prec::Compare, Rep::Bool);
    }
  }
  Value value = expression(inner);
  return value.rep == Rep::F64 || value.rep == Rep::F32 || value.is_literal ? as_bool(value) : value;
}

// && and || as values. Where the right side has side effects it becomes an if.
Value FunctionTranslator::logical(const BinaryOperator& op) {
  const bool is_and = op.getOpcode() == BO_LAnd;
  const Value lhs = as_bool(expression(op.getLHS()));
  if (!has_side_effects(op.getRHS())) {
    const Value rhs = as_bool(expression(op.getRHS()));
    return infix(lhs, is_and ? "and" : "or", rhs, is_and ? Prec::And : Prec::Or, Rep::Bool);
  }
  const std::string result = temporary("holds");
  out_.line(fmt::format("{} = {}", result, lhs.text));
  out_.block((is_and ? "if " : "if not ") + result, [&] {
    const Expr* outer = std::exchange(statement_, nullptr);
    out_.line(fmt::format("{} = {}", result, as_bool(expression(op.getRHS())).text));
    statement_ = outer;
  });
  return atom(result, Rep::Bool);
}

// sizeof(x) == sizeof(float) of macros: what is left out need not be translatable.
std::optional<bool> FunctionTranslator::known_condition(const Expr* condition) const {
  Expr::EvalResult result;
  if (condition->isValueDependent() || !condition->EvaluateAsInt(result, context_)) return std::nullopt;
  return result.Val.getInt() != 0;
}

Value FunctionTranslator::conditional(const ConditionalOperator& choice) {
  const auto scalar = scalar_of(choice.getType(), context_);
  if (!scalar) refuse(choice.getExprLoc(), "?: of pointers or records");
  const auto arm = [&](const Expr* expr) { return converted(expression(expr), *scalar); };
  if (const auto known = known_condition(choice.getCond())) return arm(*known ? choice.getTrueExpr() : choice.getFalseExpr());
  const bool structured = has_side_effects(choice.getTrueExpr()) || has_side_effects(choice.getFalseExpr());
  const Value test = condition(choice.getCond());
  if (!structured) {
    const Value then = arm(choice.getTrueExpr()), otherwise = arm(choice.getFalseExpr());
    const std::string text = fmt::format("{} if {} else {}", operand(then, Prec::Or), operand(test, Prec::Or), otherwise.text);
    return {text, Prec::Conditional, scalar->rep, join(then.range, otherwise.range), false};
  }
  const std::string result = temporary("chosen");
  const Expr* outer = std::exchange(statement_, nullptr);
  out_.block("if " + test.text, [&] { out_.line(fmt::format("{} = {}", result, arm(choice.getTrueExpr()).text)); });
  out_.block("else", [&] { out_.line(fmt::format("{} = {}", result, arm(choice.getFalseExpr()).text)); });
  statement_ = outer;
  return atom(result, scalar->rep, scalar->range());
}

// ---- side effects as values ------------------------------------------------------------------------------------------------

Value FunctionTranslator::side_effect_value(const Expr& expr) {
  const Setting exact(in_subscript_, false);
  if (const auto* step = dyn_cast<UnaryOperator>(&expr); step && step->isPostfix()) {
    const ValueDecl* variable = named_variable(step->getSubExpr());
    Value old = load(place(step->getSubExpr()), expr.getExprLoc());
    // Where nothing else in the statement sees the variable, it is stepped behind the statement.
    if (statement_ && variable && count_uses(statement_, variable) == 1 && !facts_.of(variable).address_taken) {
      const std::size_t first = out_.size();
      increment(*step);
      for (std::string& line : out_.cut(first)) after_.push_back(line.substr(line.find_first_not_of(' ')));
      return old;
    }
    const std::string kept = temporary("old");
    out_.line(fmt::format("{} = {}", kept, old.text));
    increment(*step);
    return atom(kept, old.rep, old.range);
  }
  Place written;
  if (const auto* step = dyn_cast<UnaryOperator>(&expr)) {
    written = increment(*step);
  } else if (const auto* compound = dyn_cast<CompoundAssignOperator>(&expr)) {
    written = compound_assignment(*compound);
  } else {
    written = assignment(llvm::cast<BinaryOperator>(expr));
  }
  if (written.base.empty()) refuse(expr.getExprLoc(), "an assignment of a pointer or record as a value");
  return load(written, expr.getExprLoc());
}

}  // namespace kjit::import
