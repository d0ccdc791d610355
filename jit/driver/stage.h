#pragma once
// The stages of the pipeline as other parts speak of them, and how they watch it: dumps, timings and tests are observers.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kjit {

// In pipeline order.
enum class Stage { Tokens, Ast, Typed, Parallel, Loops, Llvm, LlvmOpt, Asm, Obj };

std::string_view stage_name(Stage stage);  // as after --stage: "llvm-opt"
std::optional<Stage> find_stage(std::string_view name);
std::vector<std::string_view> stage_names();

// The value that a stage has made, as text; for Obj the bytes. It is made only when called. Asm and Obj use the module up: an
// observer that asks for them must stop the pipeline.
using StageText = std::function<std::string()>;

class StageObserver {
 public:
  virtual ~StageObserver() = default;
  // False: the pipeline stops here.
  virtual bool after(Stage stage, const StageText& text) = 0;
  // True: somebody will read the module or its assembly, and wants names and line numbers in it. Results are the same.
  virtual bool reads_code() const { return false; }
};

}  // namespace kjit
