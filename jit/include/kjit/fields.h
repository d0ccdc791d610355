#pragma once
// Structs of the host as kernels see them: tuples of their fields, in the order of a list.
//
//   struct Particle { double x, mass; std::int32_t kind; };
//   template <>
//   struct kjit::Fields<Particle> : kjit::FieldList<&Particle::x, &Particle::mass, &Particle::kind> {};
//
//   auto weight = module->function<double(Particle)>("weight");  // def weight(p): x, mass, kind = p; ...
//   auto sum = module->function<double(ArrayView<const double, 1>)>("sum");
//   (*sum)(kjit::field_view(std::span<const Particle>(particles), &Particle::mass));   // the fields of an array, without a copy
//
// Fields may be whatever a parameter (or a result) may be, structs with fields among them; fields that are not listed are not
// passed, and a result has them as its default constructor leaves them.

#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "kjit/array.h"
#include "kjit/export.h"

namespace kjit::inline KJIT_ABI {

// To be specialised for a struct: derived from the FieldList of what kernels see of it.
template <typename Struct>
struct Fields;

template <auto... kMembers>
struct FieldList {
  static_assert((std::is_member_object_pointer_v<decltype(kMembers)> && ...), "fields are given as &Struct::field");
  static constexpr auto members() { return std::make_tuple(kMembers...); }
};

// The same field of each element, as a strided array.
template <typename Struct, typename Field, typename Class>
auto field_view(std::span<Struct> structs, Field Class::* field) {
  using Element = std::remove_reference_t<decltype(std::declval<Struct&>().*field)>;
  static_assert(std::is_arithmetic_v<Field>, "arrays have numbers as elements");
  static_assert(sizeof(Struct) % sizeof(Field) == 0, "the distance of the fields is no whole number of them");
  Element* const first = structs.empty() ? nullptr : &(structs.front().*field);
  return ArrayView<Element, 1>(first, {static_cast<std::int64_t>(structs.size())},
                               {static_cast<std::int64_t>(sizeof(Struct) / sizeof(Field))});
}

}  // namespace kjit::inline KJIT_ABI
