// Python literals as values: the text is read by the language's own parser, and its syntax tree is folded here. Entry:
// parse_literal.

#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "kjit/value.h"
#include "support/diagnostics.h"
#include "syntax/parser.h"

namespace kjit {

namespace {

using Complex = std::complex<double>;
using Folded = Result<Value>;

template <typename Node>
const Node* as(const ast::ExprPtr& expr) {
  return expr ? std::get_if<Node>(&expr->node) : nullptr;
}

Error not_a_literal() { return {"not a Python literal; a string needs quotes of its own, as in \"'text'\""}; }

// ---- numbers -----------------------------------------------------------------------------------------------------------

bool is_real_number(const Value& value) {
  return std::holds_alternative<std::int64_t>(value.data) || std::holds_alternative<std::uint64_t>(value.data) ||
         std::holds_alternative<double>(value.data);
}

// Any number or bool; strings and containers have none.
std::optional<Complex> as_complex(const Value& value) {
  if (const auto* x = std::get_if<bool>(&value.data)) return Complex(*x);
  if (const auto* x = std::get_if<std::int64_t>(&value.data)) return Complex(static_cast<double>(*x));
  if (const auto* x = std::get_if<std::uint64_t>(&value.data)) return Complex(static_cast<double>(*x));
  if (const auto* x = std::get_if<float>(&value.data)) return Complex(*x);
  if (const auto* x = std::get_if<double>(&value.data)) return Complex(*x);
  if (const auto* x = std::get_if<std::complex<float>>(&value.data)) return Complex(*x);
  if (const auto* x = std::get_if<Complex>(&value.data)) return *x;
  return std::nullopt;
}

Value integer(std::uint64_t magnitude) {
  if (magnitude > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return {magnitude};
  return {static_cast<std::int64_t>(magnitude)};
}

Folded negate(const Value& value) {
  if (const auto* x = std::get_if<std::int64_t>(&value.data)) return Value{-*x};
  if (const auto* x = std::get_if<double>(&value.data)) return Value{-*x};
  if (const auto* x = std::get_if<Complex>(&value.data)) return Value{-*x};
  if (const auto* x = std::get_if<std::uint64_t>(&value.data)) {
    if (*x == std::uint64_t{1} << 63) return Value{std::numeric_limits<std::int64_t>::min()};
    return Error{"integer does not fit 64 bits"};
  }
  return not_a_literal();
}

// A real number plus or minus an imaginary one, as repr writes complex numbers. The arithmetic is CPython's, so that signs of
// zeros agree.
Folded join_parts(const Value& lhs, const Value& rhs, ast::BinaryOp op) {
  const auto* imaginary = std::get_if<Complex>(&rhs.data);
  const auto real = as_complex(lhs);
  const bool sum = op == ast::BinaryOp::Add || op == ast::BinaryOp::Sub;
  if (!sum || imaginary == nullptr || !real || !(is_real_number(lhs) || std::holds_alternative<Complex>(lhs.data)))
    return not_a_literal();
  return Value{op == ast::BinaryOp::Add ? *real + *imaginary : *real - *imaginary};
}

// ---- arrays ------------------------------------------------------------------------------------------------------------

struct Elements {
  std::vector<std::int64_t> shape;
  std::vector<Value> values;  // row-major
};

Folded fold(const ast::ExprPtr& expr);

// Appends the elements below `list` and checks that all lists of one depth have one length.
std::optional<Error> collect(const ast::List& list, std::size_t depth, Elements& out) {
  const auto length = static_cast<std::int64_t>(list.elements.size());
  const bool first = out.shape.size() == depth;
  if (first) out.shape.push_back(length);
  if (out.shape[depth] != length) return Error{"the lists of an array must have the same length at each depth"};
  for (const ast::ExprPtr& element : list.elements) {
    if (const auto* inner = as<ast::List>(element)) {
      if (out.shape.size() == depth + 1 && !out.values.empty()) return Error{"an array cannot mix numbers and lists"};
      if (auto error = collect(*inner, depth + 1, out)) return error;
      continue;
    }
    if (out.shape.size() > depth + 1) return Error{"an array cannot mix numbers and lists"};
    auto value = fold(element);
    if (!value) return value.error();
    if (!as_complex(*value)) return Error{"the elements of an array must be numbers"};
    out.values.push_back(std::move(*value));
  }
  return std::nullopt;
}

// NumPy's choice for np.array of Python numbers.
Result<DType> common_dtype(const std::vector<Value>& values) {
  bool all_bool = !values.empty(), any_float = values.empty(), any_complex = false, any_unsigned = false, any_negative = false;
  for (const Value& value : values) {
    all_bool &= std::holds_alternative<bool>(value.data);
    any_float |= std::holds_alternative<double>(value.data);
    any_complex |= std::holds_alternative<Complex>(value.data);
    any_unsigned |= std::holds_alternative<std::uint64_t>(value.data);
    const auto* integer = std::get_if<std::int64_t>(&value.data);
    any_negative |= integer != nullptr && *integer < 0;
  }
  if (any_complex) return DType::C128;
  if (any_float) return DType::F64;
  if (all_bool) return DType::Bool;
  if (any_unsigned && any_negative) return Error{"no integer type holds all elements; write one of them as a float"};
  return any_unsigned ? DType::U64 : DType::I64;
}

template <typename T>
void put(std::byte* where, T value) {
  std::memcpy(where, &value, sizeof value);
}

template <typename T>
bool put_integer(std::byte* where, const Value& value) {
  T result;
  if (const auto* x = std::get_if<bool>(&value.data)) {
    result = static_cast<T>(*x);
  } else if (const auto* y = std::get_if<std::int64_t>(&value.data)) {
    if (!std::in_range<T>(*y)) return false;
    result = static_cast<T>(*y);
  } else if (const auto* z = std::get_if<std::uint64_t>(&value.data)) {
    if (!std::in_range<T>(*z)) return false;
    result = static_cast<T>(*z);
  } else {
    return false;
  }
  put(where, result);
  return true;
}

// False if the type cannot hold the number.
bool put_element(DType dtype, std::byte* where, const Value& value) {
  const Complex z = *as_complex(value);
  const bool real = !std::holds_alternative<Complex>(value.data) && !std::holds_alternative<std::complex<float>>(value.data);
  switch (dtype) {
    case DType::Bool: put(where, static_cast<std::uint8_t>(z != Complex{})); return true;
    case DType::I8: return put_integer<std::int8_t>(where, value);
    case DType::I16: return put_integer<std::int16_t>(where, value);
    case DType::I32: return put_integer<std::int32_t>(where, value);
    case DType::I64: return put_integer<std::int64_t>(where, value);
    case DType::U8: return put_integer<std::uint8_t>(where, value);
    case DType::U16: return put_integer<std::uint16_t>(where, value);
    case DType::U32: return put_integer<std::uint32_t>(where, value);
    case DType::U64: return put_integer<std::uint64_t>(where, value);
    case DType::F32: put(where, static_cast<float>(z.real())); return real;
    case DType::F64: put(where, z.real()); return real;
    case DType::C64: put(where, std::complex<float>(z)); return true;
    case DType::C128: put(where, z); return true;
  }
  return false;
}

Folded make_array(const ast::List& list, std::optional<DType> wanted) {
  Elements elements;
  if (auto error = collect(list, 0, elements)) return *error;
  if (elements.shape.size() > 32) return Error{"an array has at most 32 axes"};
  auto dtype = wanted ? Result<DType>(*wanted) : common_dtype(elements.values);
  if (!dtype) return dtype.error();
  ArrayValue array = ArrayValue::zeros(*dtype, elements.shape);
  for (std::size_t i = 0; i < elements.values.size(); ++i) {
    if (!put_element(*dtype, array.data.get() + i * item_size(*dtype), elements.values[i])) {
      return Error{"element " + std::to_string(i) + " does not fit " + dtype_name(*dtype)};
    }
  }
  return Value{std::move(array)};
}

// ---- calls: np.array(...), np.float32(...), float('inf') -----------------------------------------------------------------

// "float32" of `np.float32`, `numpy.float32` or `float32`; "" for anything else.
std::string_view called_name(const ast::ExprPtr& callee) {
  if (const auto* name = as<ast::Name>(callee)) return name->id;
  const auto* attribute = as<ast::Attribute>(callee);
  const auto* base = attribute != nullptr ? as<ast::Name>(attribute->value) : nullptr;
  const bool numpy = base != nullptr && (base->id == "np" || base->id == "numpy");
  return numpy ? std::string_view(attribute->name) : std::string_view();
}

std::optional<DType> dtype_called(std::string_view name) {
  constexpr std::string_view kShort[] = {"bool_", "i8",  "i16", "i32", "i64", "u8",  "u16",
                                         "u32",   "u64", "f32", "f64", "c64", "c128"};
  for (std::size_t i = 0; i < std::size(kShort); ++i) {
    const auto dtype = static_cast<DType>(i);
    if (name == dtype_name(dtype) || name == kShort[i]) return dtype;
  }
  return std::nullopt;
}

Folded fold_array_call(const ast::Call& call) {
  const auto* list = call.args.empty() ? nullptr : as<ast::List>(call.args[0]);
  if (list == nullptr || call.args.size() > 2 || call.keywords.size() > 1)
    return Error{"np.array wants a list, and at most a dtype"};
  if (call.args.size() == 1 && call.keywords.empty()) return make_array(*list, std::nullopt);
  const bool keyword = !call.keywords.empty();
  if (keyword && (call.keywords[0].name != "dtype" || call.args.size() == 2))
    return Error{"np.array wants a list, and at most a dtype"};
  const auto dtype = dtype_called(called_name(keyword ? call.keywords[0].value : call.args[1]));
  if (!dtype) return Error{"not an element type; write dtype=np.float32, for example"};
  return make_array(*list, dtype);
}

// The integer of less than 64 bits (or int64) that stands in `memory`.
Value narrow_integer(DType dtype, const std::byte* memory) {
  const auto read = [memory]<typename T>(T value) {
    std::memcpy(&value, memory, sizeof value);
    return value;
  };
  switch (dtype) {
    case DType::I8: return {std::int64_t{read(std::int8_t{})}, dtype};
    case DType::I16: return {std::int64_t{read(std::int16_t{})}, dtype};
    case DType::I32: return {std::int64_t{read(std::int32_t{})}, dtype};
    case DType::U8: return {std::uint64_t{read(std::uint8_t{})}, dtype};
    case DType::U16: return {std::uint64_t{read(std::uint16_t{})}, dtype};
    case DType::U32: return {std::uint64_t{read(std::uint32_t{})}, dtype};
    default: return {read(std::int64_t{})};
  }
}

// A number of that type.
Folded make_scalar(DType dtype, const Value& number) {
  alignas(16) std::byte memory[16] = {};
  if (!as_complex(number) || !put_element(dtype, memory, number))
    return Error{std::string("the value does not fit ") + dtype_name(dtype)};
  const auto read = [&memory]<typename T>(T value) {
    std::memcpy(&value, memory, sizeof value);
    return value;
  };
  switch (dtype) {
    case DType::Bool: return Value{read(std::uint8_t{}) != 0};
    case DType::F32: return Value{read(float{})};
    case DType::F64: return Value{read(double{})};
    case DType::C64: return Value{read(std::complex<float>{})};
    case DType::C128: return Value{read(Complex{})};
    case DType::U64: return Value{read(std::uint64_t{})};
    default: break;
  }
  return narrow_integer(dtype, memory);
}

Folded fold_call(const ast::Call& call) {
  const std::string_view name = called_name(call.callee);
  if (name == "array") return fold_array_call(call);
  if (call.args.size() != 1 || !call.keywords.empty()) return not_a_literal();
  if (const auto* text = as<ast::StringLiteral>(call.args[0]); text != nullptr && name == "float")
    return parse_literal(text->value);
  const auto dtype = dtype_called(name);
  if (!dtype) return not_a_literal();
  auto number = fold(call.args[0]);
  return number ? make_scalar(*dtype, *number) : number;
}

// ---- all nodes ---------------------------------------------------------------------------------------------------------

struct Folder {
  Folded operator()(const ast::NoneLiteral&) const { return Value{}; }
  Folded operator()(const ast::BoolLiteral& node) const { return Value{node.value}; }
  Folded operator()(const ast::IntLiteral& node) const { return integer(node.value); }
  Folded operator()(const ast::FloatLiteral& node) const { return Value{node.value}; }
  Folded operator()(const ast::ImaginaryLiteral& node) const { return Value{Complex(0.0, node.value)}; }
  Folded operator()(const ast::StringLiteral& node) const { return Value{node.value}; }
  // repr prints them so, though Python does not read them.
  Folded operator()(const ast::Name& node) const {
    if (node.id == "inf") return Value{std::numeric_limits<double>::infinity()};
    if (node.id == "nan") return Value{std::numeric_limits<double>::quiet_NaN()};
    if (node.id == "infj") return Value{Complex(0.0, std::numeric_limits<double>::infinity())};
    if (node.id == "nanj") return Value{Complex(0.0, std::numeric_limits<double>::quiet_NaN())};
    return not_a_literal();
  }
  Folded operator()(const ast::Unary& node) const {
    auto operand = fold(node.operand);
    if (!operand || !(is_real_number(*operand) || std::holds_alternative<Complex>(operand->data)))
      return operand ? Folded(not_a_literal()) : operand;
    if (node.op == ast::UnaryOp::Minus) return negate(*operand);
    return node.op == ast::UnaryOp::Plus ? operand : Folded(not_a_literal());
  }
  Folded operator()(const ast::Binary& node) const {
    auto lhs = fold(node.lhs);
    if (!lhs) return lhs;
    auto rhs = fold(node.rhs);
    return rhs ? join_parts(*lhs, *rhs, node.op) : rhs;
  }
  Folded operator()(const ast::Tuple& node) const {
    TupleValue tuple;
    for (const ast::ExprPtr& element : node.elements) {
      auto value = fold(element);
      if (!value) return value;
      tuple.elements.push_back(std::move(*value));
    }
    return Value{std::move(tuple)};
  }
  Folded operator()(const ast::List& node) const { return make_array(node, std::nullopt); }
  Folded operator()(const ast::Call& node) const { return fold_call(node); }
  template <typename Other>
  Folded operator()(const Other&) const {
    return not_a_literal();
  }
};

Folded fold(const ast::ExprPtr& expr) { return std::visit(Folder{}, expr->node); }

}  // namespace

inline namespace KJIT_ABI {

Result<Value> parse_literal(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return Error{"empty; a string needs quotes of its own, as in \"''\""};
  const SourceFile source("argument", std::string(text.substr(begin)));
  Diagnostics diags;
  const ast::Module module = parse(source, 0, diags);
  if (diags.has_errors()) return Error{diags.all().front().message};
  // A string that stands alone is a docstring.
  if (module.body.empty() && text[begin] != '#') return Value{module.docstring};
  const bool alone = module.body.size() == 1 && module.docstring.empty();
  const auto* statement = alone ? std::get_if<ast::ExpressionStatement>(&module.body[0]->node) : nullptr;
  if (statement == nullptr) return not_a_literal();
  return fold(statement->value);
}

}  // namespace KJIT_ABI
}  // namespace kjit
