// C++: references, templates, containers, range-based loops, constexpr, namespaces, <cmath> and <algorithm>.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace {
constexpr double kScale = 0.25;
template <typename T>
T squared(T x) {
  return x * x;
}
template <int N>
double power(double x) {
  double r = 1;
  for (int i = 0; i < N; ++i) r *= x;
  return r;
}
void bump(double& x, const double& by) { x += by; }
}  // namespace

extern "C" {
double templates(double x, int n) { return squared(x) + squared(n) + power<3>(x) * kScale; }
double references(double x, double y) {
  bump(x, y);
  double& alias = x;
  alias *= 2;
  return x;
}
int std_functions(int a, int b) { return std::max(a, b) - std::min(a, b) / 2; }
double std_math(double x) { return std::sqrt(std::abs(x)) + std::floor(x) * std::cos(x); }
double vector_sum(int n) {
  std::vector<double> v(n & 15, 1.5);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] += i * 0.5;
  double s = 0;
  for (double x : v) s += x;
  for (double& x : v) x *= 2;
  return s + (v.empty() ? 0 : v[v.size() - 1]);
}
int arrays(int n) {
  std::array<int, 4> a{1, 2, 3};
  a[n & 3] += 10;
  int s = 0;
  for (int x : a) s = s * 7 + x;
  return s;
}
}  // extern "C"
