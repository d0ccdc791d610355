// A parallel loop: the same bits on any number of threads, progress while it runs, and a way to stop it.

#include <kjit/kjit.h>

#include <atomic>
#include <cstdint>
#include <cstdio>

constexpr const char* kSource = R"(
import random
from kjit import njit, prange


@njit(parallel=True)
def calc_pi(n):
    inside = 0
    for i in prange(n):
        x = random.random()
        y = random.random()
        if x * x + y * y < 1.0:
            inside += 1
    return 4.0 * inside / n
)";

int main() {
  kjit::Engine engine;
  kjit::Module module = engine.load_source(kSource, "calc_pi.k").value();
  auto calc_pi = module.function<double(std::int64_t)>("calc_pi").value();

  // Random numbers belong to iterations, not to threads.
  kjit::CallOptions options;
  options.seed = 42;
  options.stream = 0;
  double results[3];
  for (int threads = 1; threads <= 3; ++threads) {
    options.threads = threads;
    results[threads - 1] = calc_pi.call(options, 1'000'000).value();
  }
  std::printf("pi is about %.2f, %s on 1, 2 and 3 threads\n", results[0],
              results[0] == results[1] && results[1] == results[2] ? "the same" : "not the same");

  // A loop that would take hours. The host is told at most every 50 ms how far it is, on the thread of the call; here it has seen
  // enough after the third time. Any other thread could set the flag as well.
  std::atomic<int> stop{0};
  int told = 0;
  bool forwards = true;
  std::int64_t last = 0;
  options.threads = 0;  // all cores
  options.stop = &stop;
  options.progress = [&](const kjit::LoopProgress& progress) {
    forwards = forwards && progress.done >= last && progress.done <= progress.total;
    last = progress.done;
    if (++told == 3) stop = static_cast<int>(kjit::Stop::Cancel);
  };
  const kjit::Returned<double> cancelled = calc_pi.call(options, 1'000'000'000'000);
  std::printf("progress went %s; the call ended with %s\n", forwards ? "forwards" : "backwards",
              cancelled ? "a result" : cancelled.error().run->kind.c_str());
}
