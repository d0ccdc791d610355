// Values to memory and back, and errors to text: driver/marshal.h, driver/run_error.h.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <thread>

#include "driver/describe.h"
#include "driver/entry_cache.h"
#include "driver/marshal.h"
#include "driver/run_error.h"
#include "runtime/runtime.h"

namespace kjit {
namespace {

Value parsed(std::string_view text) { return *parse_literal(text); }

// Through memory and back; the memory's references are given up in between, as after a call.
Value round_trip(const Value& value) {
  const Type type = type_of(value);
  alignas(16) std::byte memory[1024] = {};
  EXPECT_FALSE(store_value(value, type, memory));
  return take_value(type, memory);
}

TEST(Marshal, ValuesSurvive) {
  for (const char* text : {"None", "True", "-5", "18446744073709551615", "0.1", "np.float32(0.1)", "(1-2j)", "np.complex64(1+2j)",
                           "'text'", "(1, (2.5, 'x'), True)", "[[1, 2], [3, 4]]", "([1.5], None, 3)", "()"}) {
    EXPECT_EQ(repr(round_trip(parsed(text))), repr(parsed(text))) << text;
  }
}

TEST(Marshal, ArraysShareTheirElements) {
  const Value value = parsed("[1, 2, 3]");
  const Value back = round_trip(value);
  EXPECT_EQ(std::get<ArrayValue>(back.data).data.get(), std::get<ArrayValue>(value.data).data.get());
}

TEST(Marshal, AReturnedArrayKeepsItsElementsAlive) {
  std::weak_ptr<std::byte> watched;
  {
    Value value = parsed("[1, 2, 3]");
    watched = std::get<ArrayValue>(value.data).data;
    const Value back = round_trip(value);
    value = Value{};
    EXPECT_FALSE(watched.expired());
    EXPECT_EQ(repr(back), "array([1, 2, 3])");
  }
  EXPECT_TRUE(watched.expired());
}

TEST(Marshal, ReleasedMemoryHoldsNothing) {
  const Value value = parsed("([1, 2], (2.5, [True]))");
  const auto& array = std::get<ArrayValue>(std::get<TupleValue>(value.data).elements[0].data);
  const long before = array.data.use_count();
  alignas(16) std::byte memory[256] = {};
  ASSERT_FALSE(store_value(value, type_of(value), memory));
  EXPECT_EQ(array.data.use_count(), before + 1);
  release_value(type_of(value), memory);
  EXPECT_EQ(array.data.use_count(), before);
}

TEST(Marshal, StridedResultsAreCopied) {
  alignas(64) std::int64_t data[6] = {1, 2, 3, 4, 5, 6};
  alignas(16) std::int64_t words[4] = {};  // data, owner, shape, stride
  void* address = data;
  std::memcpy(&words[0], &address, sizeof address);
  words[2] = 3;
  words[3] = 16;
  const Value value = take_value(Type::array(Kind::I64, 1, Layout::Strided), words);
  EXPECT_EQ(repr(value), "array([1, 3, 5])");
}

TEST(Marshal, CopiesOfResultsAreFreed) {
  const auto before = kjit_live_buffers();
  {
    alignas(64) double data[2] = {1, 2};
    alignas(16) std::int64_t words[4] = {};
    void* address = data;
    std::memcpy(&words[0], &address, sizeof address);
    words[2] = 2;
    words[3] = 8;
    take_value(Type::array(Kind::F64, 1, Layout::C), words);
  }
  EXPECT_EQ(kjit_live_buffers(), before);
}

std::string store_error(const char* text, const Type& type) {
  const Value value = parsed(text);
  alignas(16) std::byte memory[256] = {};
  const auto error = store_value(value, type, memory);
  return error ? error->message : "";
}

TEST(Marshal, AnnotatedTypesAreCheckedForRange) {
  EXPECT_EQ(store_error("255", Kind::U8), "");
  EXPECT_EQ(store_error("256", Kind::U8), "256 is not a value of type u8");
  EXPECT_EQ(store_error("-1", Kind::U64), "-1 is not a value of type u64");
  EXPECT_EQ(store_error("3", Kind::F64), "");
  EXPECT_EQ(store_error("2.5", Kind::I64), "2.5 is not a value of type i64");
  EXPECT_NE(store_error("[1]", Type::array(Kind::F64, 1, Layout::C)), "");
  EXPECT_NE(store_error("[1]", Type::array(Kind::I64, 2, Layout::C)), "");
  EXPECT_NE(store_error("(1, 2)", Type::tuple({Kind::I64})), "");
}

TEST(Marshal, AFailedTupleHoldsNothing) {
  const Value value = parsed("([1, 2], 300)");
  const auto& array = std::get<ArrayValue>(std::get<TupleValue>(value.data).elements[0].data);
  const long before = array.data.use_count();
  alignas(16) std::byte memory[256] = {};
  EXPECT_TRUE(store_value(value, Type::tuple({Type::array(Kind::I64, 1, Layout::C), Kind::I8}), memory));
  EXPECT_EQ(array.data.use_count(), before);
}

TEST(Marshal, FunctionsHaveNoValueOutside) {
  EXPECT_FALSE(has_value(Type::function(nullptr, {})));
  EXPECT_FALSE(has_value(Type::tuple({Kind::I64, Type::dtype_value(Kind::F32)})));
  EXPECT_TRUE(has_value(Type::tuple({Kind::I64, Kind::None})));
}

// ---- errors ------------------------------------------------------------------------------------------------------------

// def f(a): return a[10]      <- site 1
// f(1)                        <- site 2
struct Traced {
  SourceMap sources;
  typed::Program program;
  kjit_error error{};

  Traced() {
    sources.add("t.k", "def f(a):\n    return a[10]\nf(1)\n");
    program.functions.resize(2);
    program.functions[0].name = "<module>";
    program.functions[0].role = typed::FunctionRole::Script;
    program.functions[1].name = "f";
    program.sites = {{}, {1, {0, 21, 26}}, {0, {0, 27, 31}}};
    error.kind = KJIT_IndexError;
    error.trap = KJIT_TRAP_IndexOutOfRange;
    error.site = 1;
    error.values[0] = 10;
    error.values[2] = 3;
    error.traceback[0] = 2;
    error.traceback_size = 1;
  }
  RunError make() const { return make_run_error(error, describe(program, sources).sites); }
};

TEST(RunError, ReadsAsPythonsTraceback) {
  EXPECT_EQ(Traced().make().render(),
            "Traceback (most recent call last):\n"
            "  File \"t.k\", line 3, in <module>\n"
            "    f(1)\n"
            "  File \"t.k\", line 2, in f\n"
            "    return a[10]\n"
            "IndexError: a[10]: index 10 is out of range for axis 0 with size 3");
}

TEST(RunError, NamesTheIteration) {
  Traced traced;
  auto loop = std::make_unique<typed::Stmt>();
  loop->site = 1;
  loop->node = typed::ForRange{{}, {}, {}, {}, {}, {}, typed::ParallelLoop{}};
  traced.program.functions[1].locals.push_back({"i", Kind::I64, {}, false});
  traced.program.functions[1].body.push_back(std::move(loop));
  traced.error.iteration_site = 1;
  traced.error.iteration_depth = 1;
  traced.error.iteration[0] = -7;
  const RunError error = traced.make();
  ASSERT_EQ(error.iteration.size(), 1u);
  EXPECT_EQ(error.iteration[0].name, "i");
  EXPECT_EQ(error.iteration[0].value, -7);
  EXPECT_NE(error.render().find("in iteration i = -7 of the parallel loop"), std::string::npos);
}

TEST(RunError, FoldsRepeatedFrames) {
  Traced traced;
  traced.error.traceback_size = 20;
  for (int i = 0; i < 20; ++i) traced.error.traceback[i] = 1;
  const std::string text = traced.make().render();
  EXPECT_NE(text.find("[Previous line repeated 18 more times]"), std::string::npos) << text;
}

TEST(RunError, CountsTheFramesThatWereDropped) {
  Traced traced;
  traced.error.traceback_size = 5000;
  for (auto& site : traced.error.traceback) site = 1;
  EXPECT_EQ(traced.make().omitted_frames, 5000u - KJIT_MAX_TRACEBACK);
  EXPECT_NE(traced.make().render().find("[4936 more calls]"), std::string::npos);
}

TEST(RunError, ExitCodes) {
  Traced traced;
  const auto code = [&](int kind, std::int64_t value) {
    traced.error.kind = kind;
    traced.error.trap = -1;
    traced.error.values[0] = value;
    return traced.make().exit_code;
  };
  EXPECT_EQ(code(KJIT_ValueError, 0), 1);
  EXPECT_EQ(code(KJIT_SystemExit, 3), 3);
  EXPECT_EQ(code(KJIT_SystemExit, -1), 255);
  EXPECT_EQ(code(KJIT_KeyboardInterrupt, 0), 130);
  EXPECT_EQ(code(KJIT_TimeoutError, 0), 124);
}

// ---- the cache of specialisations --------------------------------------------------------------------------------------

bool never() { return false; }

TEST(EntryCache, ConcurrentFirstCallsCompileOnce) {
  EntryCache cache;
  std::atomic<int> compiles{0}, firsts{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      bool compiled = false;
      const auto result = cache.get(
          {"f", {Kind::I64}},
          [&](const EntryPoint&, CompiledEntry& out) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            ++compiles;
            out.note = "done";
            return true;
          },
          never, compiled);
      EXPECT_EQ(result->note, "done");
      firsts += compiled;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(compiles, 1);
  EXPECT_EQ(firsts, 1);
}

TEST(EntryCache, EntryPointsAreDistinguished) {
  EntryCache cache;
  int compiles = 0;
  bool compiled = false;
  const auto count = [&](const EntryPoint&, CompiledEntry&) { return ++compiles > 0; };
  for (int round = 0; round < 2; ++round) {
    cache.get({std::nullopt, {}}, count, never, compiled);
    cache.get({"f", {}}, count, never, compiled);
    cache.get({"f", {Kind::I64}}, count, never, compiled);
    cache.get({"f", {Kind::F64}}, count, never, compiled);
    cache.get({"f", {Type::array(Kind::F64, 1, Layout::C)}}, count, never, compiled);
    cache.get({"f", {Type::array(Kind::F64, 2, Layout::C)}}, count, never, compiled);
    cache.get({"f", {Type::tuple({Kind::I64, Kind::I64})}}, count, never, compiled);
    cache.get({"f", {Kind::I64, Kind::I64}}, count, never, compiled);
  }
  EXPECT_EQ(compiles, 8);
}

TEST(EntryCache, AFailedCompilationIsTriedAgain) {
  EntryCache cache;
  bool compiled = false;
  EXPECT_THROW(cache.get(
                   {"f", {}}, [](const EntryPoint&, CompiledEntry&) -> bool { throw std::bad_alloc(); }, never, compiled),
               std::bad_alloc);
  EXPECT_FALSE(compiled);
  cache.get({"f", {}}, [](const EntryPoint&, CompiledEntry&) { return true; }, never, compiled);
  EXPECT_TRUE(compiled);
}

}  // namespace
}  // namespace kjit
