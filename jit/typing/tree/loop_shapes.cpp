// Steps of broadcasting. Entries: shape_steps, set_shape_steps.

#include "typing/tree/loop_shapes.h"

#include <utility>

#include "runtime/mask_step.h"

namespace kjit::typed {

namespace {

// All arrays at once.
ShapeSteps plain_steps(const ArrayLoop& loop) {
  ShapeSteps steps;
  for (std::size_t k = 0; k < loop.operands.size(); ++k) {
    if (loop.operands[k]->type.is_array()) steps.push_back(static_cast<std::int32_t>(k));
  }
  if (steps.size() > 1) steps.push_back(-static_cast<std::int32_t>(steps.size()));
  return steps;
}

}  // namespace

ShapeSteps shape_steps(const ArrayLoop& loop) { return loop.shapes.empty() ? plain_steps(loop) : loop.shapes; }

void set_shape_steps(ArrayLoop& loop, ShapeSteps steps) {
  const bool plain = steps == plain_steps(loop);
  loop.shapes = plain ? ShapeSteps() : std::move(steps);
}

void append_steps(ShapeSteps& steps, const ShapeSteps& more, const std::vector<std::uint32_t>& numbers) {
  for (const std::int32_t step : more) {
    steps.push_back(step < 0 ? step : static_cast<std::int32_t>(numbers[static_cast<std::size_t>(step)]));
  }
}

bool are_shape_steps(const ShapeSteps& steps, const ArrayLoop& loop) {
  std::int64_t height = 0;
  for (std::int32_t step : steps) {
    if (step == KJIT_MASK_STEP) step = static_cast<std::int32_t>(-height);
    if (step < 0 && height + step < 0) return false;
    const auto operand = static_cast<std::size_t>(step);
    if (step >= 0 && (operand >= loop.operands.size() || !loop.operands[operand]->type.is_array())) return false;
    height += step < 0 ? step + 1 : 1;
  }
  return height == 1;
}

}  // namespace kjit::typed
