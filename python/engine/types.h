#pragma once
// The types of arguments as numbers that can be compared quickly, as the text that the engine reads, and the layout of results.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kjit/value.h"

namespace kjit::python {

// One word a value; a tuple is followed by its elements. What it says of an array is all that a specialisation depends on.
using Word = std::uint32_t;
enum class Kind : Word { Scalar, Array, Text, None, Tuple };

inline constexpr Word word_of(Kind kind, Word detail = 0) { return static_cast<Word>(kind) | detail << 8; }
inline constexpr Word scalar_word(DType dtype) { return word_of(Kind::Scalar, static_cast<Word>(dtype)); }
inline constexpr Word array_word(DType dtype, Word rank, bool contiguous) {
  return word_of(Kind::Array, static_cast<Word>(dtype) | rank << 8 | (contiguous ? 1U << 16 : 0));
}
inline constexpr Word tuple_word(Word size) { return word_of(Kind::Tuple, size); }

// "f64[:, ::1]", "(i64, str)": one text for each argument.
std::vector<std::string> type_texts(std::span<const Word> key);

// A type with its place in memory (runtime/abi.h): bools and numbers as in C, arrays and texts as descriptors, tuples as structs.
struct Layout {
  Kind kind = Kind::None;
  DType dtype = DType::F64;
  int rank = 0;
  bool contiguous = false;           // as the type says; results may have gaps
  std::vector<Layout> elements;      // of a tuple
  std::vector<std::size_t> offsets;  // of each element
  std::size_t size = 0;
  std::size_t alignment = 1;
};

// The inverse of type_texts for one type, as signatures of kernels have it. False: it is not a type of values.
bool parse_layout(std::string_view text, Layout& out);
// The words of a type.
void add_words(const Layout& layout, std::vector<Word>& out);

}  // namespace kjit::python
