// Range tests in front of a loop. Entry: emit_range_tests.
//
// Why two values suffice: let v be the first value, d = coefficient * step and n the trip count, and let |d| * (n - 1) < 2**63,
// which is tested. If v is in [0, size) and v + d * (n - 1), computed modulo 2**64, is in [0, size) as well, then no wrap-around
// took place (the true value lies within 2**63 of v and a wrapped one would be out of range), and the values between are in range
// because they lie between.
//
// Arrays that one index walks through are tested at once, against the smallest of their extents: that minimum does not change in
// the loops around, so LLVM takes it out of them, and a short inner loop pays for one comparison instead of one for each array.

#include "lower/loops/emit_range_tests.h"

#include <algorithm>
#include <limits>

#include "analysis/loops/linear_index.h"
#include "lower/features.h"

namespace kjit {
namespace {

using Atom = LinearIndex::Atom;

class TestEmitter {
 public:
  TestEmitter(FunctionLowering& f, llvm::Value* start, llvm::Value* trip_minus_one, std::int64_t step)
      : f_(f), start_(start), trip_minus_one_(trip_minus_one), step_(step) {}

  // 0 <= index < size in all iterations.
  llvm::Value* holds(const LinearIndex& index, llvm::Value* size) {
    llvm::Value* first = value_at_start(index);
    llvm::Value* in_range = f_.b.CreateICmpULT(first, size);
    const std::int64_t stride = wrapping_product(index.of_variable, step_);
    if (stride == 0) return in_range;
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    if (stride == std::numeric_limits<std::int64_t>::min()) return f_.b.getFalse();
    llvm::Value* no_overflow = f_.b.CreateICmpULE(trip_minus_one_, f_.int64(kMax / std::abs(stride)));
    llvm::Value* last = f_.b.CreateAdd(first, f_.b.CreateMul(trip_minus_one_, f_.int64(stride)));
    return f_.b.CreateAnd(in_range, f_.b.CreateAnd(no_overflow, f_.b.CreateICmpULT(last, size)));
  }

  // The smallest extent of the axes that `index` walks through. Extents are not negative.
  llvm::Value* smallest_extent(const std::vector<RangeTest>& tests, const LinearIndex& index) {
    llvm::Value* smallest = nullptr;
    for (const RangeTest& test : tests) {
      if (test.index != index) continue;
      llvm::Value* size = array_shape(f_, array(test), test.axis);
      smallest = smallest ? f_.b.CreateBinaryIntrinsic(llvm::Intrinsic::umin, smallest, size) : size;
    }
    return smallest;
  }

 private:
  llvm::Value* array(const RangeTest& test) {
    return test.is_global ? f_.read_global_copy(test.array) : f_.read_local(test.array);
  }

  llvm::Value* value_at_start(const LinearIndex& index) {
    llvm::Value* total = f_.int64(index.constant);
    const auto add = [&](llvm::Value* value, std::int64_t factor) {
      total = f_.b.CreateAdd(total, factor == 1 ? value : f_.b.CreateMul(value, f_.int64(factor)));
    };
    if (index.of_variable != 0) add(start_, index.of_variable);
    for (const auto& [product, coefficient] : index.invariants) add(value_of(product), coefficient);
    return total;
  }

  llvm::Value* value_of(const LinearIndex::Product& product) {
    llvm::Value* value = nullptr;
    for (const Atom& atom : product) value = value ? f_.b.CreateMul(value, value_of(atom)) : value_of(atom);
    return value;
  }

  llvm::Value* value_of(const Atom& atom) {
    llvm::Value* local = f_.read_local(atom.local);
    return atom.kind == Atom::Kind::Dim ? array_shape(f_, local, atom.axis) : local;
  }

  FunctionLowering& f_;
  llvm::Value* start_;
  llvm::Value* trip_minus_one_;
  std::int64_t step_;
};

// Each once, in the order of the tests.
std::vector<LinearIndex> distinct_indices(const std::vector<RangeTest>& tests) {
  std::vector<LinearIndex> indices;
  for (const RangeTest& test : tests) {
    if (std::find(indices.begin(), indices.end(), test.index) == indices.end()) indices.push_back(test.index);
  }
  return indices;
}

}  // namespace

llvm::Value* emit_range_tests(FunctionLowering& f, const std::vector<RangeTest>& tests, llvm::Value* start,
                              llvm::Value* trip_minus_one, std::int64_t step) {
  TestEmitter emitter(f, start, trip_minus_one, step);
  llvm::Value* all = f.b.getTrue();
  for (const LinearIndex& index : distinct_indices(tests)) {
    all = f.b.CreateAnd(all, emitter.holds(index, emitter.smallest_extent(tests, index)));
  }
  return all;
}

}  // namespace kjit
