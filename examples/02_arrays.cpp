// Arrays: in, out, strided, returned. Nothing that is passed is copied.

#include <kjit/kjit.h>

#include <array>
#include <cstdio>
#include <numeric>
#include <tuple>
#include <vector>

constexpr const char* kSource = R"(
import numpy as np


def scale(x, k):
    for i in range(len(x)):
        x[i] *= k


def dot(x, y):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * y[i]
    return s


def outer(x, y):
    """The products of all pairs, and the largest."""
    table = np.zeros((len(x), len(y)))
    for i in range(len(x)):
        for j in range(len(y)):
            table[i, j] = x[i] * y[j]
    return table, table.max()


def trace(a):
    s = 0.0
    for i in range(min(a.shape[0], a.shape[1])):
        s += a[i, i]
    return s
)";

int main() {
  kjit::Engine engine;
  // value() throws kjit::BadResult if there is none: for programs that would only stop.
  kjit::Module module = engine.load_source(kSource, "arrays.k").value();

  // std::span<T> may be changed by the kernel; with const T an attempt to would be an error of function().
  auto scale = module.function<void(std::span<double>, double)>("scale").value();
  auto dot = module.function<double(std::span<const double>, std::span<const double>)>("dot").value();
  std::vector<double> x{1, 2, 3};
  const std::array<double, 3> y{1, 10, 100};
  scale(x, 2.0).value();
  std::printf("x = %g %g %g\n", x[0], x[1], x[2]);
  std::printf("x . y = %g\n", dot(x, y).value());

  // Returned arrays own their memory; a tuple is a std::tuple.
  using Table = kjit::Array<double, 2>;
  auto outer = module.function<std::tuple<Table, double>(const std::vector<double>&, std::span<const double>)>("outer").value();
  const auto [table, largest] = outer(x, y).value();
  std::printf("outer product: %lld x %lld, largest %g, table(2, 1) = %g\n", static_cast<long long>(table.shape()[0]),
              static_cast<long long>(table.shape()[1]), largest, table(2, 1));

  // Any strides: a 3 x 3 part of a 4 x 5 image, from its second row and column on, and the same mirrored.
  auto trace = module.function<double(kjit::ArrayView<const double, 2>)>("trace").value();
  std::array<double, 20> image{};
  std::iota(image.begin(), image.end(), 0.0);
  std::printf("trace of the part = %g, mirrored %g\n", trace({image.data() + 6, {3, 3}, {5, 1}}).value(),
              trace({image.data() + 8, {3, 3}, {5, -1}}).value());
}
