// Small classes of plain data and lambdas. A method is a kernel whose first parameters are the fields of its object: numbers for
// a const method, arrays of one element for one that may change them. A constructor gives the fields as a tuple. A lambda is a
// nested function.

#include <clang/AST/DeclCXX.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "translator.h"

namespace kjit::import {

using namespace clang;

namespace {

const CXXMethodDecl* instance_method(const FunctionDecl& function) {
  const auto* method = dyn_cast<CXXMethodDecl>(&function);
  return method && method->isInstance() ? method : nullptr;
}

const LambdaExpr* lambda_in(const Expr* expr) {
  for (;;) {
    expr = expr->IgnoreParenImpCasts();
    if (const auto* lambda = dyn_cast<LambdaExpr>(expr)) return lambda;
    if (const auto* cleanups = dyn_cast<ExprWithCleanups>(expr))
      expr = cleanups->getSubExpr();
    else if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(expr))
      expr = temporary->getSubExpr();
    else if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(expr))
      expr = bound->getSubExpr();
    else if (const auto* made = dyn_cast<CXXConstructExpr>(expr); made && made->getNumArgs() == 1)
      expr = made->getArg(0);
    else
      return nullptr;
  }
}

}  // namespace

// ---- methods ---------------------------------------------------------------------------------------------------------------

void FunctionTranslator::declare_object(std::vector<std::string>& list) {
  const CXXMethodDecl* method = instance_method(function_);
  if (!method) return;
  const RecordDecl& record = *method->getParent();
  Variable self;
  self.name = unique_record_name("self", record);
  self.home = Home::Record;
  if (isa<CXXConstructorDecl>(method)) {
    make_fields(self.name, record, false, method->getLocation());
  } else {
    if (!method->isConst()) self.home = Home::Pointer;
    declare_fields(self.name, record, method->isConst() ? 0 : 1, list, method->getLocation());
  }
  self_ = self;
}

Place FunctionTranslator::object_place(SourceLocation where) {
  if (!self_) refuse(where, "'this' here");
  Place place;
  place.base = self_->name;
  place.type = context_.getRecordType(cast<CXXMethodDecl>(function_).getParent());
  if (self_->home == Home::Pointer) place.indices.push_back(integer(0));
  return place;
}

void FunctionTranslator::construct() {
  const auto* constructor = dyn_cast<CXXConstructorDecl>(&function_);
  if (!constructor) return;
  for (const CXXCtorInitializer* init : constructor->inits()) {
    if (!init->isMemberInitializer()) refuse(constructor->getLocation(), "a constructor of a base class");
    const Place object = object_place(constructor->getLocation());
    const auto* made = dyn_cast<CXXConstructExpr>(init->getInit());
    if (made && made->getNumArgs() == 0 && made->getConstructor()->isTrivial()) continue;
    initialise(field(object, *init->getMember()), *init->getInit());
  }
}

void FunctionTranslator::return_object(SourceLocation where) {
  std::vector<std::string> fields;
  const Place object = object_place(where);
  add_record_arguments(object, *record_of(object.type), true, fields, where);
  out_.line(fmt::format("return {}{}", fmt::join(fields, ", "), fields.size() == 1 ? "," : ""));
}

// The object that a method is called for, as the first arguments of its kernel.
void FunctionTranslator::add_object(const CallExpr& call, const CXXMethodDecl& method, std::vector<std::string>& list) {
  const SourceLocation where = call.getExprLoc();
  if (method.isVirtual()) refuse(where, fmt::format("a call of the virtual method '{}'", method.getNameAsString()));
  const Place object = object_of(call);
  const RecordDecl* record = record_of(object.type);
  if (!record) refuse(where, fmt::format("a call of the method '{}'", method.getNameAsString()));
  if (!method.isConst() && object.indices.empty()) refuse(where, "a method that changes an object that is passed by value");
  add_record_arguments(object, *record, method.isConst(), list, where);
}

Place FunctionTranslator::object_of(const CallExpr& call) {
  const auto* member = dyn_cast<CXXMemberCallExpr>(&call);
  const Expr* object = member ? member->getImplicitObjectArgument() : call.getArg(0);
  return object->getType()->isPointerType() ? pointer(object) : place(object->IgnoreImplicit());
}

// a = b of records, and methods that return *this: the object. nullopt for anything else.
std::optional<Place> FunctionTranslator::object_result(const CallExpr& call) {
  const auto* method = dyn_cast_or_null<CXXMethodDecl>(call.getDirectCallee());
  if (!method || !method->isInstance() || !record_of(method->getReturnType().getNonReferenceType())) return std::nullopt;
  const bool assigns = (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator()) && method->isDefaulted();
  if (!assigns && !method->getReturnType()->isReferenceType()) return std::nullopt;
  if (!assigns) {
    out_.line(this->call(call).text);
    return object_of(call);
  }
  const Place to = place(call.getArg(0)->IgnoreImplicit());
  initialise(to, *call.getArg(1));
  return to;
}

// Vec(1.0, 2.0), Vec(), a copy. False: it is none of them.
bool FunctionTranslator::construct_into(const Place& to, const RecordDecl& record, const Expr& init) {
  const auto* made = dyn_cast<CXXConstructExpr>(&init);
  if (!made) return false;
  const CXXConstructorDecl& constructor = *made->getConstructor();
  if (constructor.isCopyOrMoveConstructor() && constructor.isDefaulted()) {
    initialise(to, *made->getArg(0));
    return true;
  }
  if (constructor.isDefaulted() && constructor.isDefaultConstructor()) {
    for (const FieldDecl* member : record.fields()) {
      if (const Expr* value = member->getInClassInitializer()) initialise(field(to, *member), *value);
    }
    return true;
  }
  std::vector<std::string> list;
  const std::string name = unit_.use(constructor, init.getExprLoc());
  add_arguments({made->getArgs(), made->getNumArgs()}, constructor, list, init.getExprLoc());
  unpack(to, record, fmt::format("{}({})", name, fmt::join(list, ", ")), init.getExprLoc());
  return true;
}

// ---- lambdas ---------------------------------------------------------------------------------------------------------------

bool is_closure(QualType type) {
  const auto* record = type.getNonReferenceType()->getAsCXXRecordDecl();
  return record && record->isLambda();
}

// What stands for a function argument: the name of a function, of a variable that holds one, of a lambda that is written here.
std::string FunctionTranslator::function_name(const Expr& expr) {
  if (const LambdaExpr* lambda = lambda_in(&expr)) return define_lambda("lambda_", *lambda);
  const Expr* inner = &expr;
  while (const auto* made = dyn_cast<CXXConstructExpr>(inner->IgnoreImplicit())) inner = made->getArg(0);
  const ValueDecl* declared = named_variable(inner->IgnoreImplicit());
  if (!declared) refuse(expr.getExprLoc(), "a computed function");
  return variable(*declared, expr.getExprLoc()).name;
}

void FunctionTranslator::declare_closure(const VarDecl& variable) {
  const LambdaExpr* lambda = variable.getInit() ? lambda_in(variable.getInit()) : nullptr;
  Variable result;
  result.home = Home::Function;
  result.name = lambda ? define_lambda(variable.getNameAsString(), *lambda) : function_name(*variable.getInit());
  variables_[&variable] = result;
}

// Values that are captured by copy are those of this moment.
void FunctionTranslator::capture(const LambdaExpr& lambda, std::map<const ValueDecl*, Variable>& outer) {
  for (const LambdaCapture& capture : lambda.captures()) {
    if (!capture.capturesVariable()) continue;
    const auto* captured = cast<VarDecl>(capture.getCapturedVar());
    if (captured->isInitCapture()) {
      declare_local(*captured);
      continue;
    }
    const auto found = variables_.find(captured);
    if (found == variables_.end()) continue;  // a reference, or a constant of the file
    const bool moves = captured->getType()->isPointerType() && facts_.of(captured).moves;
    if (moves) refuse(lambda.getBeginLoc(), "a pointer that moves in a lambda");
    const bool changes = facts_.of(captured).modifications > 0 || facts_.of(captured).address_taken;
    if (capture.getCaptureKind() != LCK_ByCopy || !changes) continue;
    if (found->second.home != Home::Scalar && found->second.home != Home::Cell)
      refuse(lambda.getBeginLoc(), "a copy of an array or record in a lambda");
    outer[captured] = found->second;
    Variable copy = found->second;
    const Value now = load(variable_place(*captured, lambda.getBeginLoc()), lambda.getBeginLoc());
    copy.home = Home::Scalar;
    copy.name = names_.take(captured->getNameAsString() + "_then");
    copy.rep = now.rep;
    copy.range = now.range;
    out_.line(fmt::format("{} = {}", copy.name, now.text));
    found->second = copy;
  }
}

std::string FunctionTranslator::define_lambda(const std::string& wanted, const LambdaExpr& lambda) {
  const CXXMethodDecl& function = *lambda.getCallOperator();
  if (lambda.isGenericLambda()) refuse(lambda.getBeginLoc(), "a generic lambda");
  if (lambda.isMutable()) refuse(lambda.getBeginLoc(), "a mutable lambda");
  std::map<const ValueDecl*, Variable> outer;
  capture(lambda, outer);
  const std::string name = names_.take(wanted);
  Writer prologue;
  std::swap(out_, prologue);
  std::vector<std::string> parameters;
  for (const ParmVarDecl* parameter : function.parameters()) declare_parameter(*parameter, parameters);
  const std::vector<std::string> first_lines = out_.cut(0);
  std::swap(out_, prologue);

  // Inside, nothing is known of the loops and blocks around.
  const auto loops = std::exchange(loops_, {});
  const auto jumps = std::exchange(jumps_, {});
  const auto after = std::exchange(after_, {});
  const auto scopes = std::exchange(scopes_, {});
  free_names_.clear();
  const Expr* statement = std::exchange(statement_, nullptr);
  const QualType result = std::exchange(result_type_, function.getReturnType());
  const bool inside = std::exchange(in_lambda_, true);
  if (facts_.divides_floats) out_.line("@njit(error_model=\"numpy\")");
  out_.block(fmt::format("def {}({})", name, fmt::join(parameters, ", ")), [&] {
    for (const std::string& line : first_lines) out_.line(line);
    compound(*cast<CompoundStmt>(lambda.getBody()));
  });
  free_names_.clear();
  loops_ = loops, jumps_ = jumps, after_ = after, scopes_ = scopes;
  statement_ = statement, result_type_ = result, in_lambda_ = inside;
  for (const auto& [captured, before] : outer) variables_[captured] = before;
  return name;
}

}  // namespace kjit::import
