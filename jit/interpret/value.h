#pragma once
// Values of the interpreter. Copying one is cheap: text, arrays and tuples are shared, and immutable except for the elements of
// arrays.
//
// The alternative follows from the type: None and Dtype: monostate; Bool: bool; I8..I64: int64; U8..U64: uint64 (both always
// inside the range of the kind); F32/F64: double (F32: a value that a float holds); C64/C128: complex, likewise; Str: Text;
// Array: ArrayRef; Tuple and Function: TupleRef.

#include <complex>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "runtime/abi.h"
#include "support/assert.h"
#include "typing/type.h"

namespace kjit::interpreter {

struct Value;
using Complex = std::complex<double>;
using Text = std::shared_ptr<const std::string>;
using TupleRef = std::shared_ptr<const std::vector<Value>>;

// An array descriptor that owns one reference to its memory. Only the first 2 * rank entries of dims exist.
class Array {
 public:
  Array(const kjit_array& adopted, int rank);  // takes over the reference of `adopted`
  ~Array();
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;

  const kjit_array* descriptor() const { return &descriptor_; }
  int rank() const { return rank_; }
  std::int64_t size(int axis) const { return descriptor_.dims[axis]; }
  std::int64_t stride(int axis) const { return descriptor_.dims[rank_ + axis]; }  // bytes
  char* data() const { return static_cast<char*>(descriptor_.data); }

 private:
  kjit_array descriptor_;
  int rank_;
};
using ArrayRef = std::shared_ptr<const Array>;

struct Value {
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, Complex, Text, ArrayRef, TupleRef> data;

  template <typename T>
  const T& as() const {
    const T* alternative = std::get_if<T>(&data);
    KJIT_ASSERT(alternative != nullptr, "a value does not have the representation of its type");
    return *alternative;
  }
  bool boolean() const { return as<bool>(); }
  std::int64_t integer() const { return as<std::int64_t>(); }
  double real() const { return as<double>(); }
  const std::string& text() const { return *as<Text>(); }
  const Array& array() const { return *as<ArrayRef>(); }
  const std::vector<Value>& elements() const { return *as<TupleRef>(); }
};

Value make_text(std::string text);
Value make_tuple(std::vector<Value> elements);
Value adopt_array(const kjit_array& owned, int rank);

// The nearest value that the kind can hold: rounds F32 and C64 to float, leaves the others alone.
double round_to(Kind float_kind, double value);

// The runtime's number for an element type.
std::int32_t dtype_code(Kind dtype);

}  // namespace kjit::interpreter
