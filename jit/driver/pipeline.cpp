// THE list of stages. Entry: run_front_end, then run_back_end; driver/load_modules.cpp has read and parsed the files before.

#include "driver/pipeline.h"

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include "codegen/emit.h"
#include "codegen/optimize.h"
#include "codegen/target.h"
#include "lower/lower.h"
#include "syntax/ast_printer.h"
#include "syntax/lexer.h"
#include "typing/type_check.h"
#include "typing/typed_printer.h"
#include "typing/verify.h"

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

// A missing text cannot come from the user's program: the target of this machine can always print.
std::string dump_machine_code(std::optional<std::string> text) { return text ? std::move(*text) : std::string(); }

}  // namespace

std::optional<CheckedProgram> run_front_end(const ModuleSet& modules, const EntryPoint& entry, const EngineOptions& options,
                                            Diagnostics& diags, StageObserver& observer) {
  if (!observer.after(Stage::Tokens, [&] { return dump_tokens(modules.sources.file(0)); })) return std::nullopt;
  if (!observer.after(Stage::Ast, [&] { return print_ast(modules.modules[0]); })) return std::nullopt;

  auto program = entry.kernel ? check_kernel(modules, *entry.kernel, entry.arguments, diags) : check_script(modules, diags);
  if (!program) return std::nullopt;
  if (options.verify || kAlwaysVerify) verify(*program);
  if (!observer.after(Stage::Typed, [&] { return print_typed(*program, modules.sources); })) return std::nullopt;

  ParallelPlans plans = make_plans(*program, modules.sources, options, diags);
  if (diags.has_errors()) return std::nullopt;
  const auto dump_plans = [&] { return print_parallel(plans, *program, modules.sources); };
  if (!observer.after(Stage::Parallel, dump_plans)) return std::nullopt;
  return CheckedProgram{std::move(*program), std::move(plans)};
}

std::vector<std::string> report_mistakes(const ModuleSet& modules, const EngineOptions& options, Diagnostics& diags) {
  WholeFileCheck checked = check_all(modules, diags);
  if (checked.program) make_plans(*checked.program, modules.sources, options, diags);
  return std::move(checked.unchecked);
}

std::unique_ptr<CompiledModule> run_back_end(const CheckedProgram& checked, const SourceMap& sources,
                                             const EngineOptions& options, JitStack* jit, StageObserver& observer,
                                             std::string& error) {
  LowerOptions lower_options;
  lower_options.checked = options.checked;
  lower_options.bounds_check = options.bounds_check;
  lower_options.opt_level = options.opt_level;
  LoweredModule lowered = lower(checked.program, checked.plans, sources, lower_options);
  if (!observer.after(Stage::Llvm, [&] { return print_module(*lowered.module); })) return nullptr;

  const auto machine = make_target_machine(options.opt_level, error);
  if (!machine) return nullptr;
  optimize(*lowered.module, *machine, options.opt_level);
  if (!observer.after(Stage::LlvmOpt, [&] { return print_module(*lowered.module); })) return nullptr;
  if (!observer.after(Stage::Asm, [&] { return dump_machine_code(emit_assembly(*lowered.module, *machine)); })) return nullptr;
  if (!observer.after(Stage::Obj, [&] { return dump_machine_code(emit_object(*lowered.module, *machine)); })) return nullptr;

  if (jit == nullptr) return nullptr;
  return jit->add(std::move(lowered.context), std::move(lowered.module), lowered.entry, error);
}

}  // namespace kjit
