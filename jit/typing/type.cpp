// Types as values; to_string() is the spelling used in messages, dumps and annotations.

#include "typing/type.h"

#include <algorithm>
#include <utility>

#include "support/assert.h"
#include "syntax/ast.h"

namespace kjit {

Type Type::tuple(std::vector<Type> elements) {
  auto detail = std::make_shared<Detail>();
  detail->elements = std::move(elements);
  Type type(Kind::Tuple);
  type.detail_ = std::move(detail);
  return type;
}

Type Type::array(Kind dtype, int rank, Layout layout) {
  auto detail = std::make_shared<Detail>();
  detail->dtype = dtype;
  detail->rank = rank;
  detail->layout = layout;
  Type type(Kind::Array);
  type.detail_ = std::move(detail);
  return type;
}

Type Type::function(const ast::FunctionDef* definition, std::vector<Type> captured) {
  auto detail = std::make_shared<Detail>();
  detail->elements = std::move(captured);
  detail->definition = definition;
  Type type(Kind::Function);
  type.detail_ = std::move(detail);
  return type;
}

Type Type::dtype_value(Kind dtype) {
  auto detail = std::make_shared<Detail>();
  detail->dtype = dtype;
  Type type(Kind::Dtype);
  type.detail_ = std::move(detail);
  return type;
}

bool Type::is_managed() const {
  if (kind_ == Kind::Str || kind_ == Kind::Array) {
    return true;
  }
  if (kind_ != Kind::Tuple && kind_ != Kind::Function) {
    return false;
  }
  return std::any_of(elements().begin(), elements().end(), [](const Type& element) { return element.is_managed(); });
}

bool Type::operator==(const Type& other) const {
  if (kind_ != other.kind_ || detail_ == other.detail_) {
    return kind_ == other.kind_;
  }
  if (!detail_ || !other.detail_) {
    return false;
  }
  const Detail& a = *detail_;
  const Detail& b = *other.detail_;
  return a.dtype == b.dtype && a.rank == b.rank && a.layout == b.layout && a.definition == b.definition &&
         a.elements == b.elements;
}

int bit_width(Kind scalar) { return byte_size(scalar) * 8; }

int byte_size(Kind scalar) {
  switch (scalar) {
    case Kind::Bool:
    case Kind::I8:
    case Kind::U8: return 1;
    case Kind::I16:
    case Kind::U16: return 2;
    case Kind::I32:
    case Kind::U32:
    case Kind::F32: return 4;
    case Kind::I64:
    case Kind::U64:
    case Kind::F64:
    case Kind::C64: return 8;
    case Kind::C128: return 16;
    default: KJIT_UNREACHABLE("the kind is not a scalar");
  }
}

Kind real_part_kind(Kind complex) {
  KJIT_ASSERT(complex == Kind::C64 || complex == Kind::C128, "the kind is not complex");
  return complex == Kind::C64 ? Kind::F32 : Kind::F64;
}

namespace {

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::Unknown: return "unknown";
    case Kind::None: return "None";
    case Kind::Bool: return "bool";
    case Kind::I8: return "i8";
    case Kind::I16: return "i16";
    case Kind::I32: return "i32";
    case Kind::I64: return "i64";
    case Kind::U8: return "u8";
    case Kind::U16: return "u16";
    case Kind::U32: return "u32";
    case Kind::U64: return "u64";
    case Kind::F32: return "f32";
    case Kind::F64: return "f64";
    case Kind::C64: return "c64";
    case Kind::C128: return "c128";
    case Kind::Str: return "str";
    case Kind::Tuple: return "tuple";
    case Kind::Array: return "array";
    case Kind::Function: return "function";
    case Kind::Dtype: return "dtype";
  }
  return "";
}

// "f64[:, ::1]": Numba's spelling, one entry per axis, the last "::1" when rows are contiguous.
std::string array_name(const Type& type) {
  std::string text = std::string(kind_name(type.dtype())) + "[";
  for (int axis = 0; axis < type.rank(); ++axis) {
    const bool last = axis + 1 == type.rank();
    text += axis == 0 ? "" : ", ";
    text += last && type.is_contiguous() ? "::1" : ":";
  }
  return text + "]";
}

std::string tuple_name(const std::vector<Type>& elements) {
  std::string text = "(";
  for (std::size_t i = 0; i < elements.size(); ++i) {
    text += (i == 0 ? "" : ", ") + to_string(elements[i]);
  }
  return text + (elements.size() == 1 ? ",)" : ")");
}

}  // namespace

std::string to_string(const Type& type) {
  switch (type.kind()) {
    case Kind::Array: return array_name(type);
    case Kind::Tuple: return tuple_name(type.elements());
    case Kind::Function: return "function " + (type.definition() ? type.definition()->name : std::string("?"));
    case Kind::Dtype: return std::string("dtype ") + kind_name(type.dtype());
    default: return kind_name(type.kind());
  }
}

}  // namespace kjit
