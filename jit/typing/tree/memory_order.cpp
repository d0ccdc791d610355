// The order of memory of an expression's result. Entry: memory_order().
//
// NumPy computes an expression operation by operation, and each gives an array whose axes lie in memory as those of its operands
// do. An operand that is broadcast says nothing about the axes along which it is repeated, but what is computed from it does: so
// the order follows from the tree, not from the operands alone.

#include "typing/tree/memory_order.h"

#include <map>

#include "typing/tree/typed_walk.h"

namespace kjit::typed {

namespace {

using Order = std::vector<std::int16_t>;

class OrderOfBody {
 public:
  explicit OrderOfBody(const ArrayLoop& loop) {
    std::int16_t arrays = 0;
    for (const ExprPtr& operand : loop.operands) numbers_.push_back(operand->type.is_array() ? arrays++ : std::int16_t{-1});
  }

  // Empty: the value comes from numbers alone.
  Order of(const Expr& expr) {
    if (const auto* element = std::get_if<LoopElement>(&expr.node)) {
      const std::int16_t number = numbers_[element->operand];
      return number < 0 ? Order{} : Order{number};
    }
    if (const auto* read = std::get_if<ReadLocal>(&expr.node)) return lets_[read->local];
    if (const auto* let = std::get_if<Let>(&expr.node)) {
      lets_[let->local] = of(*let->value);
      return of(*let->body);
    }
    Order all;
    std::int16_t count = 0;
    for_each_child(expr, [&](const Expr& part) {
      const Order own = of(part);
      if (own.empty() || own == all) return;  // two alike say no more than one
      ++count;
      all.insert(all.end(), own.begin(), own.end());
    });
    if (count > 1) all.push_back(static_cast<std::int16_t>(-count));
    return all;
  }

 private:
  std::vector<std::int16_t> numbers_;  // of the operands among the arrays; -1: a number
  std::map<LocalId, Order> lets_;
};

}  // namespace

std::vector<std::int16_t> memory_order(const ArrayLoop& loop) { return OrderOfBody(loop).of(*loop.body); }

}  // namespace kjit::typed
