#pragma once
// The stages in order: source text -> tokens -> syntax tree -> typed tree -> LLVM IR -> object -> image. A newcomer begins with
// pipeline.cpp.

#include <optional>
#include <string>
#include <vector>

#include "analysis/arrays/fusion.h"
#include "analysis/loops/loop_plan.h"
#include "analysis/races/parallel_plan.h"
#include "codegen/machine_pool.h"
#include "codegen/stop_flag.h"
#include "driver/part_store.h"
#include "driver/stable_names.h"
#include "driver/stage.h"
#include "image/kernel_image.h"
#include "kjit/engine.h"
#include "lower/lower.h"
#include "support/diagnostics.h"
#include "typing/module_set.h"
#include "typing/tree/typed_tree.h"
#include "typing/type.h"

namespace kjit {

// What a program is made for: the script of the main file, or one of its kernels with these types of arguments.
struct EntryPoint {
  std::optional<std::string> kernel;  // nullopt: the script
  std::vector<Type> arguments;
};

// What the front end makes; the plans point into the program.
struct CheckedProgram {
  typed::Program program;
  std::vector<ArrayTemporary> temporaries;
  ParallelPlans plans;
  LoopPlans loops;
};

// What one engine's compilations share.
struct CompilerTools {
  MachinePool& machines;
  PartStore& parts;
  std::string entry_symbol = kEntrySymbol;  // what the objects call their entry
};

// Parsed files -> verified typed tree and plans; sites and functions have stable names. nullopt if there are errors, or if the
// observer stopped.
std::optional<CheckedProgram> run_front_end(const ModuleSet& modules, const EntryPoint& entry, const EngineOptions& options,
                                            SiteNumbers& numbers, Diagnostics& diags, StageObserver& observer);

// For `kjit check`: all diagnostics of the file, also of functions that nothing calls. The result names those that could be
// checked in part only.
std::vector<std::string> report_mistakes(const ModuleSet& modules, const EngineOptions& options, Diagnostics& diags);

// Typed tree and plans -> optimised LLVM IR -> object files, in an image that link_kernel() makes runnable. Functions that an
// image of the same engine has already are not compiled again. nullopt if the observer or `stop` stopped it, or with a text in
// `error` if machine code cannot be had here.
std::optional<KernelImage> run_back_end(const CheckedProgram& checked, const SourceMap& sources, const EngineOptions& options,
                                        const CompilerTools& tools, StopFlag stop, StageObserver& observer, std::string& error);

}  // namespace kjit
