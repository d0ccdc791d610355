// Bounds checks of a whole loop at once. Entry: find_loop_bounds, emit_bounds_test.
//
// Why two values suffice: let v be the first value, d = coefficient * step and n the trip count, and let |d| * (n - 1) < 2**63,
// which is tested. If v is in [0, size) and v + d * (n - 1), computed modulo 2**64, is in [0, size) as well, then no wrap-around
// took place (the true value lies within 2**63 of v and a wrapped one would be out of range), and the values between are in range
// because they lie between.

#include "lower/loops/loop_bounds.h"

#include <algorithm>
#include <limits>

#include "analysis/facts/walk.h"
#include "lower/features.h"
#include "lower/loops/loop_shape.h"
#include "lower/loops/unconditional.h"
#include "typing/tree/typed_walk.h"

namespace kjit {
namespace {

using namespace typed;
using Atom = LinearIndex::Atom;

constexpr std::size_t kMaxRequirements = 24;
constexpr int kMaxBodyNodes = 400;  // a larger body is not worth compiling twice

std::int64_t wrap_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t wrap_mul(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

LinearIndex scaled(LinearIndex index, std::int64_t factor) {
  index.of_variable = wrap_mul(index.of_variable, factor);
  index.constant = wrap_mul(index.constant, factor);
  for (auto& [atom, coefficient] : index.invariants) coefficient = wrap_mul(coefficient, factor);
  return index;
}

LinearIndex sum(LinearIndex a, const LinearIndex& b) {
  a.of_variable = wrap_add(a.of_variable, b.of_variable);
  a.constant = wrap_add(a.constant, b.constant);
  for (const auto& [atom, coefficient] : b.invariants) {
    std::int64_t& total = a.invariants[atom];
    total = wrap_add(total, coefficient);
  }
  return a;
}

bool is_constant(const LinearIndex& index) { return index.of_variable == 0 && index.invariants.empty(); }

class Finder {
 public:
  Finder(FunctionLowering& f, const ForRange& loop)
      : f_(f), loop_(loop), assigned_(assigned_locals(loop.body, f.function.locals.size())) {}

  LoopBounds find() {
    if (assigned_[loop_.variable]) return {};
    int nodes = 0;
    BodyVisitor visitor;
    visitor.expr = [&](const Expr& e, bool always) {
      ++nodes;
      if (auto* element = std::get_if<Element>(&e.node)) add(*element->array, element->indices, always);
    };
    visitor.stmt = [&](const Stmt& s, bool always) {
      if (auto* store = std::get_if<StoreElement>(&s.node)) add(*store->array, store->indices, always);
      if (auto* update = std::get_if<UpdateElement>(&s.node)) add(*update->array, update->indices, always);
    };
    visit_body(loop_.body, visitor);
    if (nodes > kMaxBodyNodes || bounds_.requirements.size() > kMaxRequirements) return {};
    prove_subscripts();
    return std::move(bounds_);
  }

 private:
  struct Candidate {
    const std::vector<ExprPtr>* node;
    std::vector<RangeRequirement> needs;
  };

  // An array that is the same in all iterations.
  std::optional<std::pair<bool, std::uint32_t>> fixed_array(const Expr& array) const {
    if (auto* read = std::get_if<ReadLocal>(&array.node)) {
      if (!read->check_set && !assigned_[read->local]) return std::pair(false, read->local);
    }
    if (auto* read = std::get_if<ReadGlobal>(&array.node)) {
      if (f_.function.name != "<module>") return std::pair(true, read->global);
    }
    return std::nullopt;
  }

  void add(const Expr& array, const std::vector<ExprPtr>& indices, bool always) {
    auto fixed = fixed_array(array);
    if (!fixed) return;
    Candidate candidate{&indices, {}};
    for (std::uint32_t axis = 0; axis < indices.size(); ++axis) {
      std::optional<LinearIndex> index = linear(*indices[axis]);
      if (!index) return;
      candidate.needs.push_back({fixed->first, fixed->second, axis, std::move(*index)});
    }
    if (always) {
      for (const RangeRequirement& need : candidate.needs) require(need);
    }
    candidates_.push_back(std::move(candidate));
  }

  bool is_required(const RangeRequirement& need) const {
    return std::find(bounds_.requirements.begin(), bounds_.requirements.end(), need) != bounds_.requirements.end();
  }
  void require(const RangeRequirement& need) {
    if (!is_required(need)) bounds_.requirements.push_back(need);
  }

  // Also those that some iterations skip, if they need nothing more than what is tested.
  void prove_subscripts() {
    for (const Candidate& candidate : candidates_) {
      bool covered =
          std::all_of(candidate.needs.begin(), candidate.needs.end(), [&](const RangeRequirement& n) { return is_required(n); });
      if (covered) bounds_.proved.nodes.insert(candidate.node);
    }
  }

  // ---- linear forms ----

  static LinearIndex atom(Atom key) {
    LinearIndex index;
    index.invariants[key] = 1;
    return index;
  }

  std::optional<LinearIndex> linear(const Expr& e) {
    if (!e.type.is(Kind::I64)) return std::nullopt;
    if (auto value = constant_int(e)) {
      LinearIndex index;
      index.constant = *value;
      return index;
    }
    if (auto* read = std::get_if<ReadLocal>(&e.node)) return linear_local(*read);
    if (auto* dim = std::get_if<ArrayDim>(&e.node)) return linear_dim(*dim);
    auto* binary = std::get_if<Binary>(&e.node);
    return binary ? linear_binary(e, *binary) : std::nullopt;
  }

  std::optional<LinearIndex> linear_local(const ReadLocal& read) const {
    if (read.local == loop_.variable) {
      LinearIndex index;
      index.of_variable = 1;
      return index;
    }
    if (read.check_set || assigned_[read.local]) return std::nullopt;
    return atom({Atom::Kind::Local, read.local, 0});
  }

  std::optional<LinearIndex> linear_dim(const ArrayDim& dim) const {
    auto* read = std::get_if<ReadLocal>(&dim.array->node);
    if (!read || read->check_set || assigned_[read->local]) return std::nullopt;
    return atom({Atom::Kind::Dim, read->local, dim.axis});
  }

  std::optional<LinearIndex> linear_binary(const Expr& e, const Binary& binary) {
    std::optional<LinearIndex> lhs = linear(*binary.lhs);
    std::optional<LinearIndex> rhs = lhs ? linear(*binary.rhs) : std::nullopt;
    if (!rhs) return std::nullopt;
    switch (binary.op) {
      case BinaryOp::Add: return sum(std::move(*lhs), *rhs);
      case BinaryOp::Sub: return sum(std::move(*lhs), scaled(*rhs, -1));
      case BinaryOp::Mul: return product(e, *lhs, *rhs);
      default: return std::nullopt;
    }
  }

  // A product of two invariants is an invariant of its own; it is computed in front of the loop, so it must not trap.
  std::optional<LinearIndex> product(const Expr& e, const LinearIndex& lhs, const LinearIndex& rhs) {
    if (is_constant(lhs)) return scaled(rhs, lhs.constant);
    if (is_constant(rhs)) return scaled(lhs, rhs.constant);
    if (lhs.of_variable != 0 || rhs.of_variable != 0 || f_.checked()) return std::nullopt;
    bounds_.products.push_back(&e);
    return atom({Atom::Kind::Product, static_cast<std::uint32_t>(bounds_.products.size() - 1), 0});
  }

  FunctionLowering& f_;
  const ForRange& loop_;
  std::vector<bool> assigned_;
  LoopBounds bounds_;
  std::vector<Candidate> candidates_;
};

// ---- the test ------------------------------------------------------------------------------------------------------------

class TestEmitter {
 public:
  TestEmitter(FunctionLowering& f, const LoopBounds& bounds, llvm::Value* start, llvm::Value* trip_minus_one, std::int64_t step)
      : f_(f), bounds_(bounds), start_(start), trip_minus_one_(trip_minus_one), step_(step) {}

  llvm::Value* emit() {
    llvm::Value* all = f_.b.getTrue();
    for (const RangeRequirement& need : bounds_.requirements) all = f_.b.CreateAnd(all, holds(need));
    return all;
  }

 private:
  llvm::Value* holds(const RangeRequirement& need) {
    llvm::Value* size = array_shape(f_, array(need), need.axis);
    llvm::Value* first = value_at_start(need.index);
    llvm::Value* in_range = f_.b.CreateICmpULT(first, size);
    std::int64_t stride = wrap_mul(need.index.of_variable, step_);
    if (stride == 0) return in_range;
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    if (stride == std::numeric_limits<std::int64_t>::min()) return f_.b.getFalse();
    llvm::Value* no_overflow = f_.b.CreateICmpULE(trip_minus_one_, f_.int64(kMax / std::abs(stride)));
    llvm::Value* last = f_.b.CreateAdd(first, f_.b.CreateMul(trip_minus_one_, f_.int64(stride)));
    return f_.b.CreateAnd(in_range, f_.b.CreateAnd(no_overflow, f_.b.CreateICmpULT(last, size)));
  }

  llvm::Value* array(const RangeRequirement& need) {
    if (!need.is_global) return f_.read_local(need.array);
    return f_.read_global_copy(need.array);
  }

  llvm::Value* value_at_start(const LinearIndex& index) {
    llvm::Value* total = f_.int64(index.constant);
    auto add = [&](llvm::Value* value, std::int64_t factor) {
      total = f_.b.CreateAdd(total, factor == 1 ? value : f_.b.CreateMul(value, f_.int64(factor)));
    };
    if (index.of_variable != 0) add(start_, index.of_variable);
    for (const auto& [key, coefficient] : index.invariants) {
      if (coefficient != 0) add(invariant(key), coefficient);
    }
    return total;
  }

  llvm::Value* invariant(const Atom& key) {
    switch (key.kind) {
      case Atom::Kind::Local: return f_.read_local(key.id);
      case Atom::Kind::Dim: return array_shape(f_, f_.read_local(key.id), key.axis);
      case Atom::Kind::Product: return lower_expr(f_, *bounds_.products[key.id]);
    }
    return nullptr;
  }

  FunctionLowering& f_;
  const LoopBounds& bounds_;
  llvm::Value* start_;
  llvm::Value* trip_minus_one_;
  std::int64_t step_;
};

}  // namespace

LoopBounds find_loop_bounds(FunctionLowering& f, const ForRange& loop) { return Finder(f, loop).find(); }

llvm::Value* emit_bounds_test(FunctionLowering& f, const LoopBounds& bounds, llvm::Value* start, llvm::Value* trip_minus_one,
                              std::int64_t step) {
  return TestEmitter(f, bounds, start, trip_minus_one, step).emit();
}

}  // namespace kjit
