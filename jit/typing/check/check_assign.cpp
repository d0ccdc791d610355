// Assignments: names, elements, views, unpacking, augmented and annotated ones. Entries: check_assign, check_aug_assign,
// check_ann_assign.

#include <algorithm>

#include "runtime/abi.h"
#include "typing/check/checker.h"

namespace kjit {

void BodyChecker::check_assign(const ast::Stmt&, const ast::Assign& node) {
  const auto* values = std::get_if<ast::Tuple>(&node.value->node);
  const auto* targets = std::get_if<ast::Tuple>(&node.targets[0]->node);
  bool parallel = node.targets.size() == 1 && values && targets && values->elements.size() == targets->elements.size();
  if (parallel) {
    // a, b = b, a without a tuple in between: all values first, then the targets from left to right.
    std::vector<ExprPtr> held;
    for (const ast::ExprPtr& value : values->elements) {
      ExprPtr checked = check(*value);
      held.push_back(checked->type.is_unknown() ? std::move(checked) : hold(std::move(checked)));
    }
    for (std::size_t i = 0; i < held.size(); ++i) assign_target(*targets->elements[i], std::move(held[i]));
    return;
  }
  ExprPtr value = check(*node.value);
  if (node.targets.size() > 1 && !value->type.is_unknown()) value = hold(std::move(value));
  for (std::size_t i = 0; i < node.targets.size(); ++i) {
    bool last = i + 1 == node.targets.size();
    assign_target(*node.targets[i], last ? std::move(value) : clone(*value));
  }
}

void BodyChecker::assign_target(const ast::Expr& target, ExprPtr value) {
  if (const auto* name = std::get_if<ast::Name>(&target.node)) {
    assign_name(*name, target.span, std::move(value));
  } else if (const auto* tuple = std::get_if<ast::Tuple>(&target.node)) {
    assign_elements(target, tuple->elements, std::move(value));
  } else if (const auto* list = std::get_if<ast::List>(&target.node)) {
    assign_elements(target, list->elements, std::move(value));
  } else if (const auto* subscript = std::get_if<ast::Subscript>(&target.node)) {
    assign_subscript(target, *subscript, std::move(value));
  } else {
    report<DiagId::E0705>(target.span, "an attribute").suggest("return the new value, or keep it in an array element");
  }
}

bool BodyChecker::join_variable(const std::string& name, const Type& type, Span span) {
  Type& variable = spec_.variables[name];
  spec_.first_assignment.try_emplace(name, span);
  if (type.is_unknown()) {
    spec_.origins.failed.insert(name);
    return false;
  }
  Span place = assignment_.end > assignment_.begin ? assignment_ : span;
  bool optional = variable.is(Kind::None) && !type.is(Kind::None) && !spec_.arguments.empty();
  std::optional<Type> joined = optional ? std::optional<Type>(type) : join(variable, type);
  if (!joined) {
    Diagnostic& diag = report<DiagId::E0501>(span, name, to_string(type), to_string(variable));
    auto origin = spec_.origins.assignments.find(name);
    Span first = spec_.first_assignment[name];
    if (origin != spec_.origins.assignments.end()) {
      diag.note(origin->second, "it is " + to_string(variable) + " because of this assignment");
    } else if (!(first == span)) {
      diag.note(first, "first assigned here");
    }
    bool truth = type.is(Kind::Bool) || variable.is(Kind::Bool);
    bool none = type.is(Kind::None) || variable.is(Kind::None);
    diag.suggest(none    ? "a variable has one type; start with a value of that type, such as -1 or math.inf, or with a bool "
                           "variable beside it"
                 : truth ? "a variable has one type; write int(...) or bool(...), or use two variables"
                         : "a variable has one type in a function; use another name for the second value");
    return false;
  }
  if (!(*joined == variable) || joined->is_numpy_scalar() != variable.is_numpy_scalar()) {
    spec_.origins.assignments[name] = place;
    variable = *joined;
    spec_.changed = true;
  }
  if (optional && spec_.result.is(Kind::None))
    spec_.result = Type();  // it may come from this variable, when that was thought to be None
  if (auto local = locals_.find(name); optional && local != locals_.end()) function_.locals[local->second].type = variable;
  return true;
}

void BodyChecker::mark_assigned(const std::string& name, Span span) {
  auto found = optional_.find(name);
  if (found == optional_.end()) return;
  found->second.assigned = true;
  emit(span, typed::AssignLocal{found->second.is_none, bool_constant(false, span)});
}

void BodyChecker::assign_name(const ast::Name& name, Span span, ExprPtr value) {
  Found found = find_name(scope_, name.id);
  if (found.binding && found.binding->kind != BindingKind::Variable && found.owner == &scope_) {
    return;  // a constant of the module: its uses expand the expression; or a double binding, reported by build_scopes
  }
  if (value->type.is_function() && !captures_settled(*program_.scopes().by_definition.at(value->type.definition()))) {
    report<DiagId::E0614>(span).suggest("call it, or pass it on, under its own name");
    return;
  }
  bool shared = scope_.is_module() && std::binary_search(scope_.shared.begin(), scope_.shared.end(), name.id);
  if (!shared) {
    typed::LocalId local = local_of(name.id, span);
    if (!join_variable(name.id, value->type, span)) return;
    // Nothing else widens it: what follows may read it in this round. A chain of such variables settles in one round.
    typed::Local& variable = function_.locals[local];
    if (variable.type.is_unknown() && found.binding && found.binding->assignments == 1) variable.type = spec_.variables[name.id];
    emit(span, typed::AssignLocal{local, convert(std::move(value), spec_.variables[name.id])});
    mark_assigned(name.id, span);
    return;
  }
  if (!join_variable(name.id, value->type, span)) return;
  ModuleVariable* variable = program_.module_variable(name.id, span);
  KJIT_ASSERT(variable, "only a script assigns module variables");
  variable->type = spec_.variables[name.id];
  emit(span, typed::AssignGlobal{variable->id, convert(std::move(value), variable->type)});
}

// A stored function keeps the values that its captured variables have now. Python would look them up at the call: the same, if
// they are assigned only once.
bool FunctionChecker::captures_settled(const Scope& function) const {
  return std::all_of(function.captures.begin(), function.captures.end(), [&](const std::string& name) {
    Found found = find_name(*function.parent, name);
    return found.binding && found.binding->assignments <= 1;
  });
}

// a, b, c = array: the first axis must have as many elements as there are names.
FunctionChecker::ExprPtr BodyChecker::array_elements(const ast::Expr& target, std::size_t count, ExprPtr array) {
  Span span = target.span;
  const Type type = array->type;
  ExprPtr held = hold(std::move(array));
  auto length = [&] { return make(Kind::I64, span, typed::ArrayDim{clone(*held), 0}); };
  ExprPtr wrong = make(Kind::Bool, span,
                       typed::Compare{typed::CompareOp::Ne, length(), int_constant(static_cast<std::int64_t>(count), span)});
  typed::Block body = in_block([&] {
    std::vector<typed::FormatPiece> pieces;
    pieces.push_back({"cannot unpack an array of ", nullptr, 0, ""});
    pieces.push_back({"", length(), 's', ""});
    pieces.push_back({" into " + std::to_string(count) + " names", nullptr, 0, ""});
    emit(span, typed::Raise{KJIT_ValueError, make(Kind::Str, span, typed::Format{std::move(pieces)})});
  });
  emit(span, typed::If{std::move(wrong), std::move(body), {}});
  std::vector<ExprPtr> elements;
  std::vector<Type> types;
  for (std::size_t i = 0; i < count; ++i) {
    ExprPtr index = int_constant(static_cast<std::int64_t>(i), span);
    if (type.rank() == 1) {
      typed::Element element;
      element.array = clone(*held);
      element.indices.push_back(std::move(index));
      element.in_bounds = {true};
      elements.push_back(make(type.dtype(), span, std::move(element)));
    } else {
      typed::View view;
      view.array = clone(*held);
      view.subscripts.emplace_back();
      view.subscripts.back().index = std::move(index);
      elements.push_back(make(Type::array(type.dtype(), type.rank() - 1, type.layout()), span, std::move(view)));
    }
    types.push_back(elements.back()->type);
  }
  return make(Type::tuple(std::move(types)), span, typed::MakeTuple{std::move(elements)});
}

void BodyChecker::assign_elements(const ast::Expr& target, const std::vector<ast::ExprPtr>& targets, ExprPtr value) {
  if (value->type.is_unknown()) {
    for (const ast::ExprPtr& element : targets) assign_target(*element, invalid(element->span));
    return;
  }
  if (value->type.is_array()) value = array_elements(target, targets.size(), std::move(value));
  if (value->type.is_unknown()) return;
  if (!value->type.is_tuple() || value->type.elements().size() != targets.size()) {
    std::string given =
        value->type.is_tuple() ? "a tuple of " + std::to_string(value->type.elements().size()) : to_string(value->type);
    report<DiagId::E0710>(target.span, given, targets.size()).note(value->span, "this is what is unpacked");
    return;
  }
  if (auto* tuple = std::get_if<typed::MakeTuple>(&value->node)) {  // a tuple made here and now need not exist
    std::vector<ExprPtr> elements;
    for (ExprPtr& element : tuple->elements) elements.push_back(hold(std::move(element)));
    for (std::size_t i = 0; i < targets.size(); ++i) assign_target(*targets[i], std::move(elements[i]));
    return;
  }
  ExprPtr held = hold(std::move(value));
  for (std::size_t i = 0; i < targets.size(); ++i) {
    Type type = held->type.elements()[i];
    assign_target(*targets[i], make(type, targets[i]->span, typed::TupleElement{clone(*held), static_cast<std::uint32_t>(i)}));
  }
}

void BodyChecker::assign_subscript(const ast::Expr& target, const ast::Subscript& subscript, ExprPtr value) {
  if (library().arrays().assign(*this, target, subscript, value)) return;
  bool known = !value->type.is_unknown();
  // Python evaluates the right side before the target's parts; StoreElement and AssignView do so too.
  std::optional<ArrayPlace> place = array_place(target, subscript);
  if (!place || !known) return;
  Type array = place->view ? place->view->type : place->array->type;
  Type stored = value->type.is_array() ? Type(value->type.dtype()) : value->type;
  bool fits = stored.is_scalar() && storable(stored.kind(), array.dtype()) && (place->view || !value->type.is_array());
  if (!fits) {
    report<DiagId::E0706>(target.span, to_string(value->type), to_string(Type(array.dtype())))
        .suggest(stored.is_complex() ? "store .real or abs(...), or make the array complex" : "store one number");
    return;
  }
  if (!place->view) {
    value = convert(std::move(value), array.dtype());
    emit(target.span, typed::StoreElement{std::move(value), std::move(place->array), std::move(place->indices), {}});
    return;
  }
  value = value->type.is_array() ? convert_elements(std::move(value), array.dtype(), target.span)
                                 : convert(std::move(value), array.dtype());
  emit(target.span, typed::AssignView{std::move(value), std::move(place->view)});
}

void BodyChecker::check_ann_assign(const ast::Stmt& stmt, const ast::AnnAssign& node) {
  std::optional<Annotation> annotation = read_annotation(*node.annotation);
  if (!node.value) return;
  ExprPtr value = check(*node.value);
  if (annotation && !value->type.is_unknown()) {
    value = apply_annotation(*annotation, program_.text(node.target->span), std::move(value), stmt.span);
  }
  assign_target(*node.target, std::move(value));
}

void BodyChecker::check_aug_assign(const ast::Stmt& stmt, const ast::AugAssign& node) {
  if (node.op == ast::BinaryOp::MatMul) {
    report<DiagId::E0707>(stmt.span, "@=").suggest("write the loops, or np.dot for vectors");
    return;
  }
  if (const auto* subscript = std::get_if<ast::Subscript>(&node.target->node)) return aug_assign_element(stmt, node, *subscript);
  const auto* name = std::get_if<ast::Name>(&node.target->node);
  if (!name) {
    report<DiagId::E0705>(node.target->span, "an attribute").suggest("keep the value in a variable or in an array element");
    return;
  }
  if (!scope_.is_module() && std::find(scope_.captures.begin(), scope_.captures.end(), name->id) != scope_.captures.end()) {
    report<DiagId::E0411>(stmt.span, scope_.definition->name, name->id).suggest("return the new value instead");
    return;
  }
  ExprPtr old = read_variable(name->id, node.target->span);
  ExprPtr value = check(*node.value);
  if (old->type.is_array() || value->type.is_array()) {
    if (old->type.is_array() && !value->type.is_unknown()) {
      update_view(*typed_operator(node.op), std::move(old), std::move(value), stmt.span);
      return;
    }
  }
  assign_name(*name, stmt.span, binary(*typed_operator(node.op), std::move(old), std::move(value), stmt.span));
}

void BodyChecker::aug_assign_element(const ast::Stmt& stmt, const ast::AugAssign& node, const ast::Subscript& target) {
  if (library().arrays().update(*this, *node.target, target, *typed_operator(node.op), *node.value, stmt.span)) return;
  std::optional<ArrayPlace> place = array_place(*node.target, target);
  ExprPtr value = check(*node.value);
  if (!place || value->type.is_unknown()) return;
  typed::BinaryOp op = *typed_operator(node.op);
  if (place->view) return update_view(op, std::move(place->view), std::move(value), stmt.span);
  if (value->type.is_array()) {
    report<DiagId::E0707>(stmt.span, std::string(spelling(op)) + "=").suggest("loop over the elements");
    return;
  }
  Type dtype = place->array->type.dtype();
  ExprPtr old = make(dtype, node.target->span, typed::Constant{});  // stands for the old value while the types are found
  if (!value->type.is_scalar()) {
    bad_operands(spelling(op), dtype, value->type, stmt.span);
    return;
  }
  if (!adapt_literal(old, value, stmt.span)) return;
  Kind literal_kind = value->type.kind();
  std::optional<OperatorTypes> types = operator_types(op, dtype.kind(), literal_kind);
  if (!types) {
    bad_operands(spelling(op), dtype, value->type, stmt.span);
    return;
  }
  if (!storable(types->result, dtype.kind())) {
    report<DiagId::E0706>(stmt.span, to_string(Type(types->result)), to_string(dtype)).suggest("make the array complex");
    return;
  }
  value = convert(std::move(value), types->operand);
  emit(stmt.span,
       typed::UpdateElement{std::move(place->array), std::move(place->indices), std::move(value), op, types->result, {}});
}

}  // namespace kjit
