#pragma once
// Values as the collector knows them: integers as polynomials, arrays as views of roots, tuples by element. And what subscripts
// make of them.

#include <optional>
#include <vector>

#include "analysis/races/accesses.h"

namespace kjit {

// One axis of the root, seen through a view: fixed to one index, or running with axis `view_axis` of the view as lower + step *
// index.
struct AxisMap {
  bool fixed = false;
  AxisIndex index;              // fixed
  std::uint32_t view_axis = 0;  // not fixed
  Poly lower = 0, step = 1;     // not fixed; invalid: no knowledge
  std::vector<Poly> operands;   // of the slices that led here
  std::vector<AtomId> assumed;  // as in AxisIndex
};

struct SymArray {
  RootId root = 0;
  std::optional<ArrayHandle> handle;
  bool handle_is_whole = false;  // the handle, of which this may be a view
  std::vector<AxisMap> axes;     // by axis of the root
  std::vector<Poly> extents;     // by axis of the view; may be negative where a slice is empty: see length_of()
};

// One of three, by type: an integer (invalid polynomial: unknown), the arrays that it may be, the elements of a tuple.
struct SymValue {
  Poly scalar = Poly::invalid();
  std::vector<SymArray> arrays;
  std::vector<SymValue> elements;
};

// A subscript of a view, evaluated. Missing parts of a slice are absent.
struct SymSubscript {
  bool is_slice = false;
  Poly index;
  std::optional<Poly> lower, upper, step;
};

SymArray whole_array(RootId root, const std::vector<Poly>& dims);
SymArray apply_view(const SymArray& array, const std::vector<SymSubscript>& subscripts, Atoms& atoms, const Facts& facts);
// The number of elements along an axis with this extent. An empty slice has none.
Poly length_of(const Poly& extent, Atoms& atoms, const Facts& facts);
// By axis of the root. in_bounds as in typed::Element.
std::vector<AxisIndex> element_indices(const SymArray& array, const std::vector<Poly>& indices,
                                       const std::vector<bool>& in_bounds, const Atoms& atoms, const Facts& facts);
// Is each index proved to be in range, without counting from the end?
bool is_in_range(const SymArray& array, const std::vector<Poly>& indices, const Atoms& atoms, const Facts& facts);
// All elements of the view: axes that run get counters of their own, which are appended.
std::vector<AxisIndex> region_indices(const SymArray& array, Atoms& atoms, std::vector<AtomId>& counters);
// Does it show all of the root, axis by axis?
bool shows_whole_root(const SymArray& array);
// Forgets which elements of the root it shows.
SymArray blur(const SymArray& array);

}  // namespace kjit
