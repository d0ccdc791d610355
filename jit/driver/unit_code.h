#pragma once
// The units of a program on their way through the back end.

#include <memory>
#include <string>
#include <vector>

#include "analysis/facts/code_units.h"
#include "codegen/stop_flag.h"
#include "driver/part_store.h"
#include "driver/pipeline.h"
#include "lower/lower.h"

namespace kjit {

struct UnitCode {
  LoweredModule lowered;
  std::string key;                           // hash of the unoptimised module and of the keys of those it calls
  std::vector<std::string> uses;             // keys of the units that it calls
  std::shared_ptr<const CodePart> compiled;  // of a unit that an image of the engine has already: nothing is left to do
  std::string object;
  bool is_large = false;  // a function in it is too large for the optimiser
};

// In the order of plan_units, for this machine. Units whose key is in the tools' parts are taken from there. `readable`: with
// names and line numbers.
std::vector<UnitCode> lower_units(const CheckedProgram& checked, const SourceMap& sources, const EngineOptions& options,
                                  bool readable, const CompilerTools& tools, const llvm::TargetMachine& machine);

// For units that are not compiled yet, on several threads. False if that was stopped, or with a text in `error` if LLVM cannot.
bool optimize_units(std::vector<UnitCode>& units, const EngineOptions& options, const CompilerTools& tools, StopFlag stop,
                    std::string& error);
bool emit_units(std::vector<UnitCode>& units, const EngineOptions& options, const CompilerTools& tools, StopFlag stop,
                std::string& error);

// The texts of all units, for dumps.
std::string print_units(const std::vector<UnitCode>& units);
std::string assembly_of(std::vector<UnitCode>& units, const CompilerTools& tools);

// The last unit becomes the image's own object, the others its parts, which `store` gets to know.
void put_code_into(KernelImage& image, std::vector<UnitCode> units, PartStore& store);

}  // namespace kjit
