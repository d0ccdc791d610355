// Builtins: called by the convention of their row in typing/tree/builtins.def. Rows of convention Inline are in
// inline_builtins.cpp and, where they wrap a runtime function, in wrapped_builtins.cpp.

#include <cmath>
#include <cstddef>
#include <deque>
#include <utility>

#include "analysis/facts/summaries.h"
#include "interpret/inline_builtins.h"
#include "interpret/libm.h"
#include "interpret/machine.h"
#include "interpret/memory.h"
#include "interpret/runtime_calls.h"
#include "runtime/runtime.h"
#include "typing/memory_layout.h"

namespace kjit::interpreter {

MaybeValue Machine::compute(const typed::Expr& expr, const typed::BuiltinCall& node) {
  const std::optional<std::vector<Value>> args = evaluate_all(node.args);
  if (!args) {
    return std::nullopt;
  }
  if (is_array_call(node.builtin)) {
    return call_array_function(expr, node, *args);
  }
  switch (builtin_row(node.builtin).convention) {
    case Convention::Inline: return call_inline(expr, node, *args);
    case Convention::Wrapped: return wrap_runtime(expr, node, *args);
    case Convention::Libm:
    case Convention::LibmOverflow:
    case Convention::Vector: return call_libm(expr, node, *args);
    case Convention::Pure:
    case Convention::Context:
    case Convention::Stoppable:
    case Convention::Fallible: break;
  }
  MaybeValue result = call_runtime(expr, node, *args);
  if (builtin_row(node.builtin).convention == Convention::Stoppable && !poll(expr.site)) return std::nullopt;
  return result;
}

MaybeValue Machine::call_inline(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args) {
  if (is_atomic_builtin(node.builtin)) {
    return update_atomically(expr, node, args);
  }
  Trap trap;
  Value value = inline_builtin(node, expr.type.kind(), args, frame_->rules, trap);
  return deliver(std::move(value), trap, expr.site);
}

// ---- libm --------------------------------------------------------------------------------------------------------------

namespace {

// The error that CPython's math module finds in a result.
Trap check_libm(Convention convention, const std::vector<Value>& args, double result) {
  bool nan_given = false;
  bool all_finite = true;
  for (const Value& arg : args) {
    nan_given = nan_given || std::isnan(arg.real());
    all_finite = all_finite && std::isfinite(arg.real());
  }
  const std::int64_t first = float_bits(args[0].real());
  if (std::isnan(result) && !nan_given) {
    return {KJIT_TRAP_MathDomain, {first, 0, 0}};
  }
  if (std::isinf(result) && all_finite) {
    return {convention == Convention::LibmOverflow ? KJIT_TRAP_MathRange : KJIT_TRAP_MathDomain, {first, 0, 0}};
  }
  return {};
}

}  // namespace

MaybeValue Machine::call_libm(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args) {
  const BuiltinRow& row = builtin_row(node.builtin);
  const double second = args.size() == 2 ? args[1].real() : 0.0;
  const double result = call_libm_function(row.symbol, expr.type.kind(), args[0].real(), second);
  return deliver({result}, node.checked ? check_libm(row.convention, args, result) : Trap{}, expr.site);
}

// ---- runtime functions -------------------------------------------------------------------------------------------------

namespace {

// Memory in the layout of a type, aligned for each of them.
class Cell {
 public:
  explicit Cell(const Type& type) : words_(static_cast<std::size_t>(memory_layout(type).size) / sizeof(std::max_align_t) + 1) {}
  void* address() { return words_.data(); }

 private:
  std::vector<std::max_align_t> words_;
};

// The arguments of one call as the runtime takes them. What pointers point to lives as long as this.
class Arguments {
 public:
  explicit Arguments(kjit_context& ctx) : ctx_(ctx) {}
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;
  ~Arguments() {
    for (auto& [type, cell] : cells_) {
      load(type, cell.address(), Ownership::Adopt);  // and drop: the memory owned a reference
    }
  }

  void add(Slot slot) { slots_.push_back(slot); }
  [[nodiscard]] bool add(const Type& type, const Value& value);
  const std::vector<Slot>& slots() const { return slots_; }

 private:
  void add_array(const Type& type, const Array& array);
  [[nodiscard]] bool add_in_memory(const Type& type, const Value& value);

  kjit_context& ctx_;
  std::vector<Slot> slots_;
  std::deque<kjit_str> texts_;  // a deque does not move its elements
  std::deque<std::pair<Type, Cell>> cells_;
};

void Arguments::add_array(const Type& type, const Array& array) {
  add(Slot::of_word(dtype_code(type.dtype())));
  add(Slot::of_word(type.rank()));
  add(Slot::of_pointer(array.descriptor()));
}

bool Arguments::add_in_memory(const Type& type, const Value& value) {
  Cell cell(type);
  if (!store(type, value, cell.address(), ctx_)) {
    return false;
  }
  cells_.emplace_back(type, std::move(cell));
  add(Slot::of_pointer(cells_.back().second.address()));
  return true;
}

bool Arguments::add(const Type& type, const Value& value) {
  switch (type.kind()) {
    case Kind::None:
    case Kind::Dtype: return true;
    case Kind::Bool: add(Slot::of_word(value.boolean())); return true;
    case Kind::F32: add(Slot::of_float(static_cast<float>(value.real()))); return true;
    case Kind::F64: add(Slot::of_double(value.real())); return true;
    case Kind::Array: add_array(type, value.array()); return true;
    case Kind::Str:
      texts_.push_back({value.text().data(), static_cast<std::int64_t>(value.text().size()), nullptr});
      add(Slot::of_pointer(&texts_.back()));
      return true;
    case Kind::C64:
    case Kind::C128:
    case Kind::Tuple:
    case Kind::Function: return add_in_memory(type, value);
    default: add(Slot::of_word(static_cast<std::int64_t>(exact_integer(value)))); return true;
  }
}

// A scalar that came back in a register.
Value from_slot(Kind kind, const Slot& slot) {
  switch (kind) {
    case Kind::None: return {};
    case Kind::Bool: return {slot.word != 0};
    case Kind::F32: return {static_cast<double>(static_cast<float>(slot.real))};
    case Kind::F64: return {slot.real};
    default: return narrow(kind, slot.word, nullptr);
  }
}

}  // namespace

MaybeValue Machine::call_runtime(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args) {
  const BuiltinRow& row = builtin_row(node.builtin);
  const RuntimeFunction* function = find_runtime_function(row.symbol);
  KJIT_ASSERT(function != nullptr, "a builtin names a function that the runtime does not have");
  Arguments arguments(ctx_);
  if (row.convention != Convention::Pure) {
    arguments.add(Slot::of_pointer(&ctx_));
  }
  const bool fallible = row.convention == Convention::Fallible;
  if (fallible) {
    arguments.add(Slot::of_word(expr.site));
  }
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (!arguments.add(node.args[i]->type, args[i])) {
      return std::nullopt;
    }
  }
  Cell result(expr.type);
  if (fallible && !expr.type.is(Kind::None)) {
    arguments.add(Slot::of_pointer(result.address()));
  }
  KJIT_ASSERT(arguments.slots().size() == function->parameter_count, "a builtin and its runtime function differ in arguments");
  const Slot returned = function->call(arguments.slots().data());
  if (!fallible) {
    return from_slot(expr.type.kind(), returned);
  }
  return returned.word == KJIT_OK ? MaybeValue(load(expr.type, result.address(), Ownership::Adopt)) : std::nullopt;
}

}  // namespace kjit::interpreter
