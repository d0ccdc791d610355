#include "runtime/array_loop/row_runner.h"

#include <string.h>

#include <algorithm>

#include "runtime/element.h"
#include "runtime/pieces.h"

namespace kjit::runtime {

namespace {

constexpr int64_t kPackedPiece = 512;    // elements of a buffer: some of them fit the first-level cache
constexpr int64_t kRepeatedPiece = 256;  // of one that is filled with one element for each row, which takes its own time

using Block = RowRunner::Block;

int64_t block_count(int64_t bytes) {
  return (bytes + static_cast<int64_t>(sizeof(Block)) - 1) / static_cast<int64_t>(sizeof(Block));
}

struct Wide {
  uint64_t words[2];
};

template <typename T>
void copy_strided(char* to, int64_t to_step, const char* from, int64_t from_step, int64_t count) {
  for (int64_t i = 0; i < count; i++) store(to + i * to_step, load<T>(from + i * from_step));
}

void copy_items(int64_t item, char* to, int64_t to_step, const char* from, int64_t from_step, int64_t count) {
  switch (item) {
    case 1: return copy_strided<uint8_t>(to, to_step, from, from_step, count);
    case 2: return copy_strided<uint16_t>(to, to_step, from, from_step, count);
    case 4: return copy_strided<uint32_t>(to, to_step, from, from_step, count);
    case 8: return copy_strided<uint64_t>(to, to_step, from, from_step, count);
    default: return copy_strided<Wide>(to, to_step, from, from_step, count);
  }
}

template <typename T>
Block repeated(const char* from) {
  Block block;
  for (size_t at = 0; at < sizeof block; at += sizeof(T)) memcpy(block.bytes + at, from, sizeof(T));
  return block;
}

Block repeated(int64_t item, const char* from) {
  switch (item) {
    case 1: return repeated<uint8_t>(from);
    case 2: return repeated<uint16_t>(from);
    case 4: return repeated<uint32_t>(from);
    case 8: return repeated<uint64_t>(from);
    default: return repeated<Wide>(from);
  }
}

// The block by value, as `to` could overlap it.
inline __attribute__((always_inline)) void copy_block(Block* to, const Block block, int64_t count) {
  for (int64_t k = 0; k < count; k++) to[k] = block;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void copy_block_avx2(Block* to, const Block& block, int64_t count) {
  copy_block(to, block, count);
}
#endif

// `count` times the same item, and more up to the end of a block.
void fill_items(int64_t item, Block* to, const char* from, int64_t count) {
  const Block block = repeated(item, from);
  const int64_t blocks = block_count(count * item);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return copy_block_avx2(to, block, blocks);
#endif
  copy_block(to, block, blocks);
}

}  // namespace

RowRunner::RowRunner(const Plan& plan) : plan_(plan), index_(static_cast<size_t>(plan.row_axis())) {
  int64_t blocks = 0;
  bool unpacks = false;
  for (const Stream& stream : plan.streams) {
    const bool is_result = &stream == &plan.streams.back();
    const int64_t stride = stream.strides[plan.row_axis()];
    const Access access = stride == stream.item ? Access::Dense : stride == 0 && !is_result ? Access::Repeated : Access::Gaps;
    cursors_.push_back({access, stream.data, nullptr, 0});
    if (access != Access::Dense) blocks += block_count(stream.item * kPackedPiece);
    if (access == Access::Gaps) (is_result ? unpacks : packs_) = true;
  }
  piece_ = blocks == 0 ? kDensePiece : packs_ || unpacks ? kPackedPiece : kRepeatedPiece;
  at_.resize(cursors_.size());
  buffers_ = std::make_unique_for_overwrite<Block[]>(static_cast<size_t>(blocks));
  Block* buffer = buffers_.get();
  for (size_t k = 0; k < cursors_.size(); k++) {
    Cursor& cursor = cursors_[k];
    if (cursor.access == Access::Dense) {
      cursor.advance = piece_ * plan.streams[k].item;
      continue;
    }
    cursor.buffer = buffer;
    buffer += block_count(plan.streams[k].item * kPackedPiece);
  }
}

kjit_status RowRunner::run(kjit_context* ctx, int64_t row, int64_t first, int64_t last, char* into) {
  seek(row);
  start(first, std::min(piece_, last - first), into);
  const bool unpacks = cursors_.back().access == Access::Gaps;
  for (int64_t at = first; at < last; at += piece_) {
    const int64_t count = std::min(piece_, last - at);
    if (must_stop(ctx) && kjit_poll(ctx, plan_.site) != KJIT_OK) return KJIT_FAILED;
    if (packs_) pack(at, count);
    if (plan_.kernel(ctx, plan_.scalars, at_.data(), count) != KJIT_OK) return KJIT_FAILED;
    if (unpacks) unpack(at, count);
    for (size_t k = 0; k < at_.size(); k++) at_[k] += cursors_[k].advance;
  }
  return KJIT_OK;
}

void RowRunner::seek(int64_t row) {
  if (row == row_) return;
  filled_ = 0;
  const bool is_next = row == row_ + 1 && row > 0;
  row_ = row;
  for (int32_t axis = plan_.row_axis() - 1; axis >= 0; axis--) {
    const int64_t extent = plan_.extents[axis], before = index_[static_cast<size_t>(axis)];
    const int64_t index = is_next ? (before + 1 == extent ? 0 : before + 1) : row % extent;
    for (size_t k = 0; k < cursors_.size(); k++) cursors_[k].row += (index - before) * plan_.streams[k].strides[axis];
    index_[static_cast<size_t>(axis)] = index;
    if (is_next && index != 0) return;
    if (!is_next) row /= extent;
  }
}

// What the kernel gets for the piece of `count` elements that begins at `first`.
void RowRunner::start(int64_t first, int64_t count, char* into) {
  const size_t in_place = into ? cursors_.size() - 1 : cursors_.size();
  for (size_t k = 0; k < in_place; k++) {
    const Cursor& cursor = cursors_[k];
    const int64_t item = plan_.streams[k].item;
    at_[k] = cursor.access == Access::Dense ? cursor.row + first * item : cursor.buffer->bytes;
    if (cursor.access == Access::Repeated && filled_ < count) fill_items(item, cursor.buffer, cursor.row, count);
  }
  filled_ = std::max(filled_, count);
  if (into) at_.back() = into;
}

void RowRunner::pack(int64_t at, int64_t count) {
  for (size_t k = 0; k + 1 < cursors_.size(); k++) {
    const Cursor& cursor = cursors_[k];
    if (cursor.access != Access::Gaps) continue;
    const Stream& stream = plan_.streams[k];
    const int64_t step = stream.strides[plan_.row_axis()];
    copy_items(stream.item, cursor.buffer->bytes, stream.item, cursor.row + at * step, step, count);
  }
}

void RowRunner::unpack(int64_t at, int64_t count) {
  const Stream& stream = plan_.streams.back();
  const int64_t step = stream.strides[plan_.row_axis()];
  copy_items(stream.item, cursors_.back().row + at * step, step, cursors_.back().buffer->bytes, stream.item, count);
}

}  // namespace kjit::runtime
