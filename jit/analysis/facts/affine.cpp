// Polynomials over atoms. Entries: Poly's operators, Atoms::apply, substitute; the proofs are in prove.cpp.

#include "analysis/facts/affine.h"

#include <algorithm>

#include <fmt/format.h>

#include "support/assert.h"

namespace kjit {

namespace {

// Beyond these a subscript is no subscript that anybody reasons about; they keep every product inside 64 bits.
constexpr std::int64_t kMaxCoefficient = std::int64_t{1} << 40;
constexpr std::size_t kMaxTerms = 24;
constexpr std::size_t kMaxDegree = 4;

Monomial product(const Monomial& a, const Monomial& b) {
  Monomial result;
  result.reserve(a.size() + b.size());
  std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

}  // namespace

Poly::Poly(std::int64_t constant) { add_term({}, constant); }

Poly Poly::atom(AtomId id) {
  Poly poly;
  poly.add_term({id}, 1);
  return poly;
}

Poly Poly::invalid() {
  Poly poly;
  poly.valid_ = false;
  return poly;
}

std::int64_t Poly::constant_term() const {
  const auto found = terms_.find(Monomial{});
  return found == terms_.end() ? 0 : found->second;
}

bool Poly::mentions(AtomId id) const {
  return std::any_of(terms_.begin(), terms_.end(),
                     [&](const auto& term) { return std::binary_search(term.first.begin(), term.first.end(), id); });
}

Poly Poly::coefficient(AtomId id) const {
  Poly result;
  for (const auto& [monomial, factor] : terms_) {
    const auto count = std::count(monomial.begin(), monomial.end(), id);
    if (count > 1) return invalid();
    if (count == 0) continue;
    Monomial rest = monomial;
    rest.erase(std::find(rest.begin(), rest.end(), id));
    result.add_term(rest, factor);
  }
  return result;
}

void Poly::add_term(const Monomial& monomial, std::int64_t coefficient) {
  if (!valid_ || coefficient == 0) return;
  if (monomial.size() > kMaxDegree || coefficient > kMaxCoefficient || coefficient < -kMaxCoefficient) {
    *this = invalid();
    return;
  }
  std::int64_t& sum = terms_[monomial];
  sum += coefficient;
  if (sum == 0) {
    terms_.erase(monomial);
  } else if (sum > kMaxCoefficient || sum < -kMaxCoefficient || terms_.size() > kMaxTerms) {
    *this = invalid();
  }
}

Poly operator+(const Poly& a, const Poly& b) {
  if (!a.valid_ || !b.valid_) return Poly::invalid();
  Poly sum = a;
  for (const auto& [monomial, factor] : b.terms_) sum.add_term(monomial, factor);
  return sum;
}

Poly operator-(const Poly& a) { return Poly(-1) * a; }
Poly operator-(const Poly& a, const Poly& b) { return a + (-b); }

Poly operator*(const Poly& a, const Poly& b) {
  if (!a.valid_ || !b.valid_) return Poly::invalid();
  Poly result;
  for (const auto& [left, left_factor] : a.terms_) {
    for (const auto& [right, right_factor] : b.terms_) {
      std::int64_t factor = 0;
      if (__builtin_mul_overflow(left_factor, right_factor, &factor)) return Poly::invalid();
      result.add_term(product(left, right), factor);
    }
  }
  return result;
}

// ---- atoms -------------------------------------------------------------------------------------------------------------

AtomId Atoms::add(Atom atom) {
  atoms_.push_back(std::move(atom));
  return static_cast<AtomId>(atoms_.size() - 1);
}

Poly Atoms::value(std::string name, bool inside, bool nonnegative, int bits) {
  Atom atom;
  atom.name = std::move(name);
  atom.inside = inside;
  atom.nonnegative = nonnegative;
  atom.bits = bits;
  return Poly::atom(add(std::move(atom)));
}

bool Atoms::is_inside(const Poly& poly) const {
  if (!poly.valid()) return true;
  for (const auto& [monomial, factor] : poly.terms()) {
    for (const AtomId id : monomial) {
      if (atoms_[id].inside) return true;
    }
  }
  return false;
}

Poly Atoms::fold_constants(ApplyOp op, std::int64_t a, std::int64_t b) const {
  const auto floor_quotient = [&] { return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0); };
  switch (op) {
    case ApplyOp::FloorDiv: return floor_quotient();
    case ApplyOp::Mod: return a - b * floor_quotient();
    case ApplyOp::Min: return std::min(a, b);
    case ApplyOp::Max: return std::max(a, b);
  }
  KJIT_UNREACHABLE("no such operator");
}

// Is the polynomial a multiple of `divisor` for all integers, as i * (i + 1) is of 2? Tried for all residues of its atoms.
bool always_divisible(const Poly& poly, std::int64_t divisor) {
  constexpr std::int64_t kMaxDivisor = 6;
  constexpr std::size_t kMaxAtoms = 3;
  if (divisor < 2 || divisor > kMaxDivisor) return false;
  std::vector<AtomId> atoms;
  for (const auto& [monomial, factor] : poly.terms()) atoms.insert(atoms.end(), monomial.begin(), monomial.end());
  std::sort(atoms.begin(), atoms.end());
  atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
  if (atoms.size() > kMaxAtoms) return false;
  const auto residue = [&](std::int64_t assignment) {
    std::unordered_map<AtomId, std::int64_t> values;
    for (const AtomId id : atoms) values[id] = assignment % divisor, assignment /= divisor;
    std::int64_t sum = 0;
    for (const auto& [monomial, factor] : poly.terms()) {
      std::int64_t term = factor % divisor;
      for (const AtomId id : monomial) term = term * values[id] % divisor;
      sum += term;
    }
    return sum % divisor;
  };
  std::int64_t assignments = 1;
  for (std::size_t k = 0; k < atoms.size(); ++k) assignments *= divisor;
  for (std::int64_t assignment = 0; assignment < assignments; ++assignment) {
    if (residue(assignment) != 0) return false;
  }
  return true;
}

// The atom's bounds: 0 <= x % m <= m - 1 and x - d + 1 <= q * d <= x for m, d > 0 (a zero divisor is an error before anything is
// accessed).
Atom Atoms::describe(ApplyOp op, const Poly& lhs, const Poly& rhs) const {
  Atom atom;
  atom.kind = AtomKind::Apply;
  atom.op = op;
  atom.lhs = lhs;
  atom.rhs = rhs;
  atom.inside = is_inside(lhs) || is_inside(rhs);
  const bool left = prove_nonnegative(lhs, *this, {}), right = prove_nonnegative(rhs, *this, {});
  const std::string a = to_string(lhs), b = to_string(rhs);
  switch (op) {
    case ApplyOp::FloorDiv:
      atom.name = fmt::format("({}) // ({})", a, b);
      atom.nonnegative = left && right;
      if (rhs.is_constant() && right) {
        const std::int64_t divisor = rhs.constant_term();
        atom.upper.push_back({divisor, lhs});
        atom.lower.push_back({divisor, always_divisible(lhs, divisor) ? lhs : lhs - (divisor - 1)});
      }
      break;
    case ApplyOp::Mod:
      atom.name = fmt::format("({}) % ({})", a, b);
      atom.nonnegative = right;
      if (right) atom.upper.push_back({1, rhs - 1});
      break;
    case ApplyOp::Min:
      atom.name = fmt::format("min({}, {})", a, b);
      atom.nonnegative = left && right;
      atom.upper = {{1, lhs}, {1, rhs}};
      break;
    case ApplyOp::Max:
      atom.name = fmt::format("max({}, {})", a, b);
      atom.nonnegative = left || right;
      atom.lower = {{1, lhs}, {1, rhs}};
      break;
  }
  return atom;
}

Poly Atoms::apply(ApplyOp op, const Poly& lhs, const Poly& rhs) {
  if (!lhs.valid() || !rhs.valid()) return Poly::invalid();
  const bool divides = op == ApplyOp::FloorDiv || op == ApplyOp::Mod;
  if (divides && rhs.is_zero()) return Poly::invalid();  // fails at run time, before the value is used
  if (lhs.is_constant() && rhs.is_constant()) return fold_constants(op, lhs.constant_term(), rhs.constant_term());
  if (op == ApplyOp::FloorDiv && rhs == Poly(1)) return lhs;
  const bool already_reduced =
      op == ApplyOp::Mod && prove_nonnegative(lhs, *this, {}) && prove_nonnegative(rhs - lhs - 1, *this, {});
  if (already_reduced) return lhs;

  const auto [slot, is_new] = applied_.try_emplace({op, lhs.terms(), rhs.terms()}, 0);
  if (is_new) slot->second = add(describe(op, lhs, rhs));
  return Poly::atom(slot->second);
}

Poly Atoms::masked(const Poly& lhs, const Poly& rhs) {
  if (!rhs.is_constant() && lhs.is_constant()) return masked(rhs, lhs);
  const std::int64_t mask = rhs.is_constant() ? rhs.constant_term() : -1;
  const bool is_low_bits = mask >= 0 && (mask & (mask + 1)) == 0;
  return is_low_bits ? apply(ApplyOp::Mod, lhs, mask + 1) : Poly::invalid();
}

std::string Atoms::to_string(const Poly& poly) const {
  if (!poly.valid()) return "?";
  std::string text, constant;
  for (const auto& [monomial, factor] : poly.terms()) {
    std::string term;
    for (const AtomId id : monomial) term += (term.empty() ? "" : " * ") + atoms_[id].name;
    const std::int64_t size = factor < 0 ? -factor : factor;
    if (monomial.empty()) {
      term = std::to_string(size);
    } else if (size != 1) {
      term = fmt::format("{} * {}", size, term);
    }
    std::string& target = monomial.empty() ? constant : text;
    if (target.empty() && !monomial.empty()) {
      target = factor < 0 ? "-" + term : term;
    } else {
      target += (factor < 0 ? " - " : " + ") + term;
    }
  }
  if (!text.empty()) return text + constant;
  return std::to_string(poly.constant_term());
}

std::string Atoms::to_words(typed::CompareOp op, const Poly& difference) const {
  using typed::CompareOp;
  const auto mirrored = [](CompareOp written) {
    switch (written) {
      case CompareOp::Lt: return CompareOp::Gt;
      case CompareOp::Le: return CompareOp::Ge;
      case CompareOp::Gt: return CompareOp::Lt;
      case CompareOp::Ge: return CompareOp::Le;
      default: return written;
    }
  };
  constexpr const char* kSigns[] = {"==", "!=", "<", "<=", ">", ">="};
  Poly unknowns = difference - Poly(difference.constant_term());
  std::int64_t limit = -difference.constant_term();
  const bool is_negative = !unknowns.terms().empty() && unknowns.terms().begin()->second < 0;
  if (is_negative) unknowns = -unknowns, limit = -limit, op = mirrored(op);
  if (op == CompareOp::Ge) op = CompareOp::Gt, --limit;
  return fmt::format("{} {} {}", to_string(unknowns), kSigns[static_cast<int>(op)], limit);
}

// ---- substitution ------------------------------------------------------------------------------------------------------

namespace {

class Substitution {
 public:
  Substitution(std::unordered_map<AtomId, Poly>& values, Atoms& atoms, bool rename_inside)
      : values_(values), atoms_(atoms), rename_inside_(rename_inside) {}

  Poly run(const Poly& poly) {
    if (!poly.valid()) return poly;
    Poly result;
    for (const auto& [monomial, factor] : poly.terms()) {
      Poly term = factor;
      for (const AtomId id : monomial) term = term * replacement(id);
      result = result + term;
    }
    return result;
  }

 private:
  Poly replacement(AtomId id) {
    if (const auto found = values_.find(id); found != values_.end()) return found->second;
    const Poly result = replace(id);
    values_.emplace(id, result);
    return result;
  }

  Poly replace(AtomId id) {
    const Atom atom = atoms_[id];
    if (atom.kind == AtomKind::Apply) return atoms_.apply(atom.op, run(atom.lhs), run(atom.rhs));
    if (!atom.inside || !rename_inside_) return Poly::atom(id);
    Atom clone = atom;
    for (Bound& bound : clone.upper) bound.limit = run(bound.limit);
    for (Bound& bound : clone.lower) bound.limit = run(bound.limit);
    for (Poly& operand : clone.operands) operand = run(operand);
    for (AtomCase& each : clone.cases) {
      each.value = run(each.value);
      for (Poly& fact : each.facts) fact = run(fact);
    }
    return Poly::atom(atoms_.add(std::move(clone)));
  }

  std::unordered_map<AtomId, Poly>& values_;
  Atoms& atoms_;
  bool rename_inside_;
};

}  // namespace

Poly substitute(const Poly& poly, std::unordered_map<AtomId, Poly>& values, Atoms& atoms, bool rename_inside) {
  return Substitution(values, atoms, rename_inside).run(poly);
}

}  // namespace kjit
