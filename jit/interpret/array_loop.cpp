// Array loops: element by element in C order, the body evaluated anew for each.

#include <algorithm>
#include <utility>

#include "interpret/machine.h"
#include "interpret/memory.h"
#include "runtime/memory_order.h"
#include "runtime/runtime.h"
#include "typing/tree/memory_order.h"

namespace kjit::interpreter {

namespace {

// The address of an operand's element; the operand is aligned at the last axis, and axes of size 1 are repeated.
const char* element_at(const Array& array, const std::vector<std::int64_t>& index) {
  const auto skipped = static_cast<int>(index.size()) - array.rank();
  const char* address = array.data();
  for (int axis = 0; axis < array.rank(); ++axis) {
    if (array.size(axis) != 1) {
      address += index[static_cast<std::size_t>(skipped + axis)] * array.stride(axis);
    }
  }
  return address;
}

// As the runtime takes them, which knows the operands that are arrays.
std::vector<std::int32_t> shapes_by_array(const typed::ArrayLoop& node, const std::vector<std::size_t>& array_operands) {
  std::vector<std::int32_t> shapes = {static_cast<std::int32_t>(node.shapes.size())};
  for (const std::int32_t step : node.shapes) {
    const auto array = std::find(array_operands.begin(), array_operands.end(), static_cast<std::size_t>(step));
    shapes.push_back(step < 0 ? step : static_cast<std::int32_t>(array - array_operands.begin()));
  }
  return shapes;
}

// Advances the last index first; false after the last place.
bool next_place(std::vector<std::int64_t>& index, const std::vector<std::int64_t>& extents) {
  for (std::size_t axis = index.size(); axis-- > 0;) {
    if (++index[axis] < extents[axis]) {
      return true;
    }
    index[axis] = 0;
  }
  return false;
}

// The strides of the result of the loop, in bytes.
std::vector<std::int64_t> kept_order(const typed::Expr& expr, const typed::ArrayLoop& node,
                                     const std::vector<kjit_operand>& operands) {
  const std::vector<std::int16_t> steps = typed::memory_order(node);
  std::vector<std::int64_t> strides(static_cast<std::size_t>(expr.type.rank()));
  runtime::kept_strides(operands.data(), expr.type.rank(), steps.data(), static_cast<std::int64_t>(steps.size()), strides.data());
  for (std::int64_t& stride : strides) {
    stride *= byte_size(expr.type.dtype());
  }
  return strides;
}

// The same memory, of an array that nobody has seen yet, with other strides.
Value with_strides(const Array& array, const std::vector<std::int64_t>& strides) {
  kjit_array moved = *array.descriptor();
  std::copy(strides.begin(), strides.end(), moved.dims + array.rank());
  kjit_retain(moved.owner);
  return adopt_array(moved, array.rank());
}

}  // namespace

MaybeValue Machine::compute(const typed::Expr& expr, const typed::ArrayLoop& node) {
  std::optional<std::vector<Value>> operands = evaluate_all(node.operands);
  if (!operands) {
    return std::nullopt;
  }
  std::vector<kjit_operand> arrays;
  std::vector<std::size_t> array_operands;
  for (std::size_t k = 0; k < operands->size(); ++k) {
    const Type& type = node.operands[k]->type;
    if (type.is_array()) {
      arrays.push_back({(*operands)[k].array().descriptor(), type.rank(), dtype_code(type.dtype())});
      array_operands.push_back(k);
    }
  }
  std::vector<std::int64_t> extents(static_cast<std::size_t>(expr.type.rank()));
  const auto count = static_cast<std::int32_t>(arrays.size());
  const std::vector<std::int32_t> shapes = shapes_by_array(node, array_operands);
  if (kjit_broadcast_extents(&ctx_, expr.site, arrays.data(), count, shapes.data(), expr.type.rank(), extents.data()) !=
      KJIT_OK) {
    return std::nullopt;
  }
  MaybeValue result = new_array(expr.type, extents, KJIT_EMPTY, expr.site);
  if (!result || std::find(extents.begin(), extents.end(), 0) != extents.end()) {
    return result;
  }
  if (!expr.type.is_contiguous()) {
    result = with_strides(result->array(), kept_order(expr, node, arrays));
  }
  std::vector<Value> elements = *operands;
  const auto* outer = std::exchange(frame_->loop_elements, &elements);
  const Rules rules = std::exchange(frame_->rules, Rules{.numpy = true, .quiet = true});
  std::vector<std::int64_t> index(extents.size());
  const Array& target = result->array();
  bool ok = true;
  do {
    for (const std::size_t k : array_operands) {
      elements[k] = load_scalar(node.operands[k]->type.dtype(), element_at((*operands)[k].array(), index));
    }
    const MaybeValue value = poll(expr.site) ? evaluate(*node.body) : std::nullopt;
    ok = value.has_value();
    if (ok) {
      char* address = target.data();
      for (std::size_t axis = 0; axis < index.size(); ++axis) {
        address += index[axis] * target.stride(static_cast<int>(axis));
      }
      store_scalar(expr.type.dtype(), *value, address);
    }
  } while (ok && next_place(index, extents));
  frame_->rules = rules;
  frame_->loop_elements = outer;
  return ok ? result : std::nullopt;
}

// A row of runtime/array_functions.def; its number is the last argument.
MaybeValue Machine::call_array_function(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args) {
  const std::size_t count = args.size() - 1;
  std::vector<kjit_operand> operands;
  std::vector<kjit_complex> scalars(count);  // in their memory form; none is larger
  for (std::size_t k = 0; k < count; ++k) {
    const Type& type = node.args[k]->type;
    if (type.is_array()) {
      operands.push_back({args[k].array().descriptor(), type.rank(), dtype_code(type.dtype())});
    } else {
      store_scalar(type.kind(), args[k], &scalars[k]);
      operands.push_back({&scalars[k], -1, dtype_code(type.kind())});
    }
  }
  const bool none = expr.type.is(Kind::None);
  const bool array = expr.type.is_array();
  kjit_array out_array;
  kjit_complex out_scalar;
  void* out = array ? static_cast<void*>(&out_array) : &out_scalar;
  const std::int32_t dtype = none ? -1 : dtype_code(array ? expr.type.dtype() : expr.type.kind());
  const kjit_status status = kjit_array_call(&ctx_, expr.site, static_cast<std::int32_t>(args.back().integer()), operands.data(),
                                             static_cast<std::int32_t>(count), dtype, array ? expr.type.rank() : -1, out);
  if (status != KJIT_OK) {
    return std::nullopt;
  }
  if (none) {
    return Value{};
  }
  return array ? adopt_array(out_array, expr.type.rank()) : load_scalar(expr.type.kind(), out);
}

MaybeValue Machine::compute(const typed::Expr&, const typed::LoopElement& node) { return (*frame_->loop_elements)[node.operand]; }

}  // namespace kjit::interpreter
