// Kernels that call functions of the program, and C functions of a library.

#include <kjit/kjit.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <span>
#include <string>
#include <vector>

constexpr const char* kSource = R"(
from kjit import extern, f64, i64

@extern("libm.so.6")                 # a C function; under CPython it is called through ctypes
def cbrt(x: f64) -> f64: ...

def cube_roots(x):
    for i in range(len(x)):
        report(i, cbrt(x[i]))        # a function of the program

def total(names: i64):
    s = 0.0
    for k in range(names):
        s += price(k)                # its exceptions are errors of the kernel
    return s
)";

int main() {
  kjit::Engine engine;

  // Registered before the file is loaded. A function may have state.
  std::vector<double> reported;
  auto error = engine.register_function("report", [&reported](std::int64_t i, double root) {
    reported.push_back(root);
    std::printf("root %lld is %g\n", static_cast<long long>(i), root);
  });
  if (error) return std::puts(error->message.c_str()), 1;

  const std::map<std::int64_t, double> prices{{0, 1.5}, {1, 2.25}};
  error = engine.register_function("price", [&prices](std::int64_t item) {
    const auto found = prices.find(item);
    if (found == prices.end()) throw kjit::KernelException("KeyError", "no price for item " + std::to_string(item));
    return found->second;
  });
  if (error) return std::puts(error->message.c_str()), 1;

  auto module = engine.load_source(kSource, "shop.k");
  if (!module) return std::puts(module.error().render().c_str()), 1;
  auto roots = module->function<void(std::span<const double>)>("cube_roots");
  auto total = module->function<double(std::int64_t)>("total");
  if (!roots || !total) return std::puts((!roots ? roots.error() : total.error()).render().c_str()), 1;

  const std::vector<double> x{1, 8, 27};
  if (auto done = (*roots)(x); !done) return 1;
  std::printf("%zu values were reported\n", reported.size());
  std::printf("two items cost %g\n", (*total)(2).value());
  const kjit::Returned<double> three = (*total)(3);
  if (!three) std::puts(three.error().message.c_str());

  // A name can be registered once, and names of the language not at all.
  if (auto taken = engine.register_function("price", [](std::int64_t) { return 0.0; })) std::puts(taken->message.c_str());
  if (auto taken = engine.register_function("len", [](double x_) { return x_; })) std::puts(taken->message.c_str());
}
