#pragma once
// The types of arguments as numbers that can be compared quickly, as the text that the engine reads, and the layout of results.

#include <algorithm>
#include <cstddef>
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

// Stands in front of a tuple whose class has names for its elements: `number` is that of the class (records.h). Texts have none.
inline constexpr Word kNamed = 0xFF;
inline constexpr Word named_word(Word number) { return kNamed | number << 8; }
inline constexpr bool is_named(Word word) { return (word & 0xFF) == kNamed; }

// "f64[:, ::1]", "(i64, str)": one text for each argument.
std::vector<std::string> type_texts(std::span<const Word> key);

// Offsets in a C struct, and what it takes.
class StructSize {
 public:
  // The offset of the next member.
  std::size_t add(std::size_t size, std::size_t alignment) {
    const std::size_t offset = (end_ + alignment - 1) / alignment * alignment;
    end_ = offset + size;
    alignment_ = std::max(alignment_, alignment);
    return offset;
  }
  std::size_t size() const { return (end_ + alignment_ - 1) / alignment_ * alignment_; }
  std::size_t alignment() const { return alignment_; }

 private:
  std::size_t end_ = 0;
  std::size_t alignment_ = 1;
};

inline constexpr std::size_t kArrayAlignment = 8;
inline constexpr std::size_t array_size(int rank) { return 16 + 16 * static_cast<std::size_t>(rank); }
std::size_t scalar_alignment(DType dtype);

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
