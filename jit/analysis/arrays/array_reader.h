#pragma once
// Who reads an array that a variable holds.

#include <cstddef>
#include <string>
#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit {

struct ArrayReader {
  enum class Kind : std::uint8_t {
    None,        // nothing that could compute the elements itself: see reason
    Loop,        // an array loop has it as an operand
    Sum,         // is_sum_of_floats
    Assignment,  // view[...] = local
  };
  Kind kind = Kind::None;
  std::size_t statement = 0;       // its place in the block
  std::vector<typed::Expr*> path;  // from the statement's expression to the read
  std::string reason;

  typed::Expr& read() const { return *path.back(); }
  // The loop that has it as an operand.
  typed::Expr& loop() const;
};

// The statement of the block behind `definition` that reads the array once each time the block runs, by this node.
ArrayReader find_reader(const typed::Block& block, std::size_t definition, const typed::Expr& read);

}  // namespace kjit
