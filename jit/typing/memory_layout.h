#pragma once
// How values of a type lie in memory (runtime/abi.h): what arguments, results and array elements look like to the outside.
//
// Scalars, strings and array descriptors as the C types of abi.h; tuples and functions as a C struct of their elements; None and
// Dtype take no space. An array descriptor is exactly {data, owner, 2 * rank words}.

#include <cstdint>
#include <vector>

#include "typing/type.h"

namespace kjit {

struct MemoryLayout {
  std::int64_t size = 0;       // bytes, a multiple of the alignment
  std::int64_t alignment = 1;  // bytes
};

MemoryLayout memory_layout(const Type& type);

// Byte offset of each element of a tuple or function.
std::vector<std::int64_t> element_offsets(const Type& tuple);

}  // namespace kjit
