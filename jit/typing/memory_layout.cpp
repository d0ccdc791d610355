// Sizes, alignments and offsets; memory_layout() is the entry.

#include "typing/memory_layout.h"

#include <algorithm>

#include "support/assert.h"

namespace kjit {

namespace {

constexpr std::int64_t kWord = 8;  // pointers and int64

std::int64_t round_up(std::int64_t offset, std::int64_t alignment) { return (offset + alignment - 1) / alignment * alignment; }

MemoryLayout scalar_layout(Kind kind) {
  const std::int64_t size = byte_size(kind);
  const bool complex = kind == Kind::C64 || kind == Kind::C128;
  return {size, complex ? size / 2 : size};
}

MemoryLayout tuple_layout(const Type& tuple) {
  MemoryLayout whole;
  for (const Type& element : tuple.elements()) {
    const MemoryLayout part = memory_layout(element);
    whole.size = round_up(whole.size, part.alignment) + part.size;
    whole.alignment = std::max(whole.alignment, part.alignment);
  }
  whole.size = round_up(whole.size, whole.alignment);
  return whole;
}

}  // namespace

MemoryLayout memory_layout(const Type& type) {
  switch (type.kind()) {
    case Kind::None:
    case Kind::Dtype: return {};
    case Kind::Str: return {3 * kWord, kWord};
    case Kind::Array: return {(2 + 2 * type.rank()) * kWord, kWord};
    case Kind::Tuple:
    case Kind::Function: return tuple_layout(type);
    case Kind::Unknown: KJIT_UNREACHABLE("a type is not known");
    default: return scalar_layout(type.kind());
  }
}

std::vector<std::int64_t> element_offsets(const Type& tuple) {
  std::vector<std::int64_t> offsets;
  std::int64_t end = 0;
  for (const Type& element : tuple.elements()) {
    const MemoryLayout part = memory_layout(element);
    offsets.push_back(round_up(end, part.alignment));
    end = offsets.back() + part.size;
  }
  return offsets;
}

}  // namespace kjit
