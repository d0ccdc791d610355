// Integer arithmetic: C's widths, signs, truncation and wrap-around. tests/import/compare.py runs every function against its compiled self.
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

int add32(int a, int b) { return a + b; }
int mul_add(int a, int b, int c) { return a * b + c; }
int negate(int a) { return -a; }
int quotient(int a, int b) { return b == 0 || (a == INT_MIN && b == -1) ? 0 : a / b; }
int remainder_of(int a, int b) { return b == 0 || (a == INT_MIN && b == -1) ? 0 : a % b; }
long quotient64(long a, long b) { return b == 0 || b == -1 ? 0 : a / b + a % b; }
unsigned unsigned_mix(unsigned a, unsigned b) { return (a - b) * 2654435761u ^ (a >> 3); }
int shifts(int a, int n) { return (a << (n & 7)) ^ (a >> (n & 15)); }
unsigned rotate(unsigned x, unsigned n) { return (x << (n & 31)) | (x >> ((32 - n) & 31)); }
int narrow(int a) { return (signed char)a + (short)a + (unsigned char)a + (unsigned short)a; }
short short_sum(short a, short b) { return a + b; }
unsigned char saturate(int x) { return x < 0 ? 0 : x > 255 ? 255 : x; }
int bits(unsigned x) {
  int n = 0;
  while (x) {
    x &= x - 1; /* the lowest one */
    ++n;
  }
  return n;
}
uint64_t splitmix(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}
uint32_t low_half(uint64_t x) { return (uint32_t)x + (uint32_t)(x >> 32); }
int64_t widen(int a, int b) { return (int64_t)a * b; }
int compare_mixed(int a, unsigned b) { return a < b; }
int gcd(int a, int b) {
  if (a < 0) a = a == INT_MIN ? 0 : -a;
  if (b < 0) b = b == INT_MIN ? 0 : -b;
  while (b != 0) {
    int t = a % b;
    a = b;
    b = t;
  }
  return a;
}
int truth(int a, int b) { return (a && b) + (a || b) * 2 + !a * 4 + (a == b) * 8; }
int is_even(int a) { return a % 2 == 0; }
unsigned long long mixed_widths(unsigned char a, short b, int c, long d) { return a + b + (unsigned long long)c * d; }
int increments(int a) {
  int b = a++;
  int c = ++a;
  int d = a-- - --b;
  return b + 2 * c + 3 * d + 5 * a;
}
int comma(int a, int b) {
  int c;
  c = (a ^= b, b ^= a, a ^ b);
  return c;
}
int chained(int a, int b) {
  int c, d;
  c = d = a - b;
  c += d -= 3;
  return c ^ d;
}
int ternaries(int a, int b, int c) { return a < b ? b < c ? b : a < c ? c : a : a < c ? a : b < c ? c : b; }
int power_mod(int base, int exponent, int modulus) {
  modulus = modulus & 0xFFFF;
  if (modulus == 0) return 0;
  long result = 1, b = (base & 0x7FFFFFFF) % modulus;
  for (unsigned e = exponent; e; e >>= 1) {
    if (e & 1) result = result * b % modulus;
    b = b * b % modulus;
  }
  return (int)result;
}
enum color { RED, GREEN = 5, BLUE };
int colors(int k) { return k == RED ? GREEN : k == GREEN ? BLUE : RED; }
unsigned long literal_of_another_type(unsigned long x) { return (x | (long)4000000000u) + (unsigned long)-1 + (long)'a'; }
