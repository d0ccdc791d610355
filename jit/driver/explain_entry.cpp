#include "driver/explain_entry.h"

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <algorithm>

#include "analysis/facts/plan_text.h"
#include "codegen/code_lines.h"
#include "codegen/emit.h"
#include "codegen/optimize.h"
#include "codegen/remarks.h"
#include "driver/unit_code.h"
#include "explain/explain.h"
#include "typing/tree/typed_printer.h"

namespace kjit {

namespace {

// Each unit after its passes, which leave their remarks.
std::vector<UnitCode> optimized_units(const CheckedProgram& checked, const SourceMap& sources, const EngineOptions& options,
                                      const CompilerTools& tools, llvm::TargetMachine& machine, std::vector<Remark>& remarks) {
  PartStore none;  // what the engine compiled before would leave no remarks
  std::vector<UnitCode> units = lower_units(checked, sources, options, true, {tools.machines, none}, machine);
  for (UnitCode& unit : units) {
    collect_remarks(*unit.lowered.context, remarks);
    optimize(*unit.lowered.module, machine, unit.is_large ? 0 : options.opt_level);
  }
  return units;
}

void append(std::vector<CodeLine>& lines, std::vector<CodeLine> more) {
  lines.insert(lines.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::vector<CodeLine> source_lines(const SourceFile& file) {
  std::vector<CodeLine> lines;
  for (std::uint32_t line = 1; line <= file.line_count(); ++line) lines.push_back({std::string(file.line_text(line)), line});
  if (!lines.empty() && lines.back().text.empty()) lines.pop_back();  // behind the last line end
  return lines;
}

// Uses the modules up.
CodeViews views_of(const CheckedProgram& checked, const SourceMap& sources, std::vector<UnitCode>& units,
                   llvm::TargetMachine& machine) {
  CodeViews views{source_lines(sources.file(0)), typed_lines(checked.program, sources), {}, {}};
  const std::string file = file_name_of({}, sources);
  for (UnitCode& unit : units) {
    append(views.llvm, code_lines(*unit.lowered.module, file));
    append(views.assembly, assembly_lines(emit_assembly(*unit.lowered.module, machine).value_or(""), file));
  }
  return views;
}

}  // namespace

bool is_explanation(std::string_view form) { return form == "explain" || form == "explain-json" || form == "explain-html"; }

std::optional<std::string> explain_entry(const CheckedProgram& checked, const EntryPoint& entry, const SourceMap& sources,
                                         const EngineOptions& options, const CompilerTools& tools, std::string_view form,
                                         std::string& error) {
  const auto machine = tools.machines.take(error);
  if (!machine) return std::nullopt;
  std::vector<Remark> remarks;
  std::vector<UnitCode> units = optimized_units(checked, sources, options, tools, *machine, remarks);
  Explanation explanation{sources.file(0).name(), entry.kernel.value_or(""), machine->getTargetCPU().str(),
                          explain_places({checked.program, checked.plans, checked.loops, checked.temporaries, remarks, sources})};
  if (form == "explain-json") return to_json(explanation);
  if (form == "explain-html") return to_page(explanation, views_of(checked, sources, units, *machine));
  return to_text(explanation);
}

}  // namespace kjit
