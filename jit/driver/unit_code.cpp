// Units: lowering, look-up, optimising, objects. Entry: lower_units.

#include "driver/unit_code.h"

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "analysis/facts/function_size.h"
#include "codegen/emit.h"
#include "codegen/module_key.h"
#include "codegen/optimize.h"
#include "codegen/target.h"
#include "driver/parallel_each.h"

namespace kjit {

namespace {

#ifdef NDEBUG
constexpr bool kAlwaysVerify = false;
#else
constexpr bool kAlwaysVerify = true;
#endif

constexpr int kMostCompilingThreads = 16;

LowerOptions lower_options(const EngineOptions& options, bool readable, const llvm::TargetMachine& machine) {
  LowerOptions result;
  result.triple = machine.getTargetTriple().str();
  result.data_layout = machine.createDataLayout().getStringRepresentation();
  result.has_fma = has_fma(machine);
  result.checked = options.checked;
  result.bounds_check = options.bounds_check;
  result.opt_level = options.opt_level;
  result.debug_info = readable;
  result.verify = options.verify || kAlwaysVerify;
  return result;
}

// The entry's own unit is in no other image: it needs no key.
UnitCode lower_one(const CheckedProgram& checked, const SourceMap& sources, const LowerOptions& options, const CodeUnit& unit,
                   const UnitSymbols& symbols, const CompilerTools& tools) {
  UnitCode code;
  code.lowered = lower_unit(checked.program, checked.plans, checked.loops, sources, options, unit, symbols);
  code.is_large = std::any_of(unit.bodies.begin(), unit.bodies.end(),
                              [&](typed::FunctionId id) { return is_too_large_to_optimise(checked.program.functions[id]); });
  if (unit.bodies[0] == 0) {
    if (tools.entry_symbol != code.lowered.entry) rename_function(*code.lowered.module, code.lowered.entry, tools.entry_symbol);
    return code;
  }
  code.key = module_key(*code.lowered.module, to_string(tools.machines.target()) + " O" + std::to_string(options.opt_level));
  code.compiled = tools.parts.find(code.key);
  rename_function(*code.lowered.module, code.lowered.entry, part_symbol(code.key));
  return code;
}

void add_once(std::vector<std::string>& keys, std::string key) {
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
}

using UnitWork = std::function<void(UnitCode&, llvm::TargetMachine&, std::string& problem)>;

// The work on each unit that is not compiled yet, the largest first, on several threads: each unit has an LLVMContext of its own,
// each thread a machine. Hosts that give the threads for loops get none for compiling.
bool each_unit(std::vector<UnitCode>& units, const EngineOptions& options, const CompilerTools& tools, StopFlag stop,
               std::string& error, const UnitWork& work) {
  std::vector<std::pair<std::size_t, UnitCode*>> open;
  for (UnitCode& unit : units) {
    if (!unit.compiled) open.emplace_back(unit.lowered.module->getInstructionCount(), &unit);
  }
  std::sort(open.begin(), open.end(), std::greater<>());
  std::vector<std::string> problems(open.size());
  parallel_each(open.size(), options.loop_executor ? 1 : kMostCompilingThreads, [&](std::size_t i) {
    if (is_stopped(stop)) return;
    const auto machine = tools.machines.take(problems[i]);
    if (machine) work(*open[i].second, *machine, problems[i]);
  });
  if (is_stopped(stop)) return false;
  const auto failed = std::find_if(problems.begin(), problems.end(), [](const std::string& problem) { return !problem.empty(); });
  if (failed != problems.end()) error = *failed;
  return failed == problems.end();
}

}  // namespace

std::vector<UnitCode> lower_units(const CheckedProgram& checked, const SourceMap& sources, const EngineOptions& options,
                                  bool readable, const CompilerTools& tools, const llvm::TargetMachine& machine) {
  LowerOptions lowering = lower_options(options, readable, machine);
  lowering.system_linker = tools.entry_symbol != kEntrySymbol;
  lowering.direct_entry = !readable && !lowering.system_linker;
  std::vector<UnitCode> result;
  UnitSymbols symbols;
  for (const CodeUnit& unit : plan_units(checked.program)) {
    UnitCode code = lower_one(checked, sources, lowering, unit, symbols, tools);
    for (const typed::FunctionId callee : unit.calls) add_once(code.uses, std::string(part_key(symbols.at(callee))));
    if (!code.key.empty()) symbols[unit.bodies[0]] = part_symbol(code.key);
    const auto is_same = [&](const UnitCode& other) { return !code.key.empty() && other.key == code.key; };
    if (std::none_of(result.begin(), result.end(), is_same)) result.push_back(std::move(code));  // else: the same code as that
  }
  return result;
}

bool optimize_units(std::vector<UnitCode>& units, const EngineOptions& options, const CompilerTools& tools, StopFlag stop,
                    std::string& error) {
  return each_unit(units, options, tools, stop, error, [&](UnitCode& unit, llvm::TargetMachine& machine, std::string&) {
    optimize(*unit.lowered.module, machine, unit.is_large ? 0 : options.opt_level, stop);
  });
}

bool emit_units(std::vector<UnitCode>& units, const EngineOptions& options, const CompilerTools& tools, StopFlag stop,
                std::string& error) {
  return each_unit(units, options, tools, stop, error, [&](UnitCode& unit, llvm::TargetMachine& machine, std::string& problem) {
    const auto quick = unit.is_large ? make_target_machine(tools.machines.target(), 0, problem) : nullptr;
    auto object = emit_object(*unit.lowered.module, quick ? *quick : machine, stop);
    unit.lowered = LoweredModule();  // frees the IR
    if (!object) problem = "LLVM writes no object files for this machine";
    if (object) unit.object = std::move(*object);
  });
}

std::string print_units(const std::vector<UnitCode>& units) {
  std::string text;
  for (const UnitCode& unit : units) text += print_module(*unit.lowered.module);
  return text;
}

// A missing text cannot come from the user's program: the target of this machine can always print.
std::string assembly_of(std::vector<UnitCode>& units, const CompilerTools& tools) {
  std::string text, unused;
  const auto machine = tools.machines.take(unused);
  if (!machine) return text;
  for (UnitCode& unit : units) text += emit_assembly(*unit.lowered.module, *machine).value_or("");
  return text;
}

void put_code_into(KernelImage& image, std::vector<UnitCode> units, PartStore& store) {
  image.object = std::move(units.back().object);
  image.uses = std::move(units.back().uses);
  units.pop_back();
  for (UnitCode& unit : units) {
    if (!unit.compiled) unit.compiled = store.add({unit.key, std::move(unit.object), std::move(unit.uses)});
    image.parts.push_back(std::move(unit.compiled));
  }
}

}  // namespace kjit
