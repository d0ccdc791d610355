#pragma once
// What all functions of one module share: types, declarations of the runtime, string constants, debug information.

#include <llvm/IR/DIBuilder.h>
#include <llvm/IR/DerivedTypes.h>
#include <llvm/IR/Module.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lower/lower.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

// What a function made for a parallel loop depends on. Several functions may start one loop (an outer loop's body is outlined
// with and without copies, say); where they agree in this they share what was made.
struct LoopFunction {
  enum class Role { Body, BodyWithCopies, Combine, Finish } role;
  typed::LoopId loop;
  bool starts_in_outlined;                         // the function that starts it is such a body
  std::set<typed::GlobalId> replaced_globals;      // as in FunctionLowering, where the loop starts
  std::set<typed::AccessId> private_updates = {};  // likewise, those in the loop; empty but for bodies
  auto operator<=>(const LoopFunction&) const = default;
};

class ModuleLowering {
 public:
  ModuleLowering(llvm::Module& module, const typed::Program& program, const ParallelPlans& plans, const LoopPlans& loops,
                 const SourceMap& sources, const LowerOptions& options);

  llvm::Module& module;
  llvm::LLVMContext& context;
  const typed::Program& program;
  const ParallelPlans& plans;
  const LoopPlans& loops;
  const SourceMap& sources;
  const LowerOptions options;
  const std::vector<bool> clock_readers;                    // by FunctionId, see analysis/facts/clock.h
  std::vector<llvm::Function*> functions;                   // by FunctionId
  std::map<typed::FunctionId, std::vector<bool>> borrowed;  // FunctionLowering::borrowed_locals, of those that were asked for

  // ---- lower_type.cpp ----
  // In registers bool is i1; in memory, inside tuples and in arrays, it is i8. Everything else looks the same in both.
  // None and Dtype are the empty struct.
  llvm::Type* value_type(const Type& type);
  llvm::Type* memory_type(const Type& type);
  llvm::Type* scalar_type(Kind kind);               // in registers
  llvm::Type* element_type(Kind dtype);             // in memory
  llvm::StructType* array_type(int rank);           // {ptr data, ptr owner, [2 * rank x i64] dims}
  llvm::StructType* str_type();                     // {ptr data, i64 size, ptr owner}
  llvm::StructType* result_type(const Type& type);  // of a kernel: {value, i32 status}
  llvm::StructType* globals_type();                 // {value, i8 set} of each global

  llvm::PointerType* ptr() { return llvm::PointerType::getUnqual(context); }
  llvm::IntegerType* i1() { return llvm::Type::getInt1Ty(context); }
  llvm::IntegerType* i8() { return llvm::Type::getInt8Ty(context); }
  llvm::IntegerType* i32() { return llvm::Type::getInt32Ty(context); }
  llvm::IntegerType* i64() { return llvm::Type::getInt64Ty(context); }
  llvm::Type* f64() { return llvm::Type::getDoubleTy(context); }

  // ---- runtime_calls.cpp ----
  // A row of runtime/symbols.def, declared on first use.
  llvm::FunctionCallee runtime(std::string_view name);
  // C's libm function with `arity` arguments of one float type; errno is never read.
  llvm::FunctionCallee libm(const std::string& name, llvm::Type* type, unsigned arity);
  std::map<LoopFunction, llvm::Function*> loop_functions;
  // Philox4x32-10 as IR: (key, lane, block) -> the two u64 draws of the block, see lower_random.cpp.
  llvm::Function* philox = nullptr;

  llvm::Constant* text_data(std::string_view text);  // address of the bytes

  // ---- debug_info.cpp ----
  llvm::DISubprogram* debug_subprogram(const typed::Function& function);
  llvm::DILocation* debug_location(llvm::DISubprogram* scope, Span span);
  void finish_debug_info();

 private:
  llvm::DIFile* debug_file(std::uint32_t file);

  std::unordered_map<std::string, llvm::Constant*> texts_;
  std::unordered_map<std::uint64_t, llvm::DILocation*> locations_;  // of debug_scope_, by line and column
  llvm::DISubprogram* location_scope_ = nullptr;
  std::unique_ptr<llvm::DIBuilder> debug_;
  std::vector<llvm::DIFile*> files_;
};

// How C's convention wants a number of this type to be widened that is passed or returned; nullopt: not at all.
std::optional<llvm::Attribute::AttrKind> c_widening(const Type& type);

// Letters of symbols.def ("Sxip"), or an empty view if there is no such row.
std::string_view runtime_signature(std::string_view name);

}  // namespace kjit
