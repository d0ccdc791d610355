#pragma once
// Python's arguments as kernels have them in memory, with their types as a key. Nothing is copied but numbers.

#include <cstddef>
#include <cstdint>
#include <span>

#include "python_api.h"
#include "types.h"

namespace kjit::python {

// One call's arguments. Lives on the stack of the call and borrows the objects.
class Arguments {
 public:
  static constexpr std::size_t kMostArguments = 255;  // the language's limit

  // False: an argument is not a value that kernels take as it is; `odd()` is its position. With a Python exception set if the
  // value itself is wrong (an int of more than 64 bits).
  bool read(PyObject* const* objects, std::size_t count);

  std::span<const Word> key() const { return {words_, word_count_}; }
  void* const* pointers() { return pointers_; }
  std::size_t odd() const { return odd_; }
  // Bit i: argument i, or an array in it, is read-only (63: so is one beyond).
  std::uint64_t read_only() const { return read_only_; }

 private:
  friend struct Reader;
  static constexpr std::size_t kWords = 512;
  static constexpr std::size_t kBytes = 16384;

  void* space(std::size_t size, std::size_t alignment);
  bool add_word(Word word);

  std::size_t word_count_ = 0;
  std::size_t used_ = 0;
  std::size_t odd_ = 0;
  std::size_t position_ = 0;
  std::uint64_t read_only_ = 0;
  Word words_[kWords];
  void* pointers_[kMostArguments + 1];
  alignas(16) std::byte memory_[kBytes];
};

// Once, at import: the types of NumPy's scalars.
bool prepare_arguments();

}  // namespace kjit::python
