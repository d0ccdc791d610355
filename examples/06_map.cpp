// One kernel for many arguments on several threads: futures, map, and what completes first.

#include <kjit/async.h>
#include <kjit/kjit.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

constexpr const char* kSource = R"(
import random

def collatz(n: int):
    """Steps until n is 1."""
    if n < 1:
        raise ValueError("n must be positive")
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps

def estimate(n):
    """Pi from n random points."""
    inside = 0
    for i in range(n):
        if random.random() ** 2 + random.random() ** 2 < 1.0:
            inside += 1
    return 4 * inside / n
)";

int main() {
  kjit::Engine engine;
  auto module = engine.load_source(kSource, "map.k");
  if (!module) return std::puts(module.error().render().c_str()), 1;
  auto collatz = module->function<std::int64_t(std::int64_t)>("collatz");
  auto estimate = module->function<double(std::int64_t)>("estimate");
  if (!collatz || !estimate) return 1;

  // As n_jobs of joblib: 4 threads; -1 would be all processors, 1 the calling thread alone.
  const kjit::Executor executor(4);

  // A single call, with something to be done when it is there.
  auto text = kjit::async_call(executor, *collatz, 27).then([](const kjit::Returned<std::int64_t>& steps) {
    return "27 takes " + std::to_string(steps.value()) + " steps";
  });
  std::puts(text.get().value().c_str());

  // Many calls, results in the order of the items.
  const std::vector<std::int64_t> numbers{6, 7, 97, 871, 6171};
  const auto steps = kjit::map(executor, *collatz, numbers);
  for (const std::int64_t n : std::get<0>(steps)) std::printf("%lld ", static_cast<long long>(n));
  std::puts("");

  // Item k draws from random stream k: the same numbers on any number of threads.
  const std::vector<std::int64_t> sizes{1000, 1000, 1000};
  const auto alone = kjit::map(kjit::Executor(1), *estimate, sizes);
  std::puts(std::get<0>(kjit::map(executor, *estimate, sizes)) == std::get<0>(alone) ? "the same estimates" : "other estimates");

  // As they complete; the order is anybody's guess, the indices say which is which.
  std::vector<kjit::Future<std::int64_t>> futures;
  for (const std::int64_t n : numbers) futures.push_back(kjit::async_call(executor, *collatz, n));
  std::int64_t sum = 0;
  for (const auto& [index, future] : kjit::as_completed(executor, futures))
    sum += future.get().value() * static_cast<std::int64_t>(index);
  std::printf("weighted sum %lld\n", static_cast<long long>(sum));

  // A failing item ends the map; its number is told.
  const auto failed = kjit::map(executor, *collatz, {3, 2, 0, 1, -1});
  if (const auto* error = std::get_if<kjit::MapError>(&failed)) std::printf("%s\n", error->message.c_str());
}
