// Questions about parts of the typed tree. Entries: assigned_locals, same_value and others; see walk.h.

#include "analysis/facts/walk.h"

#include <bit>
#include <complex>

namespace kjit {

using namespace typed;

namespace {

template <typename... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Match(Cases...) -> Match<Cases...>;

}  // namespace

std::vector<bool> assigned_locals(const Block& block, std::size_t local_count) {
  std::vector<bool> assigned(local_count, false);
  for_each_stmt(block, [&](const Stmt& stmt) {
    if (const auto* assign = std::get_if<AssignLocal>(&stmt.node)) assigned[assign->local] = true;
    if (const auto* loop = std::get_if<ForRange>(&stmt.node)) assigned[loop->variable] = true;
  });
  for_each_expr(block, [&](const Expr& expr) {
    if (const auto* let = std::get_if<Let>(&expr.node)) assigned[let->local] = true;
  });
  return assigned;
}

// ---- equality ----------------------------------------------------------------------------------------------------------

namespace {

// Do the nodes agree in everything but their operands? Let is compared by its value and body, with its local renamed by the
// caller's nesting: the k-th Let on the path of `a` stands for the k-th on the path of `b`.
using LetPairs = std::vector<std::pair<LocalId, LocalId>>;

bool same_local(LocalId a, LocalId b, const LetPairs& lets) {
  for (auto pair = lets.rbegin(); pair != lets.rend(); ++pair) {
    if (pair->first == a || pair->second == b) return pair->first == a && pair->second == b;
  }
  return a == b;
}

// Of calls that may fail nothing is known to be the same; nor does one that makes an array give the same array again.
bool is_repeatable(const BuiltinCall& call) {
  const BuiltinRow& row = builtin_row(call.builtin);
  return row.is_repeatable() && !row.has(effect::fails);
}

bool same_head(const Expr& a, const Expr& b, const LetPairs& lets) {
  if (!(a.type == b.type) || a.node.index() != b.node.index()) return false;
  return std::visit(
      Match{
          [&](const Constant& n) { return same_constant(n, std::get<Constant>(b.node)); },
          [&](const ReadLocal& n) { return same_local(n.local, std::get<ReadLocal>(b.node).local, lets); },
          [&](const ReadGlobal& n) { return n.global == std::get<ReadGlobal>(b.node).global; },
          [&](const Unary& n) { return n.op == std::get<Unary>(b.node).op; },
          [&](const Binary& n) { return n.op == std::get<Binary>(b.node).op; },
          [&](const Compare& n) { return n.op == std::get<Compare>(b.node).op; },
          [&](const TupleElement& n) { return n.index == std::get<TupleElement>(b.node).index; },
          [&](const ArrayDim& n) { return n.axis == std::get<ArrayDim>(b.node).axis; },
          [&](const BuiltinCall& n) { return n.builtin == std::get<BuiltinCall>(b.node).builtin && is_repeatable(n); },
          [](const Let&) { return true; },
          [](const Conditional&) { return true; },
          [](const Convert&) { return true; },
          [](const MakeTuple&) { return true; },
          [](const TupleElementDynamic&) { return true; },
          [](const Element&) { return true; },
          [](const auto&) { return false; },
      },
      a.node);
}

std::vector<const Expr*> operands(const Expr& expr) {
  std::vector<const Expr*> result;
  for_each_child(expr, [&](const Expr& operand) { result.push_back(&operand); });
  return result;
}

bool same_value(const Expr& a, const Expr& b, LetPairs& lets) {
  if (!same_head(a, b, lets)) return false;
  const std::vector<const Expr*> left = operands(a), right = operands(b);
  if (left.size() != right.size()) return false;
  const auto* let = std::get_if<Let>(&a.node);
  for (std::size_t k = 0; k < left.size(); ++k) {
    if (let && k == 1) lets.emplace_back(let->local, std::get<Let>(b.node).local);
    if (!same_value(*left[k], *right[k], lets)) return false;
  }
  if (let) lets.pop_back();
  return true;
}

}  // namespace

bool same_constant(const Constant& a, const Constant& b) {
  const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  if (const auto *x = std::get_if<double>(&a.value), *y = std::get_if<double>(&b.value); x && y) return bits(*x) == bits(*y);
  const auto *z = std::get_if<std::complex<double>>(&a.value), *w = std::get_if<std::complex<double>>(&b.value);
  if (z && w) return bits(z->real()) == bits(w->real()) && bits(z->imag()) == bits(w->imag());
  return a.value == b.value;
}

bool same_value(const Expr& a, const Expr& b) {
  LetPairs lets;
  return same_value(a, b, lets);
}

std::string variable_name(const Function& function, const ForRange& loop) {
  const std::string& name = function.locals[loop.variable].name;
  if (!name.empty() || loop.body.empty()) return name;
  const auto* assign = std::get_if<AssignLocal>(&loop.body[0]->node);
  return assign && reads_local(*assign->value, loop.variable) ? function.locals[assign->local].name : name;
}

const Expr& strip_converts(const Expr& expr) {
  const Expr* inner = &expr;
  while (const auto* convert = std::get_if<Convert>(&inner->node)) inner = convert->operand.get();
  return *inner;
}

bool reads_local(const Expr& expr, LocalId local) {
  const auto* read = std::get_if<ReadLocal>(&strip_converts(expr).node);
  return read && read->local == local;
}

const Expr* read_of(const Expr& expr, LocalId local) {
  const Expr& inner = strip_converts(expr);
  return reads_local(inner, local) ? &inner : nullptr;
}

bool mentions(const Expr& expr, LocalId local) {
  bool found = false;
  for_each_expr(expr, [&](const Expr& part) {
    const auto* read = std::get_if<ReadLocal>(&part.node);
    found = found || (read && read->local == local);
  });
  return found;
}

const bool* constant_bool(const Expr& expr) {
  const auto* constant = std::get_if<Constant>(&expr.node);
  return constant ? std::get_if<bool>(&constant->value) : nullptr;
}

}  // namespace kjit
