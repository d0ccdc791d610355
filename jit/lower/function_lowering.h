#pragma once
// The state of one function while it is lowered, and what every feature needs of it: blocks, slots, errors, ownership.
//
// Ownership. Expressions give borrowed values. One that makes a new reference (a call, a new array) hands it to `own_temporary`,
// which keeps it in a slot of the frame until the statement ends (`release_temporaries`). Locals of managed types hold a
// reference of their own, but for views of what outlives them (facts/borrowed_views.h). All slots are null when empty, so that
// the one exit block can release everything, whatever path leads there.
//
// Errors. A failing check branches to a cold block that records the trap and goes to the exit block with status 1.

#include <llvm/IR/IRBuilder.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "lower/module_lowering.h"
#include "runtime/abi.h"

namespace kjit {

struct LocalSlot {
  llvm::AllocaInst* place = nullptr;
  llvm::AllocaInst* set_flag = nullptr;  // i1, for locals whose reads may be checked
  bool owns = false;  // holds a reference: managed, and neither a parameter that is never assigned nor a borrowed view
  std::optional<unsigned> kept = {};  // the first of its references in the frame's table, if there is one
};

// Random draws whose place in the block sequence is known at compile time; see lower_random.cpp.
struct StaticDraws;

// One loop around what is being emitted.
struct LoopFrame {
  llvm::BasicBlock* on_break;
  llvm::BasicBlock* on_continue;
  const LoopPlan* fast = nullptr;  // set in a version for which the plan's tests hold
  StaticDraws* draws = nullptr;    // set in a version whose draws are arithmetic
  bool is_rare = false;            // the version for what seldom happens: small rather than quick
};

class FunctionLowering {
 public:
  FunctionLowering(ModuleLowering& module, const typed::Function& function, llvm::Function* llvm_function);

  ModuleLowering& m;
  const typed::Function& function;
  llvm::Function* const llvm_function;
  llvm::IRBuilder<> b;
  llvm::Value* const ctx;
  llvm::DISubprogram* subprogram = nullptr;
  std::vector<LocalSlot> locals;
  std::vector<LoopFrame> loops;
  std::vector<llvm::CallInst*> recursive_calls;  // of functions that are recursive
  std::set<typed::GlobalId> replaced_globals;    // whose copies hold a block's own array
  // Updates of arrays that this function has to itself, so that they need not be indivisible.
  std::set<typed::AccessId> private_updates;
  bool is_outlined = false;                                  // the body of a parallel loop: loops inside run on its thread
  const std::vector<llvm::Value*>* loop_elements = nullptr;  // of the operands, inside the body of an array loop
  llvm::BasicBlock* on_failure = nullptr;                    // where the path of an error goes on
  // What must be done when a return leaves the loops around it, innermost last.
  std::vector<std::function<void()>> leave_actions;

  // Emits the whole function.
  void run();

  // ---- the frame; run() does all of it, outline.cpp for the body of a parallel loop ----
  void open_frame();
  // A slot for each local. Those of `borrowed` never hold a reference of their own, the others begin empty.
  void add_locals(const std::vector<bool>& borrowed);
  // By LocalId: those of facts/borrowed_views.h, which the bodies of its parallel loops ask for as well.
  const std::vector<bool>& borrowed_locals();
  void preload_globals();
  void succeed();  // ends the block
  void close_frame();

  // ---- blocks ----
  llvm::BasicBlock* new_block(const char* name);
  void start_block(llvm::BasicBlock* block) { b.SetInsertPoint(block); }
  bool terminated() const { return b.GetInsertBlock()->getTerminator() != nullptr; }
  // Branches to `target` unless the block has ended already.
  void jump(llvm::BasicBlock* target);
  // A branch whose true side is rare.
  void branch_unlikely(llvm::Value* condition, llvm::BasicBlock* rare, llvm::BasicBlock* usual);
  // All that only this place leads to runs rarely, and need not be fast (support/ir_marks.h).
  void begin_rare_code();
  llvm::AllocaInst* entry_alloca(llvm::Type* type, const char* name = "");
  void locate(Span span);

  // ---- options of the function ----
  bool checked() const { return m.options.checked && !loop_elements; }
  bool bounds_check() const { return function.options.boundscheck.value_or(m.options.bounds_check); }
  // Itself or in what it calls: then nothing moves across its readings, see lower_clock.cpp.
  bool reads_clock() const { return m.clock_readers[static_cast<std::size_t>(&function - m.program.functions.data())]; }
  bool quiet_division() const { return loop_elements || function.options.numpy_error_model; }

  // ---- constants ----
  llvm::ConstantInt* int64(std::int64_t value) { return b.getInt64(static_cast<std::uint64_t>(value)); }
  llvm::ConstantInt* int32(std::int32_t value) { return b.getInt32(static_cast<std::uint32_t>(value)); }
  llvm::Constant* none() { return llvm::ConstantAggregateZero::get(llvm::StructType::get(m.context)); }
  llvm::Value* context_field(std::size_t offset);  // address of a field of kjit_context

  // ---- errors: lower_error.cpp ----
  void trap_if(llvm::Value* bad, int code, typed::SiteId site, llvm::Value* v0 = nullptr, llvm::Value* v1 = nullptr,
               llvm::Value* v2 = nullptr);
  void fail();                                                        // ends the block: the error is recorded, leave the function
  void fail_if_runtime_failed(llvm::Value* status);                   // the runtime recorded the site
  void fail_if_call_failed(llvm::Value* status, typed::SiteId site);  // a kernel: adds the call to the traceback
  void poll(typed::SiteId site);                                      // leaves if the call is to stop
  void return_value(llvm::Value* value);                              // owned; ends the block

  // ---- ownership: lower_memory.cpp ----
  void retain(llvm::Value* value, const Type& type);
  void release(llvm::Value* value, const Type& type);
  // `value` holds a new reference, which the statement will release unless it is taken.
  llvm::Value* own_temporary(llvm::Value* value, const Type& type);
  // Turns a borrowed value into an owned one: takes over the temporary's reference, or adds one.
  llvm::Value* take(llvm::Value* value, const Type& type);
  void release_temporaries();
  void assign_local(typed::LocalId local, llvm::Value* owned);
  void store_local(typed::LocalId local, llvm::Value* value);  // without releasing what was there
  llvm::Value* read_local(typed::LocalId local);
  llvm::Value* read_global_copy(typed::GlobalId global);  // made by preload_globals
  void replace_global_copy(typed::GlobalId global, llvm::Value* value);

  // ---- memory forms ----
  // A part of an aggregate. That of a variable is loaded alone, where the variable was: LLVM takes apart what it needs not whole.
  llvm::Value* field(llvm::Value* aggregate, llvm::ArrayRef<unsigned> path);
  llvm::Value* to_memory(llvm::Value* value, const Type& type);    // bool: i1 -> i8
  llvm::Value* from_memory(llvm::Value* value, const Type& type);  // bool: i8 -> i1
  llvm::Value* spill(llvm::Value* value, const Type& type);        // address of a copy in the frame, in memory form
  llvm::Value* load(llvm::Value* address, const Type& type);
  void store(llvm::Value* value, llvm::Value* address, const Type& type);
  llvm::CallInst* call_runtime(std::string_view name, std::vector<llvm::Value*> args);

 private:
  struct Temporary {
    llvm::Value* value;
    std::vector<llvm::AllocaInst*> slots;  // one for each owner inside the value
  };

  void prologue();
  void bind_parameter(typed::LocalId local, llvm::Argument* argument, bool assigned);
  void check_stack();
  void guard_calls();
  llvm::AllocaInst* take_slot();
  void keep_references();
  void keep_reference(typed::LocalId local, llvm::Value* value);
  void release_slots();
  void release_locals();

  llvm::BasicBlock* exit_ = nullptr;
  llvm::AllocaInst* result_ = nullptr;  // null if the function returns its status alone
  llvm::AllocaInst* status_ = nullptr;
  llvm::Instruction* alloca_point_ = nullptr;  // allocas go in front of it
  std::vector<Temporary> temporaries_;         // of the current statement
  std::vector<llvm::AllocaInst*> slots_;       // all owner slots of temporaries
  llvm::AllocaInst* kept_ = nullptr;           // the references of all locals, in a large frame; see keep_references
  std::vector<llvm::AllocaInst*> free_slots_;
  std::map<typed::GlobalId, LocalSlot> globals_;  // copies of the globals that the function reads

  friend llvm::Value* lower_read_global(FunctionLowering& f, const typed::Expr& expr, const typed::ReadGlobal& node);
};

// While it lives, the builder's floating-point operations carry no fast-math flags: for the tests that decide about errors, which
// must see the infinities and NaNs that nnan and ninf deny.
class ExactFloats {
 public:
  explicit ExactFloats(llvm::IRBuilder<>& b) : guard_(b) { b.clearFastMathFlags(); }

 private:
  llvm::IRBuilder<>::FastMathFlagGuard guard_;
};

// Where the reference counts sit inside a value: index paths as extractvalue takes them.
std::vector<std::vector<unsigned>> owner_paths(const Type& type);

}  // namespace kjit
