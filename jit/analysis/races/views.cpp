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
  index.value = map.lower + map.step * written;
  if (!in_bounds && !prove_nonnegative(written, atoms, facts)) {
    index.wrapped = map.lower + map.step * (written + extent);
    if (prove_nonnegative(-written - 1, atoms, facts)) {
      index.value = index.wrapped;
    } else {
      index.may_wrap = true;
    }
  }
  const bool usable = index.value.valid() && (!index.may_wrap || index.wrapped.valid());
  return usable ? index : unknown_index();
}

// Where a slice with step > 0 starts and ends, after Python's clipping. The result is right whenever the slice is not empty, and
// an empty one touches no element.
Poly clip_lower(const std::optional<Poly>& lower, const Poly& extent, Atoms& atoms, const Facts& facts) {
  if (!lower) return 0;
  if (prove_nonnegative(*lower, atoms, facts)) return *lower;
  if (prove_nonnegative(-*lower - 1, atoms, facts)) return atoms.apply(ApplyOp::Max, 0, extent + *lower);
  return Poly::invalid();
}

Poly clip_upper(const std::optional<Poly>& upper, const Poly& extent, Atoms& atoms, const Facts& facts) {
  if (!upper) return extent;
  if (prove_nonnegative(*upper, atoms, facts)) return atoms.apply(ApplyOp::Min, *upper, extent);
  if (prove_nonnegative(-*upper - 1, atoms, facts)) return extent + *upper;
  return Poly::invalid();
}

struct SlicedAxis {
  Poly lower, step, extent;
};

SlicedAxis slice_axis(const SymSubscript& slice, const Poly& extent, Atoms& atoms, const Facts& facts) {
  const Poly step = slice.step.value_or(Poly(1));
  const SlicedAxis unknown{Poly::invalid(), Poly::invalid(), atoms.value("the length of a slice", true, true)};
  if (!step.is_constant() || !extent.valid()) return unknown;
  if (step == Poly(-1) && !slice.lower && !slice.upper) return {extent - 1, -1, extent};
  if (step.constant_term() < 1) return unknown;
  const Poly lower = clip_lower(slice.lower, extent, atoms, facts), upper = clip_upper(slice.upper, extent, atoms, facts);
  if (!lower.valid() || !upper.valid()) return unknown;
  return {lower, step, atoms.apply(ApplyOp::FloorDiv, upper - lower + step - 1, step)};
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
    const SlicedAxis sliced = subscript.is_slice ? slice_axis(subscript, extent, atoms, facts) : SlicedAxis{};
    for (std::size_t k = 0; k < array.axes.size(); ++k) {
      if (array.axes[k].fixed || array.axes[k].view_axis != axis) continue;
      AxisMap& map = view.axes[k];
      if (subscript.is_slice) {
        map.view_axis = static_cast<std::uint32_t>(view.extents.size());
        map.lower = array.axes[k].lower + array.axes[k].step * sliced.lower;
        map.step = array.axes[k].step * sliced.step;
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
