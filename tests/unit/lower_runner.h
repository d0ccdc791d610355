#pragma once
// Runs of hand-made typed trees as machine code, next to the interpreter's: what typed_builder.h is for the interpreter.

#include <gtest/gtest.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <cstring>
#include <limits>
#include <span>

#include "codegen/emit.h"
#include "codegen/jit_stack.h"
#include "codegen/optimize.h"
#include "codegen/target.h"
#include "lower/lower.h"
#include "tests/unit/typed_builder.h"

namespace kjit::testing {

struct CompileSettings {
  int opt_level = 3;
  bool checked = false;
  bool bounds_check = true;
};

// For this machine.
inline LowerOptions lower_options(const CompileSettings& settings) {
  std::string error;
  const auto machine = make_target_machine(host_target(), settings.opt_level, error);
  LowerOptions options{settings.checked, settings.bounds_check, settings.opt_level, false};
  options.triple = machine->getTargetTriple().str();
  options.has_fma = has_fma(*machine);
  options.data_layout = machine->createDataLayout().getStringRepresentation();
  return options;
}

inline LoweredModule lower_alone(const Program& program, const CompileSettings& settings) {
  const ParallelPlans parallel;
  const LoopPlans loops = plan_loops(program, parallel, {settings.checked, settings.bounds_check, settings.opt_level});
  return lower(program, parallel, loops, SourceMap(), lower_options(settings));
}

// The optimised IR as text.
inline std::string optimised_ir(const TreeBuilder& tree, const CompileSettings& settings = {}) {
  std::string error;
  LoweredModule lowered = lower_alone(tree.program, settings);
  auto machine = make_target_machine(host_target(), settings.opt_level, error);
  optimize(*lowered.module, *machine, settings.opt_level);
  return print_module(*lowered.module);
}

// A compiled entry, to be called any number of times.
class Compiled {
 public:
  explicit Compiled(const TreeBuilder& tree, const CompileSettings& settings = {}) : entry_(tree.program.functions[0]) {
    verify(tree.program);
    std::string error;
    LoweredModule lowered = lower_alone(tree.program, settings);
    auto machine = make_target_machine(host_target(), settings.opt_level, error);
    optimize(*lowered.module, *machine, settings.opt_level);
    jit_ = JitStack::create(error);
    EXPECT_NE(jit_, nullptr) << error;
    code_ = jit_->link(emit_object(*lowered.module, *machine).value_or(""), lowered.entry, {}, error);
    EXPECT_NE(code_, nullptr) << error;
  }

  Outcome operator()(const std::vector<interpreter::Value>& arguments = {}, std::int32_t interrupt = KJIT_RUNNING,
                     std::uint64_t seed = 0) const {
    Outcome outcome;
    const kjit_host host{&outcome, capture, 0, nullptr, nullptr, nullptr, nullptr};
    kjit_context ctx;
    kjit_context_init(&ctx, &host, &interrupt, 1);
    kjit_rng_init(&ctx.rng, seed, 0);
    std::vector<std::vector<std::max_align_t>> cells;
    std::vector<void*> pointers;
    const auto new_cell = [&](const Type& type) {
      cells.emplace_back(static_cast<std::size_t>(memory_layout(type).size) / sizeof(std::max_align_t) + 1);
      return static_cast<void*>(cells.back().data());
    };
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      pointers.push_back(new_cell(entry_.locals[i].type));
      static_cast<void>(interpreter::store(entry_.locals[i].type, arguments[i], pointers[i], ctx));
    }
    void* result = new_cell(entry_.result);
    outcome.ok = reinterpret_cast<kjit_entry>(code_->address())(&ctx, pointers.data(), result) == KJIT_OK;
    if (outcome.ok) outcome.value = interpreter::load(entry_.result, result, interpreter::Ownership::Adopt);
    for (std::size_t i = 0; i < arguments.size(); ++i)
      interpreter::load(entry_.locals[i].type, pointers[i], interpreter::Ownership::Adopt);
    outcome.error = ctx.error;
    outcome.message.assign(ctx.error.message.data ? ctx.error.message.data : "",
                           static_cast<std::size_t>(ctx.error.message.size));
    kjit_error_clear(&ctx);
    kjit_context_destroy(&ctx);
    return outcome;
  }

 private:
  const typed::Function& entry_;  // of the tree, which must outlive this
  std::shared_ptr<JitStack> jit_;
  std::shared_ptr<LinkedCode> code_;
};

inline bool same_bits(double a, double b) { return (a != a && b != b) || std::memcmp(&a, &b, sizeof a) == 0; }

// Both ended alike: equal values to the bit (any NaN equals any other), or the same trap with the same values.
inline ::testing::AssertionResult same_outcome(const Outcome& expected, const Outcome& actual) {
  auto differ = [](const char* what) { return ::testing::AssertionFailure() << what; };
  if (expected.ok != actual.ok) {
    return differ("one failed") << ": trap " << expected.error.trap << " and " << actual.error.trap;
  }
  if (!expected.ok) {
    bool values = std::memcmp(expected.error.values, actual.error.values, 3 * sizeof(std::int64_t)) == 0;
    if (expected.error.trap != actual.error.trap) return differ("traps") << expected.error.trap << " and " << actual.error.trap;
    return values ? ::testing::AssertionSuccess() : differ("trap values of ") << expected.error.trap;
  }
  const auto &x = expected.value.data, &y = actual.value.data;
  if (x.index() != y.index()) return differ("kinds of value");
  if (auto* a = std::get_if<std::int64_t>(&x)) {
    auto b = std::get<std::int64_t>(y);
    return *a == b ? ::testing::AssertionSuccess() : differ("values ") << *a << " and " << b;
  }
  if (auto* a = std::get_if<std::uint64_t>(&x)) {
    auto b = std::get<std::uint64_t>(y);
    return *a == b ? ::testing::AssertionSuccess() : differ("values ") << *a << " and " << b;
  }
  if (auto* a = std::get_if<double>(&x)) {
    auto b = std::get<double>(y);
    return same_bits(*a, b) ? ::testing::AssertionSuccess() : differ("values ") << *a << " and " << b;
  }
  if (auto* a = std::get_if<bool>(&x)) {
    return *a == std::get<bool>(y) ? ::testing::AssertionSuccess() : differ("truth values");
  }
  return ::testing::AssertionSuccess();
}

}  // namespace kjit::testing
