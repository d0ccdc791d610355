// Every row of the library with every form of arguments: none may end in anything but a diagnostic, a run-time error or a result
// of the stated type. The calls are made from the tables, so that a new row is covered when it is written.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "codegen/runtime_symbols.h"
#include "driver/load_modules.h"
#include "interpret/interpret.h"
#include "library/libm_table.h"
#include "library/library.h"
#include "runtime/runtime.h"
#include "tests/unit/lower_runner.h"
#include "typing/tree/signature.h"
#include "typing/tree/typed_walk.h"
#include "typing/tree/verify.h"
#include "typing/type_check.h"

namespace kjit::testing {
namespace {

// ---- the columns agree with each other ----

const std::vector<Builtin>& all_rows() {
  static const std::vector<Builtin> rows = {
#define KJIT_BUILTIN(id, ...) Builtin::id,
#include "library/builtins.def"
  };
  return rows;
}

TEST(LibraryRows, EffectsFollowTheImplementation) {
  for (Builtin builtin : all_rows()) {
    const BuiltinRow& row = builtin_row(builtin);
    if (row.convention == Convention::Fallible) EXPECT_TRUE(row.has(effect::fails)) << row.name;
    const bool never_fails = row.is_libm() || row.convention == Convention::Vector || row.convention == Convention::Pure ||
                             row.convention == Convention::Context || row.convention == Convention::Stoppable;
    if (never_fails) EXPECT_FALSE(row.has(effect::fails)) << row.name;
    if (row.convention == Convention::Context) EXPECT_TRUE(row.has(effect::draws | effect::host)) << row.name;
    EXPECT_EQ(row.has(effect::draws), row.symbol.starts_with("kjit_rng_")) << row.name;
    const bool takes_array = row.signature.find_first_of("AV.") < row.signature.find('>');
    if (row.has(effect::reads | effect::writes | effect::atomic)) EXPECT_TRUE(takes_array) << row.name;
  }
}

TEST(LibraryRows, NamesHaveASignatureThatTheirRowTakes) {
  for (const PathRow& name : library().names()) {
    if (name.category != PathCategory::Signature) continue;
    const FixedSignature fixed = fixed_signature(name.signature);
    const std::vector<Type> parameters(fixed.parameters.begin(), fixed.parameters.end());
    const BuiltinRow& row = builtin_row(name.builtin());
    EXPECT_TRUE(signature_fits(row.signature, parameters, fixed.result)) << name.path;
    EXPECT_TRUE(!name.checked || row.is_libm() || name.builtin() == Builtin::Sqrt) << name.path;
  }
}

// The linker keeps the names that it is given.
TEST(LibraryRows, MachineCodeMayCallEveryFunctionOfLibm) {
  std::map<std::string_view, void*> allowed;
  for_each_allowed_symbol([&](std::string_view name, void* address) { allowed.try_emplace(name, address); });
  for_each_libm_function([&](const LibmFunction& row) {
    EXPECT_TRUE(allowed.contains(row.name)) << row.name;
    EXPECT_TRUE(allowed.contains(std::string(row.name) + "f")) << row.name;
  });
}

TEST(LibraryRows, EveryPathStandsOnce) {
  std::set<std::string_view> seen;
  for (const PathRow& name : library().names()) EXPECT_TRUE(seen.insert(name.path).second) << name.path;
}

// ---- every row with every form of arguments ----

constexpr std::string_view kPreamble =
    "import math, cmath, random, sys, time\nimport numpy as np\nimport kjit\n"
    "a = np.array([1.5, -2.0, 0.5])\nk = np.array([3, 1, 2])\nflags = np.array([True, False, True])\n"
    "z = np.array([1j, 2.0])\nh = np.array([1, 2, 3], dtype=np.float32)\nm = np.zeros((2, 3))\nt = (1, 2.5)\nn = 2\nx = 0.5\ns = "
    "'ab'\n";

const std::vector<std::string> kForms = {
    "n", "x",          "True", "1j",     "'ab'",           "None", "a",          "k",  "flags", "z",           "h",
    "m", "a[::2]",     "t",    "[1, 2]", "[[1.0], [2.0]]", "()",   "np.float32", "-1", "1.0",   "np.uint8(3)", "np.float32(x)",
    "s", "lambda v: v"};
const std::vector<std::string> kPairs = {"n", "x", "1j", "s", "None", "a", "k", "flags", "m", "t", "[1, 2]", "np.float32"};
const std::vector<std::string> kKeywords = {
    "dtype",      "ddof",    "size", "axis", "k",     "M", "num", "endpoint", "start", "stop",    "step", "sep",    "shape", "a",
    "fill_value", "ndigits", "low",  "high", "scale", "x", "dx",  "mu",       "sigma", "rel_tol", "imag", "object", "n"};

// The arguments of all calls that are tried.
const std::vector<std::string>& argument_lists() {
  static const std::vector<std::string> lists = [] {
    std::vector<std::string> made{""};
    for (const std::string& one : kForms) {
      made.push_back(one);
      made.push_back(one + ", " + one + ", " + one);
      made.push_back(one + ", n, x, n");
      made.push_back("a, " + one + ", n");
    }
    for (const std::string& first : kPairs) {
      for (const std::string& second : kPairs) made.push_back(first + ", " + second);
    }
    for (const std::string& keyword : kKeywords) {
      for (const std::string first : {"n, ", "a, "})
        made.push_back(first + keyword + (keyword == "dtype" ? "=np.float32" : "=n"));
    }
    return made;
  }();
  return lists;
}

struct Checked {
  Diagnostics diags;
  ModuleSet modules;
  std::optional<typed::Program> program;
};

std::unique_ptr<Checked> check_text(const std::string& statements) {
  auto result = std::make_unique<Checked>();
  result->modules = load_modules_from_text(std::string(kPreamble) + statements, "test.k", result->diags);
  result->program = check_script(result->modules, library(), result->diags);
  return result;
}

// Those of the statements, one a line, that have no error. Fewer at a time where a sink would be full.
void keep_valid(std::span<const std::string> calls, std::vector<std::string>& valid) {
  const auto preamble_lines = static_cast<std::size_t>(std::count(kPreamble.begin(), kPreamble.end(), '\n'));
  std::string text;
  for (const std::string& call : calls) text += call;
  const auto checked = check_text(text);
  if (checked->diags.error_count() > 50 && calls.size() > 1) {
    keep_valid(calls.first(calls.size() / 2), valid);
    return keep_valid(calls.subspan(calls.size() / 2), valid);
  }
  std::vector<bool> is_wrong(calls.size());
  for (const Diagnostic& diagnostic : checked->diags.all()) {
    const std::size_t line = checked->modules.sources.locate(diagnostic.span).line;
    if (diagnostic.severity == Severity::Error) is_wrong.at(line - preamble_lines - 1) = true;
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (!is_wrong[i]) valid.push_back(calls[i]);
  }
}

// "v0 = CALL" for each argument list that the checker takes: of every `step`th list, `together` calls in one program.
std::vector<std::string> valid_calls(const std::string& callee, std::size_t first, std::size_t step, std::size_t together) {
  std::vector<std::string> calls;
  for (std::size_t i = first; i < argument_lists().size(); i += step) {
    calls.push_back("v" + std::to_string(i) + " = " + callee + "(" + argument_lists()[i] + ")\n");
  }
  std::vector<std::string> valid;
  for (std::span<const std::string> rest = calls; !rest.empty(); rest = rest.subspan(std::min(rest.size(), together))) {
    keep_valid(rest.first(std::min(rest.size(), together)), valid);
  }
  return valid;
}

void discard(void*, const char*, std::int64_t) {}

void run(const typed::Program& program) {
  std::int32_t interrupt = KJIT_RUNNING;
  const kjit_host host{nullptr, discard, 0, nullptr, nullptr, nullptr, nullptr};
  kjit_context ctx;
  kjit_context_init(&ctx, &host, &interrupt, 1);
  kjit_rng_init(&ctx.rng, 0, 0);
  static_cast<void>(interpret(program, ParallelPlans(), {}, ctx, nullptr, nullptr));
  kjit_error_clear(&ctx);
  kjit_context_destroy(&ctx);
}

bool touches_host(const typed::Program& program) {
  bool touches = false;
  typed::for_each_expr(program.functions[0].body, [&](const typed::Expr& expr) {
    const auto* call = std::get_if<typed::BuiltinCall>(&expr.node);
    touches = touches || (call && builtin_row(call->builtin).has(effect::host));
  });
  return touches;
}

// All calls in one program are verified and lowered; each alone is interpreted, unless it would sleep or exit.
void try_all(const std::string& callee, std::size_t first = 0, std::size_t step = 1, std::size_t together = 32) {
  SCOPED_TRACE(callee);
  std::string all;
  for (const std::string& call : valid_calls(callee, first, step, together)) {
    all += call;
    const auto checked = check_text(call);
    ASSERT_TRUE(checked->program) << call << (checked->diags.all().empty() ? "" : checked->diags.all()[0].message);
    SCOPED_TRACE(call);
    ASSERT_NO_THROW(verify(*checked->program));
    if (!touches_host(*checked->program)) ASSERT_NO_THROW(run(*checked->program));
  }
  const auto checked = check_text(all);
  ASSERT_TRUE(checked->program);
  const LoopPlans loops = plan_loops(*checked->program, ParallelPlans(), {false, true, 0});
  ASSERT_NO_THROW(lower(*checked->program, ParallelPlans(), loops, checked->modules.sources, lower_options({0})));
}

std::string spelled(std::string_view path) {
  std::string name(path);
  for (const auto& [module, alias] : {std::pair<std::string, std::string>{"builtins.", ""}, {"numpy.", "np."}}) {
    if (name.starts_with(module)) name = alias + name.substr(module.size());
  }
  return name;
}

bool is_function(const PathRow& row) {
  using enum PathCategory;
  return row.category == Signature || row.category == Element || row.category == PathCategory::Handler || row.category == Dtype;
}

TEST(LibraryRows, EveryFunctionTakesOrRefusesEveryFormOfArguments) {
  for (const PathRow& row : library().names()) {
    if (is_function(row) && !row.uses_prelude) try_all(spelled(row.path));
  }
}

// Each call in a program of its own, as what is wrong in a function of the prelude is told once; other forms of each function.
TEST(LibraryRows, FunctionsOfThePreludeTakeOrRefuseArguments) {
  std::size_t first = 0;
  for (const PathRow& row : library().names()) {
    if (is_function(row) && row.uses_prelude) try_all(spelled(row.path), first++ % 8, 8, 1);
  }
}

TEST(LibraryRows, EveryMethodTakesOrRefusesEveryFormOfArguments) {
  std::set<std::string> tried;
  for (const MethodRow& row : library().methods()) {
    for (const char* receiver : {"a", "k", "flags", "z", "m", "h", "a[::2]", "s", "n", "x", "1j", "t"}) {
      const std::string callee = std::string(receiver) + "." + std::string(row.name);
      if (tried.insert(callee).second) try_all(callee);
    }
  }
}

// ---- calls that once ended the process ----

TEST(LibraryRows, CopiesOfArraysWithoutADtype) {
  for (const char* call : {"np.array(a)", "np.copy(a)", "np.asarray(a)", "np.array(m)", "np.copy(k)"}) {
    const auto checked = check_text("v = " + std::string(call) + "\n");
    ASSERT_TRUE(checked->program) << call;
    ASSERT_NO_THROW(run(*checked->program)) << call;
  }
}

}  // namespace
}  // namespace kjit::testing
