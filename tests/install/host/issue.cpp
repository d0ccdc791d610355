// The first program that anybody writes: it must build and run as it stands.

#include <kjit/kjit.h>

#include <cstdint>
#include <cstdio>

int main() {
  kjit::Engine engine;
  auto module = engine.load_source("def f(n):\n    s = 0\n    for i in range(n):\n        s += i\n    return s\n", "f.k");
  if (!module) std::puts(module.error().render().c_str());
  auto f = module->function<std::int64_t(std::int64_t)>("f");  // checked once; f is a Result
  if (f) std::printf("%lld\n", (long long)(*f)(1000));
}
