// New arrays. Entry: lower_new_array, lower_array_literal. The runtime allocates; compiled code fills in literals.

#include "lower/features.h"
#include "runtime/runtime.h"
#include "support/assert.h"

namespace kjit {
namespace {

using namespace typed;

llvm::Value* dtype_value(FunctionLowering& f, Kind dtype) {
  return f.int32(static_cast<int>(dtype) - static_cast<int>(Kind::Bool));  // the order of kjit_dtype
}

int runtime_fill(Fill fill) {
  switch (fill) {
    case Fill::Zeros: return KJIT_ZEROS;
    case Fill::Ones: return KJIT_ONES;
    default: return KJIT_EMPTY;
  }
}

llvm::Value* spill_shape(FunctionLowering& f, const std::vector<llvm::Value*>& shape) {
  llvm::Type* type = llvm::ArrayType::get(f.m.i64(), shape.size());
  llvm::AllocaInst* place = f.entry_alloca(type);
  for (unsigned axis = 0; axis < shape.size(); ++axis) {
    f.b.CreateStore(shape[axis], f.b.CreateConstInBoundsGEP2_32(type, place, 0, axis));
  }
  return place;
}

llvm::Value* allocate(FunctionLowering& f, const Type& type, const std::vector<llvm::Value*>& shape, Fill fill,
                      llvm::Value* value, SiteId site) {
  llvm::AllocaInst* out = f.entry_alloca(f.m.array_type(type.rank()));
  std::vector<llvm::Value*> args{f.ctx, f.b.getInt32(site), dtype_value(f, type.dtype()), f.int32(type.rank()),
                                 spill_shape(f, shape)};
  if (fill == Fill::Value) {
    args.push_back(f.spill(value, type.dtype()));
    args.push_back(out);
    f.fail_if_runtime_failed(f.call_runtime("kjit_array_full", args));
  } else if (fill == Fill::Scratch) {
    args.push_back(out);
    f.fail_if_runtime_failed(f.call_runtime("kjit_scratch_new", args));
  } else {
    args.push_back(f.int32(runtime_fill(fill)));
    args.push_back(out);
    f.fail_if_runtime_failed(f.call_runtime("kjit_array_new", args));
  }
  return f.own_temporary(f.load(out, type), type);
}

std::vector<llvm::Value*> constant_shape(FunctionLowering& f, const ArrayLiteral& node) {
  std::vector<llvm::Value*> shape;
  for (std::int64_t size : node.shape) shape.push_back(f.int64(size));
  return shape;
}

// The bytes of a literal whose elements are all constants, or null.
llvm::GlobalVariable* constant_elements(FunctionLowering& f, const Type& type, const ArrayLiteral& node) {
  std::vector<llvm::Constant*> elements;
  for (const ExprPtr& element : node.elements) {
    auto* constant = std::get_if<Constant>(&element->node);
    if (!constant) return nullptr;
    bool is_bool = element->type.is(Kind::Bool);
    elements.push_back(is_bool ? f.b.getInt8(std::get<bool>(constant->value)) : lower_constant(f, element->type, *constant));
  }
  auto* array = llvm::ArrayType::get(f.m.element_type(type.dtype()), elements.size());
  return new llvm::GlobalVariable(f.m.module, array, true, llvm::GlobalValue::PrivateLinkage,
                                  llvm::ConstantArray::get(array, elements), "literal");
}

void store_elements(FunctionLowering& f, llvm::Value* data, const Type& type, const std::vector<llvm::Value*>& elements) {
  Type dtype = type.dtype();
  for (unsigned i = 0; i < elements.size(); ++i) {
    f.store(elements[i], f.b.CreateConstGEP1_64(f.m.element_type(type.dtype()), data, i), dtype);
  }
}

}  // namespace

llvm::Value* lower_new_array(FunctionLowering& f, const Expr& expr, const NewArray& node) {
  std::vector<llvm::Value*> shape = lower_all(f, node.shape);
  llvm::Value* value = node.value ? lower_expr(f, *node.value) : nullptr;
  f.locate(expr.span);
  return allocate(f, expr.type, shape, node.fill, value, expr.site);
}

llvm::Value* lower_array_literal(FunctionLowering& f, const Expr& expr, const ArrayLiteral& node) {
  constexpr std::size_t kInline = 8;  // a few stores are shorter than a constant and a copy
  if (node.elements.size() > kInline) {
    if (llvm::GlobalVariable* bytes = constant_elements(f, expr.type, node)) {
      llvm::Value* array = allocate(f, expr.type, constant_shape(f, node), Fill::Empty, nullptr, expr.site);
      std::uint64_t size = node.elements.size() * static_cast<std::uint64_t>(byte_size(expr.type.dtype()));
      f.b.CreateMemCpy(array_data(f, array), llvm::Align(1), bytes, llvm::Align(1), size);
      return array;
    }
  }
  std::vector<llvm::Value*> elements = lower_all(f, node.elements);
  f.locate(expr.span);
  llvm::Value* array = allocate(f, expr.type, constant_shape(f, node), Fill::Empty, nullptr, expr.site);
  store_elements(f, array_data(f, array), expr.type, elements);
  return array;
}

}  // namespace kjit
