#pragma once
// Branches that keep the smallest or largest value: `if e < x: x = e; where = i`, `if c and e < x`, `x = e if e < x else x`.

#include <optional>
#include <utility>
#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit {

struct Choice {
  const typed::Expr* read;  // of the local
  bool takes_smaller;
  bool takes_equal;                            // the last of equal values
  std::vector<const typed::Expr*> optional{};  // evaluated only if the comparison holds: c of `e < x and c`
};

// Does the condition compare the local with an expression equal to `value`, so that assigning it keeps the smaller or larger one?
// Other parts of an `and` may mention the local: whoever asks must look for that.
std::optional<Choice> match_choice(const typed::Expr& condition, const typed::Expr& value, typed::LocalId local);

// A branch of assignments alone, one of them to the local. `best, where = e, i` goes through hidden locals, which are looked
// through.
struct Branch {
  const typed::AssignLocal* own = nullptr;
  Span span;
  const typed::Expr* value = nullptr;  // that the local gets
  struct Other {
    typed::LocalId local;
    const typed::Expr* value;
    Span span;
  };
  std::vector<Other> others{};  // set as well
};

// nullopt: it is another branch, or the local's value is not what it was when the branch began.
std::optional<Branch> read_branch(const typed::Block& body, const typed::Function& function, typed::LocalId local);

}  // namespace kjit
