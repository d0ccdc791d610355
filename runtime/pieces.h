#pragma once
// Private to the runtime. Long work in pieces with a look at the stop flags in between, so that a call ends within milliseconds
// of Ctrl-C, its deadline or the failure of a lower iteration.
//
// The loops below leave off silently when the call is to stop; an entry point that used one ends with kjit_poll, which then fails
// (so what was left undone is never seen). Short work looks at no flag.

#include <stdint.h>
#include <string.h>

#include <algorithm>

#include "runtime/element.h"
#include "runtime/runtime.h"

namespace kjit::runtime {

// Elements between two looks: 10 ms for the slowest of them (normal deviates, elements that each miss the caches).
inline constexpr int64_t kPieceElements = 1 << 18;
inline constexpr int64_t kPieceBytes = 1 << 20;

inline bool must_stop(const kjit_context* ctx) {
  return __atomic_load_n(ctx->interrupt, __ATOMIC_RELAXED) != KJIT_RUNNING || __atomic_load_n(ctx->cancel, __ATOMIC_RELAXED) != 0;
}

// f(begin, end) for pieces of [0, count), in order.
template <typename F>
void in_pieces(const kjit_context* ctx, int64_t count, int64_t piece, F f) {
  for (int64_t begin = 0; begin < count; begin += piece) {
    if (begin > 0 && must_stop(ctx)) return;
    f(begin, std::min(begin + piece, count));
  }
}

// f(address, index, length) for pieces of rows: `length` elements at distance rows.step, the first of them number `index`.
template <typename F>
void for_each_piece(const kjit_context* ctx, const Rows& rows, void* data, F f) {
  int64_t left = kPieceElements;
  while_rows(rows, static_cast<char*>(data), [&](char* row, int64_t first) {
    for (int64_t begin = 0, length; begin < rows.inner; begin += length, left -= length) {
      if (left <= 0) {
        if (must_stop(ctx)) return false;
        left = kPieceElements;
      }
      length = std::min(left, rows.inner - begin);
      f(row + begin * rows.step, first + begin, length);
    }
    return true;
  });
}

// f(element, position) in C order.
template <typename T, typename F>
void for_each_element(const kjit_context* ctx, int32_t rank, const kjit_array* array, F f) {
  Rows rows = rows_in_order(rank, array);
  for_each_piece(ctx, rows, array->data, [&](const char* row, int64_t first, int64_t length) {
    for (int64_t i = 0; i < length; i++) f(load<T>(row + i * rows.step), first + i);
  });
}

inline void copy_bytes(const kjit_context* ctx, char* to, const char* from, int64_t bytes) {
  in_pieces(ctx, bytes, kPieceBytes,
            [&](int64_t begin, int64_t end) { memcpy(to + begin, from + begin, static_cast<size_t>(end - begin)); });
}

// `count` times the same bytes. What has been written is the source of what follows, up to a piece
// that stays in the caches.
inline void fill_bytes(const kjit_context* ctx, char* data, int64_t count, const void* value, int64_t item) {
  if (count <= 0) return;
  memcpy(data, value, static_cast<size_t>(item));
  int64_t source = 1;
  for (int64_t done = 1; done < count;) {
    if (done * item > kPieceBytes && must_stop(ctx)) return;
    const int64_t copied = std::min(source, count - done);
    memcpy(data + done * item, data, static_cast<size_t>(copied * item));
    done += copied;
    if (done * item <= kPieceBytes / 4) source = done;
  }
}

// The end of an entry point that made an array or a text: the reference goes back if the call is to stop.
inline kjit_status finished(kjit_context* ctx, uint32_t site, kjit_buffer* made) {
  if (kjit_poll(ctx, site) == KJIT_OK) return KJIT_OK;
  kjit_release(made);
  return KJIT_FAILED;
}

}  // namespace kjit::runtime
