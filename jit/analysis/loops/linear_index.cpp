// Indices that are linear in a loop's variable. Entry: LinearForms::of.

#include "analysis/loops/linear_index.h"

#include <algorithm>

#include "analysis/loops/loop_shape.h"

namespace kjit {

using namespace typed;

namespace {

constexpr std::size_t kMaxFactors = 4;  // of a product of invariants: as many as an array has axes, usually
constexpr std::size_t kMaxTerms = 8;

std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

LinearIndex scaled(LinearIndex index, std::int64_t factor) {
  index.of_variable = wrapping_product(index.of_variable, factor);
  index.constant = wrapping_product(index.constant, factor);
  for (auto& [product, coefficient] : index.invariants) coefficient = wrapping_product(coefficient, factor);
  return index;
}

LinearIndex sum(LinearIndex a, const LinearIndex& b) {
  a.of_variable = wrapping_sum(a.of_variable, b.of_variable);
  a.constant = wrapping_sum(a.constant, b.constant);
  for (const auto& [product, coefficient] : b.invariants) {
    std::int64_t& total = a.invariants[product];
    total = wrapping_sum(total, coefficient);
    if (total == 0) a.invariants.erase(product);
  }
  return a;
}

LinearIndex invariant(const LinearIndex::Atom& atom) {
  LinearIndex index;
  index.invariants[{atom}] = 1;
  return index;
}

LinearIndex::Product merged(const LinearIndex::Product& a, const LinearIndex::Product& b) {
  LinearIndex::Product all = a;
  all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end());
  return all;
}

bool is_constant(const LinearIndex& index) { return index.of_variable == 0 && index.invariants.empty(); }

}  // namespace

std::int64_t wrapping_product(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

std::nullopt_t LinearForms::none(std::string reason) {
  reason_ = std::move(reason);
  return std::nullopt;
}

std::optional<LinearIndex> LinearForms::of(const Expr& expr) {
  if (!expr.type.is(Kind::I64)) return none("the index is no 64-bit integer");
  if (const auto value = constant_int(expr)) {
    LinearIndex index;
    index.constant = *value;
    return index;
  }
  if (const auto* read = std::get_if<ReadLocal>(&expr.node)) return of(*read);
  if (const auto* dim = std::get_if<ArrayDim>(&expr.node)) return of(*dim);
  if (const auto* binary = std::get_if<Binary>(&expr.node)) return of(*binary);
  if (std::holds_alternative<Element>(expr.node)) return none("the index is an element of an array");
  return none("the index is not a sum of products");
}

std::optional<LinearIndex> LinearForms::of(const ReadLocal& read) {
  if (read.local == variable_) {
    LinearIndex index;
    index.of_variable = 1;
    return index;
  }
  if (read.check_set) return none("a variable of the index may be unset");
  if (const auto definition = definitions_.find(read.local); definition != definitions_.end()) {
    return definition->second.value ? definition->second.value : none(definition->second.reason);
  }
  if (assigned_[read.local]) return none("the index is not computed anew in each iteration");
  return invariant({LinearIndex::Atom::Kind::Local, read.local, 0});
}

std::optional<LinearIndex> LinearForms::of(const ArrayDim& dim) {
  const auto* read = std::get_if<ReadLocal>(&dim.array->node);
  if (!read || read->check_set || assigned_[read->local]) return none("an extent in the index may change");
  return invariant({LinearIndex::Atom::Kind::Dim, read->local, dim.axis});
}

std::optional<LinearIndex> LinearForms::of(const Binary& binary) {
  std::optional<LinearIndex> lhs = of(*binary.lhs);
  std::optional<LinearIndex> rhs = lhs ? of(*binary.rhs) : std::nullopt;
  if (!rhs) return std::nullopt;
  switch (binary.op) {
    case BinaryOp::Add: return sum(std::move(*lhs), *rhs);
    case BinaryOp::Sub: return sum(std::move(*lhs), scaled(std::move(*rhs), -1));
    case BinaryOp::Mul: return product(*lhs, *rhs);
    default: return none("the index is not a sum of products");
  }
}

std::optional<LinearIndex> LinearForms::to_test(const Expr& expr) {
  if (const auto* read = std::get_if<ReadLocal>(&expr.node)) {
    const auto definition = definitions_.find(read->local);
    if (definition != definitions_.end() && definition->second.to_test && !read->check_set) return definition->second.to_test;
  }
  const auto* binary = std::get_if<Binary>(&expr.node);
  if (!binary || binary->op != BinaryOp::Mod || !expr.type.is(Kind::I64)) return of(expr);
  std::optional<LinearIndex> divisor = of(*binary->rhs);
  if (!divisor) return std::nullopt;
  if (divisor->of_variable != 0) return none("the index is a remainder of a division by something that changes in the loop");
  if (is_constant(*divisor) && divisor->constant <= 0)
    return none("the index is a remainder of a division by a number below one");
  divisor->constant = wrapping_sum(divisor->constant, -1);
  return divisor;
}

void LinearForms::after(const Stmt& stmt, bool always) {
  const auto* assign = std::get_if<AssignLocal>(&stmt.node);
  if (!assign) return;
  Definition definition;
  if (always) {
    definition.value = of(*assign->value);
    if (!definition.value) definition.reason = reason_;
    definition.to_test = to_test(*assign->value);
  }
  definitions_.erase(assign->local);
  if (always) definitions_.emplace(assign->local, std::move(definition));
}

// Checked products could fail, and must do so in the iteration where they stand.
std::optional<LinearIndex> LinearForms::product(const LinearIndex& lhs, const LinearIndex& rhs) {
  if (is_constant(lhs)) return scaled(rhs, lhs.constant);
  if (is_constant(rhs)) return scaled(lhs, rhs.constant);
  if (lhs.of_variable != 0 || rhs.of_variable != 0) return none("the loop variable is multiplied by a variable");
  if (checked_) return none("--checked keeps products of variables in the loop");
  LinearIndex result;
  result.constant = wrapping_product(lhs.constant, rhs.constant);
  const auto add = [&](const LinearIndex::Product& factors, std::int64_t coefficient) {
    std::int64_t& total = result.invariants[factors];
    total = wrapping_sum(total, coefficient);
  };
  for (const auto& [a, x] : lhs.invariants) add(a, wrapping_product(x, rhs.constant));
  for (const auto& [b, y] : rhs.invariants) add(b, wrapping_product(y, lhs.constant));
  for (const auto& [a, x] : lhs.invariants) {
    for (const auto& [b, y] : rhs.invariants) add(merged(a, b), wrapping_product(x, y));
  }
  std::erase_if(result.invariants, [](const auto& term) { return term.second == 0; });
  const bool too_long = std::any_of(result.invariants.begin(), result.invariants.end(),
                                    [](const auto& term) { return term.first.size() > kMaxFactors; });
  if (too_long || result.invariants.size() > kMaxTerms) return none("the index is too long a formula");
  return result;
}

}  // namespace kjit
