// Running sums and products along an axis. Entry: array_Cumulate.

#include <algorithm>

#include "runtime/array_call.h"
#include "runtime/element_arithmetic.h"

namespace kjit::runtime {

namespace {

template <typename T>
void cumulate(const ArrayCall& call, bool product) {
  const auto axis = static_cast<int32_t>(call.number(2));
  const Lines from = lines_along(call.rank_of(0), call.array(0), axis), to = lines_along(call.rank, call.result(), axis);
  StopLook look(call);
  for (size_t line = 0; line < from.offsets.size(); line++) {
    const char* in = static_cast<const char*>(call.array(0)->data) + from.offsets[line];
    char* out = static_cast<char*>(call.result()->data) + to.offsets[line];
    if (from.length == 0) continue;
    T total = load<T>(in);
    store(out, total);
    for (int64_t begin = 1; begin < from.length; begin += kPieceElements) {
      const int64_t end = std::min(begin + kPieceElements, from.length);
      for (int64_t i = begin; i < end; i++) {
        total = product ? times(total, load<T>(in + i * from.step)) : plus(total, load<T>(in + i * from.step));
        store(out + i * to.step, total);
      }
      look(end - begin);
    }
  }
}

}  // namespace

kjit_status array_Cumulate(const ArrayCall& call) {
  if (new_result(call, call.array(0)->dims) != KJIT_OK) return KJIT_FAILED;
  const bool product = call.number(1) != 0;
  with_type(call.dtype_of(0), [&](auto tag) {
    using T = typename decltype(tag)::type;
    if constexpr (!std::is_same_v<T, Bool>) cumulate<T>(call, product);
  });
  return KJIT_OK;
}

}  // namespace kjit::runtime
