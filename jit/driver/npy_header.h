#pragma once
// The header of a .npy file: NumPy's format, versions 1.0, 2.0 and 3.0.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kjit/result.h"
#include "kjit/value.h"

namespace kjit {

struct NpyHeader {
  DType dtype = DType::F64;
  bool swap_bytes = false;     // the file has the other byte order
  bool fortran_order = false;  // the first axis varies fastest
  std::vector<std::int64_t> shape;
};

// Bytes of the magic string and the version, which every file begins with.
inline constexpr std::size_t kNpyPrefix = 8;
// A longer header describes no array that kjit can hold; it comes from a damaged file.
inline constexpr std::size_t kNpyMaxHeader = 65536;

struct NpyPreamble {
  std::size_t length_bytes = 2;  // that follow the prefix and give the length of the header, little-endian: 2 or 4
};
Result<NpyPreamble> parse_npy_prefix(std::string_view prefix);

// The dictionary of the header: exactly the keys descr, fortran_order and shape. The shape's number of bytes is known not to
// overflow.
Result<NpyHeader> parse_npy_dictionary(std::string_view text);

// Everything that stands before the data of a C-contiguous array, padded to 64 bytes, version 1.0.
std::string make_npy_header(DType dtype, const std::vector<std::int64_t>& shape);

}  // namespace kjit
