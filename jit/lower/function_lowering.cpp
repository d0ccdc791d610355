// The frame of a function: prologue, locals, the one exit. Entry: FunctionLowering::run.

#include "lower/function_lowering.h"

#include <llvm/IR/Dominators.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/MDBuilder.h>

#include <algorithm>

#include "analysis/facts/borrowed_views.h"
#include "analysis/facts/recursion_guard.h"
#include "analysis/facts/walk.h"
#include "lower/features.h"
#include "support/assert.h"
#include "support/ir_marks.h"
#include "typing/tree/typed_walk.h"

namespace kjit {
namespace {

llvm::FastMathFlags flags_of(const typed::FastMath& fast) {
  llvm::FastMathFlags flags;
  flags.setAllowReassoc(fast.reassoc);
  flags.setNoNaNs(fast.nnan);
  flags.setNoInfs(fast.ninf);
  flags.setNoSignedZeros(fast.nsz);
  flags.setAllowReciprocal(fast.arcp);
  flags.setAllowContract(fast.contract);
  flags.setApproxFunc(fast.afn);
  return flags;
}

std::vector<bool> globals_read(const typed::Program& program, const typed::Function& function) {
  std::vector<bool> read(program.globals.size(), false);
  typed::for_each_expr(function.body, [&](const typed::Expr& e) {
    if (auto* node = std::get_if<typed::ReadGlobal>(&e.node)) read[node->global] = true;
  });
  return read;
}

}  // namespace

FunctionLowering::FunctionLowering(ModuleLowering& module, const typed::Function& function, llvm::Function* llvm_function)
    : m(module), function(function), llvm_function(llvm_function), b(module.context), ctx(llvm_function->getArg(0)) {
  b.setFastMathFlags(flags_of(function.options.fastmath));
}

void FunctionLowering::run() {
  subprogram = m.debug_subprogram(function);
  if (subprogram) llvm_function->setSubprogram(subprogram);
  prologue();
  lower_block(*this, function.body);
  if (!terminated()) return_value(none());
  close_frame();
  if (guards_its_calls(function)) guard_calls();
}

void FunctionLowering::prologue() {
  open_frame();
  result_ = entry_alloca(m.value_type(function.result), "result");
  const std::vector<bool> assigned = assigned_locals(function.body, function.locals.size());
  std::vector<bool> borrowed = borrowed_locals();
  for (typed::LocalId id = 0; id < function.parameter_count; ++id) borrowed[id] = !assigned[id];
  add_locals(borrowed);
  for (typed::LocalId id = 0; id < function.parameter_count; ++id) {
    bind_parameter(id, llvm_function->getArg(id + 1), assigned[id]);
  }
  preload_globals();
  if (guards_each_activation(function)) check_stack();
}

void FunctionLowering::open_frame() {
  start_block(new_block("entry"));
  locate(function.span);
  alloca_point_ = b.CreateAlloca(m.i8(), nullptr, "frame");  // erased in close_frame()
  exit_ = on_failure = new_block("exit");
  status_ = entry_alloca(m.i32(), "status");
}

const std::vector<bool>& FunctionLowering::borrowed_locals() {
  const auto [found, is_new] = m.borrowed.try_emplace(function.id);
  if (is_new) found->second = borrowed_views(function, m.plans);
  return found->second;
}

void FunctionLowering::add_locals(const std::vector<bool>& borrowed) {
  for (typed::LocalId id = 0; id < function.locals.size(); ++id) {
    const typed::Local& local = function.locals[id];
    LocalSlot slot;
    slot.place = entry_alloca(m.value_type(local.type), local.name.c_str());
    if (local.needs_set_flag) {
      slot.set_flag = entry_alloca(m.i1());
      b.CreateStore(b.getFalse(), slot.set_flag);
    }
    slot.owns = local.type.is_managed() && !borrowed[id];
    if (slot.owns) b.CreateStore(llvm::Constant::getNullValue(slot.place->getAllocatedType()), slot.place);
    locals.push_back(slot);
  }
  keep_references();
}

// The exit block releases what the frame holds, and each error comes to it: with the references in registers, each error would
// bring a value for each of them, which is quadratic in a long script. So where they are many they are in memory: those of locals
// as a copy, which this makes, those of temporaries by themselves (release_slots).
constexpr std::size_t kMostInRegisters = 16;

void FunctionLowering::keep_references() {
  unsigned count = 0;
  for (typed::LocalId id = 0; id < locals.size(); ++id) {
    if (locals[id].owns) count += static_cast<unsigned>(owner_paths(function.locals[id].type).size());
  }
  if (count <= kMostInRegisters) return;
  auto* table = llvm::ArrayType::get(m.ptr(), count);
  kept_ = entry_alloca(table, "references");
  b.CreateStore(llvm::Constant::getNullValue(table), kept_);
  unsigned next = 0;
  for (typed::LocalId id = 0; id < locals.size(); ++id) {
    if (!locals[id].owns) continue;
    locals[id].kept = next;
    next += static_cast<unsigned>(owner_paths(function.locals[id].type).size());
  }
}

void FunctionLowering::bind_parameter(typed::LocalId local, llvm::Argument* argument, bool assigned) {
  const Type& type = function.locals[local].type;
  argument->setName(function.locals[local].name);
  store_local(local, argument);
  if (assigned && type.is_managed()) retain(argument, type);
}

// Also polls: a recursion without loops must be stoppable.
void FunctionLowering::check_stack() {
  llvm::Value* frame = b.CreateIntrinsic(llvm::Intrinsic::frameaddress, {m.ptr()}, {int32(0)});
  llvm::Value* limit = b.CreateLoad(m.i64(), context_field(offsetof(kjit_context, stack_limit)));
  llvm::Value* low = b.CreateICmpULT(b.CreatePtrToInt(frame, m.i64()), limit);
  typed::SiteId site = function.body.empty() ? 0 : function.body.front()->site;
  trap_if(low, KJIT_TRAP_RecursionTooDeep, site);
  poll(site);
}

// In front of all calls that may lead back here, where each way to one of them comes by.
void FunctionLowering::guard_calls() {
  llvm::DominatorTree dominators(*llvm_function);
  llvm::BasicBlock* place = nullptr;
  for (llvm::CallInst* call : recursive_calls) {
    llvm::BasicBlock* block = call->getParent();
    if (dominators.isReachableFromEntry(block)) place = place ? dominators.findNearestCommonDominator(place, block) : block;
  }
  if (!place) return;
  const auto is_call = [&](llvm::Instruction& i) { return std::ranges::find(recursive_calls, &i) != recursive_calls.end(); };
  const auto first = std::ranges::find_if(*place, is_call);
  llvm::BasicBlock* guarded = place->splitBasicBlock(first == place->end() ? place->getTerminator()->getIterator() : first);
  place->getTerminator()->eraseFromParent();
  b.SetInsertPoint(place);
  locate(function.span);
  check_stack();
  b.CreateBr(guarded);
}

// Only the script assigns globals, and never while a function runs that it called: any other function may copy them once.
void FunctionLowering::preload_globals() {
  if (m.program.globals.empty() || function.is_script()) return;
  std::vector<bool> read = globals_read(m.program, function);
  llvm::Value* base = nullptr;
  for (typed::GlobalId id = 0; id < read.size(); ++id) {
    if (!read[id]) continue;
    if (!base) base = b.CreateLoad(m.ptr(), context_field(offsetof(kjit_context, globals)));
    const Type& type = m.program.globals[id].type;
    LocalSlot slot{entry_alloca(m.value_type(type)), entry_alloca(m.i1())};
    b.CreateStore(load(b.CreateStructGEP(m.globals_type(), base, 2 * id), type), slot.place);
    llvm::Value* set = b.CreateLoad(m.i8(), b.CreateStructGEP(m.globals_type(), base, 2 * id + 1));
    b.CreateStore(b.CreateTrunc(set, m.i1()), slot.set_flag);
    globals_[id] = slot;
  }
}

void FunctionLowering::return_value(llvm::Value* value) {
  b.CreateStore(value, result_);
  succeed();
}

void FunctionLowering::succeed() {
  b.CreateStore(int32(KJIT_OK), status_);
  b.CreateBr(exit_);
}

void FunctionLowering::release_slots() {
  if (slots_.size() <= kMostInRegisters) {
    for (llvm::AllocaInst* slot : slots_) call_runtime("kjit_release", {b.CreateLoad(m.ptr(), slot)});
    return;
  }
  auto* table = llvm::ArrayType::get(m.ptr(), slots_.size());
  llvm::IRBuilder<> entry(slots_.front());
  llvm::AllocaInst* all = entry.CreateAlloca(table, nullptr, "temporaries");
  for (unsigned number = 0; number < slots_.size(); ++number) {
    slots_[number]->replaceAllUsesWith(entry.CreateConstInBoundsGEP2_32(table, all, 0, number));
  }
  for (llvm::AllocaInst* slot : slots_) slot->eraseFromParent();
  call_runtime("kjit_release_all", {all, int64(static_cast<std::int64_t>(slots_.size()))});
  slots_.clear();
}

void FunctionLowering::release_locals() {
  if (kept_) {
    const auto count = llvm::cast<llvm::ArrayType>(kept_->getAllocatedType())->getNumElements();
    call_runtime("kjit_release_all", {kept_, int64(static_cast<std::int64_t>(count))});
    return;
  }
  for (typed::LocalId id = 0; id < locals.size(); ++id) {
    if (locals[id].owns) release(read_local(id), function.locals[id].type);
  }
}

void FunctionLowering::close_frame() {
  start_block(exit_);
  release_slots();
  release_locals();
  llvm::Value* result = b.CreateLoad(m.i32(), status_);
  if (result_) {
    llvm::Value* pair = llvm::PoisonValue::get(m.result_type(function.result));
    pair = b.CreateInsertValue(pair, b.CreateLoad(result_->getAllocatedType(), result_), 0);
    result = b.CreateInsertValue(pair, result, 1);
  }
  b.CreateRet(result);
  alloca_point_->eraseFromParent();
}

// ---- blocks --------------------------------------------------------------------------------------------------------------

llvm::BasicBlock* FunctionLowering::new_block(const char* name) {
  return llvm::BasicBlock::Create(m.context, name, llvm_function);
}

void FunctionLowering::jump(llvm::BasicBlock* target) {
  if (!terminated()) b.CreateBr(target);
}

void FunctionLowering::branch_unlikely(llvm::Value* condition, llvm::BasicBlock* rare, llvm::BasicBlock* usual) {
  llvm::MDNode* weights = llvm::MDBuilder(m.context).createBranchWeights(1, (1U << 20) - 1);
  b.CreateCondBr(condition, rare, usual, weights);
}

void FunctionLowering::begin_rare_code() {
  auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(m.context), false);
  auto* mark = llvm::cast<llvm::Function>(m.module.getOrInsertFunction(kRareCodeMark, type).getCallee());
  mark->addFnAttr(llvm::Attribute::Cold);
  mark->addFnAttr(llvm::Attribute::NoUnwind);
  mark->addFnAttr(llvm::Attribute::NoDuplicate);
  mark->addFnAttr(llvm::Attribute::NoMerge);
  b.CreateCall(mark);
}

llvm::AllocaInst* FunctionLowering::entry_alloca(llvm::Type* type, const char* name) {
  llvm::IRBuilder<> entry(alloca_point_);
  return entry.CreateAlloca(type, nullptr, name);
}

void FunctionLowering::locate(Span span) {
  if (subprogram) b.SetCurrentDebugLocation(m.debug_location(subprogram, span));
}

llvm::Value* FunctionLowering::context_field(std::size_t offset) { return b.CreateConstGEP1_64(m.i8(), ctx, offset); }

}  // namespace kjit
