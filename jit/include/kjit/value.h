#pragma once
// Values that cross the border between a host program and a kernel when their types are known only at run time (the command line,
// tests, bindings).

#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kjit/export.h"
#include "kjit/result.h"

namespace kjit::inline KJIT_ABI {

// Element types of arrays, in the order of the binary interface.
enum class DType : std::uint8_t { Bool, I8, I16, I32, I64, U8, U16, U32, U64, F32, F64, C64, C128 };

KJIT_EXPORT std::size_t item_size(DType dtype);
// NumPy's names: "bool", "int64", "float32", "complex128", ...
KJIT_EXPORT const char* dtype_name(DType dtype);

// An array. Copies share the elements; the memory is freed with the last copy. Thread rule: as std::shared_ptr.
struct KJIT_EXPORT ArrayValue {
  DType dtype = DType::F64;
  std::vector<std::int64_t> shape;
  std::shared_ptr<std::byte> data;  // of element (0, ..., 0)
  // In bytes, one for each axis, negative and 0 allowed; empty: row-major without gaps. Results of kernels have none.
  std::vector<std::int64_t> strides = {};
  bool read_only = false;  // a kernel that may write to it is refused with TypeError

  std::int64_t size() const;      // number of elements
  bool is_contiguous() const;     // row-major without gaps
  ArrayValue contiguous() const;  // itself, or a copy without gaps
  // 64-byte aligned.
  static ArrayValue zeros(DType dtype, std::vector<std::int64_t> shape);
  // Memory of the host, which must outlive every call that it is passed to. What a kernel returns of it is a copy.
  static ArrayValue borrow(DType dtype, void* data, std::vector<std::int64_t> shape, std::vector<std::int64_t> strides = {});
};

struct Value;
struct TupleValue {
  std::vector<Value> elements;
};

// None, bool, int (i8..i64), int (u8..u64), f32, f64, complex64, complex128, str, array, tuple.
struct Value {
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, float, double, std::complex<float>, std::complex<double>,
               std::string, ArrayValue, TupleValue>
      data;
  // The type of an integer of less than 64 bits, which `data` holds as one of 64; unset for everything else.
  std::optional<DType> narrow = std::nullopt;
};

// What `print(repr(value))` would print under CPython with NumPy 2: `3`, `np.float32(1.5)`, `array([1, 2])`.
KJIT_EXPORT std::string repr(const Value& value);

// The value of a Python literal, as the language itself reads it: numbers with a sign, `1 + 2j`, True, False, None, strings,
// tuples; inf and nan. A list, also a nested one, is an array of bool, int64, uint64, float64 or complex128, as np.array makes
// it; `np.array([1, 2], dtype=np.float32)` and `np.float32(1.5)` name the type. What repr prints of numbers, strings, None and
// tuples of them can be read.
KJIT_EXPORT Result<Value> parse_literal(std::string_view text);

}  // namespace kjit::inline KJIT_ABI
