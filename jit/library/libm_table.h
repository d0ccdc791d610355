#pragma once
// The functions of floats that rows of library/builtins.def name, those of C's math library and our own (runtime/vector_math),
// with their addresses: for those who call them and for those who allow machine code to call them. A part of the table, like
// builtins.def itself; any folder may include it.

#include <math.h>

#include <string_view>

extern "C" {
#define KJIT_VECTOR1(name)       \
  double kjit_vm_##name(double); \
  float kjit_vm_##name##f(float);
#define KJIT_VECTOR2(name)               \
  double kjit_vm_##name(double, double); \
  float kjit_vm_##name##f(float, float);
#include "runtime/vector_math.def"
}

namespace kjit {

struct LibmFunction {
  std::string_view name;         // of the function of doubles; empty: the row is no function of floats
  std::string_view single_name;  // of the function of floats: with an f behind it
  int arity = 0;                 // 1 or 2: which of the pointers are set
  double (*wide1)(double) = nullptr;
  float (*single1)(float) = nullptr;
  double (*wide2)(double, double) = nullptr;
  float (*single2)(float, float) = nullptr;
  bool own = false;  // not of C's library
};

namespace libm_table_detail {
constexpr LibmFunction function1(std::string_view name, std::string_view single_name, double (*wide)(double),
                                 float (*single)(float)) {
  return {name, single_name, 1, wide, single, nullptr, nullptr};
}
constexpr LibmFunction function2(std::string_view name, std::string_view single_name, double (*wide)(double, double),
                                 float (*single)(float, float)) {
  return {name, single_name, 2, nullptr, nullptr, wide, single};
}
constexpr LibmFunction own(LibmFunction row) {
  row.own = true;
  return row;
}
inline constexpr LibmFunction kRows[] = {
#define INLINE() \
  LibmFunction {}
#define LIBM(arity, name) function##arity(#name, #name "f", ::name, ::name##f)
#define LIBM_OVERFLOW(arity, name) function##arity(#name, #name "f", ::name, ::name##f)
#define VECTOR(arity, name) own(function##arity("kjit_vm_" #name, "kjit_vm_" #name "f", ::kjit_vm_##name, ::kjit_vm_##name##f))
#define PURE(symbol) \
  LibmFunction {}
#define CONTEXT(symbol) \
  LibmFunction {}
#define STOPPABLE(symbol) \
  LibmFunction {}
#define FALLIBLE(symbol) \
  LibmFunction {}
#define WRAPPED(symbol) \
  LibmFunction {}
#define KJIT_BUILTIN(id, signature, effects, implementation, ...) implementation,
#include "library/builtins.def"
};
}  // namespace libm_table_detail

// Calls visit(const LibmFunction&) for each function.
template <typename Visit>
void for_each_libm_function(Visit visit) {
  for (const LibmFunction& row : libm_table_detail::kRows) {
    if (!row.name.empty()) visit(row);
  }
}

// Null if no row names it.
inline const LibmFunction* find_libm_function(std::string_view name) {
  for (const LibmFunction& row : libm_table_detail::kRows) {
    if (row.name == name && !name.empty()) return &row;
  }
  return nullptr;
}

}  // namespace kjit
