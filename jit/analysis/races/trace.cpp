// Values and accesses of the symbolic evaluation. Entry: collect_accesses() (accesses.h).

#include "analysis/races/trace.h"

#include <algorithm>

#include <fmt/format.h>

#include "analysis/facts/walk.h"
#include "analysis/races/dependence.h"
#include "analysis/races/reductions.h"

namespace kjit {

using namespace typed;

namespace {

// Kinds whose values all fit I64: their conversions to it keep the value.
bool is_symbolic_integer(const Type& type) { return type.is_integer() && !type.is(Kind::U64); }

constexpr std::size_t kMaxName = 24;  // longer texts are not quoted in messages

}  // namespace

LoopAccesses Trace::run(const Function& function) {
  global_known_.assign(program_.globals.size(), false);
  Frame frame{&function, {}, {}};
  TraceState entry;
  entry.locals.resize(function.locals.size());
  frame_ = &frame;
  at_ = &entry;
  for (LocalId id = 0; id < function.parameter_count; ++id) {
    set_local(id, unknown(function.locals[id].type, function.locals[id].name, false));
  }
  FlowWalk<Trace>(*this).run(function.body, std::move(entry));
  return std::move(result_);
}

// ---- values ------------------------------------------------------------------------------------------------------------

std::string Trace::words(Span span) const {
  const std::string_view text = sources_.size() > span.file ? sources_.text(span) : std::string_view{};
  if (text.empty() || text.size() > kMaxName || text.find('\n') != std::string_view::npos) return "...";
  return std::string(text);
}

SymValue Trace::integer(Poly value) {
  SymValue result;
  result.scalar = std::move(value);
  return result;
}

SymValue Trace::new_root(Root root, int rank) {
  root.inside = inside_;
  for (int axis = static_cast<int>(root.dims.size()); axis < rank; ++axis) {
    const std::string name = rank == 1 ? fmt::format("len({})", root.name) : fmt::format("{}.shape[{}]", root.name, axis);
    root.dims.push_back(result_.atoms.value(name, inside_, true));
  }
  SymValue result;
  result.arrays.push_back(whole_array(static_cast<RootId>(result_.roots.size()), root.dims));
  result_.roots.push_back(std::move(root));
  return result;
}

SymValue Trace::unknown(const Type& type, const std::string& name, bool opaque) {
  if (is_symbolic_integer(type)) {
    const int bits = type.is(Kind::I64) ? 63 : bit_width(type.kind());
    return integer(result_.atoms.value(name, inside_, type.is_unsigned(), bits));
  }
  if (type.is_array()) {
    Root root;
    root.name = name;
    root.opaque = opaque;
    return new_root(std::move(root), type.rank());
  }
  SymValue result;
  if (type.is_tuple() || type.is_function()) {
    for (std::size_t k = 0; k < type.elements().size(); ++k) {
      result.elements.push_back(unknown(type.elements()[k], fmt::format("{}[{}]", name, k), opaque));
    }
  }
  return result;
}

SymValue Trace::unknown(const Expr& expr) { return unknown(expr.type, words(expr.span), true); }

SymValue Trace::merge(const SymValue& a, const SymValue& b, const Type& type, const std::string& name,
                      const std::optional<Guard>& when_a) {
  if (a.scalar.valid() && a.scalar == b.scalar) return a;
  if (when_a && type.is(Kind::I64) && a.scalar.valid() && b.scalar.valid())
    return integer(choose(*when_a, a.scalar, b.scalar, name));
  SymValue result;
  if (type.is_array()) {
    result.arrays = a.arrays;
    result.arrays.insert(result.arrays.end(), b.arrays.begin(), b.arrays.end());
    return result.arrays.size() > 8 ? unknown(type, name, true) : result;
  }
  if ((type.is_tuple() || type.is_function()) && a.elements.size() == b.elements.size()) {
    for (std::size_t k = 0; k < a.elements.size(); ++k) {
      result.elements.push_back(merge(a.elements[k], b.elements[k], type.elements()[k], name, when_a));
    }
    return result;
  }
  return unknown(type, name, true);
}

// `if hi > n: hi = n` is min(hi, n).
Poly Trace::choose(const Guard& when_a, const Poly& a, const Poly& b, const std::string& name) {
  const std::vector<Poly> both{a, b};
  const bool compares_them = std::is_permutation(when_a.operands.begin(), when_a.operands.end(), both.begin(), both.end());
  const bool is_less = when_a.op == CompareOp::Lt || when_a.op == CompareOp::Le;
  const bool is_greater = when_a.op == CompareOp::Gt || when_a.op == CompareOp::Ge;
  if (compares_them && (is_less || is_greater)) {
    const bool takes_smaller = is_less == (when_a.difference == a - b);
    return result_.atoms.apply(takes_smaller ? ApplyOp::Min : ApplyOp::Max, a, b);
  }
  Guard when_b = when_a;
  when_b.op = opposite(when_a.op);
  Atom atom;
  atom.name = name;
  atom.inside = inside_;
  atom.operands = when_a.operands;
  atom.operands.insert(atom.operands.end(), {a, b});
  atom.nonnegative = true;
  for (const auto& [guard, value] : {std::pair(when_a, a), std::pair(when_b, b)}) {
    AtomCase each{value, {}};
    add_fact(guard, each.facts);
    Facts known = facts();
    known.insert(known.end(), each.facts.begin(), each.facts.end());
    atom.nonnegative = atom.nonnegative && prove_nonnegative(value, result_.atoms, known);
    atom.cases.push_back(std::move(each));
  }
  return Poly::atom(result_.atoms.add(std::move(atom)));
}

void Trace::note_start_value(const Poly& poly, const StartValue& value) {
  if (!poly.valid() || poly.terms().size() != 1) return;
  const auto& [monomial, factor] = *poly.terms().begin();
  const bool is_value = monomial.size() == 1 && factor == 1 && result_.atoms[monomial[0]].kind == AtomKind::Value;
  if (is_value) result_.start_values.try_emplace(monomial[0], value);
}

void Trace::attach(SymValue& value, const ArrayHandle& handle) {
  note_start_value(value.scalar, {handle, {}});
  for (SymArray& array : value.arrays) {
    for (std::uint32_t axis = 0; value.arrays.size() == 1 && axis < array.extents.size(); ++axis)
      note_start_value(array.extents[axis], {handle, axis});
    array.handle = handle;
    array.handle_is_whole =
        value.arrays.size() == 1 && shows_whole_root(array) && array.extents == result_.roots[array.root].dims;
  }
  for (std::uint32_t k = 0; k < value.elements.size(); ++k) {
    ArrayHandle inner = handle;
    inner.path.push_back(k);
    attach(value.elements[k], inner);
  }
}

// ---- accesses ----------------------------------------------------------------------------------------------------------

Facts Trace::facts() const {
  Facts facts = result_.facts;
  for (const AtomId counter : counters_) {
    for (const Bound& bound : result_.atoms[counter].upper) facts.push_back(bound.limit);
  }
  for (const GuardId guard : at_->path) add_fact(guards_[guard], facts);
  return facts;
}

void Trace::add_access(AccessKind kind, const SymArray& array, std::vector<AxisIndex> indices, std::vector<AtomId> extra_counters,
                       bool certain, Span span) {
  const Root& root = result_.roots[array.root];
  if (!inside_ || (root.inside && root.fresh)) return;  // an array of the iteration's own meets nobody
  Access access;
  access.kind = kind;
  access.root = array.root;
  access.handle = array.handle;
  access.handle_is_whole = array.handle_is_whole;
  access.indices = std::move(indices);
  access.guards = guards();
  if (!certain) access.guards.push_back({});
  access.counters = counters_;
  access.counters.insert(access.counters.end(), extra_counters.begin(), extra_counters.end());
  access.update = kind == AccessKind::Update ? update_ : nullptr;
  access.store = kind == AccessKind::Write ? store_ : nullptr;
  if (access.update) access.update_op = accumulating_op(access.update->op);
  access.is_atomic = atomic_op_.has_value();
  if (atomic_op_) access.update_op = atomic_op_;
  access.span = span;
  access.loop_span = calls_.empty() ? span : calls_.front();
  result_.accesses.push_back(std::move(access));
}

bool Trace::element_access(AccessKind kind, const SymValue& value, const std::vector<Poly>& indices,
                           const std::vector<bool>& in_bounds, Span span) {
  bool in_range = !value.arrays.empty();
  for (const SymArray& array : value.arrays) {
    const Facts known = facts();
    add_access(kind, array, element_indices(array, indices, in_bounds, result_.atoms, known), {}, value.arrays.size() == 1, span);
    in_range = in_range && is_in_range(array, indices, result_.atoms, known);
  }
  return in_range;
}

void Trace::whole_access(AccessKind kind, const SymValue& value, bool certain, Span span) {
  for (const SymArray& array : value.arrays) {
    std::vector<AtomId> counters;
    std::vector<AxisIndex> indices = region_indices(array, result_.atoms, counters);
    add_access(kind, array, std::move(indices), std::move(counters), certain && value.arrays.size() == 1, span);
  }
  for (const SymValue& element : value.elements) whole_access(kind, element, certain, span);
}

LoopAccesses collect_accesses(const Program& program, const std::vector<Summary>& summaries, const SourceMap& sources,
                              const Function& function, const ForRange& loop) {
  return Trace(program, summaries, sources, loop).run(function);
}

}  // namespace kjit
