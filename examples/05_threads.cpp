// A program with worker threads, a queue and one big lock, as an interpreter of a scripting language has: kernels with nogil=True
// run without the lock, at the same time; all others keep it.

#include <kjit/kjit.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

constexpr const char* kSource = R"(
from kjit import njit


@njit(nogil=True)
def count_primes(first, last):
    count = 0
    for n in range(first, last):
        is_prime = n > 1
        d = 2
        while d * d <= n and is_prime:
            is_prime = n % d != 0
            d += 1
        count += is_prime
    return count
)";

int main() {
  std::mutex big_lock;
  std::atomic<int> unlocked{0};
  kjit::EngineOptions options;
  options.host_lock.release = [&] {
    ++unlocked;
    big_lock.unlock();
  };
  options.host_lock.acquire = [&] { big_lock.lock(); };
  kjit::Engine engine(options);
  kjit::Module module = engine.load_source(kSource, "primes.k").value();

  // Whoever calls into kjit holds the lock, as it does everywhere else in this program.
  big_lock.lock();
  auto count_primes = module.function<std::int64_t(std::int64_t, std::int64_t)>("count_primes").value();
  big_lock.unlock();

  constexpr std::int64_t kPieces = 20, kSize = 5000;
  std::vector<std::int64_t> queue(kPieces), counts(kPieces);
  for (std::int64_t i = 0; i < kPieces; ++i) queue[static_cast<std::size_t>(i)] = i;

  const auto worker = [&] {
    std::unique_lock lock(big_lock);
    while (!queue.empty()) {
      const std::int64_t piece = queue.back();  // the queue and the counts are guarded by the lock
      queue.pop_back();
      counts[static_cast<std::size_t>(piece)] = count_primes(piece * kSize, (piece + 1) * kSize).value();
    }
  };
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i) workers.emplace_back(worker);
  for (std::thread& thread : workers) thread.join();

  std::int64_t total = 0;
  for (const std::int64_t count : counts) total += count;
  std::printf("%lld primes below %lld\n", static_cast<long long>(total), static_cast<long long>(kPieces * kSize));
  std::printf("every call ran without the lock: %s\n", unlocked >= kPieces ? "yes" : "no");
}
