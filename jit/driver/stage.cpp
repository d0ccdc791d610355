// Names of the stages. Entry: find_stage.

#include "driver/stage.h"

#include <algorithm>
#include <iterator>

namespace kjit {

namespace {

constexpr std::string_view kNames[] = {"tokens", "ast", "typed", "parallel", "loops", "llvm", "llvm-opt", "asm", "obj"};

}  // namespace

std::string_view stage_name(Stage stage) { return kNames[static_cast<std::size_t>(stage)]; }

std::optional<Stage> find_stage(std::string_view name) {
  const auto found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) return std::nullopt;
  return static_cast<Stage>(found - std::begin(kNames));
}

std::vector<std::string_view> stage_names() { return {std::begin(kNames), std::end(kNames)}; }

}  // namespace kjit
