// An image is all that is needed: made by one process, linked and called in another that has no source, no tree and no compiler.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "driver/entry_cache.h"
#include "driver/invoke.h"
#include "driver/load_modules.h"
#include "driver/observers.h"
#include "driver/pipeline.h"

namespace kjit {
namespace {

KernelImage image_of(const std::string& text, const EntryPoint& entry, const EngineOptions& options = {}) {
  Diagnostics diags;
  const ModuleSet modules = load_modules_from_text(text, "t.k", diags);
  NullObserver observer;
  SiteNumbers numbers;
  const auto checked = run_front_end(modules, entry, options, numbers, diags, observer);
  EXPECT_FALSE(diags.has_errors());
  MachinePool machines(options.opt_level);
  PartStore parts;
  std::string error;
  auto image = run_back_end(*checked, modules.sources, options, {machines, parts}, nullptr, observer, error);
  EXPECT_TRUE(image) << error;
  image->warnings = diags.all();
  return std::move(*image);
}

std::shared_ptr<JitStack> new_stack() {
  std::string error;
  auto jit = JitStack::create(error);
  EXPECT_NE(jit, nullptr) << error;
  return jit;
}

PartStore& parts() {
  static PartStore store;
  return store;
}

CompiledEntry linked(KernelImage image, JitStack& jit) {
  Result<LinkedKernel> kernel = link_kernel(std::move(image), jit, parts());
  EXPECT_TRUE(kernel) << kernel.error().message;
  CompiledEntry entry;
  entry.kernel = std::move(*kernel);
  return entry;
}

CallResult call(const CompiledEntry& entry, const std::vector<Value>& args) { return invoke(entry, {}, args, {}, 0); }

const Type kVector = Type::array(Kind::F64, 1, Layout::C);
constexpr const char* kPick =
    "from kjit import njit, prange\n"
    "def at(x, i):\n    return x[i]\n"
    "def f(x, k):\n    return at(x, k) * 2.0\n"
    "@njit(parallel=True)\n"
    "def g(x, k):\n    for i in prange(8):\n        x[i] = x[i // (k - i)]\n    return 0\n";

Value vector(std::vector<double> values) {
  ArrayValue array = ArrayValue::zeros(DType::F64, {static_cast<std::int64_t>(values.size())});
  std::memcpy(array.data.get(), values.data(), values.size() * sizeof(double));
  return {array};
}

void check_pick(const CompiledEntry& entry) {
  const CallResult good = call(entry, {vector({1, 2, 3}), {std::int64_t{2}}});
  ASSERT_TRUE(good.ok()) << good.error.render();
  EXPECT_EQ(std::get<double>(good.value.data), 6.0);
  EXPECT_EQ(call(entry, {vector({1, 2, 3}), {std::int64_t{3}}}).error.render(),
            "Traceback (most recent call last):\n"
            "  File \"t.k\", line 5, in f\n"
            "    return at(x, k) * 2.0\n"
            "  File \"t.k\", line 3, in at\n"
            "    return x[i]\n"
            "IndexError: x[i]: index 3 is out of range for axis 0 with size 3");
}

TEST(KernelImage, RunsAfterATripThroughBytes) {
  const auto jit = new_stack();
  Result<KernelImage> image = image_from_bytes(to_bytes(image_of(kPick, {"f", {kVector, Kind::I64}})));
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(to_string(image->signature), "f(x: f64[::1], k: i64) -> f64");
  check_pick(linked(std::move(*image), *jit));
}

TEST(KernelImage, NamesTheIterationThatFailed) {
  const auto jit = new_stack();
  const CompiledEntry entry = linked(image_of(kPick, {"g", {kVector, Kind::I64}}), *jit);
  const CallResult failed = call(entry, {vector(std::vector<double>(8)), {std::int64_t{5}}});
  EXPECT_EQ(failed.error.kind, "ZeroDivisionError");
  ASSERT_EQ(failed.error.iteration.size(), 1u);
  EXPECT_EQ(failed.error.iteration[0].name, "i");
  EXPECT_EQ(failed.error.iteration[0].value, 5);
}

// In a process of its own: this program again, with the test below and nothing but the file.
TEST(KernelImage, RunsInAnotherProcess) {
  const std::string path = ::testing::TempDir() + "/kjit_image_test.bin";
  std::ofstream(path, std::ios::binary) << to_bytes(image_of(kPick, {"f", {kVector, Kind::I64}}));
  const std::string command = "KJIT_TEST_IMAGE='" + path + "' /proc/" + std::to_string(getpid()) +
                              "/exe --gtest_also_run_disabled_tests --gtest_filter=KernelImage.DISABLED_Child >/dev/null";
  const int status = std::system(command.c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  std::remove(path.c_str());
}

TEST(KernelImage, DISABLED_Child) {
  const char* path = std::getenv("KJIT_TEST_IMAGE");
  ASSERT_NE(path, nullptr) << "RunsInAnotherProcess starts it";
  std::ifstream file(path, std::ios::binary);
  Result<KernelImage> image = image_from_bytes(std::string(std::istreambuf_iterator<char>(file), {}));
  ASSERT_TRUE(image) << image.error().message;
  check_pick(linked(std::move(*image), *new_stack()));
}

TEST(KernelImage, SeveralOfOneNameLiveTogether) {
  const auto jit = new_stack();
  const std::string bytes = to_bytes(image_of("def f(n):\n    return n + 1\n", {"f", {Kind::I64}}));
  const CompiledEntry other = linked(image_of("def f(n):\n    return n + 2\n", {"f", {Kind::I64}}), *jit);
  std::optional<CompiledEntry> first = linked(*image_from_bytes(bytes), *jit);
  const CompiledEntry second = linked(*image_from_bytes(bytes), *jit);
  first.reset();
  EXPECT_EQ(std::get<std::int64_t>(call(second, {{std::int64_t{1}}}).value.data), 2);
  EXPECT_EQ(std::get<std::int64_t>(call(other, {{std::int64_t{1}}}).value.data), 3);
}

TEST(KernelImage, TheSameSourceGivesTheSameBytes) {
  const EntryPoint entry{"f", {kVector, Kind::I64}};
  EXPECT_EQ(to_bytes(image_of(kPick, entry)), to_bytes(image_of(kPick, entry)));
}

TEST(KernelImage, KeepsWarnings) {
  const std::string text =
      "from kjit import njit, prange\n@njit(parallel=True)\n"
      "def f(x, k):\n    for i in prange(8):\n        x[k[i]] = i\n    return 0\n";
  const KernelImage image = image_of(text, {"f", {kVector, Type::array(Kind::I64, 1, Layout::C)}});
  const Result<KernelImage> read = image_from_bytes(to_bytes(image));
  ASSERT_TRUE(read);
  EXPECT_FALSE(image.warnings.empty());
  ASSERT_EQ(read->warnings.size(), image.warnings.size());
  for (std::size_t i = 0; i < image.warnings.size(); ++i) EXPECT_EQ(read->warnings[i].message, image.warnings[i].message);
}

TEST(KernelImage, OfAnotherMachineIsRefused) {
  KernelImage image = image_of("def f(n):\n    return n\n", {"f", {Kind::I64}});
  image.target = "riscv64-linux-gnu generic +v";
  const auto jit = new_stack();
  const Result<LinkedKernel> kernel = link_kernel(std::move(image), *jit, parts());
  ASSERT_FALSE(kernel);
  EXPECT_EQ(kernel.error().message, "the kernel image is for another machine: riscv64-linux-gnu generic +v");
}

TEST(KernelImage, WhatCannotBeLinkedIsAnError) {
  const auto jit = new_stack();
  KernelImage image = image_of("def f(n):\n    return n\n", {"f", {Kind::I64}});
  KernelImage no_entry = image;
  no_entry.entry = "elsewhere";
  EXPECT_FALSE(link_kernel(std::move(no_entry), *jit, parts()));
  KernelImage no_object = image;
  no_object.object = "this is no object file";
  EXPECT_FALSE(link_kernel(std::move(no_object), *jit, parts()));
  KernelImage no_type = image;
  no_type.signature.parameters.at(0).type = "i65";
  EXPECT_FALSE(link_kernel(std::move(no_type), *jit, parts()));
  EXPECT_TRUE(link_kernel(std::move(image), *jit, parts()));
}

}  // namespace
}  // namespace kjit
