// What is known before the loop runs of the rule for copies. Entry: may_have_copies.

#include "analysis/races/array_copies.h"

#include <algorithm>

namespace kjit {

Type handle_type(const typed::Program& program, const typed::Function& function, const ArrayHandle& handle) {
  Type type = handle.is_global ? program.globals[handle.id].type : function.locals[handle.id].type;
  for (const std::uint32_t index : handle.path) type = type.elements()[index];
  return type;
}

bool may_have_copies(const typed::Program& program, const typed::Function& function, const ParallelPlan& plan, bool checked) {
  const auto overflows = [&](const ArrayReduction& reduction) {
    return Type(handle_type(program, function, reduction.array).dtype()).is_integer();
  };
  const auto& reductions = plan.array_reductions;
  return !reductions.empty() && !(checked && std::any_of(reductions.begin(), reductions.end(), overflows));
}

}  // namespace kjit
