// Loops: counted ones become range() or prange(), others while. Entry points: for_statement, while_statement, do_statement.

#include <fmt/format.h>

#include "translator.h"

namespace kjit::import {

using namespace clang;

struct FunctionTranslator::Counted {
  const VarDecl* variable = nullptr;
  bool declares = false;
  const Expr* start = nullptr;
  const Expr* bound = nullptr;
  BinaryOperatorKind compare = BO_LT;  // variable (compare) bound
  std::int64_t step = 1;
};

namespace {

std::optional<std::int64_t> step_of(const Expr* increment, const ValueDecl* variable) {
  increment = increment->IgnoreParens();
  if (const auto* step = dyn_cast<UnaryOperator>(increment); step && step->isIncrementDecrementOp()) {
    if (named_variable(step->getSubExpr()) != variable) return std::nullopt;
    return step->isIncrementOp() ? 1 : -1;
  }
  const auto* assign = dyn_cast<BinaryOperator>(increment);
  if (!assign || !assign->isAssignmentOp() || named_variable(assign->getLHS()) != variable) return std::nullopt;
  const Expr* by = assign->getRHS()->IgnoreParenImpCasts();
  BinaryOperatorKind op = assign->getOpcode();
  if (op == BO_Assign) {  // i = i + 2
    const auto* sum = dyn_cast<BinaryOperator>(by);
    if (!sum || !sum->isAdditiveOp() || named_variable(sum->getLHS()) != variable) return std::nullopt;
    op = sum->getOpcode() == BO_Add ? BO_AddAssign : BO_SubAssign;
    by = sum->getRHS()->IgnoreParenImpCasts();
  }
  const auto* number = dyn_cast<IntegerLiteral>(by);
  if (!number || number->getValue().getActiveBits() > 31 || number->getValue() == 0) return std::nullopt;
  const auto distance = static_cast<std::int64_t>(number->getValue().getZExtValue());
  if (op == BO_AddAssign) return distance;
  return op == BO_SubAssign ? std::optional(-distance) : std::nullopt;
}

// The same value in every round: literals and variables that the loop leaves alone.
bool is_invariant(const Expr* expr, const Stmt& body, const FunctionFacts& facts) {
  expr = expr->IgnoreParenImpCasts();
  if (isa<IntegerLiteral, CharacterLiteral, UnaryExprOrTypeTraitExpr>(expr)) return true;
  if (const auto* reference = dyn_cast<DeclRefExpr>(expr)) {
    const auto* variable = dyn_cast<VarDecl>(reference->getDecl());
    if (!variable) return isa<EnumConstantDecl>(reference->getDecl());
    const bool is_own = variable->hasLocalStorage() || variable->getType().isConstQualified();
    return is_own && !variable->getType()->isReferenceType() && !facts.of(variable).address_taken &&
           !is_modified_in(&body, variable);
  }
  if (const auto* op = dyn_cast<BinaryOperator>(expr)) {
    return !op->isAssignmentOp() && is_invariant(op->getLHS(), body, facts) && is_invariant(op->getRHS(), body, facts);
  }
  if (const auto* op = dyn_cast<UnaryOperator>(expr)) {
    return (op->getOpcode() == UO_Minus || op->getOpcode() == UO_Plus) && is_invariant(op->getSubExpr(), body, facts);
  }
  if (const auto* cast = dyn_cast<CastExpr>(expr)) return is_invariant(cast->getSubExpr(), body, facts);
  if (const auto* call = dyn_cast<CXXMemberCallExpr>(expr)) {  // v.size(): arrays keep their length
    const auto* method = call->getMethodDecl();
    return method && method->getIdentifier() && method->getName() == "size" &&
           container_element(call->getObjectType()).has_value();
  }
  return false;
}

BinaryOperatorKind mirrored(BinaryOperatorKind op) {
  switch (op) {
    case BO_LT: return BO_GT;
    case BO_GT: return BO_LT;
    case BO_LE: return BO_GE;
    case BO_GE: return BO_LE;
    default: return op;
  }
}

bool has_break(const Stmt* stmt) {
  if (!stmt) return false;
  if (isa<BreakStmt, GotoStmt>(stmt)) return true;
  if (isa<ForStmt, WhileStmt, DoStmt, SwitchStmt>(stmt)) {
    for (const Stmt* child : stmt->children()) {
      if (child && isa<GotoStmt>(child)) return true;
    }
  }
  for (const Stmt* child : stmt->children()) {
    if (has_break(child)) return true;
  }
  return false;
}

// break or continue of the loop itself
bool leaves_loop(const Stmt* stmt, bool in_switch = false) {
  if (!stmt || isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(stmt)) return false;
  if (isa<ContinueStmt>(stmt) || (isa<BreakStmt>(stmt) && !in_switch)) return true;
  for (const Stmt* child : stmt->children()) {
    if (leaves_loop(child, in_switch || isa<SwitchStmt>(stmt))) return true;
  }
  return false;
}

// Reads of the variable outside of `loop`, other than in loops that set it first.
bool reads_outside(const Stmt* stmt, const ValueDecl* variable, const Stmt& loop) {
  if (!stmt || stmt == &loop) return false;
  if (const auto* other = dyn_cast<ForStmt>(stmt)) {
    const auto* init = dyn_cast_or_null<BinaryOperator>(other->getInit());
    const bool sets = init && init->getOpcode() == BO_Assign && named_variable(init->getLHS()) == variable;
    // In a loop that sets it first every read sees that loop's value, except if our loop stands inside of it: then the step reads
    // ours.
    if (sets && count_uses(other, variable) > 0) return reads_outside(init->getRHS(), variable, loop);
  }
  if (const auto* assign = dyn_cast<BinaryOperator>(stmt);
      assign && assign->getOpcode() == BO_Assign && named_variable(assign->getLHS()) == variable) {
    return reads_outside(assign->getRHS(), variable, loop);
  }
  const auto* reference = dyn_cast<DeclRefExpr>(stmt);
  if (reference && reference->getDecl() == variable) return true;
  for (const Stmt* child : stmt->children()) {
    if (reads_outside(child, variable, loop)) return true;
  }
  return false;
}

}  // namespace

bool FunctionTranslator::is_read_after(const ValueDecl* variable, const Stmt& loop) const {
  return reads_outside(function_.getBody(), variable, loop);
}

std::optional<FunctionTranslator::Counted> FunctionTranslator::counted_loop(const ForStmt& loop) const {
  Counted counted;
  if (const auto* declares = dyn_cast_or_null<DeclStmt>(loop.getInit())) {
    if (!declares->isSingleDecl()) return std::nullopt;
    counted.variable = dyn_cast<VarDecl>(declares->getSingleDecl());
    counted.declares = true;
    if (counted.variable) counted.start = counted.variable->getInit();
  } else if (const auto* assign = dyn_cast_or_null<BinaryOperator>(loop.getInit()); assign && assign->getOpcode() == BO_Assign) {
    counted.variable = dyn_cast_or_null<VarDecl>(named_variable(assign->getLHS()));
    counted.start = assign->getRHS();
  }
  const auto* condition = dyn_cast_or_null<BinaryOperator>(loop.getCond() ? loop.getCond()->IgnoreParenImpCasts() : nullptr);
  if (!counted.variable || !counted.start || !condition || !condition->isRelationalOp() || !loop.getInc()) return std::nullopt;
  const auto scalar = scalar_of(counted.variable->getType(), context_);
  if (!scalar || !(scalar->rep == Rep::Int || (scalar->rep == Rep::U64 && counted.declares))) return std::nullopt;

  const bool left = named_variable(condition->getLHS()) == counted.variable;
  if (!left && named_variable(condition->getRHS()) != counted.variable) return std::nullopt;
  counted.bound = left ? condition->getRHS() : condition->getLHS();
  counted.compare = left ? condition->getOpcode() : mirrored(condition->getOpcode());
  const auto step = step_of(loop.getInc(), counted.variable);
  if (!step || (*step > 0) != (counted.compare == BO_LT || counted.compare == BO_LE)) return std::nullopt;
  counted.step = *step;
  if (!scalar->is_signed && (counted.compare == BO_GE || counted.compare == BO_LE)) {
    const auto* literal = dyn_cast<IntegerLiteral>(counted.bound->IgnoreParenImpCasts());
    if (!literal || (counted.compare == BO_GE && literal->getValue() == 0)) return std::nullopt;  // would wrap around and go on
  }
  const bool untouched = !is_modified_in(loop.getBody(), counted.variable) && !facts_.of(counted.variable).address_taken;
  if (!untouched || !is_invariant(counted.bound, *loop.getBody(), facts_) || has_side_effects(counted.start)) return std::nullopt;
  if (count_uses(counted.bound, counted.variable) > 0) return std::nullopt;
  if (!counted.declares && is_read_after(counted.variable, loop)) {
    if (std::abs(counted.step) != 1 || !is_invariant(counted.start, *loop.getBody(), facts_)) return std::nullopt;
  }
  return counted;
}

void FunctionTranslator::write_counted(const ForStmt& loop, const Counted& counted, const std::string& keyword,
                                       const std::string& options) {
  const Value start = read_only_index(counted.start), bound = read_only_index(counted.bound);
  Value stop = bound;
  const bool up = counted.step > 0;
  const bool inclusive = counted.compare == BO_LE || counted.compare == BO_GE;
  if (inclusive) {
    const std::int64_t past = up ? 1 : -1;
    if (bound.is_literal) {
      stop = integer(static_cast<std::int64_t>(bound.range.lo) + past);
    } else if (bound.text.ends_with(" - 1") && bound.prec == Prec::Sum && up) {
      stop = atom(bound.text.substr(0, bound.text.size() - 4), Rep::Int, bound.range + Range{1, 1});  // i <= n - 1
    } else {
      stop = infix(bound, up ? "+" : "-", integer(1), Prec::Sum, Rep::Int, bound.range + Range{past, past});
    }
  }
  open_scope();
  if (counted.declares) {
    Variable declared;
    declared.name = take_local(*counted.variable, declared);
    variables_[counted.variable] = declared;
  }
  Variable& held = variable(*counted.variable, loop.getForLoc());
  if (held.home != Home::Scalar) refuse(loop.getForLoc(), "this loop variable");
  const Variable before = held;
  held.rep = Rep::Int;
  held.range = up ? Range{start.range.lo, std::max(start.range.lo, stop.range.hi - 1)}
                  : Range{std::min(start.range.hi, stop.range.lo + 1), start.range.hi};

  std::string range = start.text == "0" && counted.step == 1 ? stop.text : fmt::format("{}, {}", start.text, stop.text);
  if (counted.step != 1) range += fmt::format(", {}", counted.step);
  const std::string name = held.name;
  // C leaves the first value that fails the test; Python's range the last one that passed.
  const bool read_later = !counted.declares && is_read_after(counted.variable, loop);
  const bool leaves = has_break(loop.getBody());
  const auto set = [&] { out_.line(fmt::format("{} = {}({}, {})", name, up ? "max" : "min", start.text, stop.text)); };
  if (read_later && leaves) out_.line(fmt::format("{} = {}", name, start.text));
  loop_lines(
      fmt::format("for {} in {}({}{})", name, keyword, range, options), {}, [&] { statement(*loop.getBody()); },
      read_later && leaves ? std::function<void()>(set) : std::function<void()>());
  if (read_later && !leaves) set();
  variables_[counted.variable].range = before.range;
  close_scope();
}

void FunctionTranslator::for_statement(const ForStmt& loop, const std::string& keyword, const std::string& options) {
  if (loop.getConditionVariable()) refuse(loop.getForLoc(), "a loop whose condition declares a variable");
  if (const auto counted = counted_loop(loop)) return write_counted(loop, *counted, keyword, options);
  if (keyword == "prange") refuse(loop.getForLoc(), "a parallel loop that does not count");
  open_scope();
  if (loop.getInit()) statement(*loop.getInit());
  const Expr* increment = loop.getInc();
  while_statement(
      loop.getCond(), *loop.getBody(),
      increment ? std::function<void()>([this, increment] { expression_statement(*increment); }) : std::function<void()>());
  close_scope();
}

void FunctionTranslator::while_statement(const Expr* test, const Stmt& body, std::function<void()> step) {
  Loop context;
  context.on_continue = step;
  const bool structured = test && has_side_effects(test);
  const std::string head = !test || structured ? "while True" : "while " + condition(test).text;
  loop_lines(head, std::move(context), [&] {
    if (structured) {
      const Value holds = condition(test);
      out_.block(fmt::format("if not {}", operand(holds, Prec::Not)), [&] { out_.line("break"); });
    }
    statement(body);
    if (step) step();
  });
}

void FunctionTranslator::do_statement(const DoStmt& loop) {
  const Expr* test = loop.getCond();
  const auto* literal = dyn_cast<IntegerLiteral>(test->IgnoreParenImpCasts());
  const bool once = literal && literal->getValue() == 0 && !leaves_loop(loop.getBody());  // of a macro: do { ... } while (0)
  if (once) return statement(*loop.getBody());
  const auto leave_unless = [this, test, literal] {
    if (literal && literal->getValue() != 0) return;
    if (literal) return out_.line("break");
    const Value holds = condition(test);
    out_.block(fmt::format("if not {}", operand(holds, Prec::Not)), [&] { out_.line("break"); });
  };
  Loop context;
  context.on_continue = leave_unless;
  loop_lines("while True", std::move(context), [&] {
    statement(*loop.getBody());
    leave_unless();
  });
}

// for (double x : v): the elements; for (double& x : v): their places.
void FunctionTranslator::range_for(const CXXForRangeStmt& loop) {
  const VarDecl& element = *loop.getLoopVariable();
  const Place range = place(loop.getRangeInit());
  const auto scalar = scalar_of(element.getType().getNonReferenceType(), context_);
  if (!scalar) refuse(loop.getForLoc(), "a loop over elements that are no numbers");
  Place all = decayed(range);
  open_scope();
  if (element.getType()->isReferenceType() && !element.getType().getNonReferenceType().isConstQualified()) {
    const std::string index = temporary((element.getNameAsString() + "_at").c_str());
    all.indices.back() = atom(index, Rep::Int);
    aliases_[&element] = all;
    loop_lines(fmt::format("for {} in range(len({}))", index, view_of(decayed(range))), {}, [&] { statement(*loop.getBody()); });
  } else {
    Variable held;
    held.rep = scalar->rep, held.range = scalar->range();
    held.name = take_local(element, held);
    variables_[&element] = held;
    const bool is_narrow = scalar->rep == Rep::Int && scalar->bits < 64;  // it would compute at its own width
    const std::string item = is_narrow ? temporary("element") : held.name;
    loop_lines(fmt::format("for {} in {}", item, view_of(all)), {}, [&] {
      if (is_narrow) out_.line(fmt::format("{} = int({})", held.name, item));
      statement(*loop.getBody());
    });
  }
  close_scope();
}

// ---- OpenMP
// --------------------------------------------------------------------------------------------------------------------

// An update of a shared number or element: kernels make these indivisible, or combine copies, by themselves.
void FunctionTranslator::atomic_update(const OMPAtomicDirective& directive) {
  for (const OMPClause* clause : directive.clauses()) {
    if (!isa<OMPUpdateClause, OMPSeqCstClause, OMPRelaxedClause>(clause))
      refuse(clause->getBeginLoc(),
             fmt::format("the OpenMP clause '{}'", llvm::omp::getOpenMPClauseName(clause->getClauseKind()).str()));
  }
  const Stmt* update = directive.getAssociatedStmt();
  if (const auto* captured = dyn_cast<CapturedStmt>(update)) update = captured->getCapturedStmt();
  statement(*update);
}

void FunctionTranslator::parallel_loop(const OMPLoopDirective& directive) {
  const SourceLocation where = directive.getBeginLoc();
  const bool is_simd = isa<OMPSimdDirective>(directive);
  if (!is_simd && !isa<OMPParallelForDirective, OMPParallelForSimdDirective>(directive)) refuse(where, "this OpenMP directive");
  const auto* loop = dyn_cast<ForStmt>(directive.getInnermostCapturedStmt()->getCapturedStmt()->IgnoreContainers());
  if (!loop) refuse(where, "an OpenMP loop of this form");
  if (is_simd) return for_statement(*loop, "range", "");
  std::string options;
  for (const OMPClause* clause : directive.clauses()) {
    if (const auto* schedule = dyn_cast<OMPScheduleClause>(clause)) {
      const llvm::StringRef kind = getOpenMPSimpleClauseTypeName(llvm::omp::OMPC_schedule, schedule->getScheduleKind());
      if (kind != "runtime") options += fmt::format(", schedule=\"{}\"", kind.str());
      if (schedule->getChunkSize()) options += fmt::format(", chunk={}", read_only_index(schedule->getChunkSize()).text);
    } else if (const auto* threads = dyn_cast<OMPNumThreadsClause>(clause)) {
      options += fmt::format(", num_threads={}", read_only_index(threads->getNumThreads()).text);
    } else if (!isa<OMPReductionClause, OMPPrivateClause, OMPFirstprivateClause, OMPLastprivateClause, OMPSharedClause,
                    OMPDefaultClause, OMPCollapseClause>(clause)) {
      refuse(clause->getBeginLoc(),
             fmt::format("the OpenMP clause '{}'", llvm::omp::getOpenMPClauseName(clause->getClauseKind()).str()));
    }
  }
  for_statement(*loop, "prange", options);
}

}  // namespace kjit::import
