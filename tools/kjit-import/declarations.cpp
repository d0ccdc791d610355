// The head of the kernel, parameters and local variables. Entry: FunctionTranslator::run.

#include <clang/AST/DeclCXX.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "translator.h"

namespace kjit::import {

using namespace clang;

namespace {

std::string array_annotation(const Scalar& scalar, int rank) {
  std::string dims;
  for (int axis = 0; axis < rank; ++axis) dims += axis == 0 ? ":" : ", :";
  return fmt::format("{}[{}]", element_name(scalar), dims);
}

// p++, --p, p += 3, p -= 3 with a literal: by how much.
std::optional<std::int64_t> literal_step(const Expr* move) {
  if (const auto* step = dyn_cast_or_null<UnaryOperator>(move)) return step->isIncrementOp() ? 1 : -1;
  const auto* assign = dyn_cast_or_null<CompoundAssignOperator>(move);
  if (!assign) return std::nullopt;
  const auto* number = dyn_cast<IntegerLiteral>(assign->getRHS()->IgnoreParenImpCasts());
  if (!number) return std::nullopt;
  const auto by = static_cast<std::int64_t>(number->getValue().getZExtValue());
  return assign->getOpcode() == BO_AddAssign ? by : -by;
}

// Does the block end in a switch, or in a block with labels, of which Python cannot see that each way through it returns?
bool has_hidden_end(const Stmt* stmt) {
  if (const auto* block = dyn_cast<CompoundStmt>(stmt)) {
    const bool has_labels =
        std::any_of(block->body_begin(), block->body_end(), [](const Stmt* part) { return isa<LabelStmt>(part); });
    return has_labels || (!block->body_empty() && has_hidden_end(block->body_back()));
  }
  if (const auto* branch = dyn_cast<IfStmt>(stmt)) {
    return has_hidden_end(branch->getThen()) || (branch->getElse() && has_hidden_end(branch->getElse()));
  }
  return isa<SwitchStmt, LabelStmt>(stmt);
}

// Is `move` a statement of the function's own block, in front of every other use of the variable?
bool is_rebase(const FunctionDecl& function, const ValueDecl* variable, const Expr* move) {
  const auto* body = dyn_cast_or_null<CompoundStmt>(function.getBody());
  if (!body || !move) return false;
  for (const Stmt* stmt : body->body()) {
    const auto* expr = dyn_cast<Expr>(stmt);
    if (expr && expr->IgnoreParens() == move) return true;
    if (count_uses(stmt, variable) > 0) return false;
  }
  return false;
}

}  // namespace

FunctionTranslator::FunctionTranslator(Unit& unit, const FunctionDecl& function, Comments& comments)
    : unit_(unit),
      function_(function),
      context_(function.getASTContext()),
      comments_(comments),
      facts_(find_facts(function)),
      names_(&unit.names()),
      result_type_(function.getReturnType()),
      commented_(function.getBody()->getBeginLoc()) {}

std::string FunctionTranslator::run() {
  const std::string name = unit_.use(function_, function_.getLocation());
  std::vector<std::string> parameters;
  Writer prologue;
  std::swap(out_, prologue);
  declare_object(parameters);
  for (const ParmVarDecl* parameter : function_.parameters()) declare_parameter(*parameter, parameters);
  const std::vector<std::string> first_lines = out_.cut(0);
  std::swap(out_, prologue);

  std::vector<std::string> options;
  if (facts_.has_parallel_loop) options.push_back("parallel=True");
  if (facts_.divides_floats) options.push_back("error_model=\"numpy\"");
  out_.line(options.empty() ? "@njit" : fmt::format("@njit({})", fmt::join(options, ", ")));
  out_.block(fmt::format("def {}({})", name, fmt::join(parameters, ", ")), [&] {
    for (const std::string& line : first_lines) out_.line(line);
    const auto& body = *cast<CompoundStmt>(function_.getBody());
    construct();
    compound(body);
    if (isa<CXXConstructorDecl>(function_)) return_object(body.getRBracLoc());
    // In C nobody may use the value then; Python would return None.
    const bool returns = !function_.getReturnType()->isVoidType() && !function_.getReturnType()->isReferenceType();
    if (returns && !isa<CXXConstructorDecl>(function_) && has_hidden_end(&body))
      out_.line("raise AssertionError(\"no value is returned\")");
    leading_comments(body.getRBracLoc());
  });
  return out_.text();
}

// ---- parameters ------------------------------------------------------------------------------------------------------------

void FunctionTranslator::declare_fields(const std::string& base, const RecordDecl& record, int outer_rank,
                                        std::vector<std::string>& list, SourceLocation where) {
  if (record.isUnion()) refuse(where, "a union of more than 8 bytes, or of something else than numbers");
  for (const FieldDecl* field : record.fields()) {
    const std::string name = fmt::format("{}_{}", base, field->getNameAsString());
    const ArrayShape shape = array_shape(field->getType(), context_);
    if (const RecordDecl* inner = record_of(shape.element)) {
      if (shape.rank > 0) refuse(where, fmt::format("an array of records in the field '{}'", field->getNameAsString()));
      declare_fields(name, *inner, outer_rank, list, where);
      continue;
    }
    const auto scalar = scalar_of(shape.element, context_);
    if (!scalar)
      refuse(where, fmt::format("the field '{}' of type '{}'", field->getNameAsString(), field->getType().getAsString()));
    const int rank = outer_rank + shape.rank;
    list.push_back(fmt::format("{}: {}", name, rank == 0 ? annotation_of(*scalar) : array_annotation(*scalar, rank)));
  }
}

std::string FunctionTranslator::unique_record_name(const std::string& wanted, const RecordDecl& record) {
  std::string base = names_.take(wanted);
  const auto clashes = [&] {
    for (const FieldDecl* field : record.fields()) {
      if (names_.is_taken(fmt::format("{}_{}", base, field->getNameAsString()))) return true;
    }
    return false;
  };
  while (clashes()) base = names_.take(wanted);
  for (const FieldDecl* field : record.fields()) names_.take(fmt::format("{}_{}", base, field->getNameAsString()));
  return base;
}

void FunctionTranslator::declare_parameter(const ParmVarDecl& parameter, std::vector<std::string>& list) {
  const VariableFacts& facts = facts_.of(&parameter);
  const QualType type = parameter.getType();
  const SourceLocation where = parameter.getLocation();
  const std::string wanted = parameter.getNameAsString();
  Variable result;
  if (type->isFunctionPointerType() || type->isVoidPointerType() || is_closure(type)) {  // passed on as it is
    result.home = Home::Function;
    result.name = names_.take(wanted);
    list.push_back(result.name);
    variables_[&parameter] = result;
    return;
  }
  if (const auto element = container_element(type)) {
    const auto scalar = scalar_of(*element, context_);
    if (!scalar) refuse(where, fmt::format("a parameter of type '{}'", type.getAsString()));
    const bool is_copy = !type->isReferenceType() && record_of(type)->getName() != "span";
    result.home = Home::Array;
    result.name = names_.take(wanted);
    list.push_back(fmt::format("{}: {}", result.name, array_annotation(*scalar, 1)));
    if (is_copy) out_.line(fmt::format("{0} = {0}.copy()", result.name));
    variables_[&parameter] = result;
    return;
  }
  const bool is_reference = type->isReferenceType() && !type.getNonReferenceType().isConstQualified();
  if (type->isPointerType() || is_reference) {
    const QualType target = is_reference ? type.getNonReferenceType() : type->getPointeeType();
    result.home = Home::Pointer;
    const ArrayShape shape = array_shape(target, context_);
    if (const RecordDecl* record = record_of(shape.element)) {
      if (shape.rank > 0) refuse(where, "an array of arrays of records");
      result.name = unique_record_name(wanted, *record);
      declare_fields(result.name, *record, 1, list, where);
    } else {
      const auto scalar = scalar_of(shape.element, context_);
      if (!scalar) refuse(where, fmt::format("a parameter of type '{}'", type.getAsString()));
      result.name = names_.take(wanted);
      const int rank = (is_reference && shape.rank > 0 ? 0 : 1) + shape.rank;
      if (is_reference && shape.rank > 0) result.home = Home::Array;
      list.push_back(fmt::format("{}: {}", result.name, array_annotation(*scalar, rank)));
    }
    const auto fixed = literal_step(facts.only_move);
    if (facts.sources.empty() && fixed && is_rebase(function_, &parameter, facts.only_move)) {
      result.fixed = *fixed;
      rebases_.insert(facts.only_move);
    } else if (facts.moves || !facts.sources.empty()) {
      result.position = names_.take(result.name + "_at");
      out_.line(fmt::format("{} = 0", result.position));
    }
    variables_[&parameter] = result;
    return;
  }
  if (const RecordDecl* record = record_of(type.getNonReferenceType())) {
    result.home = Home::Record;
    result.name = unique_record_name(wanted, *record);
    declare_fields(result.name, *record, 0, list, where);
    if (facts.address_taken) refuse(where, "the address of a record that is passed by value");
    variables_[&parameter] = result;
    return;
  }
  const auto scalar = scalar_of(type, context_);
  if (!scalar) refuse(where, fmt::format("a parameter of type '{}'", type.getAsString()));
  result.name = names_.take(wanted);
  result.rep = scalar->rep;
  result.range = scalar->range();
  list.push_back(fmt::format("{}: {}", result.name, annotation_of(*scalar)));
  if (facts.address_taken) {
    const std::string cell = names_.take(result.name + "_cell");
    out_.line(fmt::format("{} = np.full(1, {}, dtype={})", cell, result.name, dtype_of(*scalar)));
    result.home = Home::Cell;
    result.name = cell;
  }
  variables_[&parameter] = result;
}

// ---- local variables ---------------------------------------------------------------------------------------------------------

void FunctionTranslator::declare_local(const VarDecl& variable) {
  if (variable.isStaticLocal() || variable.hasExternalStorage()) return;  // constants, or refused where they are used
  const QualType type = variable.getType().getNonReferenceType();
  if (is_closure(type)) return declare_closure(variable);
  if (variable.getType()->isReferenceType()) return declare_reference(variable);
  if (container_element(type)) return declare_container(variable);
  if (type->isPointerType()) return declare_pointer(variable);
  if (type->isArrayType()) return declare_array(variable);
  if (record_of(type)) return declare_record(variable);
  const auto scalar = scalar_of(type, context_);
  if (!scalar) refuse(variable.getLocation(), fmt::format("a variable of type '{}'", type.getAsString()));

  Variable result;
  result.rep = scalar->rep;
  result.range = scalar->range();
  const bool is_cell = facts_.of(&variable).address_taken;
  std::string value;
  statement_ = variable.getInit();
  if (variable.hasInit()) value = converted(expression(variable.getInit()), *scalar).text;
  statement_ = nullptr;
  if (is_cell) result.home = Home::Cell;
  result.name = take_local(variable, result);
  if (is_cell) {
    out_.line(value.empty() ? fmt::format("{} = np.zeros(1, dtype={})", result.name, dtype_of(*scalar))
                            : fmt::format("{} = np.full(1, {}, dtype={})", result.name, value, dtype_of(*scalar)));
  } else if (!value.empty()) {
    out_.line(fmt::format("{} = {}", result.name, value));
  } else if (type->isUnionType() || facts_.of(&variable).is_written_in_parts) {  // its first assignment may be one of a part
    out_.line(fmt::format("{} = {}", result.name, converted(integer(0), *scalar).text));
  }
  variables_[&variable] = result;
  flush_after();
}

// Another name for a place; what its subscripts depend on is kept as it is now.
void FunctionTranslator::declare_reference(const VarDecl& variable) {
  const Expr* init = variable.getInit();
  if (!init) refuse(variable.getLocation(), "a reference to nothing");
  const QualType type = variable.getType().getNonReferenceType();
  const auto scalar = scalar_of(type, context_);
  if (scalar && type.isConstQualified()) {  // its value will do
    Variable copy;
    copy.rep = scalar->rep, copy.range = scalar->range();
    const Value value = converted(expression(init), *scalar);
    copy.name = take_local(variable, copy);
    out_.line(fmt::format("{} = {}", copy.name, value.text));
    variables_[&variable] = copy;
    return;
  }
  Place target = place(init);
  for (Value& index : target.indices) keep_index(index, variable);
  aliases_[&variable] = target;
}

// What the subscript of another name depends on may change later.
void FunctionTranslator::keep_index(Value& index, const VarDecl& variable) {
  if (index.is_literal) return;
  const std::string kept = temporary((variable.getNameAsString() + "_at").c_str());
  out_.line(fmt::format("{} = {}", kept, index.text));
  index = atom(kept, Rep::Int, index.range);
}

void FunctionTranslator::declare_container(const VarDecl& variable) {
  const auto scalar = scalar_of(*container_element(variable.getType()), context_);
  const RecordDecl& record = *record_of(variable.getType());
  if (scalar && record.getName() == "span" && variable.getInit()) {
    Variable view;
    view.home = Home::Array;
    const std::string text = container_text(*variable.getInit());
    view.name = names_.take(variable.getNameAsString());
    out_.line(fmt::format("{} = {}", view.name, text));
    variables_[&variable] = view;
    return;
  }
  if (!scalar || record.getName() == "span")
    refuse(variable.getLocation(), fmt::format("a variable of type '{}'", variable.getType().getAsString()));
  const auto* construct = dyn_cast_or_null<CXXConstructExpr>(variable.getInit() ? variable.getInit()->IgnoreImplicit() : nullptr);
  std::string size, fill;
  if (record.getName() == "array") {
    const auto& arguments = cast<ClassTemplateSpecializationDecl>(record).getTemplateArgs();
    size = fmt::format("{}", arguments[1].getAsIntegral().getExtValue());
  } else if (construct && construct->getNumArgs() >= 1 && construct->getArg(0)->getType()->isIntegerType()) {  // v(n), v(n, x)
    size = read_only_index(construct->getArg(0)).text;
    const bool has_fill = construct->getNumArgs() >= 2 && !isa<CXXDefaultArgExpr>(construct->getArg(1)) &&
                          scalar_of(construct->getArg(1)->getType(), context_);
    if (has_fill) fill = converted(expression(construct->getArg(1)->IgnoreImplicit()), *scalar).text;
  }
  if (size.empty()) refuse(variable.getLocation(), "this way to make a vector");
  Variable result;
  result.home = Home::Array;
  result.name = names_.take(variable.getNameAsString());
  variables_[&variable] = result;
  out_.line(fill.empty() ? fmt::format("{} = np.zeros({}, dtype={})", result.name, size, dtype_of(*scalar))
                         : fmt::format("{} = np.full({}, {}, dtype={})", result.name, size, fill, dtype_of(*scalar)));
  const auto* list = dyn_cast_or_null<InitListExpr>(variable.getInit() ? variable.getInit()->IgnoreImplicit() : nullptr);
  if (list && list->getNumInits() == 1)
    list = dyn_cast<InitListExpr>(list->getInit(0)->IgnoreImplicit());  // std::array<T, n> a{...}
  Place whole = variable_place(variable, variable.getLocation());
  whole.type = *container_element(variable.getType());
  for (unsigned k = 0; list && k < list->getNumInits(); ++k) {
    if (isa<ImplicitValueInitExpr>(list->getInit(k))) continue;
    Place element = whole;
    element.is_variable = false;
    element.indices.push_back(integer(k));
    initialise(element, *list->getInit(k));
  }
}

// Is the pointer only ever set to the beginning of constant tables of one shape?
bool FunctionTranslator::points_at_tables(const VarDecl& variable) const {
  const VariableFacts& facts = facts_.of(&variable);
  if (facts.moves || facts.sources.empty()) return false;
  QualType shape;
  for (const Expr* source : facts.sources) {
    const auto* table = dyn_cast_or_null<VarDecl>(named_variable(source));
    if (!table || !table->hasGlobalStorage() || !table->getType()->isConstantArrayType()) return false;
    if (!shape.isNull() && !context_.hasSameType(shape, table->getType())) return false;
    shape = table->getType();
  }
  return scalar_of(array_shape(shape, context_).element, context_).has_value();
}

void FunctionTranslator::declare_pointer(const VarDecl& variable) {
  if (variable.hasInit() && is_allocation(variable.getInit())) return allocate(variable, *variable.getInit()->IgnoreParenCasts());
  if (facts_.of(&variable).address_taken) refuse(variable.getLocation(), "the address of a pointer");
  Variable result;
  result.home = Home::Pointer;
  if (points_at_tables(variable)) {
    result.home = Home::Table;
    result.name = names_.take(variable.getNameAsString());
    if (variable.hasInit()) out_.line(fmt::format("{} = {}", result.name, place(variable.getInit()->IgnoreParenImpCasts()).base));
    variables_[&variable] = result;
    return;
  }
  if (!variable.hasInit()) {
    result.name = names_.take(variable.getNameAsString());
    result.position = names_.take(result.name + "_at");
    variables_[&variable] = result;
    return;
  }
  const Place target = pointer(variable.getInit());
  if (target.window) return declare_window(variable, target);
  const bool stays_in_array = facts_.of(&variable).sources.size() == 1;
  if (target.indices.size() == 1 && stays_in_array) {
    result.name = target.base;  // another position in the same array
    if (target.indices[0].is_literal && !facts_.of(&variable).moves) {
      result.fixed = static_cast<std::int64_t>(target.indices[0].range.lo);
    } else {
      result.position = names_.take(variable.getNameAsString() + "_at");
      out_.line(fmt::format("{} = {}", result.position, target.indices[0].text));
    }
    variables_[&variable] = result;
    return;
  }
  if (record_of(target.type)) refuse(variable.getLocation(), "a pointer to one of several records");
  result.name = names_.take(variable.getNameAsString());
  result.position = names_.take(result.name + "_at");
  variables_[&variable] = result;
  Place whole = target;
  const Value last = target.indices.back();
  whole.indices.back() = integer(0);
  out_.line(fmt::format("{} = {}", result.name, view_of(whole)));
  out_.line(fmt::format("{} = {}", result.position, last.text));
}

// int* p = (int*)&x, which stays where it is: another name for a part of x.
void FunctionTranslator::declare_window(const VarDecl& variable, Place target) {
  const VariableFacts& facts = facts_.of(&variable);
  if (facts.moves || facts.sources.size() > 1) refuse(variable.getLocation(), "a pointer that moves over the parts of a number");
  for (Value& index : target.indices) keep_index(index, variable);
  aliases_[&variable] = target;
}

void FunctionTranslator::declare_array(const VarDecl& variable) {
  const ArrayShape shape = array_shape(variable.getType(), context_);
  const auto scalar = scalar_of(shape.element, context_);
  if (!scalar) refuse(variable.getLocation(), fmt::format("an array of '{}'", shape.element.getAsString()));
  std::string sizes;
  for (QualType type = variable.getType(); const ArrayType* array = context_.getAsArrayType(type);
       type = array->getElementType()) {
    std::string size;
    if (const auto* constant = dyn_cast<ConstantArrayType>(array)) size = fmt::format("{}", constant->getSize().getZExtValue());
    if (const auto* dynamic = dyn_cast<VariableArrayType>(array)) size = read_only_index(dynamic->getSizeExpr()).text;
    if (size.empty()) refuse(variable.getLocation(), "an array without a size");
    sizes += (sizes.empty() ? "" : ", ") + size;
  }
  Variable result;
  result.home = Home::Array;
  result.name = names_.take(variable.getNameAsString());
  variables_[&variable] = result;
  const bool zeroed = variable.hasInit();
  out_.line(fmt::format("{} = np.{}({}{}{}, dtype={})", result.name, zeroed ? "zeros" : "empty", shape.rank > 1 ? "(" : "", sizes,
                        shape.rank > 1 ? ")" : "", dtype_of(*scalar)));
  if (variable.hasInit()) initialise(variable_place(variable, variable.getLocation()), *variable.getInit());
}

void FunctionTranslator::make_fields(const std::string& base, const RecordDecl& record, bool cells, SourceLocation where) {
  if (record.isUnion()) refuse(where, "a union of more than 8 bytes, or of something else than numbers");
  for (const FieldDecl* field : record.fields()) {
    const std::string name = fmt::format("{}_{}", base, field->getNameAsString());
    const ArrayShape shape = array_shape(field->getType(), context_);
    if (const RecordDecl* inner = record_of(shape.element); inner && shape.rank == 0) {
      make_fields(name, *inner, cells, where);
      continue;
    }
    const auto scalar = scalar_of(shape.element, context_);
    if (!scalar)
      refuse(where, fmt::format("the field '{}' of type '{}'", field->getNameAsString(), field->getType().getAsString()));
    if (!cells && shape.rank == 0) continue;  // a variable, set when it is assigned
    std::string sizes = cells ? "1" : "";
    for (QualType type = field->getType(); const auto* array = context_.getAsConstantArrayType(type);
         type = array->getElementType()) {
      sizes += fmt::format("{}{}", sizes.empty() ? "" : ", ", array->getSize().getZExtValue());
    }
    out_.line(fmt::format("{} = np.zeros(({},), dtype={})", name, sizes, dtype_of(*scalar)));
  }
}

void FunctionTranslator::declare_record(const VarDecl& variable) {
  const RecordDecl& record = *record_of(variable.getType());
  Variable result;
  result.home = facts_.of(&variable).address_taken ? Home::RecordCells : Home::Record;
  result.name = unique_record_name(variable.getNameAsString(), record);
  variables_[&variable] = result;
  make_fields(result.name, record, result.home == Home::RecordCells, variable.getLocation());
  const Expr* init = variable.getInit();
  if (const auto* construct = dyn_cast_or_null<CXXConstructExpr>(init);
      construct && construct->getConstructor()->isTrivial() && construct->getNumArgs() == 0)
    init = nullptr;
  if (init) initialise(variable_place(variable, variable.getLocation()), *init);
}

// A record comes from a call as a tuple of its fields.
void FunctionTranslator::unpack(const Place& to, const RecordDecl& record, const std::string& tuple, SourceLocation where) {
  Place fields = to;
  if (!to.indices.empty()) {
    fields = Place{};
    fields.base = unique_record_name("result", record);
    fields.type = to.type;
  }
  std::vector<std::string> names;
  add_field_names(fields.base, record, names);
  out_.line(fmt::format("{}{} = {}", fmt::join(names, ", "), names.size() == 1 ? "," : "", tuple));
  if (!to.indices.empty()) assign_record(to, fields, record, where);
}

void FunctionTranslator::add_field_names(const std::string& base, const RecordDecl& record, std::vector<std::string>& names) {
  for (const FieldDecl* field : record.fields()) {
    const std::string name = fmt::format("{}_{}", base, field->getNameAsString());
    if (const RecordDecl* inner = record_of(field->getType())) {
      add_field_names(name, *inner, names);
    } else {
      names.push_back(name);
    }
  }
}

void FunctionTranslator::initialise(const Place& place, const Expr& init) {
  const Expr* value = init.IgnoreImplicit();
  const auto* list = dyn_cast<InitListExpr>(value);
  if (const RecordDecl* record = record_of(place.type)) {
    if (construct_into(place, *record, *value)) return;
    const auto* result = dyn_cast<CallExpr>(value);
    const bool is_place = result && result->isGLValue();  // v[i], a = b
    if (result && !is_place) return unpack(place, *record, call(*result).text, init.getExprLoc());
    if (!list) return assign_record(place, this->place(value), *record, init.getExprLoc());
    unsigned next = 0;
    for (const FieldDecl* member : record->fields()) {
      if (next < list->getNumInits()) initialise(field(place, *member), *list->getInit(next++));
    }
    return;
  }
  if (!place.type->isArrayType()) {
    const Scalar scalar = scalar_at(place, init.getExprLoc());
    return store(place, converted(expression(&init), scalar), init.getExprLoc());
  }
  if (!list) {
    if (isa<ImplicitValueInitExpr>(value)) return;
    refuse(init.getExprLoc(), "this initialiser of an array");
  }
  for (unsigned k = 0; k < list->getNumInits(); ++k) {
    const Expr* element = list->getInit(k);
    const auto* whole = dyn_cast<IntegerLiteral>(element->IgnoreParenImpCasts());
    if (isa<ImplicitValueInitExpr>(element) || (whole && whole->getValue() == 0)) continue;  // zeros already
    initialise(moved(decayed(place), integer(k), true), *element);
  }
}

}  // namespace kjit::import
