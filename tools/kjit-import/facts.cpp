#include "facts.h"

#include <clang/AST/ExprCXX.h>
#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/AST/StmtOpenMP.h>

#include <set>

namespace kjit::import {

using namespace clang;

const ValueDecl* named_variable(const Expr* expr) {
  if (!expr) return nullptr;
  const auto* reference = dyn_cast<DeclRefExpr>(expr->IgnoreParenImpCasts());
  return reference ? reference->getDecl() : nullptr;
}

const VariableFacts& FunctionFacts::of(const ValueDecl* variable) const {
  static const VariableFacts none;
  const auto found = variables.find(variable);
  return found == variables.end() ? none : found->second;
}

namespace {

// p + n, n + p, p - n where the pointer is `variable` itself.
bool is_step_of(const Expr* value, const ValueDecl* variable) {
  const auto* sum = dyn_cast<BinaryOperator>(value->IgnoreParenImpCasts());
  if (!sum || !sum->isAdditiveOp()) return false;
  return named_variable(sum->getLHS()) == variable || (sum->getOpcode() == BO_Add && named_variable(sum->getRHS()) == variable);
}

class Collector : public RecursiveASTVisitor<Collector> {
 public:
  explicit Collector(FunctionFacts& facts) : facts_(facts) {}

  bool shouldVisitImplicitCode() const { return true; }

  bool VisitVarDecl(VarDecl* variable) {
    if (variable->hasInit() && variable->getType()->isPointerType())
      facts_.variables[variable].sources.push_back(variable->getInit());
    const bool is_reference =
        variable->getType()->isReferenceType() && !variable->getType().getNonReferenceType().isConstQualified();
    if (variable->hasInit() && is_reference) take_address(variable->getInit());
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator* op) {
    if (op->getOpcode() == BO_Div && op->getType()->isFloatingType()) facts_.divides_floats = true;
    if (!op->isAssignmentOp()) return true;
    const ValueDecl* variable = named_variable(op->getLHS());
    if (!variable) return true;
    VariableFacts& facts = facts_.variables[variable];
    ++facts.modifications;
    if (op->getOpcode() == BO_DivAssign && op->getType()->isFloatingType()) facts_.divides_floats = true;
    if (!variable->getType()->isPointerType()) return true;
    if (op->isCompoundAssignmentOp() || is_step_of(op->getRHS(), variable)) {
      note_move(facts, op);
    } else {
      facts.sources.push_back(op->getRHS());
    }
    return true;
  }

  // (int*)&x and memcpy(&x, ...) read or write the bits of x, which needs no address.
  bool VisitCastExpr(CastExpr* cast) {
    const auto* target = dyn_cast<UnaryOperator>(cast->getSubExpr()->IgnoreParens());
    const bool converts = cast->getCastKind() == CK_BitCast && target && target->getOpcode() == UO_AddrOf;
    if (!converts) return true;
    converted_.insert(target);
    if (const ValueDecl* variable = named_variable(target->getSubExpr())) facts_.variables[variable].is_written_in_parts = true;
    return true;
  }

  bool VisitUnaryOperator(UnaryOperator* op) {
    const ValueDecl* variable = named_variable(op->getSubExpr());
    if (op->getOpcode() == UO_AddrOf && !converted_.contains(op)) take_address(op->getSubExpr());
    if (!op->isIncrementDecrementOp() || !variable) return true;
    VariableFacts& facts = facts_.variables[variable];
    ++facts.modifications;
    if (variable->getType()->isPointerType()) note_move(facts, op);
    return true;
  }

  bool VisitCallExpr(CallExpr* call) {
    const FunctionDecl* callee = call->getDirectCallee();
    if (!callee) return true;
    const auto* method = dyn_cast<CXXMethodDecl>(callee);
    const bool is_operator = isa<CXXOperatorCallExpr>(call) && method && method->isInstance();
    const unsigned first = is_operator ? 1 : 0;
    for (unsigned k = 0; k + first < call->getNumArgs() && k < callee->getNumParams(); ++k) {
      if (callee->getParamDecl(k)->getType()->isLValueReferenceType() &&
          !callee->getParamDecl(k)->getType().getNonReferenceType().isConstQualified()) {
        take_address(call->getArg(k + first));
      }
    }
    // A method that may change its object.
    const bool is_own =
        method && method->isInstance() && !method->isConst() && !method->isDefaulted() && !method->isInStdNamespace();
    if (is_own && is_operator) take_address(call->getArg(0));
    if (const auto* member = dyn_cast<CXXMemberCallExpr>(call); is_own && member)
      take_address(member->getImplicitObjectArgument());
    return true;
  }

  // What a lambda changes is no variable of its own.
  bool VisitLambdaExpr(LambdaExpr* lambda) {
    for (const LambdaCapture& capture : lambda->captures()) {
      if (!capture.capturesVariable() || capture.getCaptureKind() != LCK_ByRef) continue;
      const ValueDecl* variable = capture.getCapturedVar();
      const bool is_record = variable->getType()->isRecordType() && !variable->getType().isConstQualified();
      if (is_record || is_modified_in(lambda->getBody(), variable)) facts_.variables[variable].address_taken = true;
    }
    return true;
  }

  bool VisitGotoStmt(GotoStmt* jump) { return ++facts_.gotos[jump->getLabel()], true; }
  bool VisitOMPLoopDirective(OMPLoopDirective*) { return facts_.has_parallel_loop = true; }

 private:
  static void note_move(VariableFacts& facts, const Expr* move) {
    facts.only_move = facts.moves ? nullptr : move;
    facts.moves = true;
  }

  // Of s.x and s.a[0] the address of s is taken, too.
  void take_address(const Expr* place) {
    place = place->IgnoreParenImpCasts();
    while (const auto* member = dyn_cast<MemberExpr>(place)) {
      if (member->isArrow()) return;
      place = member->getBase()->IgnoreParenImpCasts();
    }
    if (const ValueDecl* variable = named_variable(place)) facts_.variables[variable].address_taken = true;
  }

  FunctionFacts& facts_;
  std::set<const UnaryOperator*> converted_;  // &x whose type is converted at once
};

// Stops at the first hit.
template <typename Hit>
bool any_below(const Stmt* stmt, const Hit& hit) {
  if (!stmt) return false;
  if (hit(stmt)) return true;
  for (const Stmt* child : stmt->children()) {
    if (any_below(child, hit)) return true;
  }
  return false;
}

bool modifies(const Stmt* stmt, const ValueDecl* variable) {
  if (const auto* op = dyn_cast<BinaryOperator>(stmt)) return op->isAssignmentOp() && named_variable(op->getLHS()) == variable;
  if (const auto* op = dyn_cast<UnaryOperator>(stmt)) {
    return (op->isIncrementDecrementOp() || op->getOpcode() == UO_AddrOf) && named_variable(op->getSubExpr()) == variable;
  }
  return false;
}

}  // namespace

FunctionFacts find_facts(const FunctionDecl& function) {
  FunctionFacts facts;
  Collector collector(facts);
  if (const auto* constructor = dyn_cast<CXXConstructorDecl>(&function)) {
    for (const CXXCtorInitializer* init : constructor->inits()) collector.TraverseStmt(init->getInit());
  }
  collector.TraverseStmt(function.getBody());
  return facts;
}

bool is_modified_in(const Stmt* below, const ValueDecl* variable) {
  return any_below(below, [&](const Stmt* stmt) { return modifies(stmt, variable); });
}

bool has_side_effects(const Expr* expr) {
  return any_below(expr, [](const Stmt* stmt) {
    if (const auto* op = dyn_cast<BinaryOperator>(stmt)) return op->isAssignmentOp();
    if (const auto* op = dyn_cast<UnaryOperator>(stmt)) return op->isIncrementDecrementOp();
    return false;
  });
}

bool has_label(const Stmt* below) {
  return any_below(below, [](const Stmt* stmt) { return isa<LabelStmt, SwitchCase>(stmt); });
}

int count_uses(const Stmt* below, const ValueDecl* variable) {
  if (!below) return 0;
  const auto* reference = dyn_cast<DeclRefExpr>(below);
  int uses = reference && reference->getDecl() == variable ? 1 : 0;
  for (const Stmt* child : below->children()) uses += count_uses(child, variable);
  return uses;
}

}  // namespace kjit::import
