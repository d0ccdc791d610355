// Everything that can go wrong, and how a host learns of it. Nothing is thrown, printed or aborted by the library.

#include <kjit/kjit.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <span>
#include <stdexcept>

constexpr const char* kSource = R"(
def get(x, i):
    return x[i]


def safe(x, i):
    return get(x, i) if i >= 0 else 0.0


def clear(x):
    x[:] = 0.0


def forever():
    print("still here")
    while True:
        pass
)";

int main() {
  kjit::Engine engine;

  std::puts("-- a text with a mistake");
  std::puts(engine.load_source("def f(x):\n    retrun x\n", "typo.k").error().render().c_str());

  kjit::Module module = engine.load_source(kSource, "errors.k").value();
  std::puts("-- no such kernel, another signature, a write to what is const");
  std::puts(module.function<void()>("nobody").error().message.c_str());
  std::puts(module.function<std::int64_t(std::span<double>, std::int64_t)>("get").error().message.c_str());
  std::puts(module.function<void(std::span<const double>)>("clear").error().message.c_str());

  std::puts("-- a kernel that fails: message, and traceback");
  const double x[] = {1, 2, 3};
  auto safe = module.function<double(std::span<const double>, std::int64_t)>("safe").value();
  const kjit::Returned<double> result = safe(x, 7);
  std::puts(result.error().render().c_str());
  std::printf("kind: %s, in line %u of %s\n", result.error().run->kind.c_str(), result.error().run->traceback.back().line,
              result.error().run->traceback.back().kernel.c_str());

  std::puts("-- time that is up, and another thread (here: the flag is set before) that stops the call");
  auto forever = module.function<void()>("forever").value();
  kjit::CallOptions options;
  options.timeout = std::chrono::milliseconds(50);
  std::puts(forever.call(options).error().run->kind.c_str());
  const std::atomic<int> stop{static_cast<int>(kjit::Stop::Cancel)};
  options.stop = &stop;
  std::puts(forever.call(options).error().run->kind.c_str());

  std::puts("-- what a callback of the host throws comes out of the call");
  kjit::CallOptions noisy;
  noisy.timeout = std::chrono::milliseconds(50);
  noisy.write = [](std::string_view text) { throw std::runtime_error("cannot print " + std::string(text.substr(0, 5))); };
  try {
    (void)forever.call(noisy);
  } catch (const std::runtime_error& error) {
    std::puts(error.what());
  }
}
