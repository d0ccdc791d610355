// Views as maps from their axes to those of the root array. Entries: apply_view, element_indices, region_indices.

#include "analysis/races/views.h"

namespace kjit {

namespace {

AxisIndex unknown_index() {
  AxisIndex index;
  index.any = true;
  return index;
}

AxisIndex index_axis(const AxisMap& map, const Poly& written, const Poly& extent, bool in_bounds, const Atoms& atoms,
                     const Facts& facts) {
  if (!written.valid() || !map.lower.valid() || !map.step.valid()) return unknown_index();
  AxisIndex index;
  index.written = written;
  index.operands = map.operands;
  index.operands.push_back(written);
  index.assumed = map.assumed;
  index.value = map.lower + map.step * written;
  if (!in_bounds && !prove_nonnegative(written, atoms, facts)) {
    index.wrapped = map.lower + map.step * (written + extent);
    index.operands.push_back(extent);
    if (prove_nonnegative(-written - 1, atoms, facts)) {
      index.value = index.wrapped;
    } else {
      index.may_wrap = true;
    }
  }
  const bool usable = index.value.valid() && (!index.may_wrap || index.wrapped.valid());
  return usable ? index : unknown_index();
}

struct SlicedAxis {
  Poly lower, step, extent;
  std::vector<AtomId> assumed;
};

class Slicing {
 public:
  Slicing(const Poly& extent, Atoms& atoms, const Facts& facts) : extent_(extent), atoms_(atoms), facts_(facts) {}

  SlicedAxis slice(const SymSubscript& slice) {
    const Poly step = slice.step.value_or(Poly(1));
    if (!step.is_constant() || !extent_.valid()) return unknown();
    if (step == Poly(-1) && !slice.lower && !slice.upper) return {extent_ - 1, -1, extent_, {}};
    if (step.constant_term() < 1) return unknown();
    const Poly lower = clip_lower(slice.lower), upper = clip_upper(slice.upper);
    if (!lower.valid() || !upper.valid()) return unknown();
    return {lower, step, atoms_.apply(ApplyOp::FloorDiv, upper - lower + step - 1, step), assumed_};
  }

 private:
  SlicedAxis unknown() { return {Poly::invalid(), Poly::invalid(), atoms_.value("the length of a slice", true, true), {}}; }

  // Where a slice with step > 0 starts and ends, after Python's clipping. The result is right whenever the slice is not empty,
  // and an empty one touches no element.
  Poly clip_lower(const std::optional<Poly>& lower) {
    if (!lower) return 0;
    if (is_nonnegative(*lower)) return *lower;
    if (prove_nonnegative(-*lower - 1, atoms_, facts_)) return atoms_.apply(ApplyOp::Max, 0, extent_ + *lower);
    return Poly::invalid();
  }

  Poly clip_upper(const std::optional<Poly>& upper) {
    if (!upper) return extent_;
    if (is_nonnegative(*upper)) return atoms_.apply(ApplyOp::Min, *upper, extent_);
    if (prove_nonnegative(-*upper - 1, atoms_, facts_)) return extent_ + *upper;
    return Poly::invalid();
  }

  // If need be, by taking sizes for what they should be: `size` of x[t * size : t * size + size].
  bool is_nonnegative(const Poly& poly) {
    if (prove_nonnegative(poly, atoms_, facts_)) return true;
    Facts facts = facts_;
    std::vector<AtomId> sizes;
    for (const auto& [monomial, factor] : poly.terms()) {
      for (const AtomId id : monomial) {
        const bool is_size = atoms_[id].kind == AtomKind::Value && !atoms_[id].inside && !atoms_[id].nonnegative;
        if (is_size) sizes.push_back(id), facts.push_back(Poly::atom(id));
      }
    }
    if (sizes.empty() || !prove_nonnegative(poly, atoms_, facts)) return false;
    assumed_.insert(assumed_.end(), sizes.begin(), sizes.end());
    return true;
  }

  const Poly& extent_;
  Atoms& atoms_;
  const Facts& facts_;
  std::vector<AtomId> assumed_;
};

// Its bounds as the kernel computes them.
void add_operands(const SymSubscript& slice, const Poly& extent, std::vector<Poly>& operands) {
  for (const std::optional<Poly>* part : {&slice.lower, &slice.upper, &slice.step}) {
    if (*part) operands.push_back(**part);
  }
  operands.push_back(extent);
}

SymSubscript whole_axis() {
  SymSubscript all;
  all.is_slice = true;
  return all;
}

}  // namespace

Poly length_of(const Poly& extent, Atoms& atoms, const Facts& facts) {
  return prove_nonnegative(extent, atoms, facts) ? extent : atoms.apply(ApplyOp::Max, 0, extent);
}

SymArray whole_array(RootId root, const std::vector<Poly>& dims) {
  SymArray array;
  array.root = root;
  array.extents = dims;
  for (std::uint32_t axis = 0; axis < dims.size(); ++axis) {
    AxisMap map;
    map.view_axis = axis;
    array.axes.push_back(map);
  }
  return array;
}

SymArray apply_view(const SymArray& array, const std::vector<SymSubscript>& subscripts, Atoms& atoms, const Facts& facts) {
  SymArray view = array;
  view.extents.clear();
  for (std::uint32_t axis = 0; axis < array.extents.size(); ++axis) {
    const SymSubscript subscript = axis < subscripts.size() ? subscripts[axis] : whole_axis();
    const Poly& extent = array.extents[axis];
    const SlicedAxis sliced = subscript.is_slice ? Slicing(extent, atoms, facts).slice(subscript) : SlicedAxis{};
    for (std::size_t k = 0; k < array.axes.size(); ++k) {
      if (array.axes[k].fixed || array.axes[k].view_axis != axis) continue;
      AxisMap& map = view.axes[k];
      if (subscript.is_slice) {
        map.view_axis = static_cast<std::uint32_t>(view.extents.size());
        map.lower = array.axes[k].lower + array.axes[k].step * sliced.lower;
        map.step = array.axes[k].step * sliced.step;
        map.assumed.insert(map.assumed.end(), sliced.assumed.begin(), sliced.assumed.end());
        if (subscript.lower || subscript.upper || subscript.step) add_operands(subscript, extent, map.operands);
      } else {
        map.fixed = true;
        map.index = index_axis(array.axes[k], subscript.index, extent, false, atoms, facts);
      }
    }
    if (subscript.is_slice) view.extents.push_back(sliced.extent);
  }
  return view;
}

std::vector<AxisIndex> element_indices(const SymArray& array, const std::vector<Poly>& indices,
                                       const std::vector<bool>& in_bounds, const Atoms& atoms, const Facts& facts) {
  std::vector<AxisIndex> result;
  for (const AxisMap& map : array.axes) {
    if (map.fixed) {
      result.push_back(map.index);
    } else if (map.view_axis >= indices.size() || map.view_axis >= array.extents.size()) {
      result.push_back(unknown_index());
    } else {
      const bool proved = map.view_axis < in_bounds.size() && in_bounds[map.view_axis];
      result.push_back(index_axis(map, indices[map.view_axis], array.extents[map.view_axis], proved, atoms, facts));
    }
  }
  return result;
}

bool is_in_range(const SymArray& array, const std::vector<Poly>& indices, const Atoms& atoms, const Facts& facts) {
  bool in_range = indices.size() <= array.extents.size();
  for (std::size_t axis = 0; axis < indices.size() && in_range; ++axis) {
    const Poly& index = indices[axis];
    in_range = prove_nonnegative(index, atoms, facts) && prove_nonnegative(array.extents[axis] - index - 1, atoms, facts);
  }
  return in_range;
}

std::vector<AxisIndex> region_indices(const SymArray& array, Atoms& atoms, std::vector<AtomId>& counters) {
  std::vector<AxisIndex> result;
  for (const AxisMap& map : array.axes) {
    if (map.fixed) {
      result.push_back(map.index);
      continue;
    }
    const bool known = map.view_axis < array.extents.size() && map.lower.valid() && map.step.valid();
    if (!known || !array.extents[map.view_axis].valid()) {
      result.push_back(unknown_index());
      continue;
    }
    Atom counter;
    counter.kind = AtomKind::Counter;
    counter.name = "k";
    counter.inside = counter.nonnegative = true;
    counter.upper.push_back({1, array.extents[map.view_axis] - 1});
    counters.push_back(atoms.add(std::move(counter)));
    AxisIndex index;
    index.value = index.written = map.lower + map.step * Poly::atom(counters.back());
    index.operands = map.operands;
    index.assumed = map.assumed;
    result.push_back(index);
  }
  return result;
}

bool shows_whole_root(const SymArray& array) {
  for (std::uint32_t axis = 0; axis < array.axes.size(); ++axis) {
    const AxisMap& map = array.axes[axis];
    if (map.fixed || map.view_axis != axis || !(map.lower == Poly(0)) || !(map.step == Poly(1))) return false;
  }
  return true;
}

SymArray blur(const SymArray& array) {
  SymArray result = array;
  for (AxisMap& map : result.axes) {
    map.fixed = false;
    map.lower = map.step = Poly::invalid();
  }
  return result;
}

}  // namespace kjit
