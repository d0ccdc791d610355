// The search for two iterations that certainly meet. Entry: find_witness() (dependence.h).
//
// Small iteration numbers are tried, and those and the distances that the constants of the subscripts suggest. Sizes and
// parameters stay symbols: the subscripts must be equal whatever they are (also where their sums wrap). A condition or a range
// that depends on them is taken to hold if it does for large ones, and becomes an assumption of the witness unless it follows
// from the loop's first kGranted iterations being run.

#include <algorithm>
#include <cstdlib>
#include <set>

#include <fmt/format.h>

#include "analysis/races/dependence.h"

namespace kjit {

using typed::CompareOp;

namespace {

constexpr int kMaxTrials = 6000;         // about 10 ms
constexpr std::int64_t kInnerTries = 3;  // first values of each inner counter, and its last one
constexpr std::int64_t kGranted = 4;     // who writes a parallel loop means it to make as many iterations

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
    const std::set<std::int64_t> bases = first_iterations(), steps = distances();
    for (const std::int64_t distance : steps) {
      for (const std::int64_t base : bases) {
        if (auto found = try_iterations(base + distance, base)) return found;
        if (auto found = try_iterations(base, base + distance)) return found;
      }
    }
    for (const Bound& bound : loop_.atoms[loop_.counter].upper) {  // the first and the last one: subscripts that wrap around
      if (bound.scale != 1 || bound.limit.is_zero()) continue;
      if (auto found = try_iterations(Poly(0), bound.limit)) return found;
      if (auto found = try_iterations(bound.limit, Poly(0))) return found;
    }
    return assuming_;
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
  std::set<std::int64_t> distances() const {
    std::set<std::int64_t> found;
    for (std::int64_t distance = 1; distance <= 8; ++distance) found.insert(distance);
    const auto propose = [&](std::int64_t value) {
      if (value != 0 && value > -kMaxDistance && value < kMaxDistance) found.insert(value < 0 ? -value : value);
    };
    for_each_operand([&](const Atom& atom) {
      if (atom.rhs.is_constant()) propose(atom.rhs.constant_term());
    });
    for (std::size_t axis = 0; axis < std::min(a_.indices.size(), b_.indices.size()); ++axis) {
      const Poly slope = a_.indices[axis].value.coefficient(loop_.counter);
      const std::int64_t gap = a_.indices[axis].value.constant_term() - b_.indices[axis].value.constant_term();
      if (slope.is_constant() && !slope.is_zero() && gap % slope.constant_term() == 0) propose(gap / slope.constant_term());
    }
    return found;
  }

  // 0 to 2, and those around a constant of min, max or abs.
  std::set<std::int64_t> first_iterations() const {
    std::set<std::int64_t> found{0, 1, 2};
    for_each_operand([&](const Atom& atom) {
      if (atom.op != ApplyOp::Min && atom.op != ApplyOp::Max) return;
      for (const std::int64_t near : {atom.lhs.constant_term(), atom.rhs.constant_term()}) {
        for (std::int64_t base = std::abs(near) - 1; base <= std::abs(near) + 1; ++base) {
          if (base > 0 && base < kMaxDistance && found.size() < kMaxBases) found.insert(base);
        }
      }
    });
    return found;
  }

  // What is applied in the subscripts.
  template <typename Visit>
  void for_each_operand(const Visit& visit) const {
    for (const Access* access : {&a_, &b_}) {
      for (const AxisIndex& index : access->indices) for_each_operand(index.value, visit, 0);
    }
  }
  template <typename Visit>
  void for_each_operand(const Poly& poly, const Visit& visit, int depth) const {
    if (depth > 4) return;
    for (const auto& [monomial, factor] : poly.terms()) {
      for (const AtomId id : monomial) {
        const Atom& atom = loop_.atoms[id];
        if (atom.kind != AtomKind::Apply) continue;
        visit(atom);
        for_each_operand(atom.lhs, visit, depth + 1);
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
    for (const Poly& k : inner_values(counter, values)) {
      if (trials_ >= kMaxTrials || !in_range(counter, k, values)) break;
      values[counter] = k;
      if (auto found = try_inner(first, next_a + (in_a ? 1 : 0), second, next_b + (in_a ? 0 : 1))) return found;
      values.erase(counter);
    }
    return std::nullopt;
  }

  std::vector<Poly> inner_values(AtomId counter, const Values& values) {
    std::vector<Poly> tries;
    for (std::int64_t k = 0; k < kInnerTries; ++k) tries.emplace_back(k);
    const std::vector<Bound> upper = loop_.atoms[counter].upper;
    const bool is_simple = a_.counters.size() + b_.counters.size() <= 4 && upper.size() == 1 && upper[0].scale == 1;
    const Poly last = is_simple ? evaluate(upper[0].limit, values) : Poly::invalid();
    if (last.valid() && (!last.is_constant() || last.constant_term() >= kInnerTries)) tries.push_back(last);
    return tries;
  }

  std::optional<Witness> try_values(const Values& first, const Values& second) {
    ++trials_;
    for (std::size_t axis = 0; axis < std::min(a_.indices.size(), b_.indices.size()); ++axis) {
      if (!meet(a_.indices[axis], first, b_.indices[axis], second)) return std::nullopt;
    }
    if (!guards_hold(a_, first) || !guards_hold(b_, second)) return std::nullopt;
    Witness found{text(loop_.variable, first), text(loop_.variable, second), written(a_, first), written(b_, second),
                  assumptions(first, second)};
    if (found.assumptions.empty()) return found;
    if (!assuming_) assuming_ = std::move(found);
    return std::nullopt;
  }

  bool meet(const AxisIndex& a, const Values& first, const AxisIndex& b, const Values& second) {
    if (counts_alike(a, first, b, second)) return true;
    const Poly left = element(a, first), right = element(b, second);
    return left.valid() && !loop_.atoms.is_inside(left) && left == right;
  }

  // From the same end, whichever it is.
  bool counts_alike(const AxisIndex& a, const Values& first, const AxisIndex& b, const Values& second) {
    const auto same = [&](const Poly& left, const Poly& right) {
      const Poly value = evaluate(left, first);
      return !loop_.atoms.is_inside(value) && value == evaluate(right, second);
    };
    return a.may_wrap && b.may_wrap && same(a.written, b.written) && same(a.value, b.value) && same(a.wrapped, b.wrapped);
  }

  // ---- assumptions ----

  std::vector<std::string> assumptions(const Values& first, const Values& second) {
    std::vector<std::string> words;
    const Facts granted = first_iterations_run();
    const auto rest_on = [&](CompareOp op, const Poly& difference) {
      if (difference.is_constant() || follows(op, difference, granted)) return;
      const std::string text = loop_.atoms.to_words(op, difference);
      if (std::find(words.begin(), words.end(), text) == words.end()) words.push_back(text);
    };
    for (const auto& [access, values] : {std::pair(&a_, &first), std::pair(&b_, &second)}) {
      for (const AtomId counter : access->counters) {
        const Poly& k = values->at(counter);
        if (k.is_constant() && k.constant_term() < kGranted) continue;
        for (const Bound& bound : loop_.atoms[counter].upper)
          rest_on(CompareOp::Ge, evaluate(bound.limit, *values) - Poly(bound.scale) * k);
      }
      for (const Guard& guard : access->guards) rest_on(guard.op, evaluate(guard.difference, *values));
      for (std::size_t axis = 0; axis < std::min(a_.indices.size(), b_.indices.size()); ++axis) {
        if (!access->indices[axis].may_wrap || counts_alike(a_.indices[axis], first, b_.indices[axis], second)) continue;
        const Poly sign = evaluate(access->indices[axis].written, *values);
        rest_on(compare(CompareOp::Ge, sign) == Truth::True ? CompareOp::Ge : CompareOp::Lt, sign);
      }
    }
    return words;
  }

  // And what holds inside the loop at any rate.
  Facts first_iterations_run() const {
    Facts facts = loop_.facts;
    for (const Bound& bound : loop_.atoms[loop_.counter].upper)
      facts.push_back(bound.limit - Poly(bound.scale) * Poly(kGranted - 1));
    return facts;
  }

  bool follows(CompareOp op, const Poly& difference, const Facts& facts) const {
    const auto at_least = [&](const Poly& poly) { return prove_nonnegative(poly, loop_.atoms, facts); };
    switch (op) {
      case CompareOp::Eq: return at_least(difference) && at_least(-difference);
      case CompareOp::Ne: return prove_nonzero(difference, loop_.atoms, facts);
      case CompareOp::Lt: return at_least(-difference - 1);
      case CompareOp::Le: return at_least(-difference);
      case CompareOp::Gt: return at_least(difference - 1);
      case CompareOp::Ge: return at_least(difference);
    }
    return false;
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
  static constexpr std::size_t kMaxBases = 12;

  LoopAccesses& loop_;
  const Access& a_;
  const Access& b_;
  std::optional<Witness> assuming_;  // the first one that needs an assumption
  int trials_ = 0;
};

}  // namespace

std::optional<Witness> find_witness(LoopAccesses& loop, const Access& a, const Access& b) { return Search(loop, a, b).run(); }

}  // namespace kjit
