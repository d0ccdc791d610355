#pragma once
// The functions that compiled kernels, the reference interpreter and the host call. Sections follow the files of this folder.
//
// Conventions (see also abi.h)
//  * `site` comes before the payload; `out` is last. On KJIT_FAILED nothing was written to `out`.
//  * Arrays come by pointer together with their element type (kjit_dtype) and rank. Only data, owner and the first 2 * rank
//  entries of
//    `dims` exist behind such a pointer: the struct in a kernel's frame is no longer than that.
//  * A flag or a truth value is an int32 (0 or 1). Complex numbers and strings come by pointer.
//  * symbols.def lists the functions that compiled code may call; those marked [host] are for the host alone.

#include "runtime/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- memory.cpp --------------------------------------------------------------------------------------------------------

// A buffer with one reference and at least `bytes` bytes at a 64-byte boundary. Zeroed memory of large size is zeroed lazily, by
// the kernel of the operating system. ArrayTooLarge when it cannot be had.
kjit_status kjit_buffer_new(kjit_context* ctx, uint32_t site, int64_t bytes, int32_t zeroed, kjit_buffer** out);
void kjit_retain(kjit_buffer* buffer);                              // null: nothing
void kjit_release(kjit_buffer* buffer);                             // null: nothing
void kjit_release_all(kjit_buffer* const* buffers, int64_t count);  // each as above
int64_t kjit_live_buffers(void);  // [host] buffers not yet destroyed, in the whole process; for leak tests

// ---- trap.cpp ----------------------------------------------------------------------------------------------------------

// These record the error of the call unless it has one already (the first one stands) and return KJIT_FAILED.
kjit_status kjit_trap(kjit_context* ctx, int32_t code, uint32_t site, int64_t v0, int64_t v1, int64_t v2);
kjit_status kjit_raise(kjit_context* ctx, int32_t kind, uint32_t site, const kjit_str* message);  // copies the text; null: none
kjit_status kjit_exit(kjit_context* ctx, uint32_t site, int64_t code);                            // sys.exit
kjit_status kjit_exit_text(kjit_context* ctx, uint32_t site, const kjit_str* text);               // sys.exit("text"): code 1
// Adds the call site that the error is passing through.
kjit_status kjit_traceback(kjit_context* ctx, uint32_t site);
// Notes the iteration of the prange loop at `site` that the error left, by the values of its `depth` variables, unless an inner
// loop has noted its own.
kjit_status kjit_iteration_failed(kjit_context* ctx, uint32_t site, int32_t depth, const int64_t* variables);
// To be called when *ctx->interrupt or *ctx->cancel is nonzero. 1: Interrupted, 2: CallCancelled, 3: DeadlinePassed; KJIT_OK when
// both are 0.
enum kjit_interrupt { KJIT_RUNNING = 0, KJIT_INTERRUPT = 1, KJIT_CANCEL = 2, KJIT_DEADLINE = 3 };
kjit_status kjit_poll(kjit_context* ctx, uint32_t site);

const char* kjit_error_name(int32_t kind);    // [host] "IndexError"; "" for KJIT_NO_ERROR
int32_t kjit_trap_kind(int32_t code);         // [host] kjit_error_kind of a trap
const char* kjit_trap_message(int32_t code);  // [host] the message as in traps.def
// [host] The text of an error, as Python would print it after "IndexError: ". `expr` replaces {expr}. Like snprintf: writes at
// most `capacity` bytes with the terminating 0, returns the length of the whole text.
int64_t kjit_format_error(const kjit_error* error, const char* expr, int64_t expr_size, char* out, int64_t capacity);
// [host] The same for a message in the notation of traps.def.
int64_t kjit_format_trap(int32_t code, const int64_t* values, const char* expr, int64_t expr_size, char* out, int64_t capacity);

// ---- context.cpp -------------------------------------------------------------------------------------------------------

// [host] A context for a call on this thread: no error, stream 0 of seed 0, budget `threads` (0: the machine's). `interrupt` may
// be null.
void kjit_context_init(kjit_context* ctx, const kjit_host* host, const volatile int32_t* interrupt, int32_t threads);
void kjit_context_destroy(kjit_context* ctx);  // [host]
void kjit_error_clear(kjit_context* ctx);      // [host] also before a context is used again after an error
uintptr_t kjit_current_stack_limit(void);      // [host] of this thread, with room left for the runtime itself

// Calls a function of the host, which has the host's lock meanwhile unless it is thread_safe.
kjit_status kjit_call_host(kjit_context* ctx, uint32_t site, const kjit_host_function* function, void* const* args, void* result);

int64_t kjit_argc(kjit_context* ctx);                                                   // len(sys.argv)
kjit_status kjit_argv(kjit_context* ctx, uint32_t site, int64_t index, kjit_str* out);  // sys.argv[index], negative from the end
double kjit_time(void);
double kjit_perf_counter(void);
double kjit_process_time(void);
int64_t kjit_time_ns(void);
int64_t kjit_perf_counter_ns(void);
// time.sleep. ValueError for a negative length or NaN; a call that is stopped meanwhile fails within 10 ms, as kjit_poll says.
kjit_status kjit_sleep(kjit_context* ctx, uint32_t site, double seconds);

// ---- arrays.cpp --------------------------------------------------------------------------------------------------------

enum kjit_fill { KJIT_EMPTY, KJIT_ZEROS, KJIT_ONES };

int64_t kjit_dtype_size(int32_t dtype);  // bytes of an element

// New C-contiguous arrays. Traps: NegativeDimension, ArrayTooLarge.
kjit_status kjit_array_new(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const int64_t* shape, int32_t fill,
                           kjit_array* out);
kjit_status kjit_array_full(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const int64_t* shape,
                            const void* value, kjit_array* out);
// np.arange for integers gives int64 and traps a step of 0; for floats float64 with NumPy's length and bits (ArangeLength when
// the length is not a number, ArrayTooLarge when infinite). Other element types: kjit_array_astype.
kjit_status kjit_arange_i64(kjit_context* ctx, uint32_t site, int64_t start, int64_t stop, int64_t step, kjit_array* out);
kjit_status kjit_arange_f64(kjit_context* ctx, uint32_t site, double start, double stop, double step, kjit_array* out);
kjit_status kjit_linspace(kjit_context* ctx, uint32_t site, double start, double stop, int64_t count, int32_t endpoint,
                          kjit_array* out);
kjit_status kjit_eye(kjit_context* ctx, uint32_t site, int32_t dtype, int64_t rows, int64_t columns, int64_t diagonal,
                     kjit_array* out);
// A C-contiguous copy; the second one converts as ndarray.astype does (floats towards zero; what does not fit an integer becomes
// what x86 makes of it, the least value of int32 or int64, wrapped to the type).
kjit_status kjit_array_copy(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                            kjit_array* out);
kjit_status kjit_array_astype(kjit_context* ctx, uint32_t site, int32_t from, int32_t to, int32_t rank, const kjit_array* array,
                              kjit_array* out);

kjit_status kjit_array_fill(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                            const void* value);  // array[...] = value
// dst[...] = src of the same element type, src broadcast to the shape of dst (ValueError). The two may overlap.
kjit_status kjit_array_assign(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t dst_rank, const kjit_array* dst,
                              int32_t src_rank, const kjit_array* src);
int32_t kjit_array_is_contiguous(int32_t dtype, int32_t rank, const kjit_array* array);  // in C order

// What lower:upper:step selects of `length` elements. `flags` says which parts are present. Trap: SliceStepZero.
enum { KJIT_HAS_LOWER = 1, KJIT_HAS_UPPER = 2, KJIT_HAS_STEP = 4 };
typedef struct kjit_slice {
  int64_t start, step, count;  // elements start, start + step, ...; start is in range even when count is 0 and length > 0
} kjit_slice;
kjit_status kjit_slice_resolve(kjit_context* ctx, uint32_t site, int32_t flags, int64_t lower, int64_t upper, int64_t step,
                               int64_t length, kjit_slice* out);

// ---- array_loop/ ----------------------------------------------------------------------------------------------------
// Loops over the elements of arrays that are broadcast against each other, as NumPy does: axes are aligned at the last one, an
// axis of size 1 is repeated. The kernel gets dense pieces; operands with gaps are packed for it. With KJIT_LOOP_PARALLEL large
// loops run on the threads of the call (no result depends on the cutting: elements are independent).

// The common shape (`rank` sizes; rank is the largest of the operands'). ValueError with NumPy's text when there is none: it has
// the shapes that do not fit in the order of `shapes`: the number of steps, then the steps; k: the shape of operand k, -n: one
// shape in place of the last n. Null: those of all operands.
kjit_status kjit_broadcast_extents(kjit_context* ctx, uint32_t site, const kjit_operand* operands, int32_t count,
                                   const int32_t* shapes, int32_t rank, int64_t* extents);
// A new array of the element type: in C order, unless a flag says otherwise (memory_order.h).
kjit_status kjit_array_map(kjit_context* ctx, uint32_t site, kjit_element_kernel kernel, const void* scalars,
                           const kjit_operand* operands, int32_t count, const int32_t* shapes, int32_t rank, int32_t dtype,
                           int32_t flags, kjit_array* out);
// target[...] = the loop's result, of the target's element type, broadcast to its shape. As if the right side were computed
// first.
kjit_status kjit_array_map_into(kjit_context* ctx, uint32_t site, kjit_element_kernel kernel, const void* scalars,
                                const kjit_operand* operands, int32_t count, const int32_t* shapes, int32_t rank, int32_t dtype,
                                int32_t flags, int32_t target_rank, const kjit_array* target);
// The sum of the elements (F32 or F64), with the bits of a sum over the array that kjit_array_map would make.
kjit_status kjit_array_map_sum(kjit_context* ctx, uint32_t site, kjit_element_kernel kernel, const void* scalars,
                               const kjit_operand* operands, int32_t count, const int32_t* shapes, int32_t rank, int32_t dtype,
                               int32_t flags, void* out);

// ---- array_functions.cpp -----------------------------------------------------------------------------------------------
// One of array_functions.def. The result has `rank` axes (-1: a scalar, in its memory form) of the element type `dtype`; -1:
// none.
kjit_status kjit_array_call(kjit_context* ctx, uint32_t site, int32_t function, const kjit_operand* args, int32_t count,
                            int32_t dtype, int32_t rank, void* out);

// ---- scratch.cpp -------------------------------------------------------------------------------------------------------

// As kjit_array_new with KJIT_ZEROS, in memory that an array of the same site and context had before, if nobody holds that any
// more. The context keeps the memory until it is destroyed.
kjit_status kjit_scratch_new(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const int64_t* shape,
                             kjit_array* out);

// ---- reductions.cpp ----------------------------------------------------------------------------------------------------
// Over all elements of a view of any rank. Types of the results, as stored at `out`:
//   sum, prod         int64 for bool and signed, uint64 for unsigned, else the element type
//   min, max          the element type          argmin, argmax   int64: position in C order
//   any, all          bool (one byte)           mean, var, std   float64 for bool, integers and float64; float32, complex as they
//   are
//                                               (var and std of complex arrays are real: float32, float64)
// Floating sums give NumPy's bits: elements in the order of memory (axes by decreasing size of the stride), in pieces of 8192,
// each summed pairwise (8 accumulators, blocks of 128, halves above), the pieces added from first to last.
kjit_status kjit_array_sum(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out);
kjit_status kjit_array_sum_sequential(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                                      void* out);  // the builtin sum(): from first to last, from 0
kjit_status kjit_array_prod(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out);
// NumPy's: a NaN wins. The python_ forms are the builtins: the first element that no later one beats under <. Trap:
// EmptyReduction.
kjit_status kjit_array_min(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out);
kjit_status kjit_array_max(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out);
kjit_status kjit_array_python_min(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                                  void* out);
kjit_status kjit_array_python_max(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                                  void* out);
kjit_status kjit_array_argmin(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                              int64_t* out);
kjit_status kjit_array_argmax(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                              int64_t* out);
// The next two leave off when the call is to stop: poll afterwards. So do those of text below that take a context and give a
// number.
int32_t kjit_array_any(kjit_context* ctx, int32_t dtype, int32_t rank, const kjit_array* array);
int32_t kjit_array_all(kjit_context* ctx, int32_t dtype, int32_t rank, const kjit_array* array);
kjit_status kjit_array_mean(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out);
kjit_status kjit_array_var(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, int64_t ddof,
                           void* out);
kjit_status kjit_array_std(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, int64_t ddof,
                           void* out);
// The inner product of two vectors of one element type, which is the type of the result too. Products are added pairwise, as in
// sum (NumPy's bits depend on its BLAS). Trap: ShapeMismatch.
kjit_status kjit_array_dot(kjit_context* ctx, uint32_t site, int32_t dtype, const kjit_array* a, const kjit_array* b, void* out);

// ---- text: text.cpp, text_numbers.cpp, text_array.cpp, format_spec.cpp, strings.cpp ------------------------------------
// Text is made by putting pieces behind one another. `kjit_mark` says where the next piece will begin; what was put since a mark
// becomes the output of print (kjit_print_flush) or a string (kjit_take_string). Marks nest: a function called between two pieces
// may print.

int64_t kjit_mark(kjit_context* ctx);
// Writes the text since `mark` (the caller has put the final newline) and removes it. Inside prange it is kept, and written in
// block order. Fails if a piece could not be stored (OutOfMemory).
kjit_status kjit_print_flush(kjit_context* ctx, uint32_t site, int64_t mark);
kjit_status kjit_take_string(kjit_context* ctx, uint32_t site, int64_t mark, kjit_str* out);

// str(value), which for numbers is repr(value).
void kjit_put_text(kjit_context* ctx, const char* text, int64_t size);
void kjit_put_str(kjit_context* ctx, const kjit_str* value);
void kjit_put_i64(kjit_context* ctx, int64_t value);
void kjit_put_u64(kjit_context* ctx, uint64_t value);
void kjit_put_bool(kjit_context* ctx, int32_t value);
void kjit_put_f64(kjit_context* ctx, double value);
void kjit_put_f32(kjit_context* ctx, float value);  // as NumPy prints a float32
void kjit_put_complex(kjit_context* ctx, const kjit_complex* value);
void kjit_put_complex64(kjit_context* ctx, float re, float im);
void kjit_put_repr_complex64(kjit_context* ctx, float re, float im);  // np.complex64(1+2j)
void kjit_put_none(kjit_context* ctx);
void kjit_put_repr_str(kjit_context* ctx, const kjit_str* value);   // repr(value)
void kjit_put_ascii_str(kjit_context* ctx, const kjit_str* value);  // ascii(value)
// str(array), or repr(array), with NumPy's default print options.
void kjit_put_array(kjit_context* ctx, int32_t dtype, int32_t rank, const kjit_array* array, int32_t repr);

// format(value, spec) with a specification in Python's mini-language. ValueError with CPython's text for one that does not fit.
kjit_status kjit_format_i64(kjit_context* ctx, uint32_t site, int64_t value, const char* spec, int64_t size);
kjit_status kjit_format_u64(kjit_context* ctx, uint32_t site, uint64_t value, const char* spec, int64_t size);
kjit_status kjit_format_bool(kjit_context* ctx, uint32_t site, int32_t value, const char* spec, int64_t size);
kjit_status kjit_format_f64(kjit_context* ctx, uint32_t site, double value, const char* spec, int64_t size);
kjit_status kjit_format_complex(kjit_context* ctx, uint32_t site, const kjit_complex* value, const char* spec, int64_t size);
kjit_status kjit_format_str(kjit_context* ctx, uint32_t site, const kjit_str* value, const char* spec, int64_t size);
// [host] Whether `spec` is valid for a value of a type: 'i' int, 'b' bool, 'f' float, 'c' complex, 's' str. 1 if so; else 0, and
// CPython's message is in `message` (0-terminated).
int32_t kjit_check_format_spec(const char* spec, int64_t size, int32_t type, char* message, int64_t capacity);

// Strings. Positions and lengths count code points; owned results share memory where they can.
kjit_status kjit_str_new(kjit_context* ctx, uint32_t site, const char* text, int64_t size, kjit_str* out);
kjit_status kjit_str_concat(kjit_context* ctx, uint32_t site, const kjit_str* a, const kjit_str* b, kjit_str* out);
kjit_status kjit_str_repeat(kjit_context* ctx, uint32_t site, const kjit_str* text, int64_t count, kjit_str* out);
kjit_status kjit_str_index(kjit_context* ctx, uint32_t site, const kjit_str* text, int64_t index, kjit_str* out);
kjit_status kjit_str_slice(kjit_context* ctx, uint32_t site, const kjit_str* text, int32_t flags, int64_t lower, int64_t upper,
                           int64_t step, kjit_str* out);
int64_t kjit_str_length(const kjit_str* text);
int32_t kjit_str_compare(const kjit_str* a, const kjit_str* b);  // -1, 0, 1
// text_search.cpp. Searches look at text[start:end], whose bounds are as in a slice; -1: not there, and index_of raises
// ValueError.
int32_t kjit_str_contains(kjit_context* ctx, const kjit_str* text, const kjit_str* part);
int32_t kjit_str_startswith(const kjit_str* text, const kjit_str* prefix);
int32_t kjit_str_endswith(const kjit_str* text, const kjit_str* suffix);
int64_t kjit_str_find(kjit_context* ctx, const kjit_str* text, const kjit_str* part, int64_t start, int64_t end);
int64_t kjit_str_rfind(kjit_context* ctx, const kjit_str* text, const kjit_str* part, int64_t start, int64_t end);
kjit_status kjit_str_index_of(kjit_context* ctx, uint32_t site, const kjit_str* text, const kjit_str* part, int64_t start,
                              int64_t end, int64_t* out);
kjit_status kjit_str_rindex_of(kjit_context* ctx, uint32_t site, const kjit_str* text, const kjit_str* part, int64_t start,
                               int64_t end, int64_t* out);
int64_t kjit_str_count(kjit_context* ctx, const kjit_str* text, const kjit_str* part, int64_t start, int64_t end);
// The first `most` places of the part (all, if that is negative), which do not overlap, replaced by the other text.
kjit_status kjit_str_replace(kjit_context* ctx, uint32_t site, const kjit_str* text, const kjit_str* part, const kjit_str* other,
                             int64_t most, kjit_str* out);
// text_methods.cpp: Python's methods on Unicode 14.0.
kjit_status kjit_str_upper(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out);
kjit_status kjit_str_lower(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out);
kjit_status kjit_str_strip(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out);
kjit_status kjit_str_casefold(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out);
kjit_status kjit_str_capitalize(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out);
kjit_status kjit_str_title(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out);
kjit_status kjit_str_swapcase(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out);
kjit_status kjit_str_lstrip(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out);
kjit_status kjit_str_rstrip(kjit_context* ctx, uint32_t site, const kjit_str* text, kjit_str* out);
enum { KJIT_TEXT_LEFT = 1, KJIT_TEXT_RIGHT = 2 };  // sides of a text, joined by |
// Without the characters of the second text at these sides; up to a width with a character at these sides.
kjit_status kjit_str_strip_of(kjit_context* ctx, uint32_t site, const kjit_str* text, const kjit_str* characters, int32_t sides,
                              kjit_str* out);
kjit_status kjit_str_pad(kjit_context* ctx, uint32_t site, const kjit_str* text, int64_t width, const kjit_str* fill,
                         int32_t sides, kjit_str* out);
kjit_status kjit_str_zfill(kjit_context* ctx, uint32_t site, const kjit_str* text, int64_t width, kjit_str* out);
kjit_status kjit_str_removeprefix(kjit_context* ctx, uint32_t site, const kjit_str* text, const kjit_str* prefix, kjit_str* out);
kjit_status kjit_str_removesuffix(kjit_context* ctx, uint32_t site, const kjit_str* text, const kjit_str* suffix, kjit_str* out);
int32_t kjit_str_isalpha(kjit_context* ctx, const kjit_str* text);
int32_t kjit_str_isalnum(kjit_context* ctx, const kjit_str* text);
int32_t kjit_str_isdecimal(kjit_context* ctx, const kjit_str* text);
int32_t kjit_str_isdigit(kjit_context* ctx, const kjit_str* text);
int32_t kjit_str_isnumeric(kjit_context* ctx, const kjit_str* text);
int32_t kjit_str_isspace(kjit_context* ctx, const kjit_str* text);
int32_t kjit_str_isprintable(kjit_context* ctx, const kjit_str* text);
int32_t kjit_str_isupper(kjit_context* ctx, const kjit_str* text);
int32_t kjit_str_islower(kjit_context* ctx, const kjit_str* text);
int32_t kjit_str_istitle(kjit_context* ctx, const kjit_str* text);
kjit_status kjit_str_ord(kjit_context* ctx, uint32_t site, const kjit_str* text, int64_t* out);
kjit_status kjit_str_chr(kjit_context* ctx, uint32_t site, int64_t code, kjit_str* out);
// int(text, base) and float(text). ValueError with CPython's text, OverflowError for what does not fit.
kjit_status kjit_int_of_str(kjit_context* ctx, uint32_t site, const kjit_str* text, int32_t base, int64_t* out);
kjit_status kjit_float_of_str(kjit_context* ctx, uint32_t site, const kjit_str* text, double* out);

// ---- integers.cpp ------------------------------------------------------------------------------------------------------

// Of range(start, stop, step), step not 0: its length, but no more than 2**63 - 1; its last number, if it has one; the number at
// a position, modulo 2**64.
int64_t kjit_range_length(int64_t start, int64_t stop, int64_t step);
int64_t kjit_range_last(int64_t start, int64_t stop, int64_t step);
int64_t kjit_range_item(int64_t start, int64_t position, int64_t step);
// Quiet functions have a precondition instead of an error; the compiler traps before it calls them.

double kjit_i64_truediv(int64_t a, int64_t b);  // a / b correctly rounded; b != 0
double kjit_u64_truediv(uint64_t a, uint64_t b);
int64_t kjit_i64_pow(int64_t base, int64_t exponent);  // wraps; exponent >= 0
uint64_t kjit_u64_pow(uint64_t base, uint64_t exponent);
// Traps NegativeIntegerExponent, and IntegerOverflow instead of wrapping.
kjit_status kjit_i64_pow_exact(kjit_context* ctx, uint32_t site, int64_t base, int64_t exponent, int64_t* out);
kjit_status kjit_u64_pow_exact(kjit_context* ctx, uint32_t site, uint64_t base, uint64_t exponent, uint64_t* out);
// pow(base, exponent, modulus) with Python's sign; a negative exponent means the inverse. PowModZero, NotInvertible.
kjit_status kjit_i64_powmod(kjit_context* ctx, uint32_t site, int64_t base, int64_t exponent, int64_t modulus, int64_t* out);
int64_t kjit_gcd(int64_t a, int64_t b);                                                       // >= 0, but 2**63 wraps
int64_t kjit_lcm(int64_t a, int64_t b);                                                       // wraps
kjit_status kjit_isqrt(kjit_context* ctx, uint32_t site, int64_t n, int64_t* out);            // IntMathDomain
kjit_status kjit_factorial(kjit_context* ctx, uint32_t site, int64_t n, int64_t* out);        // IntMathDomain, FactorialOverflow
kjit_status kjit_comb(kjit_context* ctx, uint32_t site, int64_t n, int64_t k, int64_t* out);  // IntMathDomain, IntegerOverflow
kjit_status kjit_perm(kjit_context* ctx, uint32_t site, int64_t n, int64_t k, int64_t* out);  // IntMathDomain, IntegerOverflow
int64_t kjit_bit_length(int64_t n);                                                           // of |n|, as int.bit_length
int64_t kjit_bit_count(int64_t n);                                                            // of |n|, as int.bit_count
kjit_status kjit_i64_round(kjit_context* ctx, uint32_t site, int64_t value, int64_t digits, int64_t* out);  // round(int, digits)

// Exact comparisons: -1, 0, 1, or 2 for unordered.
int32_t kjit_compare_i64_f64(int64_t a, double b);
int32_t kjit_compare_u64_f64(uint64_t a, double b);
int32_t kjit_compare_i64_u64(int64_t a, uint64_t b);

// ---- floats.cpp --------------------------------------------------------------------------------------------------------

double kjit_f64_floordiv(double a, double b);  // CPython's bits; b != 0
double kjit_f64_mod(double a, double b);
float kjit_f32_floordiv(float a, float b);
float kjit_f32_mod(float a, float b);
// a ** b. ZeroToNegativePower, NegativeBasePower, PowerOverflow; everything else is libm's pow.
kjit_status kjit_f64_pow(kjit_context* ctx, uint32_t site, double a, double b, double* out);
kjit_status kjit_round(kjit_context* ctx, uint32_t site, double value, int64_t* out);  // round(x): half to even, then as to_int
kjit_status kjit_round_digits(kjit_context* ctx, uint32_t site, double value, int64_t digits, double* out);  // round(x, digits)
double kjit_np_round(double value, int64_t digits);  // np.round: scaled, which rounds twice
// int(value) for an integer type: towards zero. `out` receives the value as int64 (for uint64: its bits). FloatNanToInt,
// FloatInfToInt, FloatTooLargeForInt. math.floor, ceil and trunc of a float are this of floor(x), ceil(x), x.
kjit_status kjit_f64_to_int(kjit_context* ctx, uint32_t site, double value, int32_t dtype, int64_t* out);

// ---- math.cpp, gamma.cpp, fsum.cpp -------------------------------------------------------------------------------------

#define KJIT_MATH1(name, rule)       \
  double kjit_math_##name(double x); \
  kjit_status kjit_checked_##name(kjit_context* ctx, uint32_t site, double x, double* out);
#define KJIT_MATH2(name, rule)                 \
  double kjit_math_##name(double x, double y); \
  kjit_status kjit_checked_##name(kjit_context* ctx, uint32_t site, double x, double y, double* out);
#include "runtime/math.def"

double kjit_math_floor(double x);
double kjit_math_ceil(double x);
double kjit_math_trunc(double x);
double kjit_math_rint(double x);                                                                          // half to even
kjit_status kjit_checked_log_base(kjit_context* ctx, uint32_t site, double x, double base, double* out);  // math.log(x, base)
kjit_status kjit_checked_ldexp(kjit_context* ctx, uint32_t site, double x, int64_t exponent, double* out);
double kjit_math_ldexp(double x, int64_t exponent);
double kjit_math_frexp(double x, int64_t* exponent);
double kjit_math_modf(double x, double* integer);
int32_t kjit_math_isclose(double a, double b, double rel_tol, double abs_tol);  // tolerances >= 0
double kjit_math_hypot_n(const double* values, int64_t count);  // math.hypot(*values); math.dist of the differences
kjit_status kjit_math_fsum(kjit_context* ctx, uint32_t site, const kjit_array* values,
                           double* out);  // of a float64 vector, exact

// ---- complex.cpp, cmath.cpp --------------------------------------------------------------------------------------------

void kjit_complex_mul(const kjit_complex* a, const kjit_complex* b, kjit_complex* out);  // no error; `out` may be an argument
kjit_status kjit_complex_div(kjit_context* ctx, uint32_t site, const kjit_complex* a, const kjit_complex* b, kjit_complex* out);
kjit_status kjit_complex_pow(kjit_context* ctx, uint32_t site, const kjit_complex* a, const kjit_complex* b, kjit_complex* out);
kjit_status kjit_complex_abs(kjit_context* ctx, uint32_t site, const kjit_complex* a, double* out);

#define KJIT_CMATH(name) \
  kjit_status kjit_cmath_##name(kjit_context* ctx, uint32_t site, const kjit_complex* z, kjit_complex* out);
#include "runtime/cmath.def"
#undef KJIT_CMATH
kjit_status kjit_cmath_log_base(kjit_context* ctx, uint32_t site, const kjit_complex* z, const kjit_complex* base,
                                kjit_complex* out);
double kjit_cmath_phase(const kjit_complex* z);
kjit_status kjit_cmath_polar(kjit_context* ctx, uint32_t site, const kjit_complex* z, double* modulus, double* phase);
kjit_status kjit_cmath_rect(kjit_context* ctx, uint32_t site, double modulus, double phase, kjit_complex* out);

// ---- random.cpp, twister.cpp -------------------------------------------------------------------------------------------
// A context begins with its generator, so that a context pointer serves as `rng`. The Philox streams are described in abi.h. With
// a twister the same functions give CPython's numbers.

void kjit_rng_init(kjit_rng* rng, uint64_t seed, uint64_t stream);  // [host] stream s of a seed; no twister
int32_t kjit_rng_use_twister(kjit_rng* rng, int64_t seed);          // [host] --rng=cpython; 0: no memory
void kjit_rng_destroy(kjit_rng* rng);                               // [host] frees the twister
void kjit_rng_seed(kjit_rng* rng, int64_t seed);                    // random.seed(seed): back to draw 0 of stream 0

// Where the iterations of a prange loop draw from. Entering counts the loop, whether it draws or not: compiled code and
// interpreter call it once before each prange loop. kjit_rng_iteration puts `rng` (a copy that belongs to the thread, or one that
// the caller restores after the loop) at draw 0 of iteration `index`, counted 0, 1, ... whatever start and step of the range are.
typedef struct kjit_rng_region {
  uint64_t key;
  uint64_t lane;  // of iteration 0
} kjit_rng_region;
void kjit_rng_enter_region(kjit_rng* rng, kjit_rng_region* out);
void kjit_rng_iteration(kjit_rng* rng, const kjit_rng_region* region, int64_t index);

uint64_t kjit_rng_u64(kjit_rng* rng);                                   // Philox: the next draw; twister: getrandbits(64)
uint64_t kjit_rng_below(kjit_rng* rng, uint64_t n);                     // 0 <= result < n; n > 0. High half of u64 * n, one draw
double kjit_rng_random(kjit_rng* rng);                                  // [0, 1)
double kjit_rng_uniform(kjit_rng* rng, double a, double b);             // a + (b - a) * random()
double kjit_rng_gauss(kjit_rng* rng, double mu, double sigma);          // two draws
double kjit_rng_normalvariate(kjit_rng* rng, double mu, double sigma);  // Philox: as gauss; twister: CPython's other method
kjit_status kjit_rng_expovariate(kjit_context* ctx, uint32_t site, double lambd, double* out);  // FloatDivisionByZero
kjit_status kjit_rng_randint(kjit_context* ctx, uint32_t site, int64_t a, int64_t b,
                             int64_t* out);  // a <= result <= b; EmptyRandomRange
kjit_status kjit_rng_randrange(kjit_context* ctx, uint32_t site, int64_t start, int64_t stop, int64_t step,
                               int64_t* out);  // EmptyRandomRange; a step of 0: RangeStepZero
kjit_status kjit_rng_getrandbits(kjit_context* ctx, uint32_t site, int64_t bits, int64_t* out);  // 0..64, else ValueError

// Draws for `count` consecutive elements, in order; each element as by the function above.
kjit_status kjit_rng_fill_random(kjit_context* ctx, uint32_t site, int64_t count, double* data);
kjit_status kjit_rng_fill_uniform(kjit_context* ctx, uint32_t site, int64_t count, double* data, double a, double b);
kjit_status kjit_rng_fill_gauss(kjit_context* ctx, uint32_t site, int64_t count, double* data, double mu, double sigma);
kjit_status kjit_rng_fill_integers(kjit_context* ctx, uint32_t site, int64_t count, int64_t* data, int64_t low,
                                   int64_t high);  // low <= x < high; EmptyRandomRange
// Fisher-Yates along the first axis, from the end: i = n - 1, ..., 1 changes places with below(i + 1).
// It leaves off when the call is to stop: poll afterwards.
void kjit_rng_shuffle(kjit_context* ctx, int32_t dtype, int32_t rank, const kjit_array* array);

// ---- blocks.cpp --------------------------------------------------------------------------------------------------------
// [host] How a parallel loop is cut. It depends on the trip count alone, so that results do not depend on threads or schedule:
// min(trip_count, 1024) blocks, block b from iteration floor(b * trip_count / blocks) up to the next one's.

int64_t kjit_block_count(int64_t trip_count);
int64_t kjit_block_first(int64_t trip_count, int64_t blocks, int64_t block);  // block == blocks: trip_count
// Fewer blocks for a loop that accumulates into arrays of `elements` elements and `bytes` bytes in all, as each block has copies
// of them: these take 64 MiB at most, and no more elements than the loop has iterations. 1: no copies are needed.
int64_t kjit_reduction_block_count(int64_t trip_count, int64_t elements, int64_t bytes);
// Folds `count` partials (each `stride` bytes from the next) into the first: neighbours at distance 1, then 2, 4, ...; the fixed
// tree.
void kjit_combine_partials(kjit_combine combine, void* closure, void* partials, int64_t stride, int64_t count);

// ---- array_partials.cpp ------------------------------------------------------------------------------------------------
// Arrays that a parallel loop accumulates into: copies of the blocks and how they are combined. `op` is a kjit_accumulation. No
// Bool and no complex products.

int64_t kjit_element_count(int32_t rank, const kjit_array* array);
// Makes `count` elements the identity x of the operator: x op y is y, down to the sign of zero.
void kjit_fill_identity(int32_t dtype, int32_t op, void* data, int64_t count);
void kjit_accumulate(int32_t dtype, int32_t op, void* into, const void* from, int64_t count);  // into[i] = into[i] op from[i]
// The same with an array of any strides; `from` is in C order.
void kjit_accumulate_into_array(int32_t dtype, int32_t op, int32_t rank, const kjit_array* into, const void* from);

// ---- loop_tests.cpp ----------------------------------------------------------------------------------------------------
// What a parallel loop tests before it starts, where the compiler could not prove that iterations never meet.

// Do the byte ranges that the elements span have a byte in common?
int32_t kjit_arrays_overlap(int32_t dtype_a, int32_t rank_a, const kjit_array* a, int32_t dtype_b, int32_t rank_b,
                            const kjit_array* b);
// factor * |last - first| + slack < size, computed exactly.
int32_t kjit_span_is_below(int64_t first, int64_t last, int64_t factor, int64_t slack, int64_t size);

// ---- parallel_for.cpp, threads.cpp -------------------------------------------------------------------------------------

// Runs the loop. Each block runs with a context of its own (a copy of ctx with in_parallel + 1, no error, its own text). On an
// error the blocks before it still run and the error of the lowest block that failed becomes the error of ctx, after its output
// and that of the blocks before it; blocks not yet begun are dropped. The body stops at its first failing iteration and reports
// it by kjit_iteration_failed. ctx->rng is not touched. Inside another parallel loop, or with a budget of one thread, all blocks
// run on the calling thread, with the same results.
kjit_status kjit_parallel_for(kjit_context* ctx, const kjit_loop* loop);

// kjit_host::executor points to one of these: runs task(state, 0) ... task(state, count - 1), each once, on threads of its
// choice, and returns when all have ended. At best one thread each.
typedef struct kjit_executor {
  void* user;
  void (*run)(void* user, int64_t count, void (*task)(void* state, int64_t index), void* state);
} kjit_executor;

// The budget of the call's parallel loops; the same inside of them, where inner loops run on the thread of their iteration.
int64_t kjit_get_num_threads(kjit_context* ctx);
kjit_status kjit_set_num_threads(kjit_context* ctx, uint32_t site, int64_t count);  // trap: TooFewThreads

// [host] How many threads a parallel loop may use, and why. The least of affinity and cgroup quota, unless KJIT_NUM_THREADS or
// else OMP_NUM_THREADS says otherwise. `explanation` (may be null) receives a line of text, 0-terminated.
int32_t kjit_thread_budget(char* explanation, int64_t capacity);

#ifdef __cplusplus
}
#endif
