// Engines as global and static objects, one of which calls kernels before main: the library's own constructors have run by then.

#include <kjit/kjit.h>

#include <cstdint>
#include <cstdio>

namespace {

using Sum = kjit::Function<std::int64_t(std::int64_t)>;

struct Kernels {
  Kernels() {
    sum = engine
              .load_source(
                  "from kjit import njit, prange\n\n@njit(parallel=True)\ndef f(n):\n    s = 0\n    for i in prange(n):\n"
                  "        s += i\n    return s\n",
                  "f.k")
              .value()
              .function<std::int64_t(std::int64_t)>("f")
              .value();
    before_main = (*sum)(1000);
  }
  ~Kernels() { std::printf("after main: %lld\n", static_cast<long long>((*sum)(10))); }

  kjit::Engine engine;
  std::optional<Sum> sum;
  std::int64_t before_main = 0;
};

Kernels global;

std::int64_t with_static(std::int64_t n) {
  static Kernels kernels;
  return (*kernels.sum)(n);
}

}  // namespace

int main() {
  std::printf("before main: %lld\n", static_cast<long long>(global.before_main));
  std::printf("static: %lld\n", static_cast<long long>(with_static(100)));
}
