// Recursive descent over Python literals. Entry: parse_literal().
//
//   value  := 'None' | 'True' | 'False' | number | string | '(' items ')' | '[' items ']' | 'np.array(' list ',' 'np.' dtype ')'
//   items  := [value {',' value} [',']]

#include "literal.h"

#include <cctype>
#include <charconv>
#include <cstring>
#include <string>

namespace kjit::harness {
namespace {

// A nested list before it becomes an array: its shape and its scalars in row-major order.
struct Nested {
  std::vector<std::int64_t> shape;
  std::vector<Value> scalars;
};

std::complex<double> as_complex(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? 1 : 0;
  if (const auto* integer = std::get_if<std::int64_t>(&value.data)) return static_cast<double>(*integer);
  if (const auto* number = std::get_if<double>(&value.data)) return *number;
  if (const auto* complex = std::get_if<std::complex<double>>(&value.data)) return *complex;
  return 0;
}

template <typename T>
void store(std::byte* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

template <typename T>
T as_integer(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value.data)) return static_cast<T>(*integer);
  if (const auto* large = std::get_if<std::uint64_t>(&value.data)) return static_cast<T>(*large);
  return static_cast<T>(as_complex(value).real());
}

void store_scalar(std::byte* at, DType dtype, const Value& value) {
  switch (dtype) {
    case DType::Bool: return store(at, as_complex(value) != 0.0);
    case DType::I8: return store(at, as_integer<std::int8_t>(value));
    case DType::I16: return store(at, as_integer<std::int16_t>(value));
    case DType::I32: return store(at, as_integer<std::int32_t>(value));
    case DType::I64: return store(at, as_integer<std::int64_t>(value));
    case DType::U8: return store(at, as_integer<std::uint8_t>(value));
    case DType::U16: return store(at, as_integer<std::uint16_t>(value));
    case DType::U32: return store(at, as_integer<std::uint32_t>(value));
    case DType::U64: return store(at, as_integer<std::uint64_t>(value));
    case DType::F32: return store(at, static_cast<float>(as_complex(value).real()));
    case DType::F64: return store(at, as_complex(value).real());
    case DType::C64: return store(at, std::complex<float>(as_complex(value)));
    case DType::C128: return store(at, as_complex(value));
  }
}

// NumPy's choice for a list: the widest of bool, int64, float64, complex128 that occurs; float64 if it is empty.
DType natural_dtype(const std::vector<Value>& scalars) {
  if (scalars.empty()) return DType::F64;
  DType widest = DType::Bool;
  for (const Value& value : scalars) {
    if (std::holds_alternative<std::complex<double>>(value.data)) return DType::C128;
    if (std::holds_alternative<double>(value.data)) widest = DType::F64;
    if (std::holds_alternative<std::int64_t>(value.data) && widest == DType::Bool) widest = DType::I64;
    if (std::holds_alternative<std::uint64_t>(value.data) && widest != DType::F64) widest = DType::U64;
  }
  return widest;
}

Value make_array(const Nested& nested, DType dtype) {
  ArrayValue array = ArrayValue::zeros(dtype, nested.shape);
  for (std::size_t i = 0; i < nested.scalars.size(); ++i) {
    store_scalar(array.data.get() + i * item_size(dtype), dtype, nested.scalars[i]);
  }
  return Value{std::move(array)};
}

std::optional<DType> dtype_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(DType::C128); ++i) {
    if (name == dtype_name(static_cast<DType>(i))) return static_cast<DType>(i);
  }
  return name == "bool_" ? std::optional(DType::Bool) : std::nullopt;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<Value> whole() {
    std::optional<Value> value = parse_value();
    skip_blanks();
    return rest_.empty() ? value : std::nullopt;
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && rest_[0] == ' ') rest_.remove_prefix(1);
  }

  bool accept(std::string_view token) {
    skip_blanks();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  std::optional<Value> parse_value() {
    if (accept("None")) return Value{};
    if (accept("True")) return Value{true};
    if (accept("False")) return Value{false};
    if (accept("np.array(")) return parse_typed_array();
    if (accept("(")) return parse_tuple();
    skip_blanks();
    if (rest_.starts_with('[')) return parse_array();
    if (rest_.starts_with('\'') || rest_.starts_with('"')) return parse_string();
    return parse_number();
  }

  std::optional<Value> parse_tuple() {
    TupleValue tuple;
    bool comma = false;
    while (!accept(")")) {
      std::optional<Value> element = parse_value();
      if (!element) return std::nullopt;
      tuple.elements.push_back(std::move(*element));
      comma = accept(",");
      if (!comma && !rest_.starts_with(')')) return std::nullopt;
    }
    if (tuple.elements.size() == 1 && !comma) return tuple.elements[0];  // (1) is 1
    return Value{std::move(tuple)};
  }

  // Lists are taken apart here: all of one depth must have one length.
  std::optional<Nested> parse_nested() {
    if (!accept("[")) {
      std::optional<Value> scalar = parse_value();
      if (!scalar) return std::nullopt;
      return Nested{{}, {std::move(*scalar)}};
    }
    Nested list{{0}, {}};
    while (!accept("]")) {
      std::optional<Nested> item = parse_nested();
      if (!item) return std::nullopt;
      if (list.shape[0] == 0) list.shape.insert(list.shape.end(), item->shape.begin(), item->shape.end());
      if (!std::equal(list.shape.begin() + 1, list.shape.end(), item->shape.begin(), item->shape.end())) return std::nullopt;
      ++list.shape[0];
      for (Value& scalar : item->scalars) list.scalars.push_back(std::move(scalar));
      if (!accept(",") && !rest_.starts_with(']')) return std::nullopt;
    }
    return list;
  }

  std::optional<Value> parse_array() {
    const std::optional<Nested> nested = parse_nested();
    return nested ? std::optional(make_array(*nested, natural_dtype(nested->scalars))) : std::nullopt;
  }

  std::optional<Value> parse_typed_array() {
    const std::optional<Nested> nested = parse_nested();
    if (!nested || !accept(",") || !accept("np.")) return std::nullopt;
    const std::size_t size = std::min(rest_.find(')'), rest_.size());
    const std::optional<DType> dtype = dtype_named(rest_.substr(0, size));
    rest_.remove_prefix(size);
    if (!dtype || !accept(")")) return std::nullopt;
    return make_array(*nested, *dtype);
  }

  std::optional<Value> parse_string() {
    const char quote = rest_[0];
    const std::size_t end = rest_.find(quote, 1);
    if (end == std::string_view::npos) return std::nullopt;
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    if (text.find('\\') != std::string::npos) return std::nullopt;  // no escapes: not needed by any test
    return Value{std::move(text)};
  }

  std::optional<Value> parse_number() {
    std::size_t size = 0;  // a sign belongs to the number at its start and after an exponent's e
    while (size < rest_.size() && (std::isalnum(static_cast<unsigned char>(rest_[size])) || rest_[size] == '.' ||
                                   ((rest_[size] == '-' || rest_[size] == '+') && (size == 0 || rest_[size - 1] == 'e')))) {
      ++size;
    }
    std::string_view word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    const bool imaginary = word.ends_with('j');
    if (imaginary) word.remove_suffix(1);
    if (word.starts_with('+')) word.remove_prefix(1);
    if (!imaginary && word.find_first_not_of("-0123456789") == std::string_view::npos) return parse_integer(word);
    double value = 0;
    const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (failure != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return imaginary ? Value{std::complex<double>(0, value)} : Value{value};
  }

  static std::optional<Value> parse_integer(std::string_view word) {
    const char* const last = word.data() + word.size();
    std::int64_t value = 0;
    if (const auto [end, failure] = std::from_chars(word.data(), last, value); failure == std::errc() && end == last) {
      return Value{value};
    }
    std::uint64_t large = 0;
    if (const auto [end, failure] = std::from_chars(word.data(), last, large); failure == std::errc() && end == last) {
      return Value{large};
    }
    return std::nullopt;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<Value> parse_literal(std::string_view text) { return Parser(text).whole(); }

}  // namespace kjit::harness
