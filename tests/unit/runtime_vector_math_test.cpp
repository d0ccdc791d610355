// NumPy's element functions of floats: one number, a lane of every vector form and the code for CPUs without fused multiply-adds
// have the same bits; values are within 2 ulp of long double's; edges are the C library's.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "runtime/vector_math/functions.h"
#include "runtime/vector_math/vector_math.h"

namespace {

#if defined(__x86_64__)
using F32x8 = float __attribute__((vector_size(32)));
using F32x16 = float __attribute__((vector_size(64)));
using D4 = double __attribute__((vector_size(32)));
using D8 = double __attribute__((vector_size(64)));
#endif

struct Function {
  const char* name;
  double (*one)(double, double);
  float (*single)(float, float);
  double (*plain)(double, double);
  double (*libm)(double, double);
  long double (*exact)(long double, long double);
  int arity;
};

const Function kFunctions[] = {
#define KJIT_VECTOR1(name)                                              \
  {"kjit_vm_" #name,                                                    \
   [](double x, double) { return kjit_vm_##name(x); },                  \
   [](float x, float) { return kjit_vm_##name##f(x); },                 \
   [](double x, double) { return kjit::vector_math::name<double>(x); }, \
   [](double x, double) { return std::name(x); },                       \
   [](long double x, long double) { return std::name(x); },             \
   1},
#define KJIT_VECTOR2(name)                                                   \
  {"kjit_vm_" #name,                                                         \
   [](double x, double y) { return kjit_vm_##name(x, y); },                  \
   [](float x, float y) { return kjit_vm_##name##f(x, y); },                 \
   [](double x, double y) { return kjit::vector_math::name<double>(x, y); }, \
   [](double x, double y) { return std::name(x, y); },                       \
   [](long double x, long double y) { return std::name(x, y); },             \
   2},
#include "runtime/vector_math.def"
};

// Numbers of every size, those around 1 and multiples of pi/2, and the edges.
class Numbers {
 public:
  double next() {
    const double edges[] = {0.0,
                            -0.0,
                            INFINITY,
                            -INFINITY,
                            NAN,
                            1.0,
                            -1.0,
                            5e-324,
                            -5e-324,
                            1.7976931348623157e308,
                            -1e-310,
                            0x1p28,
                            0x1p-54,
                            709.782712893384,
                            709.7827128933841,
                            -745.2,
                            710.4758600739439,
                            0x1p1023};
    switch (random_() % 8) {
      case 0: return edges[random_() % std::size(edges)];
      case 1: return from_bits();
      case 2: return unit_(random_) * 800;
      case 3: return std::ldexp(unit_(random_), static_cast<int>(random_() % 60) - 50);
      case 4: return 1 + std::ldexp(unit_(random_), -static_cast<int>(random_() % 52));
      case 5: return static_cast<double>(static_cast<std::int64_t>(random_() % 2000000)) * 1.5707963267948966;
      default: return unit_(random_) * 10;
    }
  }

 private:
  double from_bits() {
    const std::uint64_t bits = random_();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  std::mt19937_64 random_{20261128};
  std::uniform_real_distribution<double> unit_{-1, 1};
};

template <typename T>
bool same_bits(T a, T b) {
  return std::memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b);
}

TEST(VectorMath, EdgesAreThoseOfTheCLibraryAndValuesAreWithinTwoUlp) {
  for (const Function& f : kFunctions) {
    Numbers numbers;
    for (int k = 0; k < 20000; k++) {
      const double x = numbers.next(), y = numbers.next(), got = f.one(x, y), want = f.libm(x, y);
      ASSERT_EQ(std::isnan(got), std::isnan(want)) << f.name << " " << x << " " << y;
      if (std::isnan(want)) continue;
      ASSERT_EQ(std::signbit(got), std::signbit(want)) << f.name << " " << x << " " << y;
      ASSERT_EQ(std::isinf(got), std::isinf(want)) << f.name << " " << x << " " << y;
      if (std::isinf(want)) continue;
      const long double exact = f.exact(x, y), size = std::fabs(static_cast<double>(exact));
      const long double ulp = std::nextafter(static_cast<double>(size), INFINITY) - static_cast<double>(size);
      ASSERT_LE(std::fabs(static_cast<long double>(got) - exact), 2 * ulp) << f.name << " " << x << " " << y << ": " << got;
    }
  }
}

TEST(VectorMath, ACpuWithoutFusedMultiplyAddsHasTheSameBits) {
  for (const Function& f : kFunctions) {
    Numbers numbers;
    for (int k = 0; k < 3000; k++) {
      const double x = numbers.next(), y = numbers.next();
      ASSERT_TRUE(same_bits(f.one(x, y), f.plain(x, y))) << f.name << " " << x << " " << y;
    }
  }
}

#if defined(__x86_64__)
template <typename Vector>
[[gnu::always_inline]] inline void call(const kjit_vector_form& form, int arity, const void* x, const void* y, void* out) {
  Vector a, b;
  std::memcpy(&a, x, sizeof a);
  std::memcpy(&b, y, sizeof b);
  const Vector result = arity == 1 ? reinterpret_cast<Vector (*)(Vector)>(form.address)(a)
                                   : reinterpret_cast<Vector (*)(Vector, Vector)>(form.address)(a, b);
  std::memcpy(out, &result, sizeof result);
}
[[gnu::target("avx2")]] void call_narrow(const kjit_vector_form& form, int arity, bool single, const void* x, const void* y,
                                         void* out) {
  single ? call<F32x8>(form, arity, x, y, out) : call<D4>(form, arity, x, y, out);
}
[[gnu::target("avx512f")]] void call_wide(const kjit_vector_form& form, int arity, bool single, const void* x, const void* y,
                                          void* out) {
  single ? call<F32x16>(form, arity, x, y, out) : call<D8>(form, arity, x, y, out);
}

template <typename T, typename One>
void compare_lanes(const Function& f, const kjit_vector_form& form, One one) {
  constexpr bool kSingle = sizeof(T) == 4;
  Numbers numbers;
  for (int round = 0; round < 3000; round++) {
    alignas(64) T x[16], y[16], out[16];
    for (int k = 0; k < form.width; k++) {
      x[k] = static_cast<T>(numbers.next());
      y[k] = static_cast<T>(numbers.next());
    }
    const bool wide = form.width * sizeof(T) == 64;
    (wide ? call_wide : call_narrow)(form, f.arity, kSingle, x, y, out);
    for (int k = 0; k < form.width; k++) {
      ASSERT_TRUE(same_bits(out[k], one(x[k], y[k]))) << form.vector << " lane " << k << ": " << x[k] << " " << y[k];
    }
  }
}

TEST(VectorMath, EachLaneOfEachFormHasTheBitsOfTheNumberAlone) {
  std::int32_t count = 0;
  const kjit_vector_form* forms = kjit_vector_forms(&count);
  for (std::int32_t k = 0; k < count; k++) {
    for (const Function& f : kFunctions) {
      if (forms[k].scalar == std::string(f.name)) compare_lanes<double>(f, forms[k], f.one);
      if (forms[k].scalar == std::string(f.name) + "f") compare_lanes<float>(f, forms[k], f.single);
    }
  }
}
#endif

}  // namespace
