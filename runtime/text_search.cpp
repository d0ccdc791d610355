// Where a text stands in another: str.find, str.count, str.replace and their kin. Entry: one function per method.

#include <string.h>

#include <algorithm>
#include <string_view>

#include "runtime/guard.h"
#include "runtime/pieces.h"
#include "runtime/runtime.h"
#include "runtime/text_part.h"
#include "runtime/utf8.h"

namespace {

using namespace kjit::runtime;

constexpr size_t kNowhere = std::string_view::npos;

// Where the part stands first; kNowhere as well when the call is to stop. memmem is linear whatever the texts are,
// std::string_view's search is not.
size_t first_place(const kjit_context* ctx, std::string_view text, std::string_view part) {
  const size_t piece = std::max<size_t>(kPieceBytes, part.size());
  for (size_t begin = 0; begin + part.size() <= text.size(); begin += piece) {
    if (begin > 0 && must_stop(ctx)) break;
    const std::string_view window = text.substr(begin, piece + part.size());
    const void* found = memmem(window.data(), window.size(), part.data(), part.size());
    if (found) return static_cast<size_t>(static_cast<const char*>(found) - text.data());
  }
  return kNowhere;
}

// Places that rfind looks at before the next look for a stop. It may compare the whole part at each of them.
size_t places_at_once(std::string_view part) {
  constexpr size_t kMostCompared = size_t{1} << 26;  // bytes: some milliseconds
  return std::clamp<size_t>(kMostCompared / std::max<size_t>(1, part.size()), 1, kPieceBytes);
}

size_t last_place(const kjit_context* ctx, std::string_view text, std::string_view part) {
  if (part.size() > text.size()) return kNowhere;
  const size_t piece = places_at_once(part);
  for (size_t last = text.size() - part.size();; last -= piece) {  // the last place that is still to be looked at
    const size_t first = last < piece ? 0 : last - (piece - 1);
    const size_t found = text.substr(first, last - first + part.size()).rfind(part);
    if (found != kNowhere) return first + found;
    if (first == 0 || must_stop(ctx)) return kNowhere;
  }
}

// What `text[start:end]` is, of whose beginning Python's searches count: nothing found where it begins behind the text or its
// end, not even an empty part.
struct Window {
  std::string_view text;
  int64_t start;  // code points in front of it
  bool exists;
};

Window window_of(const kjit_str* text, int64_t start, int64_t end) {
  if (start == 0 && end == INT64_MAX) return {view(text), 0, true};
  const int64_t length = count_code_points(view(text));
  const auto position = [&](int64_t given) { return std::max<int64_t>(0, given < 0 ? given + length : given); };
  start = position(start), end = std::min(position(end), length);
  if (start > end) return {{}, 0, false};
  const std::string_view behind = view(text).substr(byte_offset(view(text), start));
  return {behind.substr(0, byte_offset(behind, end - start)), start, true};
}

using Search = size_t (*)(const kjit_context*, std::string_view, std::string_view);

int64_t position_of(kjit_context* ctx, const kjit_str* text, const kjit_str* part, int64_t start, int64_t end, Search search) {
  const Window window = window_of(text, start, end);
  const size_t at = window.exists ? search(ctx, window.text, view(part)) : kNowhere;
  return at == kNowhere ? -1 : window.start + count_code_points(window.text.substr(0, at));
}

kjit_status position_or_error(kjit_context* ctx, uint32_t site, const kjit_str* text, const kjit_str* part, int64_t start,
                              int64_t end, Search search, int64_t* out) {
  *out = position_of(ctx, text, part, start, end, search);
  if (kjit_poll(ctx, site) != KJIT_OK) return KJIT_FAILED;
  return *out >= 0 ? kjit_status{KJIT_OK} : raise_text(ctx, KJIT_ValueError, site, "substring not found");
}

// place(at) for up to `most` places of the part that do not overlap, from the front. An empty part stands in front of each code
// point and at the end.
template <typename Place>
void each_place(const kjit_context* ctx, std::string_view text, std::string_view part, int64_t most, Place place) {
  size_t at = 0;
  for (int64_t count = 0; count < most && !must_stop(ctx); count++) {
    const size_t found = part.empty() ? 0 : first_place(ctx, text.substr(at), part);
    if (found == kNowhere) return;
    place(at + found);
    at += found + part.size();
    if (!part.empty()) continue;
    if (at == text.size()) return;
    next_code_point(text, at);
  }
}

int64_t count_places(const kjit_context* ctx, std::string_view text, std::string_view part, int64_t most) {
  if (part.empty()) return std::min(most, count_code_points(text) + 1);
  int64_t count = 0;
  each_place(ctx, text, part, most, [&](size_t) { count++; });
  return count;
}

}  // namespace

extern "C" {

int32_t kjit_str_contains(kjit_context* ctx, const kjit_str* text, const kjit_str* part) {
  return first_place(ctx, view(text), view(part)) != kNowhere;
}
int32_t kjit_str_startswith(const kjit_str* text, const kjit_str* prefix) { return view(text).starts_with(view(prefix)); }
int32_t kjit_str_endswith(const kjit_str* text, const kjit_str* suffix) { return view(text).ends_with(view(suffix)); }

int64_t kjit_str_find(kjit_context* ctx, const kjit_str* text, const kjit_str* part, int64_t start, int64_t end) {
  return position_of(ctx, text, part, start, end, first_place);
}
int64_t kjit_str_rfind(kjit_context* ctx, const kjit_str* text, const kjit_str* part, int64_t start, int64_t end) {
  return position_of(ctx, text, part, start, end, last_place);
}
kjit_status kjit_str_index_of(kjit_context* ctx, uint32_t site, const kjit_str* text, const kjit_str* part, int64_t start,
                              int64_t end, int64_t* out) {
  return position_or_error(ctx, site, text, part, start, end, first_place, out);
}
kjit_status kjit_str_rindex_of(kjit_context* ctx, uint32_t site, const kjit_str* text, const kjit_str* part, int64_t start,
                               int64_t end, int64_t* out) {
  return position_or_error(ctx, site, text, part, start, end, last_place, out);
}

int64_t kjit_str_count(kjit_context* ctx, const kjit_str* text, const kjit_str* part, int64_t start, int64_t end) {
  const Window window = window_of(text, start, end);
  return window.exists ? count_places(ctx, window.text, view(part), INT64_MAX) : 0;
}

kjit_status kjit_str_replace(kjit_context* ctx, uint32_t site, const kjit_str* text, const kjit_str* part, const kjit_str* other,
                             int64_t most, kjit_str* out) {
  const int64_t count = count_places(ctx, view(text), view(part), most < 0 ? INT64_MAX : most);
  if (kjit_poll(ctx, site) != KJIT_OK) return KJIT_FAILED;
  if (count == 0) {
    *out = share(text, view(text));
    return KJIT_OK;
  }
  int64_t size;
  if (__builtin_mul_overflow(other->size - part->size, count, &size) || __builtin_add_overflow(text->size, size, &size))
    return kjit_trap(ctx, KJIT_TRAP_ArrayTooLarge, site, INT64_MAX, 0, 0);
  kjit_str result;
  char* bytes;
  if (new_text(ctx, site, size, &result, &bytes) != KJIT_OK) return KJIT_FAILED;
  size_t done = 0;  // bytes of the text
  const auto append = [&](const char* from, size_t length) {
    if (length > 0) memcpy(bytes, from, length);
    bytes += length;
  };
  each_place(ctx, view(text), view(part), count, [&](size_t at) {
    append(text->data + done, at - done);
    append(other->data, static_cast<size_t>(other->size));
    done = at + static_cast<size_t>(part->size);
  });
  if (!must_stop(ctx)) append(text->data + done, static_cast<size_t>(text->size) - done);
  *out = result;
  return finished(ctx, site, result.owner);
}

}  // extern "C"
