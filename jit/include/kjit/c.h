/* kjit from C, and from every language that can call C. docs/embedding.md is the guide, kjit/kjit.h the interface for C++.
 *
 *   kjit_engine* engine = NULL;
 *   kjit_module* module = NULL;
 *   kjit_result* result = NULL;
 *   kjit_failure* failure = NULL;
 *   kjit_value n = {KJIT_I64_KIND, 0, {.i = 1000}};
 *   if (kjit_engine_new(NULL, &engine, &failure) == KJIT_DONE &&
 *       kjit_load_file(engine, "f.k", &module, &failure) == KJIT_DONE &&
 *       kjit_call(module, "f", &n, 1, NULL, &result, &failure) == KJIT_DONE)
 *     printf("%lld\n", (long long)kjit_result_value(result)->as.i);
 *   else
 *     puts(kjit_failure_text(failure));
 *   kjit_failure_free(failure); kjit_result_free(result); kjit_module_free(module); kjit_engine_free(engine);
 *
 * Errors: what can fail returns a kjit_outcome. With anything but KJIT_DONE the out parameter is untouched, and `*failure` is an
 * object to be freed; a null `failure` is for those who do not want to know. Nothing prints, exits or aborts, and no C++
 * exception leaves: what a callback throws is KJIT_CALLBACK_FAILED. Ownership: what *_new, *_load_*, *_find and calls give is
 * freed by its *_free, once, in any order (null is allowed): a function keeps its module alive, a module its engine. Text and
 * values that accessors give live as long as the object. Arguments are borrowed for the call. Threads: every object may be used
 * by any number of threads at once, but for its *_free. Text is UTF-8. Sizes of text are in bytes; where no size is given, it
 * ends with NUL. */

#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kjit/export.h"
#include "kjit/version.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kjit_engine kjit_engine;
typedef struct kjit_module kjit_module;
typedef struct kjit_function kjit_function;
typedef struct kjit_result kjit_result;
typedef struct kjit_failure kjit_failure;
typedef struct kjit_cancel kjit_cancel;

typedef enum kjit_outcome {
  KJIT_DONE = 0,
  KJIT_BAD_ARGUMENT = 1,    /* null, a kind or rank that does not exist, memory that is not aligned for its elements */
  KJIT_BAD_SOURCE = 2,      /* the text, or the kernel for these types, has mistakes: kjit_failure_text has the diagnostics */
  KJIT_KERNEL_FAILED = 3,   /* at run time, also when it was stopped: kjit_failure_kind says how */
  KJIT_CALLBACK_FAILED = 4, /* write or progress threw a C++ exception */
  KJIT_NO_MEMORY = 5,
  KJIT_BUG = 6 /* in kjit: please report it */
} kjit_outcome;

/* Of values; those from BOOL to C128 also of the elements of arrays. */
typedef enum kjit_kind {
  KJIT_NONE_KIND = 0,
  KJIT_BOOL_KIND = 1,
  KJIT_I8_KIND = 2,
  KJIT_I16_KIND = 3,
  KJIT_I32_KIND = 4,
  KJIT_I64_KIND = 5,
  KJIT_U8_KIND = 6,
  KJIT_U16_KIND = 7,
  KJIT_U32_KIND = 8,
  KJIT_U64_KIND = 9,
  KJIT_F32_KIND = 10,
  KJIT_F64_KIND = 11,
  KJIT_C64_KIND = 12, /* two floats */
  KJIT_C128_KIND = 13,
  KJIT_TEXT_KIND = 14,
  KJIT_ARRAY_KIND = 15,
  KJIT_TUPLE_KIND = 16
} kjit_kind;

enum { KJIT_READ_ONLY = 1 }; /* flag of an array: a kernel that may write to it is refused */

typedef struct kjit_value {
  int32_t kind;  /* kjit_kind */
  int32_t flags; /* of an argument: 0 or KJIT_READ_ONLY */
  union {
    int64_t i;   /* BOOL (0 or 1), I8 to I64 */
    uint64_t u;  /* U8 to U64 */
    double f;    /* F32, F64 */
    double c[2]; /* C64, C128: real, imaginary */
    struct {
      const char* data; /* of a result also NUL-terminated */
      int64_t size;
    } text;
    struct {
      void* data;             /* of element (0, ..., 0) */
      const int64_t* shape;   /* `rank` numbers */
      const int64_t* strides; /* in bytes, negative and 0 allowed; null: row-major without gaps, as all results are */
      int32_t element;        /* kjit_kind */
      int32_t rank;           /* 0 to 32 */
    } array;
    struct {
      const struct kjit_value* items;
      int64_t count;
    } tuple;
  } as;
} kjit_value;

/* 0 if the program was compiled with headers that do not fit the library: kjit/version.h.
   int kjit_check_version(int major, int minor, int patch); */

/* "0.1.0" */
KJIT_EXPORT const char* kjit_version(void);

/* ---- errors ---- */

/* One line: "IndexError: x[i]: index 5 is out of bounds for axis 0 with size 3". */
KJIT_EXPORT const char* kjit_failure_message(const kjit_failure* failure);
/* All there is to say, several lines: the diagnostics, or the traceback as Python prints it. */
KJIT_EXPORT const char* kjit_failure_text(const kjit_failure* failure);
/* Python's name of the exception, "IndexError", or "Cancelled"; "" unless the kernel failed at run time. */
KJIT_EXPORT const char* kjit_failure_kind(const kjit_failure* failure);
/* What a process should exit with: sys.exit's argument, 130 after an interrupt, 124 after a timeout, else 1. */
KJIT_EXPORT int kjit_failure_exit_code(const kjit_failure* failure);
KJIT_EXPORT void kjit_failure_free(kjit_failure* failure);

/* One level of the traceback; 0 is the outermost. */
typedef struct kjit_frame {
  const char* kernel;
  const char* file;
  const char* source; /* the line's text */
  uint32_t line, column;
} kjit_frame;
KJIT_EXPORT size_t kjit_failure_frame_count(const kjit_failure* failure);
KJIT_EXPORT kjit_outcome kjit_failure_frame(const kjit_failure* failure, size_t index, kjit_frame* frame);

/* ---- engines and modules ---- */

typedef struct kjit_engine_options {
  size_t size;          /* sizeof(kjit_engine_options): kjit_engine_options_init sets it */
  int32_t opt_level;    /* 0 to 3 */
  int32_t interpret;    /* nonzero: no machine code */
  int32_t checked;      /* nonzero: integer overflow raises OverflowError */
  int32_t bounds_check; /* 0: subscripts out of range are undefined */
  int32_t strict;       /* nonzero: parallel loops whose iterations may meet are errors */
  int32_t disk_cache;   /* 0: nothing that was compiled is kept in, or taken from, the user's cache folder */
  /* A lock that the host's threads hold while they call kernels; both or none. kjit/engine.h (HostLock) has the rules. */
  void (*release_lock)(void* user);
  void (*acquire_lock)(void* user);
  void* lock_user;
} kjit_engine_options;

/* Every option at its default. */
KJIT_EXPORT void kjit_engine_options_init(kjit_engine_options* options);

/* Null options: the defaults. */
KJIT_EXPORT kjit_outcome kjit_engine_new(const kjit_engine_options* options, kjit_engine** engine, kjit_failure** failure);
KJIT_EXPORT void kjit_engine_free(kjit_engine* engine);

/* `name` is what messages call the text. Imports are searched beside the file. */
KJIT_EXPORT kjit_outcome kjit_load_file(kjit_engine* engine, const char* path, kjit_module** module, kjit_failure** failure);
KJIT_EXPORT kjit_outcome kjit_load_source(kjit_engine* engine, const char* text, size_t size, const char* name,
                                          kjit_module** module, kjit_failure** failure);
KJIT_EXPORT void kjit_module_free(kjit_module* module);

/* The functions of the file, in its order; null for an index that is too large. */
KJIT_EXPORT size_t kjit_module_kernel_count(const kjit_module* module);
KJIT_EXPORT const char* kjit_module_kernel_name(const kjit_module* module, size_t index);
/* All diagnostics so far, warnings among them. The text lives until it is asked for again, by whatever thread. */
KJIT_EXPORT const char* kjit_module_diagnostics(kjit_module* module);

/* ---- calls ---- */

/* Stops the calls that it is given to, from any thread: they end with the kind "Cancelled". Once set it stays so. */
KJIT_EXPORT kjit_cancel* kjit_cancel_new(void); /* null: no memory */
KJIT_EXPORT void kjit_cancel_request(kjit_cancel* cancel);
KJIT_EXPORT int kjit_cancel_requested(const kjit_cancel* cancel);
KJIT_EXPORT void kjit_cancel_free(kjit_cancel* cancel); /* not while a call has it */

typedef struct kjit_progress {
  const char* file; /* of the loop; valid during the call */
  size_t file_size;
  uint32_t line;
  int64_t done, total; /* iterations */
  double seconds;      /* since the loop began */
} kjit_progress;

typedef enum kjit_loop_schedule {
  KJIT_AS_WRITTEN = 0,
  KJIT_STATIC_SCHEDULE = 1,
  KJIT_DYNAMIC_SCHEDULE = 2,
  KJIT_GUIDED_SCHEDULE = 3,
  KJIT_AUTO_SCHEDULE = 4
} kjit_loop_schedule;

typedef struct kjit_call_options {
  size_t size;         /* sizeof(kjit_call_options): kjit_call_options_init sets it */
  int32_t threads;     /* of parallel loops; 0: all cores */
  int32_t schedule;    /* kjit_loop_schedule */
  uint64_t seed;       /* of the random streams */
  int64_t stream;      /* -1: the module's next */
  double timeout;      /* seconds, compiling included; 0: none. The call ends with the kind "TimeoutError" */
  kjit_cancel* cancel; /* null: nobody stops it */
  /* What the kernel prints; null: discarded. On the thread of the call. */
  void (*write)(void* user, const char* text, size_t size);
  /* At most every 50 ms, on the thread of the call; may request the cancel of the call. */
  void (*progress)(void* user, const kjit_progress* progress);
  void* user;
  const char* const* argv; /* sys.argv */
  size_t argc;
} kjit_call_options;

/* Every option at its default. */
KJIT_EXPORT void kjit_call_options_init(kjit_call_options* options);

/* Calls a kernel, compiled for the types of these arguments at the first call. Null options: the defaults; null result: it is
 * dropped. */
KJIT_EXPORT kjit_outcome kjit_call(kjit_module* module, const char* kernel, const kjit_value* args, size_t count,
                                   const kjit_call_options* options, kjit_result** result, kjit_failure** failure);
/* Runs the top-level statements. */
KJIT_EXPORT kjit_outcome kjit_run_script(kjit_module* module, const kjit_call_options* options, kjit_failure** failure);

/* A kernel compiled for these types, as text: "f64[:, ::1]" (no gaps), "f64[:, :]" (any strides), "i64", "str", "(i64, bool)". */
KJIT_EXPORT kjit_outcome kjit_find(kjit_module* module, const char* kernel, const char* const* types, size_t count,
                                   kjit_function** function, kjit_failure** failure);
KJIT_EXPORT void kjit_function_free(kjit_function* function);

/* "f(x: f64[:, :], k: i64) -> f64" */
KJIT_EXPORT const char* kjit_function_signature(const kjit_function* function);
KJIT_EXPORT const char* kjit_function_result_type(const kjit_function* function);
KJIT_EXPORT size_t kjit_function_parameter_count(const kjit_function* function);
/* Null for an index that is too large. */
KJIT_EXPORT const char* kjit_function_parameter_name(const kjit_function* function, size_t index);
KJIT_EXPORT const char* kjit_function_parameter_type(const kjit_function* function, size_t index);
/* Whether the kernel may write to the elements of this argument's arrays. */
KJIT_EXPORT int kjit_function_parameter_written(const kjit_function* function, size_t index);

/* Arguments are converted where the function's type holds the value exactly: integers to wider ones and to floats, arrays without
 * gaps to strided ones. */
KJIT_EXPORT kjit_outcome kjit_function_call(const kjit_function* function, const kjit_value* args, size_t count,
                                            const kjit_call_options* options, kjit_result** result, kjit_failure** failure);

/* ---- results ---- */

/* The value, which the result owns: also its text, shapes and the elements of its arrays, which the host may change. */
KJIT_EXPORT const kjit_value* kjit_result_value(const kjit_result* result);
/* What the host may want to tell its user: why the interpreter ran, what could not be optimised. "" if nothing. */
KJIT_EXPORT const char* kjit_result_note(const kjit_result* result);
/* Milliseconds; compiling is 0 if the kernel had been compiled before. */
KJIT_EXPORT double kjit_result_compile_ms(const kjit_result* result);
KJIT_EXPORT double kjit_result_run_ms(const kjit_result* result);
KJIT_EXPORT void kjit_result_free(kjit_result* result);

#ifdef __cplusplus
}
#endif
