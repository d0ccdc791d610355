// The search for two iterations that certainly meet. Entry: find_witness() (dependence.h).
//
// Small iteration numbers are tried, and distances that the constants of the subscripts suggest. Sizes and parameters stay
// symbols: the subscripts must be equal whatever they are. Only where a condition or a range depends on them are they taken to be
// large.

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "analysis/races/dependence.h"

namespace kjit {

using typed::CompareOp;

namespace {

constexpr int kMaxTrials = 6000;         // about 10 ms
constexpr std::int64_t kInnerTries = 3;  // first values of each inner counter

enum class Truth : std::uint8_t { False, True, Unclear };

// Two guesses at "large": symbols rise in one and fall in the other, so that what depends on their order is unclear.
std::int64_t sample(const Atoms& atoms, const Poly& poly, int guess);

std::int64_t sample_atom(const Atoms& atoms, AtomId id, int guess) {
  const Atom& atom = atoms[id];
  if (atom.kind != AtomKind::Apply)
    return guess == 0 ? 1000 + 64 * static_cast<std::int64_t>(id) : 1000000 - 64 * static_cast<std::int64_t>(id);
  const std::int64_t a = sample(atoms, atom.lhs, guess), b = sample(atoms, atom.rhs, guess);
  switch (atom.op) {
    case ApplyOp::Min: return std::min(a, b);
    case ApplyOp::Max: return std::max(a, b);
    case ApplyOp::FloorDiv: return b == 0 ? 0 : a / b;
    case ApplyOp::Mod: return b == 0 ? 0 : a % b;
  }
  return 0;
}

std::int64_t sample(const Atoms& atoms, const Poly& poly, int guess) {
  std::int64_t sum = 0;
  for (const auto& [monomial, factor] : poly.terms()) {
    std::int64_t term = factor;
    for (const AtomId id : monomial) {
      if (__builtin_mul_overflow(term, sample_atom(atoms, id, guess), &term)) return 0;
    }
    if (__builtin_add_overflow(sum, term, &sum)) return 0;
  }
  return sum;
}

bool holds(CompareOp op, std::int64_t difference) {
  switch (op) {
    case CompareOp::Eq: return difference == 0;
    case CompareOp::Ne: return difference != 0;
    case CompareOp::Lt: return difference < 0;
    case CompareOp::Le: return difference <= 0;
    case CompareOp::Gt: return difference > 0;
    case CompareOp::Ge: return difference >= 0;
  }
  return false;
}

class Search {
 public:
  Search(LoopAccesses& loop, const Access& a, const Access& b) : loop_(loop), a_(a), b_(b) {}

  std::optional<Witness> run() {
    if (!usable(a_) || !usable(b_)) return std::nullopt;
    for (const std::int64_t distance : distances()) {
      for (std::int64_t base = 0; base < 3; ++base) {
        if (auto found = try_iterations(base + distance, base)) return found;
        if (auto found = try_iterations(base, base + distance)) return found;
      }
    }
    for (const Bound& bound : loop_.atoms[loop_.counter].upper) {  // the first and the last one: subscripts that wrap around
      if (bound.scale != 1 || bound.limit.is_zero()) continue;
      if (auto found = try_iterations(Poly(0), bound.limit)) return found;
      if (auto found = try_iterations(bound.limit, Poly(0))) return found;
    }
    return std::nullopt;
  }

 private:
  using Values = std::unordered_map<AtomId, Poly>;

  static bool usable(const Access& access) {
    const auto decidable = [](const Guard& guard) { return guard.decidable; };
    const auto known = [](const AxisIndex& index) { return !index.any; };
    return std::all_of(access.guards.begin(), access.guards.end(), decidable) &&
           std::all_of(access.indices.begin(), access.indices.end(), known) && !access.indices.empty();
  }

  // 1 to 8; the moduli and divisors in the subscripts; the differences of their constants.
  std::vector<std::int64_t> distances() const {
    std::set<std::int64_t> found;
    for (std::int64_t distance = 1; distance <= 8; ++distance) found.insert(distance);
    const auto propose = [&](std::int64_t value) {
      if (value != 0 && value > -kMaxDistance && value < kMaxDistance) found.insert(value < 0 ? -value : value);
    };
    for (const Access* access : {&a_, &b_}) {
      for (const AxisIndex& index : access->indices) propose_moduli(index.value, propose, 0);
    }
    for (std::size_t axis = 0; axis < std::min(a_.indices.size(), b_.indices.size()); ++axis) {
      const Poly slope = a_.indices[axis].value.coefficient(loop_.counter);
      const std::int64_t gap = a_.indices[axis].value.constant_term() - b_.indices[axis].value.constant_term();
      if (slope.is_constant() && !slope.is_zero() && gap % slope.constant_term() == 0) propose(gap / slope.constant_term());
    }
    return {found.begin(), found.end()};
  }

  template <typename Propose>
  void propose_moduli(const Poly& poly, const Propose& propose, int depth) const {
    if (depth > 4) return;
    for (const auto& [monomial, factor] : poly.terms()) {
      for (const AtomId id : monomial) {
        const Atom& atom = loop_.atoms[id];
        if (atom.kind != AtomKind::Apply) continue;
        if (atom.rhs.is_constant()) propose(atom.rhs.constant_term());
        propose_moduli(atom.lhs, propose, depth + 1);
      }
    }
  }

  std::optional<Witness> try_iterations(const Poly& a, const Poly& b) {
    if (!in_range(loop_.counter, a, {}) || !in_range(loop_.counter, b, {})) return std::nullopt;
    Values first{{loop_.counter, a}}, second{{loop_.counter, b}};
    return try_inner(first, 1, second, 1);
  }

  // Gives the inner counters of `a`, then those of `b`, their first values in turn.
  std::optional<Witness> try_inner(Values& first, std::size_t next_a, Values& second, std::size_t next_b) {
    const bool in_a = next_a < a_.counters.size();
    if (!in_a && next_b >= b_.counters.size()) return try_values(first, second);
    Values& values = in_a ? first : second;
    const AtomId counter = in_a ? a_.counters[next_a] : b_.counters[next_b];
    for (std::int64_t k = 0; k < kInnerTries && trials_ < kMaxTrials; ++k) {
      if (!in_range(counter, k, values)) break;
      values[counter] = k;
      if (auto found = try_inner(first, next_a + (in_a ? 1 : 0), second, next_b + (in_a ? 0 : 1))) return found;
      values.erase(counter);
    }
    return std::nullopt;
  }

  std::optional<Witness> try_values(const Values& first, const Values& second) {
    ++trials_;
    std::vector<Poly> elements;
    for (std::size_t axis = 0; axis < std::min(a_.indices.size(), b_.indices.size()); ++axis) {
      const Poly left = element(a_.indices[axis], first), right = element(b_.indices[axis], second);
      if (!left.valid() || loop_.atoms.is_inside(left) || !(left == right)) return std::nullopt;
      elements.push_back(left);
    }
    if (!guards_hold(a_, first) || !guards_hold(b_, second)) return std::nullopt;
    return Witness{text(loop_.variable, first), text(loop_.variable, second), written(a_, first), written(b_, second)};
  }

  // Invalid where the sign as written is unclear.
  Poly element(const AxisIndex& index, const Values& values) {
    if (!index.may_wrap) return evaluate(index.value, values);
    const Poly written = evaluate(index.written, values);
    if (compare(CompareOp::Ge, written) == Truth::True) return evaluate(index.value, values);
    if (compare(CompareOp::Lt, written) == Truth::True) return evaluate(index.wrapped, values);
    return Poly::invalid();
  }

  Poly evaluate(const Poly& poly, Values values) { return substitute(poly, values, loop_.atoms, false); }
  std::string text(const Poly& poly, const Values& values) { return loop_.atoms.to_string(evaluate(poly, values)); }

  std::string written(const Access& access, const Values& values) {
    std::string list;
    for (const AxisIndex& index : access.indices) list += (list.empty() ? "" : ", ") + text(index.written, values);
    return "[" + list + "]";
  }

  Truth compare(CompareOp op, const Poly& difference) const {
    if (!difference.valid() || loop_.atoms.is_inside(difference)) return Truth::Unclear;
    if (difference.is_constant()) return holds(op, difference.constant_term()) ? Truth::True : Truth::False;
    const bool first = holds(op, sample(loop_.atoms, difference, 0)), second = holds(op, sample(loop_.atoms, difference, 1));
    if (first != second) return Truth::Unclear;
    return first ? Truth::True : Truth::False;
  }

  bool guards_hold(const Access& access, const Values& values) {
    return std::all_of(access.guards.begin(), access.guards.end(),
                       [&](const Guard& guard) { return compare(guard.op, evaluate(guard.difference, values)) == Truth::True; });
  }

  // Loops over a range of parameters are taken to be long enough.
  bool in_range(AtomId counter, const Poly& k, const Values& values) {
    const std::vector<Bound> upper = loop_.atoms[counter].upper;
    return std::all_of(upper.begin(), upper.end(), [&](const Bound& bound) {
      const Poly room = evaluate(bound.limit, values) - Poly(bound.scale) * k;
      return room.valid() && compare(CompareOp::Ge, room) != Truth::False;
    });
  }

  static constexpr std::int64_t kMaxDistance = 1 << 20;

  LoopAccesses& loop_;
  const Access& a_;
  const Access& b_;
  int trials_ = 0;
};

}  // namespace

std::optional<Witness> find_witness(LoopAccesses& loop, const Access& a, const Access& b) { return Search(loop, a, b).run(); }

}  // namespace kjit
