// Exceptions between host and library, each of which could have a C++ library of its own: caught, counted and destroyed once.

#include <kjit/kjit.h>

#include <cstdio>
#include <exception>
#include <stdexcept>

int main() {
  kjit::Engine engine;
  auto f = engine.load_source("def f(n):\n    for i in range(n):\n        print(i)\n    return n\n", "f.k")
               .value()
               .function<std::int64_t(std::int64_t)>("f")
               .value();
  kjit::CallOptions options;
  options.write = [](std::string_view) { throw std::runtime_error("thrown by the host"); };
  try {
    (void)f.call(options, 3);
    std::puts("nothing was thrown");
  } catch (const std::runtime_error& error) {
    std::printf("%s, in flight: %d\n", error.what(), std::uncaught_exceptions());
  }
  try {
    (void)engine.load_source("def f(:\n", "f.k").value();
  } catch (const kjit::BadResult& bad) {
    std::printf("%s\n", bad.what());
  }
  std::printf("in flight: %d, a call goes on: %lld\n", std::uncaught_exceptions(), static_cast<long long>(f(3).value()));
}
