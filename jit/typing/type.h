#pragma once
// Types are values: small, immutable, compared structurally.
//
// Scalars are a Kind alone. Tuple and Function carry element types, Array its dtype, rank and layout. A Function type names one
// definition (known at compile time); its run-time representation is the tuple of the variables that it captures, so that later
// stages treat Function exactly as a Tuple of `elements()`. Dtype (np.float64 as a value) has no representation, like None.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kjit {

namespace ast {
struct FunctionDef;
}

// The numeric kinds stand in the order of kjit_dtype in runtime/abi.h, starting with Bool.
enum class Kind : std::uint8_t {
  Unknown,  // inference has not reached it yet; never in a verified typed tree
  None,
  Bool,
  I8,
  I16,
  I32,
  I64,
  U8,
  U16,
  U32,
  U64,
  F32,
  F64,
  C64,
  C128,
  Str,
  Tuple,
  Array,
  Function,
  Dtype,
};

// C: row-major without gaps, strides follow from the shape. Strided: strides must be read from the descriptor.
enum class Layout : std::uint8_t { C, Strided };

class Type {
 public:
  Type() = default;
  Type(Kind scalar) : kind_(scalar) {}  // implicit on purpose: Type t = Kind::I64

  static Type tuple(std::vector<Type> elements);
  static Type array(Kind dtype, int rank, Layout layout);
  static Type function(const ast::FunctionDef* definition, std::vector<Type> captured);
  static Type dtype_value(Kind dtype);

  Kind kind() const { return kind_; }
  bool is(Kind kind) const { return kind_ == kind; }
  bool is_unknown() const { return kind_ == Kind::Unknown; }
  bool is_signed() const { return kind_ >= Kind::I8 && kind_ <= Kind::I64; }
  bool is_unsigned() const { return kind_ >= Kind::U8 && kind_ <= Kind::U64; }
  bool is_integer() const { return kind_ >= Kind::I8 && kind_ <= Kind::U64; }  // without bool
  bool is_float() const { return kind_ == Kind::F32 || kind_ == Kind::F64; }
  bool is_complex() const { return kind_ == Kind::C64 || kind_ == Kind::C128; }
  bool is_number() const { return is_integer() || is_float() || is_complex(); }  // without bool
  bool is_scalar() const { return kind_ == Kind::Bool || is_number(); }
  bool is_array() const { return kind_ == Kind::Array; }
  bool is_tuple() const { return kind_ == Kind::Tuple; }
  bool is_function() const { return kind_ == Kind::Function; }
  // True if values hold a reference count somewhere inside: arrays, strings, and tuples or functions with such elements.
  bool is_managed() const;

  // Tuple and Function.
  const std::vector<Type>& elements() const { return detail_->elements; }
  // Array and Dtype: Bool..C128.
  Kind dtype() const { return detail_->dtype; }
  // Array.
  int rank() const { return detail_->rank; }
  Layout layout() const { return detail_->layout; }
  bool is_contiguous() const { return detail_->layout == Layout::C; }
  // Function.
  const ast::FunctionDef* definition() const { return detail_->definition; }

  // A scalar that NumPy made (an element, a result of np functions, np.float64(x)), not a Python number. It matters where a
  // scalar meets an array: Python's numbers take the array's type, NumPy's count with theirs. No part of ==, which is about
  // representation.
  bool is_numpy_scalar() const { return numpy_scalar_; }
  Type as_numpy() const {
    Type type = *this;
    type.numpy_scalar_ = is(Kind::I64) || is(Kind::F64) || is(Kind::C128);  // the kinds that Python has, too
    return type;
  }
  Type as_python() const {
    Type type = *this;
    type.numpy_scalar_ = false;
    return type;
  }

  bool operator==(const Type& other) const;

 private:
  struct Detail {
    std::vector<Type> elements;
    Kind dtype = Kind::Unknown;
    int rank = 0;
    Layout layout = Layout::C;
    const ast::FunctionDef* definition = nullptr;
  };
  Kind kind_ = Kind::Unknown;
  bool numpy_scalar_ = false;
  std::shared_ptr<const Detail> detail_;
};

// Width of a scalar kind in bits (bool: 8, as in memory) and in bytes; complex counts both parts.
int bit_width(Kind scalar);
int byte_size(Kind scalar);
// C64 -> F32, C128 -> F64.
Kind real_part_kind(Kind complex);

// As users write it: "i64", "f64[:, ::1]", "(i64, f64)", "None", "str", "function f".
std::string to_string(const Type& type);

}  // namespace kjit
