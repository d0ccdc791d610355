// The premises of a proof. Entry: premises_of().

#include "analysis/races/premises.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/races/dependence.h"

namespace kjit {

namespace {

constexpr std::int64_t kSmall = std::int64_t{1} << 38;  // a number that surely fits, with room for constants of a Poly
constexpr std::size_t kMaxTerms = 32;                   // of one test

using Terms = std::vector<SizeTest::Term>;

class PremiseFinder {
 public:
  PremiseFinder(const LoopAccesses& loop, const Access& a, const Access& b) : loop_(loop), atoms_(loop.atoms) {
    if (exist_as_such(loop.fact_operands)) facts_ = loop.facts;
    for (const Access* access : {&a, &b}) {
      const Facts own = facts_of(certain_part(*access), atoms_);
      facts_.insert(facts_.end(), own.begin(), own.end());
    }
    for (const Poly& operand : loop.fact_operands) require(operand);
    for (const Access* access : {&a, &b}) require(*access);
  }

  std::optional<Premises> result() const { return possible_ ? std::optional(premises_) : std::nullopt; }

 private:
  void require(const Access& access) {
    for (const AxisIndex& index : access.indices) {
      if (index.any) continue;
      for (const Poly& operand : index.operands) require(operand);
      for (const AtomId id : index.assumed) require_sign(id);
    }
    for (const Guard& guard : access.guards) {
      for (const Poly& operand : guard.operands) require(operand);
    }
    for (const AtomId counter : access.counters) require_operands_of(counter);
  }

  void require_sign(AtomId id) {
    const auto found = loop_.start_values.find(id);
    if (found == loop_.start_values.end()) return void(possible_ = false);
    SignTest test{found->second, atoms_[id].name};
    if (std::find(premises_.signs.begin(), premises_.signs.end(), test) == premises_.signs.end())
      premises_.signs.push_back(std::move(test));
  }

  // Invalid: nothing was concluded from it.
  void require(const Poly& poly) {
    const bool is_known = std::find(required_.begin(), required_.end(), poly) != required_.end();
    if (!poly.valid() || is_known || !possible_) return;
    required_.push_back(poly);
    for (const auto& [monomial, factor] : poly.terms()) {
      for (const AtomId id : monomial) require_operands_of(id);
    }
    if (!fits(poly)) test_size(poly);
  }

  void require_operands_of(AtomId id) {
    if (!visited_.emplace(id, true).second) return;
    const Atom& atom = atoms_[id];
    for (const Poly& operand : atom.operands) require(operand);
    if (atom.kind == AtomKind::Apply) require(atom.lhs), require(atom.rhs);
  }

  // ---- known to fit ----

  // The conditions and loops that are what they say even if something wraps. What is to be shown of `k` in `if 0 <= k < n` must
  // not rest on that condition.
  Access certain_part(const Access& access) const {
    Access part = access;
    std::erase_if(part.guards, [this](const Guard& guard) { return !exist_as_such(guard.operands); });
    std::erase_if(part.counters, [this](AtomId counter) { return !exist_as_such(atoms_[counter].operands); });
    return part;
  }

  bool exist_as_such(const std::vector<Poly>& polys) const {
    return std::all_of(polys.begin(), polys.end(), [this](const Poly& poly) { return poly.valid() && exists_as_such(poly); });
  }

  bool exists_as_such(const Poly& poly) const {
    if (poly.is_constant()) return true;
    const auto& [monomial, factor] = *poly.terms().begin();
    const bool is_atom = poly.terms().size() == 1 && monomial.size() == 1 && factor == 1;
    if (is_atom && atoms_[monomial[0]].kind != AtomKind::Counter) return true;
    return std::find(loop_.variables.begin(), loop_.variables.end(), poly) != loop_.variables.end();
  }

  bool fits(const Poly& poly) const {
    if (exists_as_such(poly)) return true;
    const std::vector<Poly> numbers = numbers_near(poly);
    const auto is_above = [&](const Poly& number) { return prove_nonnegative(number - poly, atoms_, facts_); };
    const auto is_below = [&](const Poly& number) { return prove_nonnegative(poly - number, atoms_, facts_); };
    return std::any_of(numbers.begin(), numbers.end(), is_above) && std::any_of(numbers.begin(), numbers.end(), is_below);
  }

  // Candidates for its neighbours.
  std::vector<Poly> numbers_near(const Poly& poly) const {
    std::vector<Poly> numbers{kSmall, -kSmall};
    std::vector<AtomId> near;
    const auto collect = [&](const Poly& part) {
      for (const auto& [monomial, factor] : part.terms()) near.insert(near.end(), monomial.begin(), monomial.end());
    };
    collect(poly);
    for (std::size_t k = 0, direct = near.size(); k < direct; ++k) {
      for (const Bound& bound : atoms_[near[k]].upper) collect(bound.limit);
      for (const Bound& bound : atoms_[near[k]].lower) collect(bound.limit);
    }
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    for (const AtomId id : near) {
      if (atoms_[id].kind != AtomKind::Counter) numbers.push_back(Poly::atom(id));
    }
    numbers.insert(numbers.end(), loop_.variables.begin(), loop_.variables.end());
    return numbers;
  }

  // ---- tested ----

  void test_size(const Poly& poly) {
    const std::optional<Terms> terms = size_of(poly);
    if (!terms) return void(possible_ = false);
    const bool varies =
        std::any_of(terms->begin(), terms->end(), [](const SizeTest::Term& term) { return !term.values.empty(); });
    if (varies) return premises_.ranges.push_back({*terms, atoms_.to_string(poly)});
    possible_ = terms->empty() || terms->front().factor < std::ldexp(1.0, 62);  // a constant
  }

  // |a + b| <= |a| + |b|: a bound for all iterations.
  std::optional<Terms> size_of(const Poly& poly) {
    if (!poly.valid()) return std::nullopt;
    Terms sum;
    for (const auto& [monomial, factor] : poly.terms()) {
      Terms product{{std::abs(static_cast<double>(factor)), {}}};
      std::vector<AtomId> rest(monomial.begin(), monomial.end());
      if (!take_out_unbounded(rest, product)) return std::nullopt;
      for (const AtomId id : rest) {
        const std::optional<Terms> size = size_of_atom(id);
        if (!size || product.size() * size->size() > kMaxTerms) return std::nullopt;
        product = multiply(product, *size);
      }
      add(sum, product);
    }
    return sum.size() <= kMaxTerms ? std::optional(sum) : std::nullopt;
  }

  // step * counter of a range with a step that is not known lies between 0 and stop - start.
  bool take_out_unbounded(std::vector<AtomId>& monomial, Terms& product) {
    for (const AtomId id : monomial) {
      const Atom& counter = atoms_[id];
      if (counter.kind != AtomKind::Counter || !counter.upper.empty() || counter.operands.size() != 3) continue;
      const auto step =
          std::find_if(monomial.begin(), monomial.end(), [&](AtomId other) { return counter.operands[2] == Poly::atom(other); });
      const std::optional<Terms> start = size_of(counter.operands[0]), stop = size_of(counter.operands[1]);
      if (step == monomial.end() || !start || !stop) return false;
      Terms span = *start;
      add(span, *stop);
      product = multiply(product, span);
      monomial.erase(step);
      monomial.erase(std::find(monomial.begin(), monomial.end(), id));
      return take_out_unbounded(monomial, product);
    }
    return true;
  }

  std::optional<Terms> size_of_atom(AtomId id) {
    const Atom& atom = atoms_[id];
    if (const auto found = loop_.start_values.find(id); found != loop_.start_values.end()) return Terms{{1.0, {found->second}}};
    if (atom.kind == AtomKind::Counter) return atom.upper.empty() ? std::nullopt : size_of_counter(atom.upper[0]);
    if (!atom.cases.empty()) return size_of_cases(atom);
    if (atom.kind == AtomKind::Value)
      return atom.bits <= 32 ? std::optional(Terms{{std::ldexp(1.0, atom.bits), {}}}) : std::nullopt;
    std::optional<Terms> lhs = size_of(atom.lhs), rhs = size_of(atom.rhs);
    switch (atom.op) {
      case ApplyOp::Mod: return rhs;
      case ApplyOp::FloorDiv: return sum_of(lhs, Terms{{1.0, {}}});
      case ApplyOp::Min:
      case ApplyOp::Max: return sum_of(lhs, rhs);
    }
    return std::nullopt;
  }

  std::optional<Terms> size_of_cases(const Atom& atom) {
    std::optional<Terms> size = Terms{};
    for (const AtomCase& each : atom.cases) size = sum_of(size, size_of(each.value));
    return size;
  }

  std::optional<Terms> size_of_counter(const Bound& bound) {
    std::optional<Terms> size = size_of(bound.limit);
    for (std::size_t k = 0; size && k < size->size(); ++k) (*size)[k].factor /= static_cast<double>(bound.scale);
    return size;
  }

  static std::optional<Terms> sum_of(std::optional<Terms> a, const std::optional<Terms>& b) {
    if (!a || !b) return std::nullopt;
    add(*a, *b);
    return a;
  }

  static void add(Terms& sum, const Terms& more) {
    for (const SizeTest::Term& term : more) {
      const auto like = std::find_if(sum.begin(), sum.end(), [&](const SizeTest::Term& t) { return t.values == term.values; });
      if (like == sum.end()) {
        sum.push_back(term);
      } else {
        like->factor += term.factor;
      }
    }
  }

  static Terms multiply(const Terms& a, const Terms& b) {
    Terms product;
    for (const SizeTest::Term& left : a) {
      for (const SizeTest::Term& right : b) {
        SizeTest::Term term{left.factor * right.factor, left.values};
        term.values.insert(term.values.end(), right.values.begin(), right.values.end());
        add(product, {term});
      }
    }
    return product;
  }

  const LoopAccesses& loop_;
  const Atoms& atoms_;
  Facts facts_;
  std::vector<Poly> required_;
  std::map<AtomId, bool> visited_;
  Premises premises_;
  bool possible_ = true;
};

// Without the subscripts of other axes: where rows differ, it does not matter what the columns are.
Access seen_along(std::size_t axis, Access access) {
  for (std::size_t other = 0; other < access.indices.size(); ++other) {
    if (other == axis) continue;
    access.indices[other] = {};
    access.indices[other].any = true;
  }
  return access;
}

}  // namespace

std::optional<Premises> premises_of(LoopAccesses& loop, const Access& a, const Access& b) {
  std::optional<Premises> found = PremiseFinder(loop, a, b).result();
  for (std::size_t axis = 0; !found && axis < std::min(a.indices.size(), b.indices.size()); ++axis) {
    const Access first = seen_along(axis, a), second = seen_along(axis, b);
    if (never_meet(loop, first, second)) found = PremiseFinder(loop, first, second).result();
  }
  return found;
}

}  // namespace kjit
