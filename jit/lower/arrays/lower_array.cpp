// Elements of arrays: addresses, bounds. Entry: element_address, lower_element.
//
// An array is the first-class struct {data, owner, dims}, so that its shape and strides are plain values that loops keep in
// registers.

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

using namespace typed;

// Elements of a C array are counted through the shape; the product of its sizes is the number of elements, which exist in memory,
// so that no position in range can overflow.
llvm::Value* c_layout_address(FunctionLowering& f, llvm::Value* array, const Type& type,
                              const std::vector<llvm::Value*>& positions) {
  llvm::Value* linear = positions[0];
  for (unsigned axis = 1; axis < positions.size(); ++axis) {
    llvm::Value* row = f.b.CreateMul(linear, array_shape(f, array, axis), "", f.bounds_check(), f.bounds_check());
    linear = f.b.CreateAdd(row, positions[axis], "", f.bounds_check(), f.bounds_check());
  }
  llvm::Type* element = f.m.element_type(type.dtype());
  llvm::Value* data = array_data(f, array);
  return f.bounds_check() ? f.b.CreateInBoundsGEP(element, data, linear) : f.b.CreateGEP(element, data, linear);
}

llvm::Value* strided_address(FunctionLowering& f, llvm::Value* array, const Type& type,
                             const std::vector<llvm::Value*>& positions) {
  llvm::Value* offset = f.int64(0);
  for (unsigned axis = 0; axis < positions.size(); ++axis) {
    offset = f.b.CreateAdd(offset, f.b.CreateMul(positions[axis], array_stride(f, array, type, axis)));
  }
  return f.b.CreateGEP(f.m.i8(), array_data(f, array), offset);
}

bool is_known_non_negative(const Expr& index) {
  auto* constant = std::get_if<Constant>(&index.node);
  auto* value = constant ? std::get_if<std::int64_t>(&constant->value) : nullptr;
  return value && *value >= 0;
}

// An index is seldom negative: one comparison tells that it is in range as it stands. What is not may count from the end, which
// is found out away from the way of the others.
llvm::Value* checked_position(FunctionLowering& f, llvm::Value* index, llvm::Value* size, int trap, SiteId site,
                              llvm::Value* axis) {
  llvm::BasicBlock* from_end = f.new_block("from_end");
  llvm::BasicBlock* in_range = f.new_block("in_range");
  llvm::BasicBlock* first = f.b.GetInsertBlock();
  f.branch_unlikely(f.b.CreateICmpUGE(index, size), from_end, in_range);
  f.start_block(from_end);
  llvm::Value* counted = f.b.CreateAdd(index, size);  // of an index that is too large: still below 2**64, and not below size
  f.trap_if(f.b.CreateICmpUGE(counted, size), trap, site, index, axis, size);
  llvm::BasicBlock* last = f.b.GetInsertBlock();
  f.b.CreateBr(in_range);
  f.start_block(in_range);
  llvm::PHINode* position = f.b.CreatePHI(index->getType(), 2);
  position->addIncoming(index, first);
  position->addIncoming(counted, last);
  return position;
}

}  // namespace

llvm::Value* array_data(FunctionLowering& f, llvm::Value* array) { return f.field(array, {0}); }

llvm::Value* array_shape(FunctionLowering& f, llvm::Value* array, unsigned axis) { return f.field(array, {2, axis}); }

llvm::Value* array_stride(FunctionLowering& f, llvm::Value* array, const Type& type, unsigned axis) {
  return f.field(array, {2, static_cast<unsigned>(type.rank()) + axis});
}

llvm::Value* normalise_index(FunctionLowering& f, llvm::Value* index, llvm::Value* size, bool never_negative, int trap,
                             SiteId site, llvm::Value* axis) {
  const bool is_rare = !f.loops.empty() && f.loops.back().is_rare;
  if (f.bounds_check() && !never_negative && !is_rare) return checked_position(f, index, size, trap, site, axis);
  llvm::Value* position = index;
  if (!never_negative) {
    llvm::Value* negative = f.b.CreateICmpSLT(index, f.int64(0));
    position = f.b.CreateSelect(negative, f.b.CreateAdd(index, size), index);
  }
  if (f.bounds_check()) f.trap_if(f.b.CreateICmpUGE(position, size), trap, site, index, axis, size);
  return position;
}

llvm::Value* position_address(FunctionLowering& f, llvm::Value* array, const Type& type,
                              const std::vector<llvm::Value*>& positions) {
  return type.is_contiguous() ? c_layout_address(f, array, type, positions) : strided_address(f, array, type, positions);
}

llvm::Value* element_address(FunctionLowering& f, const Subscripts& at) {
  const Type& type = at.array->type;
  llvm::Value* array = lower_expr(f, *at.array);
  std::vector<llvm::Value*> indices = lower_all(f, *at.indices);
  const LoopPlan* fast = f.loops.empty() ? nullptr : f.loops.back().fast;
  const bool proved = fast && fast->in_range.contains(at.access);
  for (unsigned axis = 0; axis < indices.size(); ++axis) {
    if (proved || (axis < at.in_bounds->size() && (*at.in_bounds)[axis])) continue;
    bool never_negative = is_known_non_negative(*(*at.indices)[axis]);
    indices[axis] = normalise_index(f, indices[axis], array_shape(f, array, axis), never_negative, KJIT_TRAP_IndexOutOfRange,
                                    at.site, f.int64(axis));
  }
  return position_address(f, array, type, indices);
}

llvm::Value* lower_element(FunctionLowering& f, const Expr& expr, const Element& node) {
  llvm::Value* address = element_address(f, {node.id, node.array.get(), &node.indices, &node.in_bounds, expr.site});
  f.locate(expr.span);
  return f.load(address, expr.type);
}

}  // namespace kjit
