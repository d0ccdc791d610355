#pragma once
// The binary interface between compiled kernels and everything else: value layouts, the call context, and the shape of the
// runtime's entry points. Together with symbols.def and traps.def this is all that jit/ and runtime/ share. Plain C layouts.
//
// Conventions
//  * A fallible function returns a kjit_status: KJIT_OK, or KJIT_FAILED after it has recorded the error in the context with
//    kjit_trap or kjit_raise. Nothing is ever thrown across these frames.
//  * `site` numbers a place in the program's site table (function, span); only the host can turn it into text.
//  * Reference counts: a value passed as argument is borrowed; a value returned through an `out` pointer is owned (+1).

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t kjit_status;
enum { KJIT_OK = 0, KJIT_FAILED = 1 };

// Python's exception names, plus the ways in which a host stops a kernel. Rows in errors.def.
enum kjit_error_kind {
  KJIT_NO_ERROR = 0,
#define KJIT_ERROR(name) KJIT_##name,
#include "runtime/errors.def"
#undef KJIT_ERROR
};

// Why a trap fired. Rows in traps.def give the error kind and the message.
enum kjit_trap_code {
#define KJIT_TRAP(name, kind, format) KJIT_TRAP_##name,
#include "runtime/traps.def"
#undef KJIT_TRAP
  KJIT_TRAP_COUNT
};

// ---- values ------------------------------------------------------------------------------------------------------------
// In memory: bool is one byte 0/1; iN, uN, f32, f64 as in C; complex is {re, im}; a tuple is a C struct of its elements (natural
// alignment); None takes no space. Element types of arrays, in this order everywhere:

enum kjit_dtype {
  KJIT_BOOL,
  KJIT_I8,
  KJIT_I16,
  KJIT_I32,
  KJIT_I64,
  KJIT_U8,
  KJIT_U16,
  KJIT_U32,
  KJIT_U64,
  KJIT_F32,
  KJIT_F64,
  KJIT_C64,
  KJIT_C128,
  KJIT_DTYPE_COUNT
};

enum { KJIT_MAX_RANK = 32 };  // NumPy 1's limit

// Shared ownership of memory. `refs` is changed atomically; the last release calls `destroy`, which frees the memory and the
// header. A null owner means memory that outlives the call (a constant, a caller's buffer).
typedef struct kjit_buffer {
  int64_t refs;
  void (*destroy)(struct kjit_buffer*);
  void* memory;  // 64-byte aligned
  int64_t bytes;
} kjit_buffer;

// A strided view. `dims` holds shape[rank] followed by strides[rank] in bytes (strides may be negative or, for broadcast, 0); the
// rank and the element type are part of the static type. The struct in compiled code is exactly {ptr, ptr, [2 * rank x i64]}.
typedef struct kjit_array {
  void* data;          // address of element (0, ..., 0)
  kjit_buffer* owner;  // may be null
  int64_t dims[2 * KJIT_MAX_RANK];
} kjit_array;

// Immutable UTF-8 text, not NUL-terminated.
typedef struct kjit_str {
  const char* data;
  int64_t size;        // bytes
  kjit_buffer* owner;  // null for literals and argv
} kjit_str;

typedef struct kjit_complex {
  double re, im;
} kjit_complex;

// ---- random ------------------------------------------------------------------------------------------------------------
// Philox4x32-10 (Salmon et al., SC'11). Draw number d of a stream is half (d & 1) of block (d >> 1): the block's words x0..x3
// give u64 draws x0 | x1 << 32 and x2 | x3 << 32. A block is philox(counter = {block lo, block hi, lane lo, lane hi}, key).
//   call stream s of seed:  key = seed + s * 0x9E3779B97F4A7C15 (mod 2**64), lane = 0
//   iteration i of the r-th prange loop (r = 0, 1, ...) that the call starts:  same key, lane = ((r + 1) << 40) + i
//   a prange loop inside such an iteration: key = first u64 of philox({r, 1 << 31, lane lo, lane hi}, key), then as above with r
//   = 0
// random() = (u64 >> 11) * 2**-53.
typedef struct kjit_rng {
  uint64_t key;
  uint64_t lane;
  uint64_t block;  // next block to compute
  uint64_t spare;  // second draw of block - 1, valid if has_spare
  uint64_t has_spare;
  uint64_t regions;  // prange loops started so far in this stream
  void* twister;     // Mersenne Twister state under --rng=cpython, else null
} kjit_rng;

// ---- the call ----------------------------------------------------------------------------------------------------------

enum { KJIT_MAX_TRAP_VALUES = 4, KJIT_MAX_TRACEBACK = 64, KJIT_MAX_NEST = 4 };

// The first error of a call. `site` is where it happened; `traceback` lists the call sites passed on the way out, innermost first
// (the oldest ones beyond the limit are dropped, `traceback_size` goes on counting).
typedef struct kjit_error {
  int32_t kind;  // kjit_error_kind
  int32_t trap;  // kjit_trap_code, or -1 when `message` holds the text (raise, assert)
  uint32_t site;
  uint32_t traceback_size;
  int64_t values[KJIT_MAX_TRAP_VALUES];  // i64, or the bits of a double where traps.def says {n:f}
  uint32_t traceback[KJIT_MAX_TRACEBACK];
  // The iteration of the innermost prange loop in which it happened: the loop statement's site and the values of its variables,
  // outermost first (several if nested loops share one range of iterations). Depth 0: in no such loop.
  uint32_t iteration_site;
  int32_t iteration_depth;
  int64_t iteration[KJIT_MAX_NEST];
  kjit_str message;  // owned
} kjit_error;

struct kjit_context;

// What the host supplies; shared by all threads of a call.
typedef struct kjit_host {
  void* user;
  void (*write)(void* user, const char* data, int64_t size);  // stdout of the kernel; on the thread of the call only
  int32_t argc;
  const kjit_str* argv;  // sys.argv
  // Replaces the built-in executor of parallel loops when not null (MPI ranks, another pool). See kjit_parallel_for.
  void* executor;
  // May be null. How far a parallel loop of the call is that is not inside another: iterations done of all, and seconds since it
  // began. On the thread of the call only, at most every 50 ms.
  void (*progress)(void* user, uint32_t site, int64_t done, int64_t total, double seconds);
  // May be null. Takes the lock that the host has given up for the time of the call (1), or gives it up again (0): around calls
  // of the host's functions. On the thread of the call only.
  void (*lock)(void* user, int32_t take);
} kjit_host;

// One thread's view of one running call. Compiled functions get it as their first argument.
typedef struct kjit_context {
  kjit_rng rng;                       // offset 0: the compiled code keeps it in registers inside loops
  volatile const int32_t* interrupt;  // nonzero: stop (see kjit_poll)
  volatile const int32_t* cancel;     // nonzero: a lower iteration of the parallel loop has failed, this one is not needed
  uintptr_t stack_limit;              // lowest address a kernel's frame may use: RecursionError below it
  void* globals;                      // module variables that functions read; layout fixed by the compiler
  const kjit_host* host;
  void* print_buffer;   // pieces of the line being printed; owned by the runtime
  int32_t in_parallel;  // > 0 inside a prange iteration
  int32_t threads;      // budget for parallel loops of this call; 0: the machine's
  int32_t schedule;     // 1 + kjit_schedule that replaces the one of every loop; 0: as written
  kjit_error error;
  void* scratch;  // memory of kjit.scratch() to be used again; owned by the runtime
} kjit_context;

// Uniform entry of a compiled specialisation: args[i] points to the i-th argument in its memory layout (borrowed), result to
// space for the result (owned by the caller on KJIT_OK, untouched otherwise).
typedef kjit_status (*kjit_entry)(kjit_context*, void* const* args, void* result);

// A function of the host that kernels call, through kjit_call_host. `invoke` takes arguments and result as a kjit_entry does; it
// reports an error with kjit_raise and returns KJIT_FAILED, and lets no exception out.
typedef struct kjit_host_function {
  kjit_status (*invoke)(void* state, kjit_context*, uint32_t site, void* const* args, void* result);
  void* state;
  int32_t thread_safe;  // may run on any thread, several at once, without the host's lock
} kjit_host_function;

// ---- parallel loops ----------------------------------------------------------------------------------------------------

enum kjit_schedule { KJIT_STATIC, KJIT_DYNAMIC, KJIT_GUIDED, KJIT_AUTO };

// How a parallel loop accumulates into elements of an array.
enum kjit_accumulation { KJIT_ADD, KJIT_MULTIPLY, KJIT_BIT_AND, KJIT_BIT_OR, KJIT_BIT_XOR };

// Runs iterations [first, last) of the loop on one thread. `partial` is this block's slot for reductions (null if none), at a
// 64-byte boundary; the body initialises it. Called with a context of its own whose error slot and random lane are set up by the
// runtime or the body.
typedef kjit_status (*kjit_loop_body)(kjit_context*, void* closure, int64_t first, int64_t last, void* partial);

// into = into (+) from, `from` being the partial of the later iterations. Called on the thread that started the loop, in an order
// that depends on the number of blocks alone.
typedef void (*kjit_combine)(void* closure, void* into, const void* from);

// Receives the combined partial, once, if the loop had iterations and none failed; on the thread that started the loop.
typedef void (*kjit_finish)(void* closure, const void* total);

typedef struct kjit_loop {
  int64_t trip_count;
  kjit_loop_body body;
  void* closure;
  int64_t partial_bytes;  // 0: no reduction
  kjit_combine combine;   // these two: only with a partial
  kjit_finish finish;
  int64_t chunk;     // in iterations; 0: the runtime chooses
  int64_t blocks;    // at most trip_count; 0: kjit_block_count(trip_count)
  int64_t grain;     // without partials: one call of the body may run this many iterations of several blocks, as they are cheap
  int32_t schedule;  // kjit_schedule
  int32_t threads;   // 0: the call's budget
  uint32_t site;
} kjit_loop;

// ---- array loops -------------------------------------------------------------------------------------------------------

// An array that a loop over the elements of arrays reads, or an argument of an array function (then rank -1: a scalar at `data`).
typedef struct kjit_operand {
  const void* data;  // const kjit_array*, or the scalar in its memory form
  int32_t rank;
  int32_t dtype;
} kjit_operand;

enum kjit_array_function {
#define KJIT_ARRAY_FUNCTION(name, memory) KJIT_ARRAY_##name,
#include "runtime/array_functions.def"
#undef KJIT_ARRAY_FUNCTION
  KJIT_ARRAY_FUNCTION_COUNT
};

enum kjit_fold { KJIT_FOLD_SUM, KJIT_FOLD_PROD, KJIT_FOLD_MIN, KJIT_FOLD_MAX, KJIT_FOLD_ANY, KJIT_FOLD_ALL };

// Computes `count` >= 1 elements: at[k] is the address of the first element of operand k, at[number of operands] that of the
// result; each lies densely behind its first element. `scalars` is what the compiler put there.
typedef kjit_status (*kjit_element_kernel)(kjit_context*, const void* scalars, char* const* at, int64_t count);

enum kjit_array_loop_flags { KJIT_LOOP_PARALLEL = 1 };

#ifdef __cplusplus
}
#endif
