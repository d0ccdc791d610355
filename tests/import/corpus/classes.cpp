// Small classes of plain data, lambdas, spans, macros with values, declarations in conditions.
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#define GRAVITY 9.81
#define MAX_STEPS (4 * 5)
#define SMALL_COUNT 3

namespace {

struct Vec {
  double x = 0.0, y = 0.0;

  double dot(const Vec& o) const { return x * o.x + y * o.y; }
  double length() const { return std::sqrt(dot(*this)); }
  Vec operator+(const Vec& o) const { return {x + o.x, y + o.y}; }
  Vec operator*(double k) const { return Vec{x * k, y * k}; }
  Vec& operator+=(const Vec& o) {
    x += o.x;
    y += o.y;
    return *this;
  }
  void turn() {
    const double t = x;
    x = -y;
    y = t;
  }
};

Vec operator-(const Vec& a, const Vec& b) { return {a.x - b.x, a.y - b.y}; }

class Counter {
 public:
  explicit Counter(int start, int step = 2) : count_(start), step_(step) {}
  void add(int n) {
    for (int i = 0; i < n; i++) advance();
  }
  int count() const { return count_; }

 private:
  void advance() { count_ += step_; }
  int count_;
  int step_;
};

struct Body {
  Vec at, speed;
  int hits = 0;
  void move(double dt) {
    at += speed * dt;
    if (at.y < 0.0) {
      at.y = -at.y;
      ++hits;
    }
  }
};

template <typename F>
double sum_of(int n, F f) {
  double s = 0.0;
  for (int i = 0; i < n; i++) s += f(i);
  return s;
}

constexpr int cube(int x) { return x * x * x; }
constexpr std::array<double, 4> kWeights = {1.0, -0.5, 0.25, -0.125};

double total(std::span<const double> v) {
  double s = 0.0;
  for (double x : v) s += x;
  return s;
}

}  // namespace

extern "C" {

double method_const(double x, double y) {
  Vec a{x, y};
  const Vec b{y, 1.0};
  return a.dot(b) + a.length();
}

double method_operators(double x, double y, double k) {
  Vec a{x, y}, b;
  b = a * k + Vec{1.0, -1.0};
  const Vec c = b - a;
  return c.x * 3.0 + c.y + (a + c).x;
}

double method_changes(double x, double y) {
  Vec a{x, y};
  a.turn();
  a += Vec{0.5, 0.25};
  (a += a).turn();
  return a.x - a.y * 2.0;
}

// inputs: n = int(0, 9)
int constructed(int start, int n) {
  Counter c(start);
  c.add(n);
  Counter d(c.count(), 3);
  d.add(1);
  return d.count() ^ c.count();
}

// inputs: n = int(0, 12)
double simulated(double x, double vy, int n) {
  Body b;
  b.at = Vec{x, 1.0};
  b.speed = {0.5, vy};
  for (int i = 0; i < n; i++) {
    b.move(0.25);
    b.speed.y -= GRAVITY * 0.01;
  }
  return b.at.y + b.hits * 100.0 + b.at.x;
}

double lambda_named(double x, double k) {
  const auto f = [k](double v) { return v * k + 1.0; };
  const auto g = [&](double v) { return f(v) - x; };
  return f(x) + g(k);
}

double lambda_in_place(double x) {
  const double y = [&] {
    if (x < 0.0) return -x;
    return std::sqrt(x);
  }();
  return y + 1.0;
}

int lambda_changes(int n, int* a) {
  int sum = 0;
  const auto add = [&](int v) {
    sum += v;
    a[0] ^= v;
  };
  add(n);
  add(a[1]);
  return sum;
}

double lambda_copy_is_of_then(double x) {
  const auto f = [x](double v) { return v + x; };
  x += 100.0;
  return f(1.0) + x;
}

// inputs: n = int(0, 12)
double lambda_passed(double k, int n) {
  return sum_of(n, [k](int i) { return i * k; }) + sum_of(SMALL_COUNT, [](int i) { return 1.0 / (i + 1); });
}

double span_parts(double* a) {
  const std::span<double> all(a, 16);
  const std::span<const double> middle = all.subspan(4, 6);
  all.front() = 1.5;
  return total(middle) + total(all.first(3)) - total(all.last(2)) + all.back();
}

double vector_filled(double x, int k) {
  std::vector<double> v(8, x);
  v[k & 7] = 2.0;
  v.back() += 1.0;
  return total(v) + v.front() + v.at(3) + static_cast<double>(v.size());
}

double array_of_constants(double x) {
  double s = 0.0;
  for (std::size_t i = 0; i < kWeights.size(); i++) s = s * x + kWeights[i];
  return s;
}

int macro_values(int n) {
  int s = cube(SMALL_COUNT);
  for (int i = 0; i < MAX_STEPS; i++) s += (n ^ i) & MAX_STEPS;
  return s;
}

int constexpr_branch(int n) {
  if constexpr (sizeof(long) == 8) {
    return n + cube(2);
  } else {
    return n;
  }
}

int declared_in_condition(int n) {
  if (int half = n / 2; half > 10) return half;
  if (const int low = n & 7) return low + 100;
  return -1;
}

uint64_t bit_cast_of(double x) { return std::bit_cast<std::uint64_t>(x) ^ 5u; }

float bit_cast_back(uint32_t k) { return std::bit_cast<float>(k & 0x7f7fffff); }

double reinterpreted(double x) {
  auto& bits = reinterpret_cast<std::uint64_t&>(x);
  bits ^= 1;
  return x;
}
}
