// Matching of types with the signature column of library/builtins.def. Entries: signature_fits, fixed_signature, element_form.

#include "typing/tree/signature.h"

#include <algorithm>
#include <map>

#include "support/assert.h"

namespace kjit {

namespace {

// The letters that are one type each.
std::optional<Kind> fixed_kind(char letter) {
  switch (letter) {
    case 'd': return Kind::F64;
    case 'l': return Kind::I64;
    case 'u': return Kind::U64;
    case 'i': return Kind::I32;
    case 'c': return Kind::C128;
    case 'b': return Kind::Bool;
    case 's': return Kind::Str;
    case 'n': return Kind::None;
    default: return std::nullopt;
  }
}

// The letters that are one of several scalar types.
bool in_class(char letter, const Type& type) {
  switch (letter) {
    case 'F': return type.is_float();
    case 'X': return type.is_integer();
    case 'N': return type.is_integer() || type.is_float();
    case 'R': return type.is_integer() || type.is_float() || type.is(Kind::Bool);
    case 'C': return type.is_complex();
    case 'S': return type.is_scalar();
    default: return false;
  }
}

// One alternative against one call. Letters that were met before stand for what they were met with.
class Matcher {
 public:
  explicit Matcher(std::string_view signature) : letters_(signature) {}

  bool fits(std::span<const Type> arguments, const Type& result) {
    rest_ = arguments;
    while (letter() != '>') {
      if (!take_parameter()) return false;
    }
    ++at_;
    return rest_.empty() && is_result(result);
  }

 private:
  char letter() const { return letters_[at_]; }

  bool take_parameter() {
    const char wanted = letters_[at_++];
    if (wanted == '#') return take_indices();
    if (wanted == '*') return take_repeated(letters_[at_ - 2]);
    return take(wanted);
  }

  bool take(char wanted) {
    if (rest_.empty() || !is(wanted, rest_.front())) return false;
    rest_ = rest_.subspan(1);
    return true;
  }

  bool take_indices() {
    for (int axis = 0; axis < array_.rank(); ++axis) {
      if (!take('l')) return false;
    }
    return true;
  }

  bool take_repeated(char wanted) {
    while (!rest_.empty() && is(wanted, rest_.front())) rest_ = rest_.subspan(1);
    return true;
  }

  bool is(char wanted, const Type& type) {
    if (std::optional<Kind> kind = fixed_kind(wanted)) return type.is(*kind);
    if (wanted == 'A' || wanted == 'V') return is_array(wanted, type);
    if (wanted == 'E') return type == Type(array_.dtype());
    if (wanted == 'P') return type.is(real_part_kind(met_.at('C').kind()));
    if (wanted == 'S') return type.is_scalar();
    if (wanted == '.') return true;
    const auto [known, is_new] = met_.emplace(wanted, type);
    return in_class(wanted, type) && (is_new || known->second == type);
  }

  bool is_array(char wanted, const Type& type) {
    if (!type.is_array() || (wanted == 'V' && type.rank() != 1)) return false;
    if (!array_.is_array()) array_ = type;
    return wanted == 'V' ? type.dtype() == array_.dtype() : type == array_;
  }

  bool is_result(const Type& type) {
    switch (letter()) {
      case '(': return is_tuple(type);
      case '[': return type == Type::array(*fixed_kind(letters_[at_ + 1]), 1, Layout::C);
      case 'K': return type == Type::array(array_.dtype(), array_.rank(), Layout::C);
      case 'Q': return type.is_array() && type.is_contiguous() && type.rank() == array_.rank();
      case 'M': return type.is_array() && type.is_contiguous() && type.rank() == 2;
      default: return is(letter(), type);
    }
  }

  bool is_tuple(const Type& type) {
    const std::string_view wanted = letters_.substr(at_ + 1, letters_.find(')') - at_ - 1);
    return type.is_tuple() && std::equal(wanted.begin(), wanted.end(), type.elements().begin(), type.elements().end(),
                                         [](char element, const Type& given) { return given.is(*fixed_kind(element)); });
  }

  std::string_view letters_;
  std::size_t at_ = 0;
  std::span<const Type> rest_;
  std::map<char, Type> met_;
  Type array_;  // the first
};

std::vector<std::string_view> alternatives(std::string_view signature) {
  std::vector<std::string_view> parts;
  for (std::size_t bar; (bar = signature.find('|')) != std::string_view::npos; signature.remove_prefix(bar + 1)) {
    parts.push_back(signature.substr(0, bar));
  }
  parts.push_back(signature);
  return parts;
}

Kind kind_of(char letter) { return letter == 'F' ? Kind::F64 : *fixed_kind(letter); }

// The result of an element function for operands of this type.
Kind element_result(char letter, Kind operand) {
  if (letter == 'P') return real_part_kind(operand);
  return fixed_kind(letter).value_or(operand);
}

// Only functions of floats and of complex numbers take operands that were not so before.
bool takes(char letter, Kind operand, bool is_converted) {
  if (fixed_kind(letter) == operand) return true;
  return is_converted ? letter == 'F' && operand == Kind::F64 : in_class(letter, operand);
}

std::optional<ElementForm> form_for(std::span<const Builtin> rows, Kind operand, bool is_converted) {
  for (Builtin row : rows) {
    for (std::string_view signature : alternatives(builtin_row(row).signature)) {
      if (takes(signature[0], operand, is_converted)) return ElementForm{row, operand, element_result(signature.back(), operand)};
    }
  }
  return std::nullopt;
}

}  // namespace

bool signature_fits(std::string_view signature, std::span<const Type> arguments, const Type& result) {
  const std::vector<std::string_view> parts = alternatives(signature);
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return Matcher(part).fits(arguments, result); });
}

FixedSignature fixed_signature(std::string_view signature) {
  const std::string_view first = alternatives(signature).front();
  const std::size_t arrow = first.find('>');
  FixedSignature types;
  for (char letter : first.substr(0, arrow)) types.parameters.push_back(kind_of(letter));
  const std::string_view result = first.substr(arrow + 1);
  if (result[0] != '(') {
    types.result = kind_of(result[0]);
    return types;
  }
  std::vector<Type> elements;
  for (char letter : result.substr(1, result.size() - 2)) elements.emplace_back(kind_of(letter));
  types.result = Type::tuple(std::move(elements));
  return types;
}

std::optional<ElementForm> element_form(std::span<const Builtin> rows, Kind common) {
  for (Kind operand : {common, Kind::F64, Kind::C128}) {
    const bool loses = Type(common).is_complex() && !Type(operand).is_complex();
    if (loses) continue;
    if (std::optional<ElementForm> form = form_for(rows, operand, operand != common)) return form;
  }
  return std::nullopt;
}

}  // namespace kjit
