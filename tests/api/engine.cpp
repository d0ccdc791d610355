// Embedding: the engine as a C++ program uses it. Every test runs with machine code and with the interpreter.

#include "kjit/engine.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace kjit {
namespace {

class EngineTest : public ::testing::TestWithParam<bool> {
 protected:
  EngineOptions options() const {
    EngineOptions result;
    result.interpret = GetParam();
    return result;
  }
  Module load(std::string text) { return Engine(options()).load_text(std::move(text), "test.k"); }
};

INSTANTIATE_TEST_SUITE_P(Both, EngineTest, ::testing::Values(false, true),
                         [](const auto& info) { return std::string(info.param ? "Interpreter" : "MachineCode"); });

Value literal(std::string_view text) { return *parse_literal(text); }

std::string text_of(const CallResult& result) {
  switch (result.status) {
    case CallResult::Status::Ok: return repr(result.value);
    case CallResult::Status::RunError: return result.error.kind + ": " + result.error.message;
    case CallResult::Status::CompileError: return "compile error: " + result.diagnostics;
  }
  return "";
}

TEST_P(EngineTest, CallsAKernel) {
  Module module = load("def add(a, b):\n    return a + b\n");
  ASSERT_TRUE(module.ok()) << module.render_diagnostics();
  EXPECT_EQ(text_of(module.call("add", {Value{std::int64_t{2}}, Value{std::int64_t{3}}})), "5");
}

TEST_P(EngineTest, SpecialisesForTheTypesOfEachCall) {
  Module module = load("def add(a, b):\n    return a + b\n");
  EXPECT_EQ(text_of(module.call("add", {literal("2"), literal("0.5")})), "2.5");
  EXPECT_EQ(text_of(module.call("add", {literal("'a'"), literal("'b'")})), "'ab'");
  EXPECT_EQ(text_of(module.call("add", {literal("1"), literal("2j")})), "(1+2j)");
}

TEST_P(EngineTest, ArraysArePassedByReference) {
  Module module = load("def negate(a):\n    for i in range(len(a)):\n        a[i] = -a[i]\n    return a\n");
  const Value array = literal("[1, 2, 3]");
  const CallResult result = module.call("negate", {array});
  EXPECT_EQ(text_of(result), "array([-1, -2, -3])");
  EXPECT_EQ(repr(array), "array([-1, -2, -3])");
  EXPECT_EQ(std::get<ArrayValue>(result.value.data).data.get(), std::get<ArrayValue>(array.data).data.get());
}

TEST_P(EngineTest, ResultsOutliveModuleAndEngine) {
  Value array;
  {
    Module module = load("import numpy as np\ndef make(n):\n    a = np.zeros(n)\n    a[1] = 2.5\n    return (a, n)\n");
    array = module.call("make", {literal("3")}).value;
  }
  EXPECT_EQ(repr(array), "(array([0. , 2.5, 0. ]), 3)");
}

TEST_P(EngineTest, RunsAScript) {
  Module module = load("import sys\nx = 2\nprint('x is', x, sys.argv[1])\n");
  std::string output;
  CallOptions call;
  call.argv = {"test.k", "first"};
  call.write = [&](std::string_view text) { output += text; };
  EXPECT_EQ(text_of(module.run_script(call)), "None");
  EXPECT_EQ(output, "x is 2 first\n");
}

TEST_P(EngineTest, SyntaxErrorsAreDiagnostics) {
  Module module = load("def f(:\n");
  EXPECT_FALSE(module.ok());
  EXPECT_NE(module.render_diagnostics().find("test.k:1:"), std::string::npos);
  EXPECT_EQ(module.call("f", {}).status, CallResult::Status::CompileError);
  EXPECT_EQ(module.run_script().status, CallResult::Status::CompileError);
  EXPECT_FALSE(module.check());
  EXPECT_FALSE(module.emit("typed"));
}

TEST_P(EngineTest, TypeErrorsBelongToTheCall) {
  Module module = load("def f(a):\n    return a + 1\n");
  ASSERT_TRUE(module.ok());
  const CallResult bad = module.call("f", {literal("'text'")});
  EXPECT_EQ(bad.status, CallResult::Status::CompileError);
  EXPECT_NE(bad.diagnostics.find("test.k:2:"), std::string::npos);
  EXPECT_EQ(text_of(module.call("f", {literal("1")})), "2");
}

TEST_P(EngineTest, UnknownKernelsAndWrongCountsAreCompileErrors) {
  Module module = load("def f(a):\n    return a\n");
  EXPECT_EQ(module.call("g", {}).status, CallResult::Status::CompileError);
  EXPECT_EQ(module.call("", {}).status, CallResult::Status::CompileError);
  EXPECT_EQ(module.call("f", {}).status, CallResult::Status::CompileError);
  EXPECT_EQ(module.call("f", {literal("1"), literal("2")}).status, CallResult::Status::CompileError);
}

TEST_P(EngineTest, DefaultsFillWhatIsLeftOut) {
  Module module = load("def f(a, b=10):\n    return a + b\n");
  EXPECT_EQ(text_of(module.call("f", {literal("1")})), "11");
  EXPECT_EQ(text_of(module.call("f", {literal("1"), literal("2")})), "3");
}

TEST_P(EngineTest, RunTimeErrorsCarryATraceback) {
  Module module = load("def inner(a):\n    return a[7]\ndef outer(a):\n    return inner(a)\n");
  const CallResult result = module.call("outer", {literal("[1.5, 2.5]")});
  ASSERT_EQ(result.status, CallResult::Status::RunError);
  EXPECT_EQ(result.error.kind, "IndexError");
  EXPECT_EQ(result.error.exit_code, 1);
  ASSERT_EQ(result.error.traceback.size(), 2u);
  EXPECT_EQ(result.error.traceback[0].kernel, "outer");
  EXPECT_EQ(result.error.traceback[1].kernel, "inner");
  EXPECT_EQ(result.error.traceback[1].line, 2u);
  EXPECT_EQ(result.error.traceback[1].source, "return a[7]");
  // The module is none the worse for it.
  EXPECT_EQ(text_of(module.call("outer", {literal("[0, 1, 2, 3, 4, 5, 6, 7]")})), "7");
}

TEST_P(EngineTest, DeepRecursionIsAnError) {
  Module module = load("def f(n):\n    if n == 0:\n        return 0\n    return f(n - 1) + 1\n");
  EXPECT_EQ(module.call("f", {literal("1000000000")}).error.kind, "RecursionError");
  EXPECT_EQ(text_of(module.call("f", {literal("100")})), "100");
}

TEST_P(EngineTest, SysExitIsAnExitCode) {
  Module module = load("import sys\nsys.exit(5)\n");
  const CallResult result = module.run_script();
  EXPECT_EQ(result.error.kind, "SystemExit");
  EXPECT_EQ(result.error.exit_code, 5);
  EXPECT_EQ(result.error.message, "");
  EXPECT_EQ(result.error.render(),
            "Traceback (most recent call last):\n  File \"test.k\", line 2, in <module>\n    sys.exit(5)\nSystemExit: 5");
}

TEST_P(EngineTest, TheStopFlagEndsALoop) {
  Module module = load("def forever():\n    i = 0\n    while True:\n        i += 1\n    return i\n");
  const std::pair<Stop, const char*> cases[] = {
      {Stop::Interrupt, "KeyboardInterrupt"}, {Stop::Cancel, "Cancelled"}, {Stop::Deadline, "TimeoutError"}};
  for (const auto& [stop, kind] : cases) {
    std::atomic<int> flag{0};
    CallOptions call;
    call.stop = &flag;
    std::thread stopper([&flag, wanted = stop] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      flag = static_cast<int>(wanted);
    });
    const CallResult result = module.call("forever", {}, call);
    stopper.join();
    EXPECT_EQ(result.error.kind, kind);
  }
}

TEST_P(EngineTest, AStopThatIsSetAlreadyLetsNothingBegin) {
  Module module = load("def f():\n    print('begun')\n");
  const std::atomic<int> flag{static_cast<int>(Stop::Interrupt)};
  bool begun = false;
  CallOptions call;
  call.stop = &flag;
  call.write = [&](std::string_view) { begun = true; };
  EXPECT_EQ(module.call("f", {}, call).error.kind, "KeyboardInterrupt");
  EXPECT_FALSE(begun);
}

TEST_P(EngineTest, AnExceptionOfTheSinkReachesTheCaller) {
  Module module = load("def f():\n    print('x')\n    print('y')\n");
  CallOptions call;
  int writes = 0;
  call.write = [&](std::string_view) {
    ++writes;
    throw std::runtime_error("sink is full");
  };
  EXPECT_THROW(module.call("f", {}, call), std::runtime_error);
  EXPECT_EQ(writes, 1);
}

TEST_P(EngineTest, CallsTakeOneRandomStreamAfterTheOther) {
  const char* text = "import random\ndef draw():\n    return random.random()\n";
  Module module = load(text);
  const std::string first = text_of(module.call("draw", {})), second = text_of(module.call("draw", {}));
  EXPECT_NE(first, second);
  EXPECT_EQ(text_of(load(text).call("draw", {})), first);
  CallOptions call;
  call.stream = 1;
  EXPECT_EQ(text_of(module.call("draw", {}, call)), second);
  call.seed = 99;
  EXPECT_NE(text_of(module.call("draw", {}, call)), second);
}

TEST_P(EngineTest, TimesTheFirstCallOnly) {
  Module module = load("def f():\n    return 1\n");
  EXPECT_GT(module.call("f", {}).timing.compile_ms, 0);
  EXPECT_EQ(module.call("f", {}).timing.compile_ms, 0);
}

TEST_P(EngineTest, AFunctionAsResultIsAnError) {
  Module module = load("def g():\n    return 1\ndef f():\n    return g\n");
  const CallResult result = module.call("f", {});
  EXPECT_FALSE(result.ok()) << text_of(result);
}

TEST_P(EngineTest, ListsItsKernels) {
  const auto kernels = load("x = 1\ndef f(a, b=2):\n    return a\n\ndef g():\n    return 1\n").kernels();
  ASSERT_EQ(kernels.size(), 2u);
  EXPECT_EQ(kernels[0].name, "f");
  EXPECT_EQ(kernels[0].parameters, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(kernels[1].line, 5u);
}

TEST_P(EngineTest, ChecksWithoutRunning) {
  EXPECT_TRUE(load("def f(a: int):\n    return a + 1\nprint(f(2))\n").check());
  Module bad = load("def f(a: int):\n    return a + 'x'\n");
  EXPECT_FALSE(bad.check());
  EXPECT_NE(bad.diagnostics_json().find("\"line\""), std::string::npos);
  // Asking again does not double what was found.
  const std::string once = bad.diagnostics_json();
  bad.check();
  EXPECT_EQ(bad.diagnostics_json(), once);
}

TEST_P(EngineTest, EmitsStages) {
  Module module = load("def f(a):\n    return a + 1\nprint(f(1))\n");
  for (const char* stage : {"tokens", "ast", "typed", "llvm", "llvm-opt", "asm", "obj"}) {
    EXPECT_TRUE(module.emit(stage).has_value()) << stage;
    EXPECT_TRUE(module.emit(stage, "f", {literal("2.5")}).has_value()) << stage;
  }
  EXPECT_FALSE(module.emit("no-such-stage"));
}

// ---- threads -----------------------------------------------------------------------------------------------------------

TEST_P(EngineTest, SixteenThreadsShareOneModule) {
  Module module = load(
      "def collatz(n):\n    steps = 0\n    while n != 1:\n        if n % 2 == 0:\n            n = n // 2\n        else:\n"
      "            n = 3 * n + 1\n        steps += 1\n    return steps\n"
      "def scale(x):\n    return x * 2\n");
  std::atomic<int> compiled{0}, wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const CallResult steps = module.call("collatz", {Value{std::int64_t{27}}});
        compiled += steps.timing.compile_ms > 0;
        wrong += text_of(steps) != "111";
        wrong += text_of(module.call("scale", {t % 2 == 0 ? Value{std::int64_t{t}} : Value{double(t)}})) !=
                 repr(t % 2 == 0 ? Value{std::int64_t{2 * t}} : Value{2.0 * t});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(compiled, 1);
}

TEST_P(EngineTest, ErrorsOfThreadsAreTheirOwn) {
  Module module = load("def f(n):\n    return 100 // n\n");
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const CallResult result = module.call("f", {Value{std::int64_t{t % 2}}});
        wrong += t % 2 == 0 ? result.error.kind != "ZeroDivisionError" : text_of(result) != "100";
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_P(EngineTest, EnginesLiveSideBySide) {
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      EngineOptions mine = options();
      mine.opt_level = t % 4;
      Engine engine(mine);
      for (int i = 0; i < 4; ++i) {
        Module module = engine.load_text(
            "def f(n):\n    s = 0\n    for i in range(n):\n        s += i * " + std::to_string(t) + "\n    return s\n", "f.k");
        wrong += text_of(module.call("f", {Value{std::int64_t{10}}})) != std::to_string(45 * t);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_P(EngineTest, AModuleKeepsItsEngineAlive) {
  auto engine = std::make_unique<Engine>(options());
  Module module = engine->load_text("def f():\n    return 7\n", "f.k");
  engine.reset();
  EXPECT_EQ(text_of(module.call("f", {})), "7");
}

}  // namespace
}  // namespace kjit
