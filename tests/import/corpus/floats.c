// Floats of both widths, conversions, <math.h>.
#include <math.h>

double quadratic(double a, double b, double c) { return (-b + sqrt(fabs(b * b - 4 * a * c))) / (2 * a); }
double mix(double x, int n) { return x * n + n / 2 - (double)n / 2; }
float single(float a, float b) { return a * b + 0.1f * a - b / 3; }
double widened(float a, double b) { return a * b + a; }
float narrowed(double a, double b) { return (float)(a + b) * 2.0f; }
double fast_two_sum(double a, double b) {
  double s = a + b;
  double t = s - a;
  return b - t;
}
double horner(double x) { return ((0.5 * x + 0.25) * x - 1) * x + 3e-7; }
double rounding(double x) { return floor(x) + ceil(x) * 2 + trunc(x) * 4 + round(x) * 8 + rint(x) * 16; }
double trigonometry(double x, double y) { return sin(x) * cos(y) + atan2(x, y) - tan(x * 0.25); }
double logarithms(double x) { return log(fabs(x) + 1) + exp(-fabs(x)) + log1p(fabs(x)) + pow(fabs(x), 0.3); }
double extremes(double a, double b) { return fmax(a, b) - fmin(a, b) + fmod(a, 3.0) + hypot(a * 1e-3, 1.0); }
int classes(double x) { return isnan(x) + 2 * !!isinf(x) + 4 * (isfinite(x) != 0) + 8 * (signbit(x) != 0); }
double divide(double a, double b) { return a / b; }
int truncated(double x) { return x > -1e9 && x < 1e9 ? (int)x : -1; }
unsigned char to_byte(double x) { return x > 0 && x < 255 ? (unsigned char)x : 7; }
double from_unsigned(unsigned a, unsigned long b) { return a + b * 0.5; }
double mean_of(int a, int b) { return (a + b) / 2.0; }
int compare_floats(double a, double b) { return (a < b) + 2 * (a <= b) + 4 * (a == b) + 8 * (a != b); }
double not_zero(double x) { return x ? 1 / x : 0; }
double copied_sign(double x, double y) { return copysign(x, y) + nextafter(x, y); }
float float_functions(float x) { return sqrtf(fabsf(x)) + floorf(x * 0.5f); }
double newton(double a) {
  double x = a > 1 ? a : 1;
  if (!(a > 0) || a > 1e300) return 0;
  do {
    double next = 0.5 * (x + a / x);
    if (next >= x) break;
    x = next;
  } while (1);
  return x;
}
double lorenz(double x, double y, double z) {
  const double dt = 0.01, sigma = 10, rho = 28, beta = 8.0 / 3;
  for (int i = 0; i < 20; i++) {
    double dx = sigma * (y - x), dy = x * (rho - z) - y, dz = x * y - beta * z;
    x += dt * dx, y += dt * dy, z += dt * dz;
  }
  return x + y + z;
}
