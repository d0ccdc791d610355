// Views: subscripts that select part of an array without copying. Entry: lower_view.

#include "lower/features.h"
#include "runtime/runtime.h"
#include "support/assert.h"

namespace kjit {
namespace {

using namespace typed;

struct SubscriptValues {
  llvm::Value *index = nullptr, *lower = nullptr, *upper = nullptr, *step = nullptr;
};

// A view under construction: the parts of the new descriptor.
struct ViewBuilder {
  FunctionLowering& f;
  llvm::Value* source;
  const Type& type;  // of the source
  SiteId site;
  llvm::Value* data;
  std::vector<llvm::Value*> shape{}, strides{};

  llvm::Value* size(unsigned axis) const { return array_shape(f, source, axis); }
  llvm::Value* stride(unsigned axis) const { return array_stride(f, source, type, axis); }
  void advance(llvm::Value* count, unsigned axis) { data = f.b.CreateGEP(f.m.i8(), data, f.b.CreateMul(count, stride(axis))); }

  void keep(unsigned axis) {
    shape.push_back(size(axis));
    strides.push_back(stride(axis));
  }

  void select(llvm::Value* index, unsigned axis) {
    advance(normalise_index(f, index, size(axis), false, KJIT_TRAP_IndexOutOfRange, site, f.int64(axis)), axis);
  }

  // Where a slice of step 1 begins or ends: Python's rule, in a few instructions that LLVM shares between the views of an
  // expression.
  llvm::Value* bound(llvm::Value* at, llvm::Value* size, llvm::Value* missing) const {
    if (!at) return missing;
    const auto minimum = [&](llvm::Value* a, llvm::Value* b) { return f.b.CreateBinaryIntrinsic(llvm::Intrinsic::smin, a, b); };
    const auto maximum = [&](llvm::Value* a, llvm::Value* b) { return f.b.CreateBinaryIntrinsic(llvm::Intrinsic::smax, a, b); };
    if (const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(at)) {
      return constant->isNegative() ? maximum(f.b.CreateAdd(size, at), f.int64(0)) : minimum(at, size);
    }
    llvm::Value* is_negative = f.b.CreateICmpSLT(at, f.int64(0));
    llvm::Value* from_start = f.b.CreateSelect(is_negative, f.b.CreateAdd(at, size), at);
    return maximum(minimum(from_start, size), f.int64(0));
  }

  void dense_slice(const SubscriptValues& s, unsigned axis) {
    llvm::Value* whole = size(axis);
    llvm::Value *first = bound(s.lower, whole, f.int64(0)), *end = bound(s.upper, whole, whole);
    advance(first, axis);
    strides.push_back(stride(axis));
    shape.push_back(f.b.CreateBinaryIntrinsic(llvm::Intrinsic::smax, f.b.CreateSub(end, first), f.int64(0)));
  }

  void slice(const SubscriptValues& s, unsigned axis) {
    if (!s.step) return dense_slice(s, axis);
    int flags = (s.lower ? KJIT_HAS_LOWER : 0) | (s.upper ? KJIT_HAS_UPPER : 0) | (s.step ? KJIT_HAS_STEP : 0);
    auto part = [&](llvm::Value* v) -> llvm::Value* { return v ? v : f.int64(0); };
    llvm::Type* triple = llvm::ArrayType::get(f.m.i64(), 3);
    llvm::AllocaInst* out = f.entry_alloca(triple);
    f.fail_if_runtime_failed(f.call_runtime("kjit_slice_resolve", {f.ctx, f.b.getInt32(site), f.int32(flags), part(s.lower),
                                                                   part(s.upper), part(s.step), size(axis), out}));
    llvm::Value* resolved = f.b.CreateLoad(triple, out);
    advance(f.b.CreateExtractValue(resolved, 0), axis);
    strides.push_back(f.b.CreateMul(stride(axis), f.b.CreateExtractValue(resolved, 1)));
    shape.push_back(f.b.CreateExtractValue(resolved, 2));
  }

  llvm::Value* finish(const Type& result) const {
    llvm::Value* view = llvm::PoisonValue::get(f.m.array_type(result.rank()));
    view = f.b.CreateInsertValue(view, data, 0);
    view = f.b.CreateInsertValue(view, f.b.CreateExtractValue(source, 1), 1);
    unsigned rank = static_cast<unsigned>(shape.size());
    for (unsigned axis = 0; axis < rank; ++axis) {
      view = f.b.CreateInsertValue(view, shape[axis], {2, axis});
      view = f.b.CreateInsertValue(view, strides[axis], {2, rank + axis});
    }
    return view;
  }
};

std::vector<SubscriptValues> evaluate(FunctionLowering& f, const std::vector<Subscript>& subscripts) {
  std::vector<SubscriptValues> values;
  auto part = [&](const ExprPtr& expr) { return expr ? lower_expr(f, *expr) : nullptr; };
  for (const Subscript& s : subscripts) {
    SubscriptValues v;
    v.index = part(s.index);
    v.lower = part(s.lower);
    v.upper = part(s.upper);
    v.step = part(s.step);
    values.push_back(v);
  }
  return values;
}

}  // namespace

llvm::Value* lower_view(FunctionLowering& f, const Expr& expr, const View& node) {
  llvm::Value* source = lower_expr(f, *node.array);
  std::vector<SubscriptValues> values = evaluate(f, node.subscripts);
  f.locate(expr.span);
  ViewBuilder view{f, source, node.array->type, expr.site, array_data(f, source)};
  unsigned rank = static_cast<unsigned>(node.array->type.rank());
  for (unsigned axis = 0; axis < rank; ++axis) {
    if (axis >= values.size()) {
      view.keep(axis);
    } else if (node.subscripts[axis].is_slice) {
      view.slice(values[axis], axis);
    } else {
      view.select(values[axis].index, axis);
    }
  }
  return view.finish(expr.type);
}

}  // namespace kjit
