// str.upper, str.isalpha and the like, as CPython 3.11 has them on Unicode 14.0. Entry: one function per method.

#include <algorithm>
#include <string>
#include <string_view>

#include "runtime/guard.h"
#include "runtime/pieces.h"
#include "runtime/runtime.h"
#include "runtime/text_part.h"
#include "runtime/unicode.h"
#include "runtime/utf8.h"

namespace {

using namespace kjit::runtime;

// The first code point before (from the back) or after `at` that is not case-ignorable is a cased one.
bool cased_before(std::string_view text, size_t at) {
  while (at > 0) {
    do at--;
    while (at > 0 && (text[at] & 0xC0) == 0x80);
    size_t next = at;
    uint32_t code = next_code_point(text, next);
    if (!has_property(code, Property::CaseIgnorable)) return has_property(code, Property::Cased);
  }
  return false;
}

bool cased_after(std::string_view text, size_t at) {
  while (at < text.size()) {
    uint32_t code = next_code_point(text, at);
    if (!has_property(code, Property::CaseIgnorable)) return has_property(code, Property::Cased);
  }
  return false;
}

// A capital sigma at the end of a word becomes a final sigma: the one mapping that depends on what stands around.
void append_lower(std::string& out, std::string_view text, size_t begin, size_t end, uint32_t code) {
  constexpr uint32_t capital_sigma = 0x3A3, final_sigma = 0x3C2;
  if (code == capital_sigma && cased_before(text, begin) && !cased_after(text, end)) {
    return append_code_point(out, final_sigma);
  }
  append_mapped(out, code, Mapping::Lower);
}

// Makes a string of what append(out, begin, end, code) appends for each code point.
template <typename Append>
kjit_status rewritten(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out, Append append) {
  return guarded(ctx, site, [&] {
    std::string result;
    result.reserve(static_cast<size_t>(text->size));
    size_t look = kPieceBytes;
    for (size_t at = 0; at < view(text).size();) {
      if (at >= look && must_stop(ctx)) return kjit_poll(ctx, site);
      if (at >= look) look += kPieceBytes;
      size_t begin = at;
      uint32_t code = next_code_point(view(text), at);
      append(result, begin, at, code);
    }
    return kjit_str_new(ctx, site, result.data(), static_cast<int64_t>(result.size()), out);
  });
}

kjit_status mapped(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out, Mapping mapping) {
  return rewritten(ctx, site, text, out,
                   [&](std::string& result, size_t, size_t, uint32_t code) { append_mapped(result, code, mapping); });
}

bool is_among(uint32_t code, std::string_view characters) {
  for (size_t at = 0; at < characters.size();) {
    if (next_code_point(characters, at) == code) return true;
  }
  return false;
}

// Characters that the text lacks for a width, which may be any number.
int64_t missing_for(int64_t width, const kjit_str* text) {
  const int64_t length = kjit_str_length(text);
  return width > length ? width - length : 0;
}

// The text with `left` times the fill behind its first `ahead` bytes, and `right` times at its end.
kjit_status padded(kjit_context* ctx, uint32_t site, const kjit_str* text, size_t ahead, std::string_view fill, int64_t left,
                   int64_t right, kjit_str* out) {
  if (left + right == 0) {
    *out = share(text, view(text));
    return KJIT_OK;
  }
  const auto item = static_cast<int64_t>(fill.size());
  int64_t size;
  if (__builtin_mul_overflow(left + right, item, &size) || __builtin_add_overflow(size, text->size, &size))
    return kjit_trap(ctx, KJIT_TRAP_ArrayTooLarge, site, INT64_MAX, 0, 0);
  kjit_str result;
  char* bytes;
  if (new_text(ctx, site, size, &result, &bytes) != KJIT_OK) return KJIT_FAILED;
  const std::string_view whole = view(text), front = whole.substr(0, ahead), rest = whole.substr(ahead);
  bytes = std::copy(front.begin(), front.end(), bytes);
  fill_bytes(ctx, bytes, left, fill.data(), item);
  bytes += left * item;
  copy_bytes(ctx, bytes, rest.data(), static_cast<int64_t>(rest.size()));
  fill_bytes(ctx, bytes + rest.size(), right, fill.data(), item);
  *out = result;
  return finished(ctx, site, result.owner);
}

// test(code) of each code point until one is false; false then, and when the call is to stop.
template <typename Test>
bool all_code_points(const kjit_context* ctx, std::string_view text, Test test) {
  size_t look = kPieceBytes;
  for (size_t at = 0; at < text.size();) {
    if (at >= look && must_stop(ctx)) return false;
    if (at >= look) look += kPieceBytes;
    if (!test(next_code_point(text, at))) return false;
  }
  return true;
}

// All code points have the property, and there is one.
bool all_have(const kjit_context* ctx, const kjit_str* text, Property property) {
  return text->size > 0 && all_code_points(ctx, view(text), [&](uint32_t code) { return has_property(code, property); });
}

// Some letter of this case and none of another.
bool all_cased_are(const kjit_context* ctx, const kjit_str* text, Property wanted, Property other) {
  bool found = false;
  const bool none = all_code_points(ctx, view(text), [&](uint32_t code) {
    found = found || has_property(code, wanted);
    return !has_property(code, other) && !has_property(code, Property::Title);
  });
  return none && found;
}

}  // namespace

extern "C" {

kjit_status kjit_str_upper(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out) {
  return mapped(ctx, site, text, out, Mapping::Upper);
}

kjit_status kjit_str_casefold(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out) {
  return mapped(ctx, site, text, out, Mapping::Fold);
}

kjit_status kjit_str_lower(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out) {
  return rewritten(ctx, site, text, out, [&](std::string& result, size_t begin, size_t end, uint32_t code) {
    append_lower(result, view(text), begin, end, code);
  });
}

kjit_status kjit_str_capitalize(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out) {
  return rewritten(ctx, site, text, out, [&](std::string& result, size_t begin, size_t end, uint32_t code) {
    if (begin == 0) return append_mapped(result, code, Mapping::Title);
    append_lower(result, view(text), begin, end, code);
  });
}

kjit_status kjit_str_title(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out) {
  bool in_word = false;
  return rewritten(ctx, site, text, out, [&](std::string& result, size_t begin, size_t end, uint32_t code) {
    in_word ? append_lower(result, view(text), begin, end, code) : append_mapped(result, code, Mapping::Title);
    in_word = has_property(code, Property::Cased);
  });
}

kjit_status kjit_str_swapcase(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out) {
  return rewritten(ctx, site, text, out, [&](std::string& result, size_t begin, size_t end, uint32_t code) {
    if (has_property(code, Property::Upper)) return append_lower(result, view(text), begin, end, code);
    if (has_property(code, Property::Lower)) return append_mapped(result, code, Mapping::Upper);
    append_code_point(result, code);
  });
}

kjit_status kjit_str_strip(kjit_context*, uint32_t, const kjit_str* text, kjit_str* out) {
  *out = share(text, without_trailing_space(without_leading_space(view(text))));
  return KJIT_OK;
}
kjit_status kjit_str_lstrip(kjit_context*, uint32_t, const kjit_str* text, kjit_str* out) {
  *out = share(text, without_leading_space(view(text)));
  return KJIT_OK;
}
kjit_status kjit_str_rstrip(kjit_context*, uint32_t, const kjit_str* text, kjit_str* out) {
  *out = share(text, without_trailing_space(view(text)));
  return KJIT_OK;
}

kjit_status kjit_str_strip_of(kjit_context*, uint32_t, const kjit_str* text, const kjit_str* characters, int32_t sides,
                              kjit_str* out) {
  std::string_view left = view(text);
  const auto goes = [&](uint32_t code) { return is_among(code, view(characters)); };
  if (sides & KJIT_TEXT_LEFT) left = without_leading(left, goes);
  if (sides & KJIT_TEXT_RIGHT) left = without_trailing(left, goes);
  *out = share(text, left);
  return KJIT_OK;
}

kjit_status kjit_str_removeprefix(kjit_context*, uint32_t, const kjit_str* text, const kjit_str* prefix, kjit_str* out) {
  const bool begins = view(text).starts_with(view(prefix));
  *out = share(text, view(text).substr(begins ? view(prefix).size() : 0));
  return KJIT_OK;
}
kjit_status kjit_str_removesuffix(kjit_context*, uint32_t, const kjit_str* text, const kjit_str* suffix, kjit_str* out) {
  const bool ends = view(text).ends_with(view(suffix));
  *out = share(text, view(text).substr(0, view(text).size() - (ends ? view(suffix).size() : 0)));
  return KJIT_OK;
}

kjit_status kjit_str_pad(kjit_context* ctx, uint32_t site, const kjit_str* text, int64_t width, const kjit_str* fill,
                         int32_t sides, kjit_str* out) {
  if (kjit_str_length(fill) != 1)
    return raise_text(ctx, KJIT_TypeError, site, "The fill character must be exactly one character long");
  const int64_t missing = missing_for(width, text);
  switch (sides) {
    case KJIT_TEXT_LEFT: return padded(ctx, site, text, 0, view(fill), missing, 0, out);
    case KJIT_TEXT_RIGHT: return padded(ctx, site, text, 0, view(fill), 0, missing, out);
    default: {
      const int64_t left = missing / 2 + (missing & width & 1);  // as CPython: of an odd number more on the left of an odd width
      return padded(ctx, site, text, 0, view(fill), left, missing - left, out);
    }
  }
}

kjit_status kjit_str_zfill(kjit_context* ctx, uint32_t site, const kjit_str* text, int64_t width, kjit_str* out) {
  const bool has_sign = text->size > 0 && (text->data[0] == '+' || text->data[0] == '-');
  return padded(ctx, site, text, has_sign, "0", missing_for(width, text), 0, out);
}

int32_t kjit_str_isalpha(kjit_context* ctx, const kjit_str* text) { return all_have(ctx, text, Property::Alpha); }
int32_t kjit_str_isalnum(kjit_context* ctx, const kjit_str* text) { return all_have(ctx, text, Property::AlphaNumeric); }
int32_t kjit_str_isdecimal(kjit_context* ctx, const kjit_str* text) { return all_have(ctx, text, Property::Decimal); }
int32_t kjit_str_isdigit(kjit_context* ctx, const kjit_str* text) { return all_have(ctx, text, Property::Digit); }
int32_t kjit_str_isnumeric(kjit_context* ctx, const kjit_str* text) { return all_have(ctx, text, Property::Numeric); }
int32_t kjit_str_isspace(kjit_context* ctx, const kjit_str* text) { return all_have(ctx, text, Property::Space); }
int32_t kjit_str_isprintable(kjit_context* ctx, const kjit_str* text) {
  return text->size == 0 || all_have(ctx, text, Property::Printable);
}
int32_t kjit_str_isupper(kjit_context* ctx, const kjit_str* text) {
  return all_cased_are(ctx, text, Property::Upper, Property::Lower);
}
int32_t kjit_str_islower(kjit_context* ctx, const kjit_str* text) {
  return all_cased_are(ctx, text, Property::Lower, Property::Upper);
}

int32_t kjit_str_istitle(kjit_context* ctx, const kjit_str* text) {
  bool found = false, in_word = false;
  const bool fits = all_code_points(ctx, view(text), [&](uint32_t code) {
    const bool begins = has_property(code, Property::Upper) || has_property(code, Property::Title);
    const bool cased = begins || has_property(code, Property::Lower);
    if (cased && begins == in_word) return false;
    found = found || cased;
    in_word = cased;
    return true;
  });
  return fits && found;
}

}  // extern "C"
