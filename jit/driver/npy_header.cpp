// Reads and writes the header of .npy files. The dictionary is parsed by hand and strictly: the bytes may come from anywhere.
// Entry: parse_npy_dictionary, make_npy_header.

#include "driver/npy_header.h"

#include <fmt/format.h>

#include <bit>
#include <limits>
#include <optional>

namespace kjit {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxRank = 32;
constexpr const char* kCodes[] = {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8", "c8", "c16"};

// The subset of Python's literals that the dictionary may contain.
class DictionaryParser {
 public:
  explicit DictionaryParser(std::string_view text) : text_(text) {}

  bool accept(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool accept_word(std::string_view word) {
    skip_space();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  // A string without escapes, in either kind of quotes.
  std::optional<std::string_view> string() {
    skip_space();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') return std::nullopt;
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view result = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return result.find('\\') == std::string_view::npos ? std::optional(result) : std::nullopt;
  }
  // A length. Python 2 wrote long ones with an L.
  std::optional<std::int64_t> length() {
    skip_space();
    const std::size_t begin = at_;
    std::int64_t value = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, text_[at_] - '0', &value))
        return std::nullopt;
    }
    if (at_ == begin) return std::nullopt;
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;
    return value;
  }
  bool at_end() {
    skip_space();
    return at_ == text_.size();
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Error damaged(std::string_view what) { return {fmt::format("damaged .npy header: {}", what)}; }

// Texts from the file are shown shortened and without control characters.
std::string shown(std::string_view text) {
  std::string result;
  for (char c : text.substr(0, 40)) result += c >= ' ' && c <= '~' ? c : '?';
  return result;
}

Error unsupported_dtype(std::string_view descr) {
  const char kind = descr.size() > 1 ? descr[1] : '\0';
  const std::string_view why =
      kind == 'O'                  ? "Python objects cannot be read (they would need pickle)"
      : kind == 'U' || kind == 'S' ? "arrays of text are not supported"
      : kind == 'M' || kind == 'm' ? "dates and times are not supported; convert them with .astype('int64')"
      : kind == 'V'                ? "structured arrays are not supported; save their fields one by one"
      : descr.ends_with("f2")      ? "half precision is not supported; convert it with .astype('float32')"
                                   : "kjit has bool, int8 to int64, uint8 to uint64, float32/64, complex64/128";
  return {fmt::format("element type '{}': {}", shown(descr), why)};
}

std::optional<Error> parse_descr(DictionaryParser& parser, NpyHeader& header) {
  const auto descr = parser.string();
  if (!descr)
    return parser.accept('[') ? Error{"structured arrays are not supported; save their fields one by one"}
                              : damaged("'descr' is no string");
  const char order = descr->empty() ? '\0' : descr->front();
  const bool known_order = order == '<' || order == '>' || order == '|' || order == '=';
  for (std::size_t i = 0; known_order && i < std::size(kCodes); ++i) {
    if (descr->substr(1) != kCodes[i]) continue;
    header.dtype = static_cast<DType>(i);
    const bool single_byte = item_size(header.dtype) == 1;
    if (order == '|' && !single_byte) break;
    constexpr char kForeign = std::endian::native == std::endian::little ? '>' : '<';
    header.swap_bytes = order == kForeign && !single_byte;
    return std::nullopt;
  }
  return unsupported_dtype(*descr);
}

std::optional<Error> parse_shape(DictionaryParser& parser, NpyHeader& header) {
  if (!parser.accept('(')) return damaged("'shape' is no tuple");
  bool comma = true;
  while (!parser.accept(')')) {
    const auto extent = comma ? parser.length() : std::nullopt;
    if (!extent) return damaged("'shape' is no tuple of lengths that fit 63 bits");
    header.shape.push_back(*extent);
    if (header.shape.size() > kMaxRank) return Error{fmt::format("more than {} axes", kMaxRank)};
    comma = parser.accept(',');
  }
  if (header.shape.size() == 1 && !comma) return damaged("'shape' is no tuple");
  return std::nullopt;
}

std::optional<Error> parse_order(DictionaryParser& parser, NpyHeader& header) {
  header.fortran_order = parser.accept_word("True");
  if (!header.fortran_order && !parser.accept_word("False")) return damaged("'fortran_order' is neither True nor False");
  return std::nullopt;
}

std::optional<Error> check_size(const NpyHeader& header) {
  auto bytes = static_cast<std::int64_t>(item_size(header.dtype));
  bool empty = false;
  for (std::int64_t extent : header.shape) empty |= extent == 0;
  for (std::int64_t extent : header.shape) {
    if (!empty && __builtin_mul_overflow(bytes, extent, &bytes)) return damaged("the shape does not fit the address space");
  }
  return std::nullopt;
}

}  // namespace

Result<NpyPreamble> parse_npy_prefix(std::string_view prefix) {
  if (prefix.size() < kNpyPrefix || !prefix.starts_with(kMagic)) {
    if (prefix.starts_with("PK")) return Error{"a .npz archive; save the array alone with numpy.save"};
    return Error{"not a .npy file"};
  }
  const int major = static_cast<unsigned char>(prefix[6]), minor = static_cast<unsigned char>(prefix[7]);
  if (major < 1 || major > 3 || minor != 0)
    return Error{fmt::format("version {}.{} of the .npy format is not known", major, minor)};
  return NpyPreamble{major == 1 ? std::size_t{2} : std::size_t{4}};
}

Result<NpyHeader> parse_npy_dictionary(std::string_view text) {
  NpyHeader header;
  DictionaryParser parser(text);
  if (!parser.accept('{')) return damaged("no dictionary");
  unsigned seen = 0;
  for (bool open = true; open && !parser.accept('}');) {
    const auto key = parser.string();
    if (!key || !parser.accept(':')) return damaged("no dictionary");
    const unsigned bit = *key == "descr" ? 1 : *key == "fortran_order" ? 2 : *key == "shape" ? 4 : 0;
    if (bit == 0 || (seen & bit) != 0) return damaged(fmt::format("unexpected key '{}'", shown(*key)));
    seen |= bit;
    const auto error = bit == 1   ? parse_descr(parser, header)
                       : bit == 2 ? parse_order(parser, header)
                                  : parse_shape(parser, header);
    if (error) return *error;
    open = parser.accept(',');
    if (!open && !parser.accept('}')) return damaged("no dictionary");
  }
  if (seen != 7) return damaged("'descr', 'fortran_order' and 'shape' must be there");
  if (!parser.at_end()) return damaged("text after the dictionary");
  if (auto error = check_size(header)) return *error;
  return header;
}

std::string make_npy_header(DType dtype, const std::vector<std::int64_t>& shape) {
  const char order = item_size(dtype) == 1 ? '|' : std::endian::native == std::endian::little ? '<' : '>';
  std::string tuple = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) tuple += fmt::format("{}{}", i == 0 ? "" : ", ", shape[i]);
  tuple += shape.size() == 1 ? ",)" : ")";
  std::string text = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': {}, }}", order,
                                 kCodes[static_cast<std::size_t>(dtype)], tuple);
  const std::size_t unpadded = kNpyPrefix + 2 + text.size() + 1;
  text.append((64 - unpadded % 64) % 64, ' ').push_back('\n');
  std::string header(kMagic);
  header += {'\x01', '\x00', static_cast<char>(text.size() & 0xFF), static_cast<char>(text.size() >> 8)};
  return header + text;
}

}  // namespace kjit
