// Products of matrices. Entry: multiply.
//
// The scheme is that of K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34 (2008):
// blocks of the right operand are packed into panels as wide as a tile, then blocks of rows of the left one, each on the thread
// that multiplies it; tiles stay in registers. Blocks along the inner dimension are added to the product one after the other, so
// every element remains one sum from first to last.

#include "runtime/matrix/multiply.h"

#include <stdlib.h>

#include <algorithm>
#include <memory>
#include <new>

#include "runtime/element.h"
#include "runtime/guard.h"
#include "runtime/matrix/tiles.h"
#include "runtime/pieces.h"
#include "runtime/runtime.h"

namespace kjit::runtime {

namespace {

constexpr int64_t kDepth = 256;         // of a block: rows of the right operand
constexpr int64_t kColumns = 960;       // of such a block, which then fits the second-level cache; a multiple of all tiles'
constexpr int64_t kRows = 48;           // of a block of the left operand; likewise
constexpr double kPackedWork = 20'000;  // products of elements below which packing costs more than it saves
constexpr double kParallelWork = 200'000;
constexpr int64_t kCacheLine = 64;

template <typename T>
Tiles<T> tiles_of_this_cpu() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return TilesOfCpu<T>::avx512();
  if (__builtin_cpu_supports("avx2")) return TilesOfCpu<T>::avx2();
#endif
  return TilesOfCpu<T>::baseline();
}

struct Free {
  void operator()(void* memory) const { free(memory); }
};
template <typename T>
using Buffer = std::unique_ptr<T[], Free>;

template <typename T>
Buffer<T> new_buffer(int64_t count) {
  const int64_t bytes = (count * static_cast<int64_t>(sizeof(T)) + kCacheLine - 1) / kCacheLine * kCacheLine;
  Buffer<T> buffer(static_cast<T*>(aligned_alloc(kCacheLine, static_cast<size_t>(std::max(bytes, kCacheLine)))));
  if (!buffer) throw std::bad_alloc();
  return buffer;
}

int64_t round_up(int64_t count, int64_t unit) { return (count + unit - 1) / unit * unit; }

// f(worker, begin, end) for parts of [0, count) of `part` each, on the threads of the call or on this one. f may leave off when
// the worker is to stop.
template <typename F>
kjit_status for_parts(kjit_context* ctx, uint32_t site, int64_t count, int64_t part, bool parallel, F f) {
  struct Closure {
    F* f;
    int64_t count, part;
    uint32_t site;
  } closure{&f, count, part, site};
  kjit_loop loop{};
  loop.trip_count = (count + part - 1) / part;
  loop.closure = &closure;
  loop.grain = 1;
  loop.schedule = KJIT_DYNAMIC;
  loop.threads = parallel ? 0 : 1;
  loop.site = site;
  loop.body = [](kjit_context* worker, void* state, int64_t first, int64_t last, void*) -> kjit_status {
    const auto& all = *static_cast<const Closure*>(state);
    return guarded(worker, all.site, [&] {
      for (int64_t k = first; k < last; ++k) (*all.f)(worker, k* all.part, std::min((k + 1) * all.part, all.count));
      return kjit_poll(worker, all.site);
    });
  };
  return kjit_parallel_for(ctx, &loop);
}

template <typename T>
class Product {
 public:
  Product(kjit_context* ctx, uint32_t site, const MatrixView& a, const MatrixView& b, T* out, bool parallel)
      : ctx_(ctx), site_(site), a_(a), b_(b), out_(out), parallel_(parallel && work() >= kParallelWork) {}

  kjit_status run() {
    if (b_.columns == 1) return rows_times_vector(a_, b_.data, b_.down);
    if (a_.rows == 1 && b_.down == kItem) return rows_times_vector(transposed(b_), a_.data, a_.across);
    in_pieces(ctx_, a_.rows * b_.columns, kPieceElements,
              [&](int64_t begin, int64_t end) { std::fill(out_ + begin, out_ + end, T{}); });
    return a_.rows == 1 || work() < kPackedWork ? rows_by_rows() : in_blocks();
  }

 private:
  static constexpr int64_t kItem = sizeof(T);

  double work() const { return static_cast<double>(a_.rows) * static_cast<double>(a_.columns) * static_cast<double>(b_.columns); }
  static MatrixView transposed(const MatrixView& m) { return {m.data, m.columns, m.rows, m.across, m.down}; }
  T a_at(int64_t i, int64_t k) const { return load<T>(a_.data + i * a_.down + k * a_.across); }

  // One sum waits for its last addition; several rows at once do not wait for each other.
  kjit_status rows_times_vector(const MatrixView& matrix, const char* vector, int64_t step) {
    constexpr int64_t kTogether = 8, kPart = 256;
    return for_parts(ctx_, site_, matrix.rows, kPart, parallel_, [&](const kjit_context* worker, int64_t begin, int64_t end) {
      int64_t row = begin;
      for (; row + kTogether <= end && !must_stop(worker); row += kTogether)
        add_rows<kTogether>(worker, matrix, row, vector, step);
      for (; row < end && !must_stop(worker); ++row) add_rows<1>(worker, matrix, row, vector, step);
    });
  }
  template <int64_t kTogether>
  void add_rows(const kjit_context* worker, const MatrixView& matrix, int64_t row, const char* vector, int64_t step) {
    T sums[kTogether] = {};
    const char* first = matrix.data + row * matrix.down;
    in_pieces(worker, matrix.columns, kPieceElements, [&](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) {
        const T factor = load<T>(vector + k * step);
        for (int64_t r = 0; r < kTogether; ++r) sums[r] += load<T>(first + r * matrix.down + k * matrix.across) * factor;
      }
    });
    std::copy(sums, sums + kTogether, out_ + row);
  }

  // Each row of the product is a sum of rows of b.
  kjit_status rows_by_rows() {
    constexpr int64_t kPart = 4096;
    return for_parts(ctx_, site_, b_.columns, kPart, parallel_, [&](const kjit_context* worker, int64_t begin, int64_t end) {
      for (int64_t i = 0; i < a_.rows; ++i) {
        in_pieces(worker, a_.columns, kPieceElements / (end - begin) + 1, [&](int64_t from, int64_t to) {
          for (int64_t k = from; k < to; ++k)
            add_row(a_at(i, k), b_.data + k * b_.down + begin * b_.across, out_ + i * b_.columns + begin, end - begin);
        });
      }
    });
  }
  void add_row(T factor, const char* __restrict row, T* __restrict out, int64_t count) const {
    if (b_.across == kItem) {  // with vectors
      for (int64_t j = 0; j < count; ++j) out[j] += factor * load<T>(row + j * kItem);
    } else {
      for (int64_t j = 0; j < count; ++j) out[j] += factor * load<T>(row + j * b_.across);
    }
  }

  // ---- packed blocks ----

  kjit_status in_blocks() {
    const Buffer<T> right = new_buffer<T>(kDepth * round_up(std::min(b_.columns, kColumns), tiles_.columns));
    for (int64_t column = 0; column < b_.columns; column += kColumns) {
      const int64_t columns = std::min(kColumns, b_.columns - column);
      for (int64_t first = 0; first < a_.columns; first += kDepth) {
        const Block block{first, std::min(kDepth, a_.columns - first), column, columns, right.get()};
        pack_right(block, right.get());
        const auto part = [&](const kjit_context*, int64_t begin, int64_t end) { add_block(block, begin, end); };
        if (for_parts(ctx_, site_, a_.rows, kRows, parallel_, part) != KJIT_OK) return KJIT_FAILED;
      }
    }
    return KJIT_OK;
  }

  // Rows first .. first + depth - 1 and some columns of b, packed.
  struct Block {
    int64_t first, depth, column, columns;
    const T* right;
  };

  // Panel after panel; what is beyond the last column is 0.
  void pack_right(const Block& block, T* to) const {
    const int64_t width = tiles_.columns;
    for (int64_t panel = 0; panel < block.columns; panel += width) {
      const int64_t count = std::min(width, block.columns - panel);
      for (int64_t k = 0; k < block.depth; ++k, to += width) {
        const char* row = b_.data + (block.first + k) * b_.down + (block.column + panel) * b_.across;
        for (int64_t j = 0; j < count; ++j) to[j] = load<T>(row + j * b_.across);
        std::fill(to + count, to + width, T{});
      }
    }
  }

  void pack_left(const Block& block, int64_t begin, int64_t end, T* to) const {
    const int64_t height = tiles_.rows;
    for (int64_t panel = begin; panel < end; panel += height) {
      const int64_t count = std::min(height, end - panel);
      for (int64_t k = 0; k < block.depth; ++k, to += height) {
        for (int64_t r = 0; r < count; ++r) to[r] = a_at(panel + r, block.first + k);
        std::fill(to + count, to + height, T{});
      }
    }
  }

  // Rows begin .. end - 1 of the product.
  void add_block(const Block& block, int64_t begin, int64_t end) const {
    const Buffer<T> left = new_buffer<T>(kDepth * round_up(end - begin, tiles_.rows));
    pack_left(block, begin, end, left.get());
    for (int64_t j = 0; j < block.columns; j += tiles_.columns) {
      for (int64_t i = begin; i < end; i += tiles_.rows) {
        const Corner corner{i, block.column + j, std::min(tiles_.rows, end - i), std::min(tiles_.columns, block.columns - j)};
        add_tile(corner, left.get() + (i - begin) * block.depth, block.right + j * block.depth, block.depth);
      }
    }
  }

  // Of the product, where a tile or what is left of one begins.
  struct Corner {
    int64_t row, column, rows, columns;
  };
  void add_tile(const Corner& at, const T* left, const T* right, int64_t depth) const {
    T* const place = out_ + at.row * b_.columns + at.column;
    if (at.rows == tiles_.rows && at.columns == tiles_.columns) return tiles_.add(left, right, depth, place, b_.columns);
    T whole[kMostTileRows * kMostTileColumns] = {};
    for (int64_t r = 0; r < at.rows; ++r)
      std::copy(place + r * b_.columns, place + r * b_.columns + at.columns, whole + r * tiles_.columns);
    tiles_.add(left, right, depth, whole, tiles_.columns);
    for (int64_t r = 0; r < at.rows; ++r)
      std::copy(whole + r * tiles_.columns, whole + r * tiles_.columns + at.columns, place + r * b_.columns);
  }

  kjit_context* ctx_;
  uint32_t site_;
  const MatrixView a_, b_;
  T* const out_;
  const bool parallel_;
  const Tiles<T> tiles_ = tiles_of_this_cpu<T>();
};

}  // namespace

template <typename T>
kjit_status multiply(kjit_context* ctx, uint32_t site, const MatrixView& a, const MatrixView& b, T* out, bool parallel) {
  return Product<T>(ctx, site, a, b, out, parallel).run();
}

template kjit_status multiply<double>(kjit_context*, uint32_t, const MatrixView&, const MatrixView&, double*, bool);
template kjit_status multiply<float>(kjit_context*, uint32_t, const MatrixView&, const MatrixView&, float*, bool);
template kjit_status multiply<uint64_t>(kjit_context*, uint32_t, const MatrixView&, const MatrixView&, uint64_t*, bool);
template kjit_status multiply<uint32_t>(kjit_context*, uint32_t, const MatrixView&, const MatrixView&, uint32_t*, bool);

}  // namespace kjit::runtime
