// Expressions of the symbolic evaluation: each is evaluated once, in order, so that its reads are recorded where they happen.

#include <fmt/format.h>

#include "analysis/facts/walk.h"
#include "analysis/races/dependence.h"
#include "analysis/races/trace.h"
#include "typing/tree/result_memory.h"

namespace kjit {

using namespace typed;

namespace {

std::optional<ReduceOp> atomic_op(Builtin builtin) {
  switch (builtin) {
    case Builtin::AtomicAdd: return ReduceOp::Add;
    case Builtin::AtomicMin: return ReduceOp::Min;
    case Builtin::AtomicMax: return ReduceOp::Max;
    default: return std::nullopt;
  }
}

SymValue constant_value(const Constant& constant) {
  SymValue result;
  if (const auto* value = std::get_if<std::int64_t>(&constant.value)) result.scalar = *value;
  if (const auto* value = std::get_if<std::uint64_t>(&constant.value); value && *value < (std::uint64_t{1} << 32)) {
    result.scalar = static_cast<std::int64_t>(*value);
  }
  return result;
}

}  // namespace

SymValue Trace::eval(const Expr& expr) {
  ++steps_;
  if (const auto* n = std::get_if<Constant>(&expr.node)) return constant_value(*n);
  if (const auto* n = std::get_if<ReadLocal>(&expr.node)) return local(n->local);
  if (const auto* n = std::get_if<ReadGlobal>(&expr.node)) return read_global(*n);
  if (const auto* n = std::get_if<MakeTuple>(&expr.node)) return make_tuple(*n);
  return std::visit(
      [&](const auto& n) -> SymValue {
        if constexpr (requires { node(expr, n); }) {
          return node(expr, n);
        } else {
          for_each_child(expr, [&](const Expr& operand) { whole_access(AccessKind::Read, eval(operand), true, operand.span); });
          const bool fresh = std::holds_alternative<ArrayLiteral>(expr.node) || std::holds_alternative<ArrayLoop>(expr.node);
          return fresh ? fresh_array(expr, {}) : unknown(expr);
        }
      },
      expr.node);
}

Poly Trace::eval_integer(const Expr& expr) { return eval(expr).scalar; }

SymValue Trace::read_global(const ReadGlobal& n) {
  if (!global_known_[n.global]) {
    const Global& global = program_.globals[n.global];
    const bool inside = std::exchange(inside_, false);  // no function assigns globals
    globals_[n.global] = unknown(global.type, global.name, false);
    inside_ = inside;
    attach(globals_[n.global], ArrayHandle{true, n.global, {}});
    global_known_[n.global] = true;
  }
  return globals_[n.global];
}

SymValue Trace::make_tuple(const MakeTuple& n) {
  SymValue result;
  for (const ExprPtr& element : n.elements) result.elements.push_back(eval(*element));
  return result;
}

SymValue Trace::fresh_array(const Expr& expr, const std::vector<Poly>& dims) {
  Root root;
  root.name = words(expr.span);
  root.fresh = true;
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    root.dims.push_back(dims[axis].valid() ? dims[axis] : result_.atoms.value("...", inside_, true));
  }
  return new_root(std::move(root), expr.type.rank());
}

SymValue Trace::node(const Expr&, const Let& n) {
  set_local(n.local, eval(*n.value));
  return eval(*n.body);
}

SymValue Trace::node(const Expr& expr, const Conditional& n) {
  const Condition when = condition(*n.condition);
  const auto arm = [&](const std::vector<Guard>& guards, const Expr& value) {
    const std::size_t before = at_->path.size();
    assume(guards);
    SymValue result = eval(value);
    at_->path.resize(before);
    return result;
  };
  const SymValue then = arm(when.when_true, *n.then), otherwise = arm(when.when_false, *n.otherwise);
  const bool decides =
      when.when_true.size() == 1 && when.when_false.size() == 1 && are_opposite(when.when_true[0], when.when_false[0]);
  return merge(then, otherwise, expr.type, "(" + words(expr.span) + ")",
               decides ? std::optional(when.when_true[0]) : std::nullopt);
}

SymValue Trace::node(const Expr& expr, const Convert& n) {
  SymValue value = eval(*n.operand);
  if (expr.type.is_array() || expr.type.is_tuple()) return value;
  const Type& from = n.operand->type;
  const bool keeps = expr.type.is(Kind::I64) && from.is_integer() && !from.is(Kind::U64);
  if ((keeps || from == expr.type) && value.scalar.valid()) return value;
  return value.scalar.is_constant() && expr.type.is(Kind::I64) ? value : unknown(expr);
}

SymValue Trace::node(const Expr& expr, const Unary& n) {
  const Poly value = eval_integer(*n.operand);
  const bool negates = n.op == UnaryOp::Negate && expr.type.is(Kind::I64) && value.valid();
  return negates ? integer(-value) : unknown(expr);
}

// Narrow integers wrap early: only I64 arithmetic is followed.
SymValue Trace::node(const Expr& expr, const Binary& n) {
  const Poly a = eval_integer(*n.lhs), b = eval_integer(*n.rhs);
  if (!expr.type.is(Kind::I64) || !a.valid() || !b.valid()) return unknown(expr);
  Poly value = Poly::invalid();
  switch (n.op) {
    case BinaryOp::Add: value = a + b; break;
    case BinaryOp::Sub: value = a - b; break;
    case BinaryOp::Mul: value = a * b; break;
    case BinaryOp::FloorDiv: value = result_.atoms.apply(ApplyOp::FloorDiv, a, b); break;
    case BinaryOp::Mod: value = result_.atoms.apply(ApplyOp::Mod, a, b); break;
    case BinaryOp::Shl:
      if (b.is_constant() && b.constant_term() >= 0 && b.constant_term() < 32)
        value = a * Poly(std::int64_t{1} << b.constant_term());
      break;
    case BinaryOp::Shr:
      if (b.is_constant() && b.constant_term() >= 0 && b.constant_term() < 32) {
        value = result_.atoms.apply(ApplyOp::FloorDiv, a, std::int64_t{1} << b.constant_term());
      }
      break;
    case BinaryOp::BitAnd: value = result_.atoms.masked(a, b); break;
    default: break;
  }
  return value.valid() ? integer(value) : unknown(expr);
}

SymValue Trace::node(const Expr& expr, const BuiltinCall& n) {
  std::vector<SymValue> args;
  for (const ExprPtr& arg : n.args) args.push_back(eval(*arg));
  const bool is_min = n.builtin == Builtin::Min, is_max = n.builtin == Builtin::Max;
  if ((is_min || is_max) && expr.type.is(Kind::I64) && !args.empty()) {
    Poly value = args[0].scalar;
    for (std::size_t k = 1; k < args.size(); ++k)
      value = result_.atoms.apply(is_min ? ApplyOp::Min : ApplyOp::Max, value, args[k].scalar);
    if (value.valid()) return integer(value);
  }
  if (n.builtin == Builtin::Abs && expr.type.is(Kind::I64)) {
    const Poly value = result_.atoms.apply(ApplyOp::Max, args[0].scalar, -args[0].scalar);
    if (value.valid()) return integer(value);
  }
  if (atomic_op(n.builtin) && args.size() >= 2) {
    atomic_op_ = atomic_op(n.builtin);
    std::vector<Poly> indices;
    for (std::size_t k = 1; k + 1 < args.size(); ++k) indices.push_back(args[k].scalar);
    element_access(AccessKind::Update, args[0], indices, {}, expr.span);
    atomic_op_.reset();
    return unknown(expr);
  }
  for (std::size_t k = 0; k < args.size(); ++k) {
    const bool is_certain = k != 0 || n.builtin != Builtin::ArrayCallInto;  // a[indices] = x touches some of the elements
    whole_access(AccessKind::Read, args[k], is_certain, n.args[k]->span);
    if (writes_argument(n, k)) whole_access(AccessKind::Write, args[k], is_certain, n.args[k]->span);
  }
  return may_hold_array(expr.type) ? array_of_builtin(expr, n, args) : unknown(expr);
}

SymValue Trace::array_of_builtin(const Expr& expr, const BuiltinCall& n, const std::vector<SymValue>& args) {
  const bool has_dims = has_shape_of_argument(n) && args[0].arrays.size() == 1;
  switch (result_memory(n)) {
    case ResultMemory::Own: return fresh_array(expr, has_dims ? lengths(args[0].arrays[0]) : std::vector<Poly>{});
    case ResultMemory::Argument: return args[0];
    case ResultMemory::Shared: return any_of_arrays(expr, args);
    case ResultMemory::Unknown: break;
  }
  return unknown(expr);
}

SymValue Trace::node(const Expr& expr, const TupleElement& n) {
  SymValue tuple = eval(*n.tuple);
  return n.index < tuple.elements.size() ? std::move(tuple.elements[n.index]) : unknown(expr);
}

SymValue Trace::node(const Expr& expr, const TupleElementDynamic& n) {
  const SymValue tuple = eval(*n.tuple);
  eval(*n.index);
  return may_hold_array(expr.type) ? any_of_arrays(expr, {tuple}) : unknown(expr);
}

SymValue Trace::node(const Expr& expr, const Element& n) {
  const SymValue array = eval(*n.array);
  std::vector<Poly> indices;
  for (const ExprPtr& index : n.indices) indices.push_back(eval_integer(*index));
  const bool in_range = element_access(AccessKind::Read, array, indices, n.in_bounds, expr.span);
  if (inside_ && calls_.empty()) {
    const auto [entry, is_new] = result_.in_range.try_emplace(n.id, in_range);
    if (!is_new) entry->second = entry->second && in_range;
  }
  return unknown(expr);
}

SymSubscript Trace::subscript(const Subscript& subscript) {
  SymSubscript result;
  result.is_slice = subscript.is_slice;
  if (!subscript.is_slice) {
    result.index = eval_integer(*subscript.index);
    return result;
  }
  if (subscript.lower) result.lower = eval_integer(*subscript.lower);
  if (subscript.upper) result.upper = eval_integer(*subscript.upper);
  if (subscript.step) result.step = eval_integer(*subscript.step);
  return result;
}

SymValue Trace::node(const Expr&, const View& n) {
  const SymValue base = eval(*n.array);
  std::vector<SymSubscript> subscripts;
  for (const Subscript& part : n.subscripts) subscripts.push_back(subscript(part));
  SymValue result;
  const Facts known = facts();
  for (const SymArray& array : base.arrays) result.arrays.push_back(apply_view(array, subscripts, result_.atoms, known));
  return result;
}

std::vector<Poly> Trace::lengths(const SymArray& array) {
  std::vector<Poly> lengths;
  for (const Poly& extent : array.extents) lengths.push_back(extent.valid() ? length_of(extent, result_.atoms, facts()) : extent);
  return lengths;
}

SymValue Trace::node(const Expr& expr, const NewArray& n) {
  std::vector<Poly> dims;
  for (const ExprPtr& size : n.shape) dims.push_back(eval_integer(*size));
  if (n.value) eval(*n.value);
  return fresh_array(expr, dims);
}

SymValue Trace::node(const Expr& expr, const ArrayDim& n) {
  const SymValue array = eval(*n.array);
  const bool known = array.arrays.size() == 1 && n.axis < array.arrays[0].extents.size();
  const Poly extent = known ? length_of(array.arrays[0].extents[n.axis], result_.atoms, facts()) : Poly::invalid();
  return extent.valid() ? integer(extent) : integer(result_.atoms.value(words(expr.span), inside_, true));
}

// ---- conditions --------------------------------------------------------------------------------------------------------

Trace::Condition Trace::comparison(const Compare& compare) {
  const bool integers = compare.lhs->type.is_integer() && compare.rhs->type.is_integer();
  const Poly lhs = eval_integer(*compare.lhs), rhs = eval_integer(*compare.rhs), difference = lhs - rhs;
  if (!integers || !difference.valid()) return {{Guard{}}, {Guard{}}};
  return {{Guard{true, compare.op, difference, {lhs, rhs}}}, {Guard{true, opposite(compare.op), difference, {lhs, rhs}}}};
}

// `a and b` is `b if a else False`, or with a bound to t, `b if t else t`; `a or b` likewise.
Trace::Condition Trace::choice(const Conditional& n) {
  const auto decides = [&](const Expr& arm, bool outcome) {
    const auto* bound = std::get_if<ReadLocal>(&n.condition->node);
    const bool* constant = constant_bool(arm);
    return constant ? *constant == outcome : bound && reads_local(arm, bound->local);
  };
  Condition first = condition(*n.condition);
  const bool is_and = decides(*n.otherwise, false), is_or = decides(*n.then, true);
  if (!is_and && !is_or) {
    eval(*n.then), eval(*n.otherwise);
    return {{Guard{}}, {Guard{}}};
  }
  std::vector<Guard>& all = is_and ? first.when_true : first.when_false;
  const std::size_t before = at_->path.size();
  assume(all);
  const Condition second = condition(is_and ? *n.then : *n.otherwise);
  at_->path.resize(before);
  const std::vector<Guard>& more = is_and ? second.when_true : second.when_false;
  all.insert(all.end(), more.begin(), more.end());
  return is_and ? Condition{all, {Guard{}}} : Condition{{Guard{}}, all};
}

Trace::Condition Trace::condition(const Expr& expr) {
  if (const bool* value = constant_bool(expr)) {
    return *value ? Condition{{}, {Guard{}}} : Condition{{Guard{}}, {}};
  }
  if (const auto* n = std::get_if<Compare>(&expr.node)) return comparison(*n);
  if (const auto* n = std::get_if<Convert>(&expr.node); n && n->operand->type.is(Kind::Bool)) return condition(*n->operand);
  if (const auto* n = std::get_if<Let>(&expr.node)) {
    if (n->value->type.is(Kind::Bool)) {
      Condition bound = condition(*n->value);
      frame_->conditions[n->local] = std::move(bound);
    } else {
      set_local(n->local, eval(*n->value));
    }
    return condition(*n->body);
  }
  if (const auto* n = std::get_if<ReadLocal>(&expr.node)) {
    const auto found = frame_->conditions.find(n->local);
    if (found != frame_->conditions.end()) return found->second;
  }
  if (const auto* n = std::get_if<Unary>(&expr.node); n && n->op == UnaryOp::Not) {
    Condition inner = condition(*n->operand);
    return {std::move(inner.when_false), std::move(inner.when_true)};
  }
  if (const auto* n = std::get_if<Conditional>(&expr.node)) return choice(*n);
  eval(expr);
  return {{Guard{}}, {Guard{}}};
}

}  // namespace kjit
