// Statements other than loops and jumps.

#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "translator.h"

namespace kjit::import {

using namespace clang;

void FunctionTranslator::leading_comments(SourceLocation until) {
  for (const std::string& text : comments_.take(commented_, until)) out_.comment(text);
  commented_ = until;
}

void FunctionTranslator::flush_after() {
  for (const std::string& line : after_) out_.line(line);
  after_.clear();
}

void FunctionTranslator::compound(const CompoundStmt& block) {
  if (labelled_block(block)) return;
  open_scope();
  for (const Stmt* stmt : block.body()) statement(*stmt);
  close_scope();
}

// Variables of one name in different blocks are one variable of the kernel if they are of one kind.
std::string FunctionTranslator::take_local(const VarDecl& variable, const Variable& kind) {
  if (kind.home == Home::Scalar && !scopes_.empty()) scopes_.back().push_back(&variable);
  const auto free = free_names_.find({variable.getNameAsString(), kind.rep});
  if (kind.home != Home::Scalar || free == free_names_.end()) return names_.take(variable.getNameAsString());
  std::string name = free->second;
  free_names_.erase(free);
  return name;
}

void FunctionTranslator::close_scope() {
  for (const VarDecl* variable : scopes_.back()) {
    const Variable& ended = variables_[variable];
    free_names_.insert({{variable->getNameAsString(), ended.rep}, ended.name});
  }
  scopes_.pop_back();
}

void FunctionTranslator::statement(const Stmt& stmt) {
  leading_comments(stmt.getBeginLoc());
  const std::size_t before = out_.size();
  if (const auto* n = dyn_cast<CompoundStmt>(&stmt)) return compound(*n);
  if (const auto* n = dyn_cast<IfStmt>(&stmt)) return if_statement(*n);
  if (const auto* n = dyn_cast<ForStmt>(&stmt)) return for_statement(*n, "range", "");
  if (const auto* n = dyn_cast<WhileStmt>(&stmt)) return while_statement(n->getCond(), *n->getBody(), {});
  if (const auto* n = dyn_cast<DoStmt>(&stmt)) return do_statement(*n);
  if (const auto* n = dyn_cast<CXXForRangeStmt>(&stmt)) return range_for(*n);
  if (const auto* n = dyn_cast<SwitchStmt>(&stmt)) return switch_statement(*n);
  if (const auto* n = dyn_cast<OMPLoopDirective>(&stmt)) return parallel_loop(*n);
  if (const auto* n = dyn_cast<OMPAtomicDirective>(&stmt)) return atomic_update(*n);
  if (isa<NullStmt>(stmt)) return;
  if (const auto* n = dyn_cast<LabelStmt>(&stmt)) return statement(*n->getSubStmt());  // no goto leads there
  if (const auto* n = dyn_cast<DeclStmt>(&stmt)) {
    for (const Decl* declaration : n->decls()) {
      if (const auto* variable = dyn_cast<VarDecl>(declaration)) declare_local(*variable);
    }
  } else if (const auto* n = dyn_cast<ReturnStmt>(&stmt)) {
    return_statement(*n);
  } else if (isa<BreakStmt>(stmt)) {
    break_statement(stmt.getBeginLoc());
  } else if (isa<ContinueStmt>(stmt)) {
    continue_statement(stmt.getBeginLoc());
  } else if (const auto* n = dyn_cast<GotoStmt>(&stmt)) {
    goto_statement(*n);
  } else if (const auto* n = dyn_cast<Expr>(&stmt)) {
    expression_statement(*n);
  } else {
    refuse(stmt.getBeginLoc(), fmt::format("a statement of kind {}", stmt.getStmtClassName()));
  }
  const std::string trailing = comments_.take_trailing(stmt.getEndLoc());
  if (out_.size() > before) {
    out_.trail(trailing);
  } else if (!trailing.empty()) {
    out_.comment(trailing);
  }
}

void FunctionTranslator::expression_statement(const Expr& written) {
  const Expr& expr = *written.IgnoreParens();
  if (rebases_.contains(&expr)) return;
  const Expr* outer = std::exchange(statement_, &expr);
  if (const auto* n = dyn_cast<CompoundAssignOperator>(&expr)) {
    compound_assignment(*n);
  } else if (const auto* n = dyn_cast<BinaryOperator>(&expr); n && n->isAssignmentOp()) {
    assignment(*n);
  } else if (const auto* n = dyn_cast<BinaryOperator>(&expr); n && n->getOpcode() == BO_Comma) {
    expression_statement(*n->getLHS());
    expression_statement(*n->getRHS());
  } else if (const auto* n = dyn_cast<UnaryOperator>(&expr); n && n->isIncrementDecrementOp()) {
    increment(*n);
  } else if (const auto* n = dyn_cast<ExprWithCleanups>(&expr)) {
    expression_statement(*n->getSubExpr());
  } else if (const auto* n = dyn_cast<CastExpr>(&expr); n && n->getType()->isVoidType()) {
    if (!isa<DeclRefExpr>(n->getSubExpr()->IgnoreParenImpCasts())) expression_statement(*n->getSubExpr());
  } else if (const auto* n = dyn_cast<CallExpr>(&expr); n && memory_call(*n)) {
  } else if (const auto* n = dyn_cast<CallExpr>(&expr); n && object_result(*n)) {
  } else if (const auto* n = dyn_cast<CallExpr>(&expr)) {
    const Value value = call(*n);
    if (!value.text.empty()) out_.line(value.text);
  } else if (has_side_effects(&expr)) {
    const Value value = expression(&expr);
    (void)value;
  }
  statement_ = outer;
  if (!statement_) flush_after();
}

void FunctionTranslator::if_statement(const IfStmt& branch) {
  if (branch.getInit()) statement(*branch.getInit());
  if (branch.getConditionVariable()) declare_local(*branch.getConditionVariable());
  if (const auto known = known_condition(branch.getCond()); known && !has_label(&branch)) {
    const Stmt* taken = *known ? branch.getThen() : branch.getElse();
    if (taken) statement(*taken);
    return;
  }
  Value test = condition(branch.getCond());
  if (const auto entry = entries_.find(&branch); entry != entries_.end()) {
    test.text = fmt::format("{} != 0 or {}", entry->second, operand(test, Prec::Or));
  }
  const auto arm = [&](const Stmt& stmt) { statement(stmt); };
  out_.block("if " + test.text, [&] { arm(*branch.getThen()); });
  const Stmt* otherwise = branch.getElse();
  while (otherwise) {
    const auto* next = dyn_cast<IfStmt>(otherwise);
    leading_comments(otherwise->getBeginLoc());
    if (!next || has_side_effects(next->getCond()) || next->getInit() || next->getConditionVariable()) {
      out_.block("else", [&] { arm(*otherwise); });
      return;
    }
    const std::size_t before = out_.size();
    const Value again = condition(next->getCond());
    if (out_.size() != before) refuse(next->getIfLoc(), "a condition that needs statements of its own after 'else if'");
    out_.block("elif " + again.text, [&] { arm(*next->getThen()); });
    otherwise = next->getElse();
  }
}

void FunctionTranslator::return_statement(const ReturnStmt& result) {
  const Expr* value = result.getRetValue();
  if (isa<CXXConstructorDecl>(function_) && !in_lambda_) return return_object(result.getReturnLoc());
  const bool is_object = value && result_type_->isReferenceType() && record_of(result_type_.getNonReferenceType());
  if (is_object) {  // return *this: the caller knows its object
    const auto* object = dyn_cast<UnaryOperator>(value->IgnoreParenImpCasts());
    if (!object || !isa<CXXThisExpr>(object->getSubExpr()->IgnoreParenImpCasts()))
      refuse(result.getReturnLoc(), "a reference as a result");
    return out_.line("return");
  }
  if (!value || result_type_->isVoidType()) {
    if (value) expression_statement(*value);
    out_.line("return");
    return;
  }
  if (const RecordDecl* record = record_of(result_type_)) {
    std::vector<std::string> fields;
    add_record_arguments(place(value->IgnoreImplicit()), *record, true, fields, result.getReturnLoc());
    out_.line(fmt::format("return {}{}", fmt::join(fields, ", "), fields.size() == 1 ? "," : ""));
    return;
  }
  const auto scalar = scalar_of(result_type_, context_);
  if (!scalar) refuse(result.getReturnLoc(), fmt::format("a result of type '{}'", result_type_.getAsString()));
  const Value text = converted(expression(value), *scalar);
  out_.line("return " + text.text);
}

// ---- assignments
// ---------------------------------------------------------------------------------------------------------------

void FunctionTranslator::store(const Place& to, const Value& value, SourceLocation where) {
  if (to.window) return store_bits(to, value, where);
  out_.line(fmt::format("{} = {}", text_of(to), value.text));
}

void FunctionTranslator::assign_pointer(const Expr& target, const Expr& value) {
  const ValueDecl* declared = named_variable(&target);
  if (!declared) refuse(target.getExprLoc(), "a pointer that is stored in memory");
  const Variable to = variable(*declared, target.getExprLoc());
  if (to.home == Home::Table) return out_.line(fmt::format("{} = {}", to.name, place(value.IgnoreParenImpCasts()).base));
  const Place from = pointer(&value);
  if (from.window) refuse(value.getExprLoc(), "memory read as another type");
  if (to.position.empty()) refuse(target.getExprLoc(), "this assignment to a pointer");
  if (record_of(from.type) && to.name != from.base) refuse(target.getExprLoc(), "a pointer to one of several records");
  if (to.name != from.base) {
    Place whole = from;
    whole.indices.back() = integer(0);
    out_.line(fmt::format("{} = {}", to.name, view_of(whole)));
  }
  if (from.indices.back().text != to.position) out_.line(fmt::format("{} = {}", to.position, from.indices.back().text));
}

Place FunctionTranslator::assignment(const BinaryOperator& assign) {
  const Expr* target = assign.getLHS();
  if (target->getType()->isPointerType()) return assign_pointer(*target, *assign.getRHS()), Place{};
  if (const RecordDecl* record = record_of(target->getType())) {
    assign_record(place(target), place(assign.getRHS()->IgnoreImplicit()), *record, assign.getOperatorLoc());
    return {};
  }
  // C leaves the order open; side effects of either come first.
  const Value value = expression(assign.getRHS());
  const Place to = place(target);
  store(to, converted(value, scalar_at(to, target->getExprLoc())), assign.getOperatorLoc());
  return to;
}

void FunctionTranslator::assign_record(const Place& to, const Place& from, const RecordDecl& record, SourceLocation where) {
  for (const FieldDecl* member : record.fields()) {
    const Place left = field(to, *member), right = field(from, *member);
    const ArrayShape shape = array_shape(member->getType(), context_);
    if (const RecordDecl* inner = record_of(shape.element); inner && shape.rank == 0) {
      assign_record(left, right, *inner, where);
    } else if (shape.rank > 0) {
      out_.line(fmt::format("{}[:] = {}", text_of(left), text_of(right)));
    } else {
      store(left, load(right, where), where);
    }
  }
}

Place FunctionTranslator::compound_assignment(const CompoundAssignOperator& assign) {
  const BinaryOperatorKind op = BinaryOperator::getOpForCompoundAssignment(assign.getOpcode());
  const Expr* target = assign.getLHS();
  if (target->getType()->isPointerType()) {
    step_pointer(*target, read_only_index(assign.getRHS()), op == BO_Add);
    return {};
  }
  const Value by = expression(assign.getRHS());
  const Place to = place(target);
  const Scalar kept = scalar_at(to, target->getExprLoc());
  const auto computed = scalar_of(assign.getComputationLHSType(), context_);
  if (!computed) refuse(assign.getOperatorLoc(), "arithmetic of this type");
  const Value old = load(to, target->getExprLoc());
  const Value value =
      converted(arithmetic(op, converted(old, *computed), by, assign.getComputationResultType(), assign.getOperatorLoc()), kept);
  if (to.window) return store_bits(to, value, assign.getOperatorLoc()), to;
  // x = x + e, unwrapped and unconverted, is x += e.
  const std::string prefix = old.text + " " + BinaryOperator::getOpcodeStr(op).str() + " ";
  if (value.text.starts_with(prefix) && old.text == text_of(to) && value.prec == precedence(op) && op != BO_Div && op != BO_Rem) {
    std::string rest = value.text.substr(prefix.size());
    if (rest.starts_with('(') && rest.find(')') == rest.size() - 1) rest = rest.substr(1, rest.size() - 2);
    out_.line(fmt::format("{} {}= {}", text_of(to), BinaryOperator::getOpcodeStr(op).str(), rest));
    return to;
  }
  store(to, value, assign.getOperatorLoc());
  return to;
}

Place FunctionTranslator::increment(const UnaryOperator& step) {
  const Expr* target = step.getSubExpr();
  if (target->getType()->isPointerType()) return step_pointer(*target, integer(1), step.isIncrementOp()), Place{};
  const Place to = place(target);
  const Scalar scalar = scalar_at(to, target->getExprLoc());
  const auto type = scalar_of(target->getType(), context_);
  const Value one = scalar.rep == Rep::F64 || scalar.rep == Rep::F32 ? converted(integer(1), scalar) : integer(1);
  const BinaryOperatorKind op = step.isIncrementOp() ? BO_Add : BO_Sub;
  const Value old = load(to, target->getExprLoc());
  const Value result = scalar.rep == Rep::F64 || scalar.rep == Rep::F32
                           ? float_arithmetic(op, old, one, scalar.rep, step.getExprLoc())
                           : int_arithmetic(op, old, converted(one, scalar), *type);
  if (to.window) return store_bits(to, result, step.getExprLoc()), to;
  const bool plain = result.text == fmt::format("{} {} {}", text_of(to), step.isIncrementOp() ? "+" : "-", one.text);
  if (plain) {
    out_.line(fmt::format("{} {}= {}", text_of(to), step.isIncrementOp() ? "+" : "-", one.text));
  } else {
    store(to, result, step.getExprLoc());
  }
  return to;
}

void FunctionTranslator::step_pointer(const Expr& target, const Value& by, bool forward) {
  const ValueDecl* declared = named_variable(&target);
  if (!declared) refuse(target.getExprLoc(), "a pointer that is stored in memory");
  const Variable& stepped = variable(*declared, target.getExprLoc());
  if (stepped.position.empty()) refuse(target.getExprLoc(), "this step of a pointer");
  out_.line(fmt::format("{} {}= {}", stepped.position, forward ? "+" : "-", by.text));
}

}  // namespace kjit::import
