// The context of a call, and what a kernel asks of its surroundings: arguments and clocks. Entry: kjit_context_init.

#include <pthread.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "runtime/guard.h"
#include "runtime/runtime.h"
#include "runtime/scratch.h"
#include "runtime/text_buffer.h"

namespace {

// Below the limit the runtime's own frames (text, libm, OpenMP) must still fit; the least stack that is divided is small.
constexpr uintptr_t kReserve = 64 << 10;

uintptr_t limit_above(uintptr_t lowest, uintptr_t size) { return lowest + (size / 4 < kReserve ? size / 4 : kReserve); }

// The main stack ends with the name of the executed file and may grow down to the resource limit. 0: this is another stack.
// pthread_getattr_np reads /proc/self/maps to find that out, which takes as long as compiling a small kernel.
uintptr_t main_stack_limit() {
  if (gettid() != getpid()) return 0;
  const auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const uintptr_t top = getauxval(AT_EXECFN);
  rlimit limit;
  if (top == 0 || getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= top) return 0;
  const uintptr_t lowest = top - limit.rlim_cur;
  return lowest < here && here < top ? limit_above(lowest + static_cast<uintptr_t>(getpagesize()), limit.rlim_cur) : 0;
}

uintptr_t find_stack_limit() {
  if (uintptr_t limit = main_stack_limit()) return limit;
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  void* lowest = nullptr;
  size_t size = 0;
  size_t guard = 0;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_getguardsize(&attributes, &guard);
  pthread_attr_destroy(&attributes);
  return limit_above(reinterpret_cast<uintptr_t>(lowest) + guard, size);
}

bool is_stopped(const kjit_context* ctx) {
  return __atomic_load_n(ctx->interrupt, __ATOMIC_RELAXED) != KJIT_RUNNING || __atomic_load_n(ctx->cancel, __ATOMIC_RELAXED) != 0;
}

int64_t nanoseconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

extern "C" {

uintptr_t kjit_current_stack_limit(void) {
  thread_local const uintptr_t limit = find_stack_limit();  // reading it takes longer than a small kernel
  return limit;
}

void kjit_context_init(kjit_context* ctx, const kjit_host* host, const volatile int32_t* interrupt, int32_t threads) {
  static const int32_t never = KJIT_RUNNING;
  memset(ctx, 0, sizeof *ctx);
  kjit_rng_init(&ctx->rng, 0, 0);
  ctx->interrupt = interrupt ? interrupt : &never;
  ctx->cancel = &never;
  ctx->stack_limit = kjit_current_stack_limit();
  ctx->host = host;
  ctx->threads = threads;  // 0 is resolved by the first parallel loop: finding out reads several files
}

void kjit_error_clear(kjit_context* ctx) {
  kjit_release(ctx->error.message.owner);
  ctx->error.kind = KJIT_NO_ERROR;
  ctx->error.message = {nullptr, 0, nullptr};
  ctx->error.traceback_size = 0;
  ctx->error.iteration_depth = 0;
  kjit::runtime::clear_text(ctx);
}

void kjit_context_destroy(kjit_context* ctx) {
  kjit_error_clear(ctx);
  kjit::runtime::destroy_text(ctx);
  kjit::runtime::destroy_scratch(ctx);
  kjit_rng_destroy(&ctx->rng);
}

kjit_status kjit_call_host(kjit_context* ctx, uint32_t site, const kjit_host_function* function, void* const* args,
                           void* result) {
  const kjit_host* host = ctx->host;
  const bool takes_lock = host && host->lock && !function->thread_safe;
  if (takes_lock) host->lock(host->user, 1);
  const kjit_status status = function->invoke(function->state, ctx, site, args, result);
  if (takes_lock) host->lock(host->user, 0);
  return status;
}

int64_t kjit_argc(kjit_context* ctx) { return ctx->host ? ctx->host->argc : 0; }

kjit_status kjit_argv(kjit_context* ctx, uint32_t site, int64_t index, kjit_str* out) {
  int64_t count = kjit_argc(ctx);
  int64_t position = index < 0 ? index + count : index;
  if (position < 0 || position >= count) return kjit_trap(ctx, KJIT_TRAP_ArgvIndexOutOfRange, site, index, count, 0);
  *out = ctx->host->argv[position];
  kjit_retain(out->owner);
  return KJIT_OK;
}

int64_t kjit_time_ns(void) { return nanoseconds(CLOCK_REALTIME); }
int64_t kjit_perf_counter_ns(void) { return nanoseconds(CLOCK_MONOTONIC); }
double kjit_time(void) { return static_cast<double>(kjit_time_ns()) * 1e-9; }
double kjit_perf_counter(void) { return static_cast<double>(kjit_perf_counter_ns()) * 1e-9; }
double kjit_process_time(void) { return static_cast<double>(nanoseconds(CLOCK_PROCESS_CPUTIME_ID)) * 1e-9; }

kjit_status kjit_sleep(kjit_context* ctx, uint32_t site, double seconds) {
  constexpr int64_t slice = 10'000'000;  // an interrupt is noticed within 10 ms
  if (seconds < 0) return kjit::runtime::raise_text(ctx, KJIT_ValueError, site, "sleep length must be non-negative");
  if (seconds != seconds) {
    return kjit::runtime::raise_text(ctx, KJIT_ValueError, site, "Invalid value NaN (not a number)");
  }
  int64_t end = seconds < 1e9 ? kjit_perf_counter_ns() + static_cast<int64_t>(seconds * 1e9) : INT64_MAX;
  for (int64_t left; !is_stopped(ctx) && (left = end - kjit_perf_counter_ns()) > 0;) {
    timespec nap{0, static_cast<long>(left < slice ? left : slice)};
    nanosleep(&nap, nullptr);
  }
  return kjit_poll(ctx, site);
}

}  // extern "C"
