// math.fsum: the sum of floats, rounded once. Entry: kjit_math_fsum.
//
// Shewchuk's expansions (Adaptive Precision Floating-Point Arithmetic, 1997): the exact sum is kept as partials of increasing
// size that do not overlap. Each is at most half a unit in the last place of the next, so that the range of a double holds 40 of
// them at most.

#include <cmath>
#include <utility>

#include "runtime/element.h"
#include "runtime/guard.h"
#include "runtime/pieces.h"
#include "runtime/runtime.h"

namespace {

using namespace kjit::runtime;

struct Expansion {
  double partials[64];
  int count = 0;

  // False when an intermediate sum overflows.
  bool add(double x) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      double y = partials[i];
      if (std::fabs(x) < std::fabs(y)) std::swap(x, y);
      double sum = x + y;
      double error = y - (sum - x);
      if (error != 0) partials[kept++] = error;
      x = sum;
    }
    count = kept;
    if (x != 0) partials[count++] = x;
    return std::isfinite(x);
  }

  double rounded() const {
    if (count == 0) return 0;
    int at = count - 1;
    double sum = partials[at], error = 0;
    while (at > 0 && error == 0) {
      double before = sum;
      double next = partials[--at];
      sum = before + next;
      error = next - (sum - before);
    }
    // Half way between two doubles, the partials below decide.
    if (at > 0 && error != 0 && (error < 0) == (partials[at - 1] < 0)) {
      double twice = error * 2;
      double candidate = sum + twice;
      if (twice == candidate - sum) sum = candidate;
    }
    return sum;
  }
};

}  // namespace

extern "C" kjit_status kjit_math_fsum(kjit_context* ctx, uint32_t site, const kjit_array* values, double* out) {
  Expansion expansion;
  double infinities = 0, specials = 0;
  const auto* data = static_cast<const char*>(values->data);
  for (int64_t i = 0; i < values->dims[0]; i++) {
    if (i % kPieceElements == 0 && kjit_poll(ctx, site) != KJIT_OK) return KJIT_FAILED;
    auto value = load<double>(data + i * values->dims[1]);
    if (!std::isfinite(value)) {
      specials += value;
      if (std::isinf(value)) infinities += value;
    } else if (!expansion.add(value)) {
      return raise_text(ctx, KJIT_OverflowError, site, "intermediate overflow in fsum");
    }
  }
  if (std::isnan(infinities)) return raise_text(ctx, KJIT_ValueError, site, "-inf + inf in fsum");
  *out = specials != 0 ? specials : expansion.rounded();
  return KJIT_OK;
}
