// Reference counts, and the passage between registers and memory. The rules stand in function_lowering.h.

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {

std::vector<std::vector<unsigned>> owner_paths(const Type& type) {
  if (type.is_array()) return {{1}};
  if (type.is(Kind::Str)) return {{2}};
  std::vector<std::vector<unsigned>> paths;
  if (!type.is_tuple() && !type.is_function()) return paths;
  for (unsigned i = 0; i < type.elements().size(); ++i) {
    for (std::vector<unsigned>& inner : owner_paths(type.elements()[i])) {
      inner.insert(inner.begin(), i);
      paths.push_back(std::move(inner));
    }
  }
  return paths;
}

void FunctionLowering::retain(llvm::Value* value, const Type& type) {
  for (const auto& path : owner_paths(type)) call_runtime("kjit_retain", {field(value, path)});
}

void FunctionLowering::release(llvm::Value* value, const Type& type) {
  for (const auto& path : owner_paths(type)) call_runtime("kjit_release", {field(value, path)});
}

llvm::AllocaInst* FunctionLowering::take_slot() {
  if (!free_slots_.empty()) {
    llvm::AllocaInst* slot = free_slots_.back();
    free_slots_.pop_back();
    return slot;
  }
  llvm::AllocaInst* slot = entry_alloca(m.ptr(), "temporary");
  llvm::IRBuilder<>(alloca_point_).CreateStore(llvm::ConstantPointerNull::get(m.ptr()), slot);
  slots_.push_back(slot);
  return slot;
}

llvm::Value* FunctionLowering::own_temporary(llvm::Value* value, const Type& type) {
  if (!type.is_managed()) return value;
  Temporary temporary{value, {}};
  for (const auto& path : owner_paths(type)) {
    llvm::AllocaInst* slot = take_slot();
    b.CreateStore(field(value, path), slot);
    temporary.slots.push_back(slot);
  }
  temporaries_.push_back(std::move(temporary));
  return value;
}

llvm::Value* FunctionLowering::take(llvm::Value* value, const Type& type) {
  if (!type.is_managed()) return value;
  for (Temporary& temporary : temporaries_) {
    if (temporary.value != value) continue;
    for (llvm::AllocaInst* slot : temporary.slots) b.CreateStore(llvm::ConstantPointerNull::get(m.ptr()), slot);
    temporary.value = nullptr;  // its slots stay reserved until the statement ends: other paths may still fill them
    return value;
  }
  retain(value, type);
  return value;
}

void FunctionLowering::release_temporaries() {
  for (Temporary& temporary : temporaries_) {
    for (llvm::AllocaInst* slot : temporary.slots) {
      if (!terminated()) {
        call_runtime("kjit_release", {b.CreateLoad(m.ptr(), slot)});
        b.CreateStore(llvm::ConstantPointerNull::get(m.ptr()), slot);
      }
      free_slots_.push_back(slot);
    }
  }
  temporaries_.clear();
}

llvm::Value* FunctionLowering::read_local(typed::LocalId local) {
  llvm::AllocaInst* place = locals[local].place;
  return b.CreateLoad(place->getAllocatedType(), place, function.locals[local].name);
}

llvm::Value* FunctionLowering::read_global_copy(typed::GlobalId global) {
  llvm::AllocaInst* place = globals_.at(global).place;
  return b.CreateLoad(place->getAllocatedType(), place);
}

void FunctionLowering::replace_global_copy(typed::GlobalId global, llvm::Value* value) {
  b.CreateStore(value, globals_.at(global).place);
  replaced_globals.insert(global);
}

void FunctionLowering::store_local(typed::LocalId local, llvm::Value* value) {
  b.CreateStore(value, locals[local].place);
  if (locals[local].kept) keep_reference(local, value);
  if (locals[local].set_flag) b.CreateStore(b.getTrue(), locals[local].set_flag);
}

void FunctionLowering::keep_reference(typed::LocalId local, llvm::Value* value) {
  unsigned number = *locals[local].kept;
  for (const auto& path : owner_paths(function.locals[local].type)) {
    b.CreateStore(field(value, path), b.CreateConstInBoundsGEP2_32(kept_->getAllocatedType(), kept_, 0, number++));
  }
}

void FunctionLowering::assign_local(typed::LocalId local, llvm::Value* owned) {
  llvm::Value* old = locals[local].owns ? read_local(local) : nullptr;
  store_local(local, owned);
  if (old) release(old, function.locals[local].type);
}

// ---- memory forms --------------------------------------------------------------------------------------------------------

llvm::Value* FunctionLowering::to_memory(llvm::Value* value, const Type& type) {
  return type.is(Kind::Bool) ? b.CreateZExt(value, m.i8()) : value;
}

llvm::Value* FunctionLowering::from_memory(llvm::Value* value, const Type& type) {
  return type.is(Kind::Bool) ? b.CreateICmpNE(value, b.getInt8(0)) : value;
}

llvm::Value* FunctionLowering::field(llvm::Value* aggregate, llvm::ArrayRef<unsigned> path) {
  auto* variable = llvm::dyn_cast<llvm::LoadInst>(aggregate);
  if (!variable || !llvm::isa<llvm::AllocaInst>(variable->getPointerOperand())) return b.CreateExtractValue(aggregate, path);
  llvm::IRBuilder<> there(variable);
  std::vector<llvm::Value*> indices{there.getInt32(0)};
  for (const unsigned index : path) indices.push_back(there.getInt32(index));
  llvm::Value* place = there.CreateInBoundsGEP(variable->getType(), variable->getPointerOperand(), indices);
  return there.CreateLoad(llvm::ExtractValueInst::getIndexedType(variable->getType(), path), place);
}

void FunctionLowering::store(llvm::Value* value, llvm::Value* address, const Type& type) {
  b.CreateStore(to_memory(value, type), address);
}

llvm::Value* FunctionLowering::load(llvm::Value* address, const Type& type) {
  return from_memory(b.CreateLoad(m.memory_type(type), address), type);
}

llvm::Value* FunctionLowering::spill(llvm::Value* value, const Type& type) {
  llvm::AllocaInst* place = entry_alloca(m.memory_type(type));
  store(value, place, type);
  return place;
}

llvm::CallInst* FunctionLowering::call_runtime(std::string_view name, std::vector<llvm::Value*> args) {
  llvm::CallInst* call = b.CreateCall(m.runtime(name), args);
  call->setDoesNotThrow();
  return call;
}

}  // namespace kjit
