// The allow-list of symbols. Entry: for_each_allowed_symbol.

#include "codegen/runtime_symbols.h"

#include <cmath>
#include <cstring>

#include "codegen/vector_math.h"
#include "library/libm_table.h"
#include "runtime/inspection.h"
#include "runtime/runtime.h"

// From the compiler's runtime library: 128-bit integers and their conversions, which code generation calls by these names.
// NOLINTBEGIN(bugprone-reserved-identifier): the names are the compiler's
extern "C" {
__int128 __divti3(__int128, __int128);
__int128 __modti3(__int128, __int128);
unsigned __int128 __udivti3(unsigned __int128, unsigned __int128);
unsigned __int128 __umodti3(unsigned __int128, unsigned __int128);
__int128 __multi3(__int128, __int128);
}
// NOLINTEND(bugprone-reserved-identifier)

namespace kjit {
namespace {

struct Symbol {
  std::string_view name;
  void* address;
};

template <typename Function>
void* address_of(Function* function) {
  return reinterpret_cast<void*>(function);
}

using Visit = std::function<void(std::string_view, void*)>;

void visit_runtime(const Visit& visit) {
#define KJIT_SYMBOL(name, signature) visit(#name, address_of(&::name));
#include "runtime/symbols.def"
#undef KJIT_SYMBOL
}

using Unary = double(double);
using UnaryF = float(float);
using Binary = double(double, double);
using BinaryF = float(float, float);

#define KJIT_UNARY(name) \
  {#name, address_of<Unary>(::name)}, { #name "f", address_of<UnaryF>(::name##f) }
#define KJIT_BINARY(name) \
  {#name, address_of<Binary>(::name)}, { #name "f", address_of<BinaryF>(::name##f) }

// The LIBM rows of library/builtins.def.
void visit_libm(const Visit& visit) {
  for_each_libm_function([&](const LibmFunction& row) {
    visit(row.name, row.arity == 1 ? address_of(row.wide1) : address_of(row.wide2));
    visit(row.single_name, row.arity == 1 ? address_of(row.single1) : address_of(row.single2));
  });
}

// What LLVM lowers intrinsics to on a CPU without an instruction for them.
void visit_intrinsics(const Visit& visit) {
  const Symbol table[] = {
      KJIT_UNARY(sqrt),
      KJIT_UNARY(floor),
      KJIT_UNARY(ceil),
      KJIT_UNARY(trunc),
      KJIT_UNARY(rint),
      KJIT_UNARY(round),
      KJIT_UNARY(fabs),
      KJIT_BINARY(copysign),
      KJIT_BINARY(fmin),
      KJIT_BINARY(fmax),
      {"fma", address_of<double(double, double, double)>(::fma)},
      {"fmaf", address_of<float(float, float, float)>(::fmaf)},
      {"ldexp", address_of<double(double, int)>(::ldexp)},
      {"ldexpf", address_of<float(float, int)>(::ldexpf)},
  };
  for (const Symbol& row : table) visit(row.name, row.address);
}
#undef KJIT_UNARY
#undef KJIT_BINARY

void visit_compiler_runtime(const Visit& visit) {
  const Symbol table[] = {
      {"memcpy", address_of<void*(void*, const void*, std::size_t)>(::memcpy)},
      {"memmove", address_of<void*(void*, const void*, std::size_t)>(::memmove)},
      {"memset", address_of<void*(void*, int, std::size_t)>(::memset)},
      {"memcmp", address_of<int(const void*, const void*, std::size_t)>(::memcmp)},
      {"bcmp", address_of<int(const void*, const void*, std::size_t)>(::memcmp)},
      {"__divti3", address_of(&::__divti3)},
      {"__modti3", address_of(&::__modti3)},
      {"__udivti3", address_of(&::__udivti3)},
      {"__umodti3", address_of(&::__umodti3)},
      {"__multi3", address_of(&::__multi3)},
  };
  for (const Symbol& row : table) visit(row.name, row.address);
}

}  // namespace

void for_each_allowed_symbol(const Visit& visit) {
  visit_runtime(visit);
  visit_libm(visit);
  visit_intrinsics(visit);
  visit_compiler_runtime(visit);
}

}  // namespace kjit
