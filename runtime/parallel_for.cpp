// Parallel loops. Entry: kjit_parallel_for. The only file that knows OpenMP.
//
// The loop is cut into blocks by its trip count alone (blocks.cpp); the schedule decides only which thread runs a block and when.
// Everything that a block leaves behind (its partial result, its text, its error) is filed under the block's number, so that the
// outcome is the same for any schedule and any number of threads.

#include <omp.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "runtime/guard.h"
#include "runtime/runtime.h"
#include "runtime/scratch.h"
#include "runtime/text_buffer.h"
#include "runtime/threads.h"

namespace {

using namespace kjit::runtime;

constexpr int64_t kCacheLine = 64;

struct Free {
  void operator()(void* memory) const { free(memory); }
};

struct Loop {
  kjit_context* ctx;
  const kjit_loop* loop;
  int64_t blocks;
  int64_t stride = 0;  // bytes from one partial to the next: no two share a cache line
  int32_t threads = 1;
  bool in_order = false;  // one thread runs the blocks from first to last
  std::unique_ptr<char, Free> partials;

  // The lowest block that failed so far, `blocks` if none has; blocks above it are not begun any more.
  std::atomic<int64_t> first_failed;
  std::atomic<int64_t> next_block{0};

  std::mutex mutex;  // for what follows
  kjit_error error = {};
  int64_t error_block;
  std::vector<std::pair<int64_t, std::string>> texts;  // by block

  Loop(kjit_context* c, const kjit_loop* l)
      : ctx(c), loop(l), blocks(kjit_block_count(l->trip_count)), first_failed(blocks), error_block(blocks) {}
  ~Loop() { kjit_release(error.message.owner); }

  bool allocate_partials() {
    if (loop->partial_bytes == 0) return true;
    stride = (loop->partial_bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
    partials.reset(static_cast<char*>(aligned_alloc(kCacheLine, static_cast<size_t>(stride * blocks))));
    return partials != nullptr;
  }
  void* partial(int64_t block) const { return partials ? partials.get() + block * stride : nullptr; }
  int64_t first(int64_t block) const { return kjit_block_first(loop->trip_count, block); }
  // `chunk` of the loop in blocks, at least one.
  int64_t chunk_blocks(int64_t otherwise) const {
    if (loop->chunk <= 0) return std::max<int64_t>(otherwise, 1);
    auto scaled = static_cast<__int128>(loop->chunk) * blocks / loop->trip_count;
    return std::clamp<int64_t>(static_cast<int64_t>(std::min<__int128>(scaled, blocks)), 1, blocks);
  }
};

// ---- one block ----

void start_worker(const Loop& loop, kjit_context& worker) {
  worker.rng = loop.ctx->rng;
  worker.rng.twister = nullptr;  // one sequence for one thread; iterations have streams of their own
  worker.interrupt = loop.ctx->interrupt;
  worker.stack_limit = kjit_current_stack_limit();
  worker.globals = loop.ctx->globals;
  worker.host = loop.ctx->host;
  worker.print_buffer = nullptr;
  worker.in_parallel = loop.ctx->in_parallel + 1;
  worker.threads = loop.ctx->threads;  // what kjit.get_num_threads() tells; loops in an iteration run on its thread
  worker.error.kind = KJIT_NO_ERROR;
  worker.error.message = {nullptr, 0, nullptr};
  worker.scratch = nullptr;
}

void keep_error(Loop& loop, kjit_context& worker, int64_t block) {
  std::lock_guard lock(loop.mutex);
  if (block < loop.error_block) {
    std::swap(loop.error, worker.error);
    loop.error_block = block;
  }
  kjit_error_clear(&worker);
}

// Text goes to where the loop's own text goes.
void emit_text(Loop& loop, const std::string& text) {
  if (loop.ctx->in_parallel == 0) return write_to_host(loop.ctx->host, text);
  if (TextBuffer* outer = text_buffer(loop.ctx)) outer->printed += text;
}

void keep_text(Loop& loop, kjit_context& worker, int64_t block) {
  auto* buffer = static_cast<TextBuffer*>(worker.print_buffer);
  if (!buffer || buffer->printed.empty()) return;
  guarded(&worker, loop.loop->site, [&] {
    if (loop.in_order) {
      emit_text(loop, buffer->printed);
    } else {
      std::lock_guard lock(loop.mutex);
      loop.texts.emplace_back(block, std::move(buffer->printed));
    }
    return kjit_status{KJIT_OK};
  });
  buffer->printed.clear();
}

void run_block(Loop& loop, kjit_context& worker, int64_t block) {
  kjit_status status = kjit_poll(&worker, loop.loop->site);
  if (status == KJIT_OK)
    status = loop.loop->body(&worker, loop.loop->closure, loop.first(block), loop.first(block + 1), loop.partial(block));
  keep_text(loop, worker, block);
  if (status == KJIT_OK && worker.error.kind == KJIT_NO_ERROR) return;
  int64_t lowest = loop.first_failed.load(std::memory_order_relaxed);
  while (block < lowest && !loop.first_failed.compare_exchange_weak(lowest, block, std::memory_order_relaxed)) {
  }
  keep_error(loop, worker, block);
}

void run_blocks(Loop& loop, kjit_context& worker, int64_t begin, int64_t end) {
  for (int64_t block = begin; block < end && block <= loop.first_failed.load(std::memory_order_relaxed); block++) {
    run_block(loop, worker, block);
  }
}

// ---- schedules: which blocks a thread runs ----

// One contiguous share each, or chunks dealt out in turn.
void run_static(Loop& loop, kjit_context& worker, int64_t thread, int64_t threads) {
  if (loop.loop->chunk <= 0)
    return run_blocks(loop, worker, loop.blocks * thread / threads, loop.blocks * (thread + 1) / threads);
  int64_t chunk = loop.chunk_blocks(1);
  for (int64_t begin = thread * chunk; begin < loop.blocks; begin += threads * chunk) {
    run_blocks(loop, worker, begin, std::min(begin + chunk, loop.blocks));
  }
}

// Chunks of one size, each to the thread that comes first.
void run_dynamic(Loop& loop, kjit_context& worker, int64_t chunk) {
  for (int64_t begin; (begin = loop.next_block.fetch_add(chunk, std::memory_order_relaxed)) < loop.blocks;) {
    run_blocks(loop, worker, begin, std::min(begin + chunk, loop.blocks));
  }
}

// Chunks that shrink with what is left: half a share of it, and no less than the chunk asked for.
void run_guided(Loop& loop, kjit_context& worker, int64_t threads) {
  int64_t least = loop.chunk_blocks(1);
  int64_t begin = loop.next_block.load(std::memory_order_relaxed);
  while (begin < loop.blocks) {
    int64_t size = std::max((loop.blocks - begin) / (2 * threads), least);
    int64_t end = std::min(begin + size, loop.blocks);
    if (!loop.next_block.compare_exchange_weak(begin, end, std::memory_order_relaxed)) continue;
    run_blocks(loop, worker, begin, end);
    begin = loop.next_block.load(std::memory_order_relaxed);
  }
}

void run_share(Loop& loop, int64_t thread, int64_t threads) {
  constexpr int64_t chunks_per_thread = 32;  // of an automatic schedule: balances to 3 %, few visits to the shared counter
  kjit_context worker;
  start_worker(loop, worker);
  switch (loop.loop->schedule) {
    case KJIT_DYNAMIC: run_dynamic(loop, worker, loop.chunk_blocks(1)); break;
    case KJIT_GUIDED: run_guided(loop, worker, threads); break;
    case KJIT_AUTO: run_dynamic(loop, worker, loop.chunk_blocks(loop.blocks / (threads * chunks_per_thread))); break;
    default: run_static(loop, worker, thread, threads);
  }
  destroy_text(&worker);
  destroy_scratch(&worker);
}

// ---- threads ----

// Once per thread that starts loops: idle workers sleep after a millisecond instead of spinning for 200.
void configure_openmp() {
  thread_local const bool done = [] {
    if (!getenv("KMP_BLOCKTIME") && !getenv("OMP_WAIT_POLICY")) kmp_set_blocktime(1);
    return true;
  }();
  (void)done;
}

// Stacks of worker threads like those of main threads; OpenMP takes the size from the first loop of the process on.
void set_worker_stacks() {
  static const bool done = [] {
    if (!getenv("OMP_STACKSIZE") && !getenv("KMP_STACKSIZE")) kmp_set_stacksize_s(16 << 20);
    return true;
  }();
  (void)done;
}

void run_by_openmp(Loop& loop) {
  set_worker_stacks();
  configure_openmp();
#pragma omp parallel num_threads(loop.threads) default(none) shared(loop)
  run_share(loop, omp_get_thread_num(), omp_get_num_threads());
}

void run_by_executor(Loop& loop, const kjit_executor& executor) {
  executor.run(
      executor.user, loop.threads,
      [](void* state, int64_t index) {
        auto& shared = *static_cast<Loop*>(state);
        run_share(shared, index, shared.threads);
      },
      &loop);
}

// On this thread, block by block; text goes out as soon as it is there.
void run_serially(Loop& loop) {
  loop.in_order = true;
  kjit_context worker;
  start_worker(loop, worker);
  run_blocks(loop, worker, 0, loop.blocks);
  destroy_text(&worker);
  destroy_scratch(&worker);
}

void run(Loop& loop) {
  int32_t wanted = loop.loop->threads > 0 ? loop.loop->threads : loop.ctx->threads > 0 ? loop.ctx->threads : machine_threads();
  wanted = static_cast<int32_t>(std::min<int64_t>(wanted, loop.blocks));
  if (loop.ctx->in_parallel > 0 || wanted <= 1) return run_serially(loop);
  loop.threads = acquire_threads(wanted);
  auto* executor = loop.ctx->host ? static_cast<const kjit_executor*>(loop.ctx->host->executor) : nullptr;
  if (executor) {
    run_by_executor(loop, *executor);
  } else if (loop.threads > 1) {
    run_by_openmp(loop);
  } else {
    run_serially(loop);
  }
  release_threads(loop.threads);
}

// ---- the outcome ----

// The text of the blocks up to the one that failed, in their order.
kjit_status emit_texts(Loop& loop) {
  std::sort(loop.texts.begin(), loop.texts.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return guarded(loop.ctx, loop.loop->site, [&] {
    for (const auto& [block, text] : loop.texts) {
      if (block <= loop.error_block) emit_text(loop, text);
    }
    return kjit_status{KJIT_OK};
  });
}

kjit_status finish(Loop& loop) {
  kjit_status printed = loop.texts.empty() ? KJIT_OK : emit_texts(loop);
  if (loop.error_block < loop.blocks) {
    if (loop.ctx->error.kind == KJIT_NO_ERROR) std::swap(loop.ctx->error, loop.error);
    return KJIT_FAILED;
  }
  if (loop.partials) {
    kjit_combine_partials(loop.loop->combine, loop.loop->closure, loop.partials.get(), loop.stride, loop.blocks);
    __builtin_memcpy(loop.loop->result, loop.partials.get(), static_cast<size_t>(loop.loop->partial_bytes));
  }
  return printed;
}

}  // namespace

extern "C" kjit_status kjit_parallel_for(kjit_context* ctx, const kjit_loop* request) {
  if (request->trip_count <= 0) return KJIT_OK;
  Loop loop(ctx, request);
  if (!loop.allocate_partials()) return out_of_memory(ctx, request->site);
  run(loop);
  return finish(loop);
}
