#pragma once
// Lowering: typed tree -> LLVM IR, one module per program. Entry: lower().
//
// The meaning of every node is fixed by typing/tree/typed_tree.h; nothing is decided here. docs/adding.md says where a new node
// or builtin goes.

#include <map>
#include <memory>
#include <string>

#include "analysis/facts/code_units.h"
#include "analysis/loops/loop_plan.h"
#include "analysis/races/parallel_plan.h"
#include "support/source_file.h"
#include "typing/tree/typed_tree.h"

namespace llvm {
class LLVMContext;
class Module;
}  // namespace llvm

namespace kjit {

inline constexpr const char* kEntrySymbol = "kjit_entry";  // of the function that runs functions[0]

// functions[0] as a C function with its arguments in registers, for hosts that know its types:
//
//   R kjit_direct(kjit_context*, int32_t* status, A...)             bools, integers and floats are themselves
//   void kjit_direct(kjit_context*, int32_t* status, R*, A...)      for any other result, None included
//
// with a pointer to its memory for any other argument. `status` gets a kjit_status; without KJIT_OK the result is undefined.
// There is none for the script, and none for programs whose functions read the script's variables.
inline constexpr const char* kDirectSymbol = "kjit_direct";

struct LowerOptions {
  bool checked = false;      // integer overflow traps
  bool bounds_check = true;  // unless a function says otherwise
  int opt_level = 3;
  bool direct_entry = false;   // also kDirectSymbol
  bool system_linker = false;  // C functions have their own names, for ld; otherwise those that the engine knows
  bool debug_info = true;      // line tables, and names of values: for those who read what comes out
  bool verify = true;          // asks LLVM whether the module is sound
  // Of the machine that the code is for, as LLVM writes them: sizes and alignments follow from the layout, so a module has it
  // from its beginning.
  std::string triple = {};
  std::string data_layout = {};
  bool has_fma = false;  // fused multiply-add as an instruction
};

// The destructor lives where LLVM's types are complete, so that owners need no LLVM headers.
struct LoweredModule {
  LoweredModule();
  LoweredModule(LoweredModule&&) noexcept;
  LoweredModule& operator=(LoweredModule&&) noexcept;
  ~LoweredModule();

  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::Module> module;
  std::string entry;  // symbol of the kjit_entry that runs functions[0]
};

// The program must have passed the verifier. prange loops without a parallel plan run serially. `loops` was made with the same
// options.
LoweredModule lower(const typed::Program& program, const ParallelPlans& plans, const LoopPlans& loops, const SourceMap& sources,
                    const LowerOptions& options);

// Symbols of the functions of other units, by function.
using UnitSymbols = std::map<typed::FunctionId, std::string>;

// One unit of plan_units() alone; `symbols` has all functions that it calls in others. The entry is that of lower() for the unit
// of functions[0], else the unit's first function.
LoweredModule lower_unit(const typed::Program& program, const ParallelPlans& plans, const LoopPlans& loops,
                         const SourceMap& sources, const LowerOptions& options, const CodeUnit& unit, const UnitSymbols& symbols);

}  // namespace kjit
