#pragma once
// Fusion of array loops across statements: typed tree -> typed tree. Entry: fuse_arrays.
//
//   t = a * b              no array is made for t: its elements are computed where
//   out[:] = t + c         the loop of the next line needs them
//
// A variable that holds the array of a loop is fused where one loop alone reads that array, later in the same block, so that both
// run equally often; where nothing between may change the elements that it is computed from; and where its elements are not
// computed more often than before, if that costs something (typing/arrays/fusion_rules.h). What the definition does besides
// stays in its place: its operands are evaluated there (calls, views, random draws, numbers: into hidden variables), and their
// shapes are compared there. So errors and effects keep their order, and only element by element arithmetic, which has neither,
// moves. Its results keep the variable's element type.
//
// An operand that is a new array is kept in place of the variable's; there may be one of these, so that no more memory is held
// than before.

#include <optional>
#include <string>
#include <vector>

#include "support/source_file.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

// What became of `local = a * b`.
struct ArrayTemporary {
  typed::FunctionId function;
  typed::LocalId local;
  Span span;                        // of the statement
  std::optional<Span> reader = {};  // the statement whose loop computes it
  std::string reason = {};          // else: why the array is made
  std::optional<Span> cause = {};   // the statement that the reason speaks of, unless it is the reader
};

// In the order of the source.
std::vector<ArrayTemporary> fuse_arrays(typed::Program& program);

// A sum of all elements, of floats: the one fold that computes the elements of a loop piece by piece, without an array.
bool is_sum_of_floats(const typed::Expr& expr);

// A part of `kjit emit --stage loops`.
std::string print_array_temporaries(const std::vector<ArrayTemporary>& temporaries, const typed::Program& program,
                                    const SourceMap& sources);

}  // namespace kjit
