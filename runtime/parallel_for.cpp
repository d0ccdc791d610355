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
#include <thread>
#include <utility>
#include <vector>

#include "runtime/guard.h"
#include "runtime/runtime.h"
#include "runtime/scratch.h"
#include "runtime/text_buffer.h"
#include "runtime/threads.h"
#include "runtime/work_share.h"

namespace {

using namespace kjit::runtime;

constexpr int64_t kCacheLine = 64;

struct Free {
  void operator()(void* memory) const { free(memory); }
};

// How far a loop is, for a host that asks.
struct Progress {
  static constexpr int64_t kInterval = 50'000'000;  // between two reports; nanoseconds, as what follows

  bool wanted = false;
  std::thread::id caller;  // the thread of the call: the one that reports
  int64_t begin = 0;
  int64_t next_report = 0;
  std::atomic<int64_t> blocks{0};  // that have ended
};

// What other threads see of a worker.
struct alignas(kCacheLine) Worker {
  std::atomic<int64_t> block{-1};  // the lowest one it is at; goes down in enter_stolen alone
  int32_t cancelled = 0;           // kjit_context::cancel: a block below has failed. Changed by __atomic builtins
  WorkShare share;                 // of schedule auto
};

struct Loop {
  kjit_context* ctx;
  const kjit_loop* loop;
  int64_t blocks;
  int64_t blocks_per_call = 1;
  int64_t stride = 0;  // bytes from one partial to the next: no two share a cache line
  int32_t threads = 1;
  bool in_order = false;  // one thread runs the blocks from first to last
  std::unique_ptr<char, Free> partials;
  std::unique_ptr<Worker[]> workers;  // by thread number; null if the blocks run in order

  // The lowest block that failed so far, `blocks` if none has; blocks above it are not begun any more.
  std::atomic<int64_t> first_failed;
  std::atomic<int64_t> next_block{0};
  Progress progress;

  std::mutex mutex;  // for what follows
  kjit_error error = {};
  int64_t error_block;
  std::vector<std::pair<int64_t, std::string>> texts;  // by block

  Loop(kjit_context* c, const kjit_loop* l)
      : ctx(c),
        loop(l),
        blocks(l->blocks > 0 ? l->blocks : kjit_block_count(l->trip_count)),
        first_failed(blocks),
        error_block(blocks) {
    const int64_t longest_block = (l->trip_count - 1) / blocks + 1;
    if (l->partial_bytes == 0) blocks_per_call = std::max<int64_t>(l->grain / longest_block, 1);
  }
  ~Loop() { kjit_release(error.message.owner); }

  bool allocate_partials() {
    if (loop->partial_bytes == 0) return true;
    stride = (loop->partial_bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
    partials.reset(static_cast<char*>(aligned_alloc(kCacheLine, static_cast<size_t>(stride * blocks))));
    return partials != nullptr;
  }
  void* partial(int64_t block) const { return partials ? partials.get() + block * stride : nullptr; }
  bool allocate_workers() {
    workers.reset(new (std::nothrow) Worker[static_cast<size_t>(threads)]);
    return workers != nullptr;
  }
  int64_t first(int64_t block) const { return kjit_block_first(loop->trip_count, blocks, block); }
  // `chunk` of the loop in blocks, at least one.
  int64_t chunk_blocks(int64_t otherwise) const {
    if (loop->chunk <= 0) return std::max<int64_t>(otherwise, 1);
    auto scaled = static_cast<__int128>(loop->chunk) * blocks / loop->trip_count;
    return std::clamp<int64_t>(static_cast<int64_t>(std::min<__int128>(scaled, blocks)), 1, blocks);
  }
};

// ---- one block ----

void start_worker(const Loop& loop, kjit_context& worker, const int32_t* cancelled) {
  worker.rng = loop.ctx->rng;
  worker.rng.twister = nullptr;  // one sequence for one thread; iterations have streams of their own
  worker.interrupt = loop.ctx->interrupt;
  worker.cancel = cancelled ? cancelled : loop.ctx->cancel;
  worker.stack_limit = kjit_current_stack_limit();
  worker.globals = loop.ctx->globals;
  worker.host = loop.ctx->host;
  worker.print_buffer = nullptr;
  worker.in_parallel = loop.ctx->in_parallel + 1;
  worker.threads = loop.ctx->threads;  // what kjit.get_num_threads() tells; loops in an iteration run on its thread
  worker.schedule = loop.ctx->schedule;
  worker.error.kind = KJIT_NO_ERROR;
  worker.error.iteration_depth = 0;
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
  TextBuffer* outer = text_buffer(loop.ctx);
  if (!outer) throw std::bad_alloc();  // inside guarded()
  outer->printed += text;
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

// Blocks above `failed` are not needed any more: those that run are told to stop, others will not begin (see begin_block).
void cancel_above(Loop& loop, int64_t failed) {
  std::lock_guard lock(loop.mutex);  // for enter_stolen
  int64_t lowest = loop.first_failed.load();
  while (failed < lowest && !loop.first_failed.compare_exchange_weak(lowest, failed)) {
  }
  for (int32_t thread = 0; loop.workers && thread < loop.threads; thread++) {
    Worker& worker = loop.workers[static_cast<size_t>(thread)];
    if (worker.block.load() > failed) __atomic_store_n(&worker.cancelled, 1, __ATOMIC_RELAXED);
  }
}

// Sequentially consistent, as in cancel_above: of a block that begins and one that fails, at least one sees the other.
bool begin_block(Loop& loop, Worker* self, int64_t block) {
  if (self) self->block.store(block);
  return block <= loop.first_failed.load();
}

// A worker goes on with blocks that may lie below those it has run. It may have been told to stop these; under the lock nobody is
// about to.
void enter_stolen(Loop& loop, Worker& self, int64_t block) {
  std::lock_guard lock(loop.mutex);
  __atomic_store_n(&self.cancelled, 0, __ATOMIC_RELAXED);
  self.block.store(block);
}

// Blocks begin .. end - 1 by one call of the body. What they leave behind is filed under the first of them.
void run_call(Loop& loop, kjit_context& worker, int64_t begin, int64_t end) {
  kjit_status status = kjit_poll(&worker, loop.loop->site);
  if (status == KJIT_OK)
    status = loop.loop->body(&worker, loop.loop->closure, loop.first(begin), loop.first(end), loop.partial(begin));
  keep_text(loop, worker, begin);
  if (status == KJIT_OK && worker.error.kind == KJIT_NO_ERROR) return;
  keep_error(loop, worker, begin);
  cancel_above(loop, begin);
}

// ---- progress ----

void begin_progress(Loop& loop) {
  Progress& progress = loop.progress;
  progress.wanted = loop.ctx->in_parallel == 0 && loop.ctx->host && loop.ctx->host->progress;
  if (!progress.wanted) return;
  progress.caller = std::this_thread::get_id();
  progress.begin = kjit_perf_counter_ns();
  progress.next_report = progress.begin + Progress::kInterval;
}

// Every thread counts; the calling one reports, between its own blocks. Nothing is heard while it waits for the last blocks of
// the others, which are as long as one chunk of a dynamic schedule, or what a static one leaves unbalanced.
void blocks_ended(Loop& loop, int64_t count) {
  Progress& progress = loop.progress;
  const int64_t blocks = progress.blocks.fetch_add(count, std::memory_order_relaxed) + count;
  if (std::this_thread::get_id() != progress.caller) return;
  const int64_t now = kjit_perf_counter_ns();
  if (now < progress.next_report) return;
  progress.next_report = now + Progress::kInterval;
  const double seconds = static_cast<double>(now - progress.begin) * 1e-9;
  loop.ctx->host->progress(loop.ctx->host->user, loop.loop->site, loop.first(blocks), loop.loop->trip_count, seconds);
}

void run_blocks(Loop& loop, kjit_context& worker, Worker* self, int64_t begin, int64_t end) {
  for (int64_t next; begin < end && begin_block(loop, self, begin); begin = next) {
    next = std::min(begin + loop.blocks_per_call, end);
    run_call(loop, worker, begin, next);
    if (loop.progress.wanted) blocks_ended(loop, next - begin);
  }
}

// ---- schedules: which blocks a thread runs ----

// Before the threads start: one that comes late finds its share smaller.
void deal_shares(Loop& loop) {
  for (int64_t thread = 0; thread < loop.threads; thread++) {
    const BlockRange range{loop.blocks * thread / loop.threads, loop.blocks * (thread + 1) / loop.threads};
    loop.workers[static_cast<size_t>(thread)].share.give(range);
  }
}

// The upper half of the largest share.
BlockRange steal(Loop& loop) {
  for (;;) {
    WorkShare* largest = nullptr;
    int64_t size = 0;
    for (int32_t thread = 0; thread < loop.threads; thread++) {
      WorkShare& share = loop.workers[static_cast<size_t>(thread)].share;
      if (share.size() > size) largest = &share, size = share.size();
    }
    if (!largest) return {};
    if (const BlockRange half = largest->take_half(); !half.empty()) return half;
  }
}

struct Share {
  Loop& loop;
  kjit_context& worker;
  Worker* self;
  int64_t thread, threads;

  void run(int64_t begin, int64_t end) const { run_blocks(loop, worker, self, begin, std::min(end, loop.blocks)); }
};

// One contiguous share each, or chunks dealt out in turn.
void run_static(const Share& share) {
  Loop& loop = share.loop;
  if (loop.loop->chunk <= 0)
    return share.run(loop.blocks * share.thread / share.threads, loop.blocks * (share.thread + 1) / share.threads);
  int64_t chunk = loop.chunk_blocks(1);
  for (int64_t begin = share.thread * chunk; begin < loop.blocks; begin += share.threads * chunk) share.run(begin, begin + chunk);
}

// Chunks of one size, each to the thread that comes first.
void run_dynamic(const Share& share, int64_t chunk) {
  for (int64_t begin; (begin = share.loop.next_block.fetch_add(chunk, std::memory_order_relaxed)) < share.loop.blocks;) {
    share.run(begin, begin + chunk);
  }
}

// Chunks that shrink with what is left: half a share of it, and no less than the chunk asked for.
void run_guided(const Share& share) {
  Loop& loop = share.loop;
  int64_t least = loop.chunk_blocks(loop.blocks_per_call);
  int64_t begin = loop.next_block.load(std::memory_order_relaxed);
  while (begin < loop.blocks) {
    int64_t size = std::max((loop.blocks - begin) / (2 * share.threads), least);
    int64_t end = std::min(begin + size, loop.blocks);
    if (!loop.next_block.compare_exchange_weak(begin, end, std::memory_order_relaxed)) continue;
    share.run(begin, end);
    begin = loop.next_block.load(std::memory_order_relaxed);
  }
}

// A contiguous share each, a few blocks at a time; a thread that has none left goes on with half of the largest share that is
// left. So blocks that lie side by side stay on one thread, and loops of any shape are balanced, on busy machines too.
void run_stealing(const Share& share) {
  Loop& loop = share.loop;
  const int64_t most = loop.chunk_blocks(loop.blocks_per_call);
  for (;;) {
    for (BlockRange next; !(next = share.self->share.take(most)).empty();) share.run(next.begin, next.end);
    const BlockRange stolen = steal(loop);
    if (stolen.empty()) return;
    enter_stolen(loop, *share.self, stolen.begin);
    share.self->share.give(stolen);
  }
}

// Blocks of cheap iterations are taken several at a time, as long as that leaves each thread some chunks to balance with.
int64_t dynamic_chunk(const Share& share) {
  constexpr int64_t least_chunks = 8;
  return share.loop.chunk_blocks(std::min(share.loop.blocks_per_call, share.loop.blocks / (share.threads * least_chunks)));
}

int32_t schedule_of(const Loop& loop) {
  const int32_t wanted = loop.ctx->schedule > 0 ? loop.ctx->schedule - 1 : loop.loop->schedule;
  return wanted == KJIT_AUTO && loop.blocks >= WorkShare::kMostBlocks ? int32_t{KJIT_DYNAMIC} : wanted;
}

void run_share(Loop& loop, int64_t thread, int64_t threads) {
  Worker* self = &loop.workers[static_cast<size_t>(thread)];
  kjit_context worker;
  start_worker(loop, worker, &self->cancelled);
  const Share share{loop, worker, self, thread, threads};
  switch (schedule_of(loop)) {
    case KJIT_DYNAMIC: run_dynamic(share, dynamic_chunk(share)); break;
    case KJIT_GUIDED: run_guided(share); break;
    case KJIT_AUTO: run_stealing(share); break;
    default: run_static(share);
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
  start_worker(loop, worker, nullptr);
  run_blocks(loop, worker, nullptr, 0, loop.blocks);
  destroy_text(&worker);
  destroy_scratch(&worker);
}

void run(Loop& loop) {
  int32_t wanted = loop.loop->threads > 0 ? loop.loop->threads : loop.ctx->threads > 0 ? loop.ctx->threads : machine_threads();
  wanted = static_cast<int32_t>(std::min<int64_t>(wanted, loop.blocks));
  if (loop.ctx->in_parallel > 0 || wanted <= 1) return run_serially(loop);
  loop.threads = acquire_threads(wanted);
  auto* executor = loop.ctx->host ? static_cast<const kjit_executor*>(loop.ctx->host->executor) : nullptr;
  const bool alone = loop.threads == 1 || !loop.allocate_workers();
  if (!alone && schedule_of(loop) == KJIT_AUTO) deal_shares(loop);
  if (alone) {
    run_serially(loop);
  } else if (executor) {
    run_by_executor(loop, *executor);
  } else {
    run_by_openmp(loop);
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
    loop.loop->finish(loop.loop->closure, loop.partials.get());
  }
  return printed;
}

}  // namespace

extern "C" kjit_status kjit_parallel_for(kjit_context* ctx, const kjit_loop* request) {
  if (request->trip_count <= 0) return KJIT_OK;
  Loop loop(ctx, request);
  if (!loop.allocate_partials()) return out_of_memory(ctx, request->site);
  begin_progress(loop);
  run(loop);
  return finish(loop);
}
