// Construction and ownership of values.

#include "interpret/value.h"

#include <algorithm>
#include <utility>

#include "runtime/runtime.h"

namespace kjit::interpreter {

Array::Array(const kjit_array& adopted, int rank) : rank_(rank) {
  descriptor_.data = adopted.data;
  descriptor_.owner = adopted.owner;
  std::copy_n(adopted.dims, 2 * rank, descriptor_.dims);
}

Array::~Array() { kjit_release(descriptor_.owner); }

Value make_text(std::string text) { return {std::make_shared<const std::string>(std::move(text))}; }

Value make_tuple(std::vector<Value> elements) { return {std::make_shared<const std::vector<Value>>(std::move(elements))}; }

Value adopt_array(const kjit_array& owned, int rank) { return {std::make_shared<const Array>(owned, rank)}; }

double round_to(Kind float_kind, double value) {
  const bool single = float_kind == Kind::F32 || float_kind == Kind::C64;
  return single ? static_cast<double>(static_cast<float>(value)) : value;
}

// Kind lists the numeric kinds in the order of kjit_dtype.
std::int32_t dtype_code(Kind dtype) { return static_cast<std::int32_t>(dtype) - static_cast<std::int32_t>(Kind::Bool); }
static_assert(static_cast<int>(Kind::C128) - static_cast<int>(Kind::Bool) == KJIT_C128);

}  // namespace kjit::interpreter
