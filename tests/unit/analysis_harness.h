#pragma once
// Plans of kernels given as source text, for the tests of jit/analysis.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/races/parallel_plan.h"
#include "driver/load_modules.h"
#include "library/library.h"
#include "typing/tree/node_ids.h"
#include "typing/type_check.h"

namespace kjit::testing {

struct Planned {
  Diagnostics diags;
  ModuleSet modules;
  std::optional<typed::Program> program;
  ParallelPlans plans;

  const ParallelPlan& plan(std::size_t index = 0) const { return plans.all().at(index); }
  // The loop of the first plan.
  const typed::ForRange& loop() const { return std::get<typed::ForRange>(typed::loops_by_id(*program)[plan().loop]->node); }
  const typed::Function& function() const { return program->functions[plan().function]; }
  std::string name(typed::LocalId local) const { return function().locals[local].name; }

  // "E1006", or "" if there is no diagnostic.
  std::string first_id() const { return diags.all().empty() ? "" : std::string(diag_name(diags.all()[0].id)); }
  std::string first_message() const { return diags.all().empty() ? "" : diags.all()[0].message; }

  const ArrayVerdict* array(const std::string& wanted) const {
    for (const ArrayVerdict& verdict : plan().arrays) {
      if (verdict.name == wanted) return &verdict;
    }
    return nullptr;
  }
  const PrivateLocal* private_local(const std::string& wanted) const {
    for (const PrivateLocal& local : plan().privates) {
      if (name(local.local) == wanted) return &local;
    }
    return nullptr;
  }
  const Reduction* reduction(const std::string& wanted) const {
    for (const Reduction& reduction : plan().reductions) {
      if (name(reduction.local) == wanted) return &reduction;
    }
    return nullptr;
  }
};

inline Type vector_of(Kind dtype) { return Type::array(dtype, 1, Layout::C); }
inline Type matrix_of(Kind dtype) { return Type::array(dtype, 2, Layout::C); }

// `functions` are definitions without the imports; `kernel` is planned for these argument types.
inline std::unique_ptr<Planned> plan_text(const std::string& functions, const std::string& kernel,
                                          const std::vector<Type>& arguments, const PlanOptions& options = {}) {
  auto result = std::make_unique<Planned>();
  const std::string imports =
      "import math, random\nimport numpy as np\nfrom kjit import atomic_add, atomic_max, atomic_min, njit, prange, scratch\n";
  result->modules = load_modules_from_text(imports + functions, "test.k", result->diags);
  result->program = check_kernel(result->modules, library(), kernel, arguments, result->diags);
  if (result->program) result->plans = plan_parallel(*result->program, result->modules.sources, options, result->diags);
  return result;
}

// A kernel k(a, b, m, h, idx, n, off): two f64 vectors, an f64 matrix, two i64 vectors, two i64. `body` is indented by four
// spaces.
inline std::unique_ptr<Planned> plan_body(const std::string& body, const PlanOptions& options = {}) {
  return plan_text("@njit(parallel=True)\ndef k(a, b, m, h, idx, n, off):\n" + body, "k",
                   {vector_of(Kind::F64), vector_of(Kind::F64), matrix_of(Kind::F64), vector_of(Kind::I64), vector_of(Kind::I64),
                    Kind::I64, Kind::I64},
                   options);
}

}  // namespace kjit::testing
