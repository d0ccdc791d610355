// libm by name: call_libm_function().

#include "interpret/libm.h"

#include "library/libm_table.h"
#include "support/assert.h"

namespace kjit::interpreter {

double call_libm_function(std::string_view symbol, Kind kind, double x, double y) {
  const LibmFunction* row = find_libm_function(symbol);
  KJIT_ASSERT(row != nullptr, "a builtin names a function that libm does not have");
  const bool single = kind == Kind::F32;
  const auto fx = static_cast<float>(x), fy = static_cast<float>(y);
  if (row->arity == 1) return single ? static_cast<double>(row->single1(fx)) : row->wide1(x);
  return single ? static_cast<double>(row->single2(fx, fy)) : row->wide2(x, y);
}

}  // namespace kjit::interpreter
