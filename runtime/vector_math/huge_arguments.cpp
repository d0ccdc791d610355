// Payne and Hanek's reduction of huge arguments. Entry: kjit_reduce_huge.
//
// x = m 2^e with m of 53 bits. Of 2 / pi only the 192 bits matter whose products with x lie below 4 (what is above is whole
// turns) and above about 2^-137: x 2/pi modulo 4 in fixed point, two bits before the point and 190 behind it. No double comes
// nearer than about 2^-62 to a multiple of pi/2, so at least 75 correct bits are left.

#include <string.h>

#include "runtime/vector_math/tables.h"

namespace {

using Wide = unsigned __int128;

struct Fixed {
  uint64_t word[3];  // the most significant first
};

// 192 bits of 2 / pi, from the one of weight 2^-first on.
Fixed bits_from(int first) {
  Fixed out;
  for (int k = 0; k < 3; k++) {
    const int position = first - 1 + 64 * k;  // from the point
    const int index = position >= 0 ? position / 64 : -1, shift = (position + 64) % 64;
    const uint64_t high = index >= 0 ? kjit::vector_math::kTwoOverPiBits[index] : 0;
    const uint64_t low = kjit::vector_math::kTwoOverPiBits[index + 1];
    out.word[k] = shift == 0 ? high : high << shift | low >> (64 - shift);
  }
  return out;
}

// modulo 2^192
Fixed product(Fixed a, uint64_t m) {
  const Wide low = static_cast<Wide>(a.word[2]) * m;
  const Wide middle = static_cast<Wide>(a.word[1]) * m + static_cast<uint64_t>(low >> 64);
  const uint64_t high = a.word[0] * m + static_cast<uint64_t>(middle >> 64);
  return {{high, static_cast<uint64_t>(middle), static_cast<uint64_t>(low)}};
}

Fixed negated(Fixed a) {
  const uint64_t low = ~a.word[2] + 1;
  const uint64_t middle = ~a.word[1] + (low == 0);
  const uint64_t high = ~a.word[0] + (low == 0 && middle == 0);
  return {{high, middle, low}};
}

Fixed shifted(Fixed a, int by) {
  while (by >= 64) {
    a = {{a.word[1], a.word[2], 0}};
    by -= 64;
  }
  if (by == 0) return a;
  return {{a.word[0] << by | a.word[1] >> (64 - by), a.word[1] << by | a.word[2] >> (64 - by), a.word[2] << by}};
}

int leading_zeros(Fixed a) {
  for (int k = 0; k < 3; k++) {
    if (a.word[k] != 0) return 64 * k + __builtin_clzll(a.word[k]);
  }
  return 192;
}

double power_of_two(int n) {
  const uint64_t bits = static_cast<uint64_t>(n + 1023) << 52;
  double result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

}  // namespace

extern "C" int64_t kjit_reduce_huge(double x, double* hi, double* lo) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  const int exponent = static_cast<int>(bits >> 52 & 0x7ff) - 1023 - 52;
  const uint64_t mantissa = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
  const Fixed turns = product(bits_from(exponent - 1), mantissa);
  int64_t quadrant = static_cast<int64_t>(turns.word[0] >> 62);
  Fixed fraction = shifted(turns, 2);
  const bool above = fraction.word[0] >> 63 != 0;  // nearer to the next quadrant
  if (above) {
    fraction = negated(fraction);
    quadrant++;
  }
  const int zeros = leading_zeros(fraction);
  fraction = shifted(fraction, zeros);
  const double head = static_cast<double>(fraction.word[0] >> 11) * power_of_two(-53 - zeros);
  const uint64_t next = fraction.word[0] << 53 | fraction.word[1] >> 11;
  const double tail = static_cast<double>(next >> 11) * power_of_two(-106 - zeros);
  const double first = head * kjit::vector_math::kHalfPiHi;
  const double rest = __builtin_fma(head, kjit::vector_math::kHalfPiHi, -first) +
                      (head * kjit::vector_math::kHalfPiLo + tail * kjit::vector_math::kHalfPiHi);
  const bool negative = above != (bits >> 63 != 0);
  const double sum = first + rest, low = rest - (sum - first);
  *hi = negative ? -sum : sum;
  *lo = negative ? -low : low;
  return bits >> 63 ? -quadrant : quadrant;
}
