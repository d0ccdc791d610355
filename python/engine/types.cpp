// Types of values by number, text and layout. Entry: type_texts, parse_layout.

#include "types.h"

#include <algorithm>

#include "kjit/border.h"

namespace kjit::python {

namespace {

std::string array_text(Word detail) {
  return detail::array_text(static_cast<int>(detail & 0xFF), static_cast<int>(detail >> 8 & 0xFF), (detail >> 16 & 1) != 0);
}

// The text of the value whose words begin at `at`, which is moved behind them.
std::string next_text(std::span<const Word> key, std::size_t& at) {
  if (is_named(key[at])) ++at;
  const Word word = key[at++];
  const Word detail = word >> 8;
  switch (static_cast<Kind>(word & 0xFF)) {
    case Kind::Scalar: return std::string(detail::kScalarNames[detail & 0xFF]);
    case Kind::Array: return array_text(detail);
    case Kind::Text: return "str";
    case Kind::None: return "None";
    case Kind::Tuple: break;
  }
  std::string text = "(";
  for (Word i = 0; i < detail; ++i) text += (i > 0 ? ", " : "") + next_text(key, at);
  return text + (detail == 1 ? ",)" : ")");
}

void set_size(Layout& out, std::size_t size, std::size_t alignment) {
  out.size = size;
  out.alignment = alignment;
}

class LayoutParser {
 public:
  explicit LayoutParser(std::string_view text) : rest_(text) {}

  bool parse(Layout& out) { return value(out) && rest_.empty(); }

 private:
  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  bool value(Layout& out) {
    if (take("(")) return tuple(out);
    if (take("str")) {
      out.kind = Kind::Text;
      set_size(out, sizeof(detail::Text), alignof(detail::Text));
      return true;
    }
    if (take("None")) {
      out.kind = Kind::None;
      return true;
    }
    const std::size_t end = std::min(rest_.find_first_of("[,)"), rest_.size());
    const auto name = std::ranges::find(detail::kScalarNames, rest_.substr(0, end));
    if (name == detail::kScalarNames.end()) return false;
    rest_.remove_prefix(end);
    out.dtype = static_cast<DType>(name - detail::kScalarNames.begin());
    return take("[") ? array(out) : scalar(out);
  }

  bool scalar(Layout& out) {
    out.kind = Kind::Scalar;
    set_size(out, item_size(out.dtype), scalar_alignment(out.dtype));
    return true;
  }

  bool array(Layout& out) {
    const std::size_t end = rest_.find(']');
    if (end == rest_.npos) return false;
    out.kind = Kind::Array;
    out.rank = static_cast<int>(std::ranges::count(rest_.substr(0, end), ',')) + 1;
    out.contiguous = rest_.substr(0, end).ends_with("::1");
    rest_.remove_prefix(end + 1);
    set_size(out, array_size(out.rank), kArrayAlignment);
    return true;
  }

  bool tuple(Layout& out) {
    out.kind = Kind::Tuple;
    StructSize extent;
    while (!take(")")) {
      Layout& element = out.elements.emplace_back();
      if (!value(element)) return false;
      out.offsets.push_back(extent.add(element.size, element.alignment));
      if (!take(", ")) take(",");
    }
    set_size(out, extent.size(), extent.alignment());
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::size_t scalar_alignment(DType dtype) { return dtype == DType::C64 ? 4 : std::min<std::size_t>(item_size(dtype), 8); }

std::vector<std::string> type_texts(std::span<const Word> key) {
  std::vector<std::string> result;
  for (std::size_t at = 0; at < key.size();) result.push_back(next_text(key, at));
  return result;
}

bool parse_layout(std::string_view text, Layout& out) { return LayoutParser(text).parse(out); }

void add_words(const Layout& layout, std::vector<Word>& out) {
  switch (layout.kind) {
    case Kind::Scalar: return out.push_back(scalar_word(layout.dtype));
    case Kind::Array: return out.push_back(array_word(layout.dtype, static_cast<Word>(layout.rank), layout.contiguous));
    case Kind::Text:
    case Kind::None: return out.push_back(word_of(layout.kind));
    case Kind::Tuple: break;
  }
  out.push_back(tuple_word(static_cast<Word>(layout.elements.size())));
  for (const Layout& element : layout.elements) add_words(element, out);
}

}  // namespace kjit::python
