// Range tests in front of a loop. Entry: emit_range_tests.
//
// Why two values suffice: let v be the first value, d = coefficient * step and n the trip count, and let |d| * (n - 1) < 2**63,
// which is tested. If v is in [0, size) and v + d * (n - 1), computed modulo 2**64, is in [0, size) as well, then no wrap-around
// took place (the true value lies within 2**63 of v and a wrapped one would be out of range), and the values between are in range
// because they lie between.

#include "lower/loops/emit_range_tests.h"

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

  llvm::Value* holds(const RangeTest& test) {
    llvm::Value* size = array_shape(f_, array(test), test.axis);
    llvm::Value* first = value_at_start(test.index);
    llvm::Value* in_range = f_.b.CreateICmpULT(first, size);
    const std::int64_t stride = wrapping_product(test.index.of_variable, step_);
    if (stride == 0) return in_range;
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    if (stride == std::numeric_limits<std::int64_t>::min()) return f_.b.getFalse();
    llvm::Value* no_overflow = f_.b.CreateICmpULE(trip_minus_one_, f_.int64(kMax / std::abs(stride)));
    llvm::Value* last = f_.b.CreateAdd(first, f_.b.CreateMul(trip_minus_one_, f_.int64(stride)));
    return f_.b.CreateAnd(in_range, f_.b.CreateAnd(no_overflow, f_.b.CreateICmpULT(last, size)));
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

}  // namespace

llvm::Value* emit_range_tests(FunctionLowering& f, const std::vector<RangeTest>& tests, llvm::Value* start,
                              llvm::Value* trip_minus_one, std::int64_t step) {
  TestEmitter emitter(f, start, trip_minus_one, step);
  llvm::Value* all = f.b.getTrue();
  for (const RangeTest& test : tests) all = f.b.CreateAnd(all, emitter.holds(test));
  return all;
}

}  // namespace kjit
