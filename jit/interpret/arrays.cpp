// Arrays: elements, views, creation, and the statements that store into them.

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "interpret/machine.h"
#include "interpret/memory.h"
#include "runtime/runtime.h"

namespace kjit::interpreter {

// ---- elements ----------------------------------------------------------------------------------------------------------

// The position on an axis. `in_bounds` is a claim of the compiler, which is tested here rather than believed.
std::optional<std::int64_t> Machine::resolve_index(std::int64_t index, int axis, std::int64_t size, bool in_bounds,
                                                   typed::SiteId site) {
  const std::int64_t position = index < 0 && !in_bounds ? index + size : index;
  if (position >= 0 && position < size) {
    return position;
  }
  KJIT_ASSERT(!in_bounds, "an index that was proved to be in range is not");
  fail({KJIT_TRAP_IndexOutOfRange, {index, axis, size}}, site);
  return std::nullopt;
}

std::optional<Place> Machine::place(const typed::Expr& array_expr, const std::vector<typed::ExprPtr>& index_exprs,
                                    const std::vector<bool>& in_bounds, typed::SiteId site) {
  const MaybeValue value = evaluate(array_expr);
  const auto indices = value ? evaluate_all(index_exprs) : std::nullopt;
  if (!indices) {
    return std::nullopt;
  }
  return locate(array_expr.type.dtype(), *value, *indices, in_bounds, site);
}

std::optional<Place> Machine::locate(Kind dtype, const Value& value, std::span<const Value> indices,
                                     const std::vector<bool>& in_bounds, typed::SiteId site) {
  const Array& array = value.array();
  char* address = array.data();
  for (int axis = 0; axis < array.rank(); ++axis) {
    const auto n = static_cast<std::size_t>(axis);
    const bool proved = !in_bounds.empty() && in_bounds[n];
    const auto position = resolve_index(indices[n].integer(), axis, array.size(axis), proved, site);
    if (!position) {
      return std::nullopt;
    }
    address += *position * array.stride(axis);
  }
  return Place{dtype, value.as<ArrayRef>(), address};
}

MaybeValue Machine::compute(const typed::Expr& expr, const typed::Element& node) {
  const std::optional<Place> from = place(*node.array, node.indices, node.in_bounds, expr.site);
  return from ? MaybeValue(load_scalar(from->dtype, from->address)) : std::nullopt;
}

Flow Machine::run_statement(const typed::Stmt& stmt, const typed::StoreElement& node) {
  const MaybeValue value = evaluate(*node.value);
  const std::optional<Place> to = value ? place(*node.array, node.indices, node.in_bounds, stmt.site) : std::nullopt;
  if (!to) {
    return Flow::Error;
  }
  store_scalar(to->dtype, *value, to->address);
  return Flow::Normal;
}

Flow Machine::run_statement(const typed::Stmt& stmt, const typed::UpdateElement& node) {
  const std::optional<Place> at = place(*node.array, node.indices, node.in_bounds, stmt.site);
  if (!at) {
    return Flow::Error;
  }
  const Value old = load_scalar(at->dtype, at->address);  // before the operand is evaluated, which may change it
  const MaybeValue operand = evaluate(*node.value);
  if (!operand) {
    return Flow::Error;
  }
  const Type& type = node.value->type;
  const Rules rules = frame_->rules;
  Trap trap;
  Value value = convert(at->dtype, type, old, rules, trap);
  value = trap ? Value{} : apply_binary(node.op, type.kind(), value, *operand, rules, trap);
  value = trap ? Value{} : convert(node.result, at->dtype, value, rules, trap);
  if (trap) {
    fail(trap, stmt.site);
    return Flow::Error;
  }
  store_scalar(at->dtype, value, at->address);
  return Flow::Normal;
}

namespace {

// What the element becomes.
Value atomic_result(const typed::BuiltinCall& node, Kind dtype, const Value& old, const Value& value, Rules rules, Trap& trap) {
  if (node.builtin == Builtin::AtomicAdd) {
    return apply_binary(typed::BinaryOp::Add, dtype, old, value, rules, trap);
  }
  const auto wins = node.builtin == Builtin::AtomicMin ? typed::CompareOp::Lt : typed::CompareOp::Gt;
  return apply_compare(wins, value, old) ? value : old;
}

}  // namespace

// There is one thread: a load, the operation and a store are one step.
MaybeValue Machine::update_atomically(const typed::Expr& expr, const typed::BuiltinCall& node, std::span<const Value> args) {
  const std::optional<Place> at = locate(expr.type.kind(), args[0], args.subspan(1), {}, expr.site);
  if (!at) {
    return std::nullopt;
  }
  const Value old = load_scalar(at->dtype, at->address);
  Trap trap;
  const Value value = atomic_result(node, at->dtype, old, args.back(), frame_->rules, trap);
  if (!trap) {
    store_scalar(at->dtype, value, at->address);
  }
  return deliver(old, trap, expr.site);
}

// ---- views -------------------------------------------------------------------------------------------------------------

std::optional<SubscriptValues> Machine::evaluate_subscript(const typed::Subscript& subscript) {
  struct Part {
    const typed::ExprPtr& expr;
    std::int64_t& value;
    std::int32_t flag;
  };
  SubscriptValues values{.is_slice = subscript.is_slice};
  const Part parts[] = {{subscript.index, values.index, 0},
                        {subscript.lower, values.lower, KJIT_HAS_LOWER},
                        {subscript.upper, values.upper, KJIT_HAS_UPPER},
                        {subscript.step, values.step, KJIT_HAS_STEP}};
  for (const Part& part : parts) {
    if (!part.expr) {
      continue;
    }
    const MaybeValue value = evaluate(*part.expr);
    if (!value) {
      return std::nullopt;
    }
    part.value = value->integer();
    values.flags |= part.flag;
  }
  return values;
}

bool Machine::apply_subscript(const SubscriptValues& subscript, const Array& array, int axis, typed::SiteId site,
                              ViewParts& view) {
  const std::int64_t stride = array.stride(axis);
  if (!subscript.is_slice) {
    const auto position = resolve_index(subscript.index, axis, array.size(axis), false, site);
    view.data += position.value_or(0) * stride;
    return position.has_value();
  }
  kjit_slice slice;
  if (kjit_slice_resolve(&ctx_, site, subscript.flags, subscript.lower, subscript.upper, subscript.step, array.size(axis),
                         &slice) != KJIT_OK) {
    return false;
  }
  view.data += slice.start * stride;
  view.shape.push_back(slice.count);
  view.strides.push_back(slice.step * stride);
  return true;
}

MaybeValue Machine::compute(const typed::Expr& expr, const typed::View& node) {
  const MaybeValue value = evaluate(*node.array);
  if (!value) {
    return std::nullopt;
  }
  std::vector<SubscriptValues> subscripts;
  for (const typed::Subscript& subscript : node.subscripts) {
    const auto values = evaluate_subscript(subscript);
    if (!values) {
      return std::nullopt;
    }
    subscripts.push_back(*values);
  }
  const Array& array = value->array();
  subscripts.resize(static_cast<std::size_t>(array.rank()), SubscriptValues{.is_slice = true});  // axes beyond are kept whole
  ViewParts view{array.data(), {}, {}};
  for (int axis = 0; axis < array.rank(); ++axis) {
    if (!apply_subscript(subscripts[static_cast<std::size_t>(axis)], array, axis, expr.site, view)) {
      return std::nullopt;
    }
  }
  kjit_array descriptor = {view.data, array.descriptor()->owner, {}};
  std::copy(view.strides.begin(), view.strides.end(), std::copy(view.shape.begin(), view.shape.end(), descriptor.dims));
  kjit_retain(descriptor.owner);
  return adopt_array(descriptor, static_cast<int>(view.shape.size()));
}

Flow Machine::run_statement(const typed::Stmt& stmt, const typed::AssignView& node) {
  const MaybeValue value = evaluate(*node.value);
  const MaybeValue target = value ? evaluate(*node.view) : std::nullopt;
  if (!target) {
    return Flow::Error;
  }
  const std::int32_t dtype = dtype_code(node.view->type.dtype());
  const Array& view = target->array();
  if (node.value->type.is_array()) {
    const Array& source = value->array();
    const kjit_status status =
        kjit_array_assign(&ctx_, stmt.site, dtype, view.rank(), view.descriptor(), source.rank(), source.descriptor());
    return status == KJIT_OK ? Flow::Normal : Flow::Error;
  }
  alignas(kjit_complex) char element[sizeof(kjit_complex)];
  store_scalar(node.value->type.kind(), *value, element);
  const kjit_status status = kjit_array_fill(&ctx_, stmt.site, dtype, view.rank(), view.descriptor(), element);
  return status == KJIT_OK ? Flow::Normal : Flow::Error;
}

// ---- new arrays --------------------------------------------------------------------------------------------------------

MaybeValue Machine::new_array(const Type& type, const std::vector<std::int64_t>& shape, std::int32_t fill, typed::SiteId site) {
  kjit_array array;
  if (kjit_array_new(&ctx_, site, dtype_code(type.dtype()), type.rank(), shape.data(), fill, &array) != KJIT_OK) {
    return std::nullopt;
  }
  return adopt_array(array, type.rank());
}

MaybeValue Machine::full_array(const Type& type, const std::vector<std::int64_t>& shape, const Value& value, typed::SiteId site) {
  alignas(kjit_complex) char element[sizeof(kjit_complex)];
  store_scalar(type.dtype(), value, element);
  kjit_array array;
  if (kjit_array_full(&ctx_, site, dtype_code(type.dtype()), type.rank(), shape.data(), element, &array) != KJIT_OK) {
    return std::nullopt;
  }
  return adopt_array(array, type.rank());
}

MaybeValue Machine::compute(const typed::Expr& expr, const typed::NewArray& node) {
  const auto sizes = evaluate_all(node.shape);
  if (!sizes) {
    return std::nullopt;
  }
  std::vector<std::int64_t> shape;
  for (const Value& size : *sizes) {
    shape.push_back(size.integer());
  }
  if (node.fill == typed::Fill::Value) {
    const MaybeValue value = evaluate(*node.value);
    return value ? full_array(expr.type, shape, *value, expr.site) : std::nullopt;
  }
  const std::int32_t fill = node.fill == typed::Fill::Empty  ? KJIT_EMPTY
                            : node.fill == typed::Fill::Ones ? KJIT_ONES
                                                             : KJIT_ZEROS;
  return new_array(expr.type, shape, fill, expr.site);
}

MaybeValue Machine::compute(const typed::Expr& expr, const typed::ArrayLiteral& node) {
  const auto elements = evaluate_all(node.elements);
  MaybeValue result = elements ? new_array(expr.type, node.shape, KJIT_EMPTY, expr.site) : std::nullopt;
  if (!result) {
    return std::nullopt;
  }
  char* address = result->array().data();
  for (const Value& element : *elements) {
    store_scalar(expr.type.dtype(), element, address);
    address += byte_size(expr.type.dtype());
  }
  return result;
}

MaybeValue Machine::compute(const typed::Expr&, const typed::ArrayDim& node) {
  const MaybeValue array = evaluate(*node.array);
  return array ? MaybeValue(Value{array->array().size(static_cast<int>(node.axis))}) : std::nullopt;
}

}  // namespace kjit::interpreter
