// The shortest way: a kernel from a text, called as a C++ function.

#include <kjit/kjit.h>

#include <cstdint>
#include <cstdio>

// A kernel is Python, and runs under Python, too.
constexpr const char* kSource = R"(
def triangular(n):
    s = 0
    for i in range(n + 1):
        s += i
    return s


def mean(a: float, b: float):
    return (a + b) / 2
)";

int main() {
  // An engine compiles; a program needs one.
  kjit::Engine engine;

  // Mistakes are values, not exceptions: a Result is a value or an Error.
  kjit::Result<kjit::Module> module = engine.load_source(kSource, "hello.k");
  if (!module) {
    std::puts(module.error().render().c_str());
    return 1;
  }

  // Name and types are checked and the kernel is compiled here, once.
  auto triangular = module->function<std::int64_t(std::int64_t)>("triangular");
  auto mean = module->function<double(double, double)>("mean");
  if (!triangular || !mean) {
    std::puts((!triangular ? triangular.error() : mean.error()).render().c_str());
    return 1;
  }

  // A call is one indirect call. Its result is a value or an error, too, and converts to the value.
  const std::int64_t sum = (*triangular)(100);
  std::printf("the sum of 1 to 100 is %lld\n", static_cast<long long>(sum));
  for (double x = 1; x < 4; ++x) {
    const kjit::Returned<double> y = (*mean)(x, 10);
    if (y) std::printf("the mean of %g and 10 is %g\n", x, *y);
  }
}
