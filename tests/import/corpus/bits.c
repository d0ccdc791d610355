/* The bits of numbers: unions, casts of pointers, memcpy, builtins. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#define asuint(f) ((union { float _f; uint32_t _i; }){f})._i
#define asfloat(i) ((union { uint32_t _i; float _f; }){i})._f
#define asuint64(f) ((union { double _f; uint64_t _i; }){f})._i
#define asdouble(i) ((union { uint64_t _i; double _f; }){i})._f
#define HIGH(x) *(1 + (int *)&x)
#define LOW(x) *(int *)&x

typedef union {
  double value;
  uint64_t bits;
  struct {
    uint32_t low, high;
  } word;
} number;

typedef union {
  float value;
  uint32_t bits;
  unsigned char byte[4];
} narrow;

int exponent_of(double x) {
  number u = {x};
  return (int)(u.bits >> 52 & 0x7ff) - 0x3ff;
}

unsigned high_word(double x) {
  number u;
  u.value = x;
  return u.word.high;
}

double with_low_word(double x, unsigned low) {
  number u = {.value = x};
  u.word.low = low;
  return u.value;
}

double from_words(unsigned high, unsigned low) {
  number u;
  u.word.high = high;
  u.word.low = low;
  return u.value;
}

int byte_of(float x, int k) {
  narrow u = {x};
  return u.byte[k & 3];
}

float with_byte(float x, int k, unsigned char byte) {
  narrow u;
  u.value = x;
  u.byte[k & 3] = byte;
  u.byte[0] ^= 1;
  return u.value;
}

double next_above(double x) {
  if (x != x) return x;
  return asdouble(asuint64(x) + 1);
}

float scaled(float x, int e) {
  return x * asfloat((uint32_t)(0x7f + (e & 31)) << 23);
}

float fast_inverse_root(float x) {
  int i = *(int *)&x;
  i = 0x5f3759df - (i >> 1);
  float y = *(float *)&i;
  return y * (1.5f - 0.5f * x * y * y);
}

int high_of(double x) {
  return HIGH(x);
}

double set_words(double x, int high) {
  HIGH(x) = high;
  LOW(x) |= 1;
  return x;
}

double cleared(double x) {
  double z = x;
  ((int *)&z)[0] = 0;
  return z;
}

double absolute_by_pointer(double x) {
  unsigned *part = (unsigned *)&x;
  part[1] &= 0x7fffffff;
  return x;
}

long bits_of_element(double *a, int k) {
  return ((long *)a)[k & 7];
}

int half_of_element(double *a, int k) {
  return ((int *)a)[k & 15];
}

void flip_halves(double *a, int n) {
  unsigned *w = (unsigned *)&a[1];
  w[0] ^= (unsigned)n;
}

int64_t copied_bits(double x) {
  int64_t i;
  memcpy(&i, &x, sizeof i);
  return i;
}

float copied_back(unsigned bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

double copied_element(uint64_t *a, int k) {
  double x;
  memcpy(&x, &a[k & 7], sizeof(double));
  return x;
}

uint64_t mixed(double x) {
  uint64_t z = asuint64(x);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  return z ^ (z >> 31);
}

static number halved(number u) {
  u.bits -= 1ull << 52;
  return u;
}

double half_by_bits(double x) {
  number u;
  u.value = x;
  return halved(u).value;
}

int classified(double x) {
  return __builtin_isnan(x) ? 3 : __builtin_signbit(x) ? -1 : __builtin_fabs(x) > 1.0;
}

double chosen_by_size(double x) {
  return sizeof(x) == sizeof(float) ? (double)asuint((float)x) : (double)(asuint64(x) >> 40);
}

int leading(unsigned x, unsigned long y) {
  return (x ? __builtin_clz(x) : -1) * 100 + (y ? __builtin_clzl(y) : -1);
}

int trailing(unsigned x, unsigned long y) {
  return (x ? __builtin_ctz(x) : -1) * 100 + (y ? __builtin_ctzll(y) : -1);
}

int ones(int x, unsigned long y) {
  return __builtin_popcount(x) * 100 + __builtin_popcountl(y);
}

int expected(int x) {
  if (__builtin_expect(x > 0, 1)) return x;
  return -1;
}

unsigned char is_negative(float x) {
  return signbit(x) != 0;
}
