// A parser for the spelling of types. Entry: parse_type.
//
//   type    = scalar [axes] | "dtype " scalar | "None" | "str" | "(" [type {", " type} [","]] ")"
//   axes    = "[" [":" {", :"} | {":, "} "::1"] "]"

#include "typing/type_text.h"

#include <algorithm>
#include <utility>

#include "runtime/abi.h"

namespace kjit {

namespace {

constexpr int kMaxNesting = 200;  // of tuples in tuples: the parser calls itself

class TypeParser {
 public:
  explicit TypeParser(std::string_view text) : rest_(text) {}

  std::optional<Type> whole() {
    auto type = parse(0);
    return rest_.empty() ? type : std::nullopt;
  }

 private:
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::optional<Kind> take_scalar() {
    const std::size_t size = std::min(rest_.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789"), rest_.size());
    const std::string_view word = rest_.substr(0, size);
    for (auto kind = static_cast<int>(Kind::Bool); kind <= static_cast<int>(Kind::C128); ++kind) {
      if (word == to_string(Type(static_cast<Kind>(kind)))) return take(word) ? static_cast<Kind>(kind) : std::optional<Kind>();
    }
    return std::nullopt;
  }

  std::optional<Type> parse(int depth) {
    if (depth > kMaxNesting) return std::nullopt;
    if (take("None")) return Type(Kind::None);
    if (take("str")) return Type(Kind::Str);
    if (take("(")) return parse_tuple(depth);
    const bool is_dtype = take("dtype ");
    const auto kind = take_scalar();
    if (!kind) return std::nullopt;
    if (is_dtype) return Type::dtype_value(*kind);
    return take("[") ? parse_axes(*kind) : Type(*kind);
  }

  std::optional<Type> parse_axes(Kind dtype) {
    if (take("]")) return Type::array(dtype, 0, Layout::C);
    for (int rank = 1; rank <= KJIT_MAX_RANK; ++rank) {
      if (take("::1]")) return Type::array(dtype, rank, Layout::C);
      if (take(":]")) return Type::array(dtype, rank, Layout::Strided);
      if (!take(":, ")) return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<Type> parse_tuple(int depth) {
    std::vector<Type> elements;
    if (take(")")) return Type::tuple({});
    do {
      auto element = parse(depth + 1);
      if (!element) return std::nullopt;
      elements.push_back(std::move(*element));
    } while (take(", "));
    if (!take(elements.size() == 1 ? ",)" : ")")) return std::nullopt;
    return Type::tuple(std::move(elements));
  }

  std::string_view rest_;
};

}  // namespace

std::optional<Type> parse_type(std::string_view text) { return TypeParser(text).whole(); }

}  // namespace kjit
