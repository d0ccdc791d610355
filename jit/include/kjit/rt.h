#ifndef KJIT_RT_H
#define KJIT_RT_H
/* What the headers of libraries that `kjit build` made have in common, for C and C++. Such a library needs the runtime
 * (libkjit_rt.a), no compiler and no LLVM.
 *
 * Thread rules: every function may be called from any number of threads at once. Status: 0 is success; otherwise the kernel
 * failed, and <library>_error(), <library>_message() and <library>_traceback() say how, for the last call of the same thread.
 */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How one call runs; a null pointer, or all bytes 0, is the default. The pointers must be valid during the call. */
typedef struct kjit_rt_options {
  uint64_t seed;    /* of the random streams; default 0 */
  int64_t stream;   /* 1 + the random stream; 0: the next one of the library, beginning with 0 */
  int32_t threads;  /* for parallel loops; 0: what the machine and OMP_NUM_THREADS allow */
  int32_t reserved; /* 0 */
  /* Not null: polled while the kernel runs. 1 ends the call with KeyboardInterrupt, 2 with Cancelled, 3 with TimeoutError. Set by
   * another thread or a signal handler. */
  const volatile int32_t* stop;
  /* Receives what the kernel prints, on the calling thread; null: it is discarded. */
  void (*write)(void* user, const char* data, int64_t size);
  void* user;
} kjit_rt_options;

/* Text that a kernel returned: UTF-8, `size` bytes, not ended by a 0. Free it with <library>_release(text.owner). */
typedef struct kjit_rt_text {
  const char* data;
  int64_t size;
  void* owner;
} kjit_rt_text;

#ifdef __cplusplus
} /* extern "C" */

#include <complex>
#include <cstdio>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>

#include "kjit/array.h"

namespace kjit::rt {

using Options = kjit_rt_options;

/* How a kernel failed. what() is "IndexError: ...". */
class Error : public std::runtime_error {
 public:
  Error(std::string kind, const std::string& message, std::string traceback)
      : std::runtime_error(message.empty() ? kind : kind + ": " + message),
        kind_(std::move(kind)),
        traceback_(std::move(traceback)) {}
  /* Python's exception name. */
  const std::string& kind() const noexcept { return kind_; }
  /* As Python prints it, with the last line that what() is. */
  const std::string& traceback() const noexcept { return traceback_; }

 private:
  std::string kind_, traceback_;
};

/* For kjit_rt_options::write: prints on the standard output. */
inline void stdout_writer(void*, const char* data, int64_t size) { std::fwrite(data, 1, static_cast<std::size_t>(size), stdout); }

/* The elements of an array in C order, which a parameter without strides wants. Throws Error if there are gaps. */
template <typename T, int Rank>
T* dense(const ArrayView<T, Rank>& view, const char* name) {
  const ArrayView<T, Rank> wanted(view.data(), view.shape());
  bool empty = false;
  for (const int64_t extent : view.shape()) empty = empty || extent == 0;
  for (std::size_t axis = 0; axis < Rank && !empty; ++axis) {
    if (view.shape()[axis] != 1 && view.strides()[axis] != wanted.strides()[axis])
      throw Error("TypeError", std::string(name) + " must be row-major without gaps", "");
  }
  return view.data();
}

/* The generated code's: a returned descriptor {data, owner, shape, strides} as an Array that frees it with `release`. */
template <int Rank, typename T, typename Descriptor>
Array<T, Rank> take(const Descriptor& array, void (*release)(void*)) {
  typename Array<T, Rank>::Extents shape;
  for (std::size_t axis = 0; axis < Rank; ++axis) shape[axis] = array.shape[axis];
  void* owner = array.owner;
  return {std::shared_ptr<T>(reinterpret_cast<T*>(array.data), [owner, release](T*) { release(owner); }), shape};
}

inline std::string take(const kjit_rt_text& text, void (*release)(void*)) {
  const std::unique_ptr<void, void (*)(void*)> owner(text.owner, release);
  return {text.data, static_cast<std::size_t>(text.size)};
}

}  // namespace kjit::rt
#endif /* __cplusplus */

#endif /* KJIT_RT_H */
