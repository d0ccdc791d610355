#pragma once
// How large a program may be. Each stage after the parser recurses over the tree; these limits, all reported as errors, keep the
// deepest recursion within an 8 MiB stack even in a sanitizer build. tests/limits has a case at and over each of them.

#include <cstddef>
#include <cstdint>

namespace kjit::limits {

// Brackets, unary operators, conditionals and lambdas inside each other, each of them a recursion of the parser: the depth of
// brackets that CPython's tokenizer accepts.
constexpr std::uint32_t kExpressionNesting = 200;

// Levels of one expression tree. `a + b + c + ...` is a tree as high as it is long; CPython 3.11 gives up near 3000. Chains of
// comparisons, `and` and `or` count each operator: the typed tree nests them.
constexpr std::uint32_t kExpressionHeight = 1000;

// Levels of one typed expression. Comparisons, logic and tuples are written out there, and constants of the module put in.
constexpr std::uint32_t kTypedHeight = 3000;

// Nodes of a constant of the module, those of constants that it names included, because each use is a copy of all of them.
constexpr std::size_t kConstantSize = 4000;

// Blocks inside each other. CPython stops at 100 levels of indentation, 20 of them loops.
constexpr std::uint32_t kBlockNesting = 200;

// Blocks and `elif` branches inside each other: each `elif` is one more level of the tree.
constexpr std::uint32_t kStatementHeight = 1000;

// The limit of CPython before 3.7; a call of that size is generated code, and an array serves it better.
constexpr std::size_t kArguments = 255;
constexpr std::size_t kParameters = 255;

// Numbers, arrays and texts in one tuple, those of tuples in it included: each is a value of its own in machine code, and a tuple
// of tuples of tuples has exponentially many. LLVM's time grows with more than their square: 1.5 s for these, minutes for 1,000.
constexpr std::size_t kTupleValues = 255;

// Places are 32-bit offsets; hand-written kernels are a thousand times smaller.
constexpr std::size_t kSourceBytes = std::size_t{64} << 20;

}  // namespace kjit::limits
