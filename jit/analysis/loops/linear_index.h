#pragma once
// Indices that are linear in a loop's variable. Their arithmetic is that of integers modulo 2**64, as the program's is.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/loops/loop_plan.h"

namespace kjit {

class LinearForms {
 public:
  // `assigned`: by LocalId, what the loop's body assigns.
  LinearForms(typed::LocalId variable, const std::vector<bool>& assigned, bool checked)
      : variable_(variable), assigned_(assigned), checked_(checked) {}

  std::optional<LinearIndex> of(const typed::Expr& expr);
  // An index that is in range of an axis in all iterations only if `expr` is: itself, or n - 1 for `e % n`, which is one of
  // 0 .. n - 1 if n is positive.
  std::optional<LinearIndex> to_test(const typed::Expr& expr);
  // Why the last one was none.
  const std::string& reason() const { return reason_; }

  // The statements of the body, in order (BodyVisitor::after_stmt): behind `k = i * w + j`, k is what that says until the
  // iteration ends or assigns it again.
  void after(const typed::Stmt& stmt, bool always);

 private:
  struct Definition {
    std::optional<LinearIndex> value, to_test;
    std::string reason;  // why there is no value
  };

  std::optional<LinearIndex> of(const typed::ReadLocal& read);
  std::optional<LinearIndex> of(const typed::ArrayDim& dim);
  std::optional<LinearIndex> of(const typed::Binary& binary);
  std::optional<LinearIndex> product(const LinearIndex& lhs, const LinearIndex& rhs);
  std::nullopt_t none(std::string reason);

  typed::LocalId variable_;
  const std::vector<bool>& assigned_;
  bool checked_;
  std::map<typed::LocalId, Definition> definitions_;  // of assigned locals, at this place of the body
  std::string reason_;
};

// The product modulo 2**64.
std::int64_t wrapping_product(std::int64_t a, std::int64_t b);

}  // namespace kjit
