// A call of a kernel from C++, against a plain function through a pointer: build/release/bench/call/bench_call

#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "kjit/kjit.h"

namespace {

constexpr const char* kSource =
    "def add(a, b):\n    return a + b\n"
    "def first(x, y, z):\n    return x[0] + y[0] + z[0]\n";

kjit::Module& module() {
  static kjit::Engine engine;
  static kjit::Module loaded = engine.load_source(kSource, "bench.k").value();
  return loaded;
}

__attribute__((noinline)) std::int64_t plain_add(std::int64_t a, std::int64_t b) { return a + b; }

void PlainPointer(benchmark::State& state) {
  std::int64_t (*volatile function)(std::int64_t, std::int64_t) = plain_add;
  std::int64_t sum = 0;
  for (auto _ : state) benchmark::DoNotOptimize(sum = function(sum, 1));
}
BENCHMARK(PlainPointer);

void TypedCall(benchmark::State& state) {
  const auto add = module().function<std::int64_t(std::int64_t, std::int64_t)>("add").value();
  std::int64_t sum = 0;
  for (auto _ : state) benchmark::DoNotOptimize(sum = add(sum, 1));
}
BENCHMARK(TypedCall);

void TypedCallWithThreeArrays(benchmark::State& state) {
  using Vector = const std::vector<double>&;
  const auto first = module().function<double(Vector, Vector, Vector)>("first").value();
  const std::vector<double> x{1}, y{2}, z{3};
  for (auto _ : state) benchmark::DoNotOptimize(*first(x, y, z));
}
BENCHMARK(TypedCallWithThreeArrays);

void TypedCallWithOptions(benchmark::State& state) {
  const auto add = module().function<std::int64_t(std::int64_t, std::int64_t)>("add").value();
  const kjit::CallOptions options;
  for (auto _ : state) benchmark::DoNotOptimize(*add.call(options, 1, 2));
}
BENCHMARK(TypedCallWithOptions);

void UntypedCall(benchmark::State& state) {
  const std::vector<kjit::Value> args{{std::int64_t{1}}, {std::int64_t{2}}};
  for (auto _ : state) benchmark::DoNotOptimize(module().call("add", args));
}
BENCHMARK(UntypedCall);

}  // namespace

BENCHMARK_MAIN();
