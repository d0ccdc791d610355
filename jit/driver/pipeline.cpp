// THE list of stages. Entry: run_front_end, then run_back_end; driver/load_modules.cpp has read and parsed the files before, and
// driver/linked_kernel.cpp makes the image runnable.

#include "driver/pipeline.h"

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include "analysis/arrays/fusion.h"
#include "driver/describe.h"
#include "driver/linked_kernel.h"
#include "driver/unit_code.h"
#include "library/library.h"
#include "lower/lower.h"
#include "syntax/ast_printer.h"
#include "syntax/lexer.h"
#include "typing/tree/typed_printer.h"
#include "typing/tree/verify.h"
#include "typing/type_check.h"

namespace kjit {

namespace {

ParallelPlans make_plans(const typed::Program& program, const SourceMap& sources, const EngineOptions& options,
                         Diagnostics& diags) {
  PlanOptions plan_options;
  plan_options.strict = options.strict;
  plan_options.array_reductions = true;
  return plan_parallel(program, sources, plan_options, diags);
}

#ifdef NDEBUG
constexpr bool kAlwaysVerify = false;
#else
constexpr bool kAlwaysVerify = true;
#endif

std::string dump_tokens(const SourceFile& source) {
  Diagnostics reported_before;
  return print_tokens(lex(source, 0, reported_before), source);
}

}  // namespace

std::optional<CheckedProgram> run_front_end(const ModuleSet& modules, const EntryPoint& entry, const EngineOptions& options,
                                            SiteNumbers& numbers, Diagnostics& diags, StageObserver& observer) {
  if (!observer.after(Stage::Tokens, [&] { return dump_tokens(modules.sources.file(0)); })) return std::nullopt;
  if (!observer.after(Stage::Ast, [&] { return print_ast(modules.modules[0]); })) return std::nullopt;

  auto program = entry.kernel ? check_kernel(modules, library(), *entry.kernel, entry.arguments, diags)
                              : check_script(modules, library(), diags);
  if (!program) return std::nullopt;
  if (options.verify || kAlwaysVerify) verify(*program);
  if (!observer.after(Stage::Typed, [&] { return print_typed(*program, modules.sources); })) return std::nullopt;

  std::vector<ArrayTemporary> temporaries = fuse_arrays(*program);
  if (options.verify || kAlwaysVerify) verify(*program);
  give_stable_names(*program, numbers);
  ParallelPlans plans = make_plans(*program, modules.sources, options, diags);
  if (diags.has_errors()) return std::nullopt;
  const auto dump_plans = [&] { return print_parallel(plans, *program, modules.sources); };
  if (!observer.after(Stage::Parallel, dump_plans)) return std::nullopt;

  LoopPlans loops = plan_loops(*program, plans, {options.checked, options.bounds_check, options.opt_level});
  const auto dump_loops = [&] { return print_loops(loops, temporaries, *program, modules.sources); };
  if (!observer.after(Stage::Loops, dump_loops)) return std::nullopt;
  return CheckedProgram{std::move(*program), std::move(temporaries), std::move(plans), std::move(loops)};
}

std::vector<std::string> report_mistakes(const ModuleSet& modules, const EngineOptions& options, Diagnostics& diags) {
  WholeFileCheck checked = check_all(modules, library(), diags);
  if (checked.program) fuse_arrays(*checked.program), make_plans(*checked.program, modules.sources, options, diags);
  return std::move(checked.unchecked);
}

std::optional<KernelImage> run_back_end(const CheckedProgram& checked, const SourceMap& sources, const EngineOptions& options,
                                        const CompilerTools& tools, StopFlag stop, StageObserver& observer, std::string& error) {
  auto machine = tools.machines.take(error);
  if (!machine) return std::nullopt;
  std::vector<UnitCode> units = lower_units(checked, sources, options, observer.reads_code(), tools, *machine);
  machine.reset();  // back to the pool, for the threads that optimise: most programs are one unit and make one machine
  if (!observer.after(Stage::Llvm, [&] { return print_units(units); })) return std::nullopt;

  if (!optimize_units(units, options, tools, stop, error)) return std::nullopt;
  if (!observer.after(Stage::LlvmOpt, [&] { return print_units(units); })) return std::nullopt;
  if (!observer.after(Stage::Asm, [&] { return assembly_of(units, tools); })) return std::nullopt;

  if (!emit_units(units, options, tools, stop, error)) return std::nullopt;
  if (!observer.after(Stage::Obj, [&] { return units.back().object; })) return std::nullopt;

  KernelImage image = describe(checked.program, sources);
  image.target = to_string(tools.machines.target());
  image.entry = tools.entry_symbol;
  put_code_into(image, std::move(units), tools.parts);
  return image;
}

}  // namespace kjit
