#pragma once
// For the tests of the runtime: a context that collects what a kernel prints, arrays over vectors, and the text of errors.

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/runtime.h"

namespace kjit::runtime_testing {

inline kjit_str text_of(std::string_view text) { return {text.data(), static_cast<int64_t>(text.size()), nullptr}; }

class Context {
 public:
  explicit Context(int threads = 2) {
    host_.user = &output_;
    host_.write = [](void* user, const char* data, int64_t size) {
      static_cast<std::string*>(user)->append(data, static_cast<size_t>(size));
    };
    kjit_context_init(&context_, &host_, &interrupt_, threads);
  }
  ~Context() { kjit_context_destroy(&context_); }
  Context(const Context&) = delete;

  operator kjit_context*() { return &context_; }
  kjit_context* operator->() { return &context_; }
  kjit_rng* rng() { return &context_.rng; }
  kjit_host& host() { return host_; }
  volatile int32_t& interrupt() { return interrupt_; }
  std::string& output() { return output_; }

  // "IndexError: the message" of the recorded error, which is then cleared; "" if there is none.
  std::string take_error(std::string_view expr = "") {
    if (context_.error.kind == KJIT_NO_ERROR) return "";
    char message[1000];
    kjit_format_error(&context_.error, expr.data(), static_cast<int64_t>(expr.size()), message, sizeof message);
    std::string text = std::string(kjit_error_name(context_.error.kind)) + ": " + message;
    kjit_error_clear(&context_);
    return text;
  }

  // What has been put, as a string.
  std::string take_text() {
    kjit_str text;
    if (kjit_take_string(&context_, 0, 0, &text) != KJIT_OK) return "(failed)";
    return take(text);
  }

  static std::string take(kjit_str text) {
    std::string copy(text.data, static_cast<size_t>(text.size));
    kjit_release(text.owner);
    return copy;
  }

 private:
  std::string output_;
  volatile int32_t interrupt_ = 0;
  kjit_host host_ = {};
  kjit_context context_;
};

template <typename T>
constexpr int32_t dtype_of();
#define KJIT_DTYPE_OF(type, code)      \
  template <>                          \
  constexpr int32_t dtype_of<type>() { \
    return code;                       \
  }
KJIT_DTYPE_OF(bool, KJIT_BOOL)
KJIT_DTYPE_OF(int8_t, KJIT_I8)
KJIT_DTYPE_OF(int32_t, KJIT_I32)
KJIT_DTYPE_OF(int64_t, KJIT_I64)
KJIT_DTYPE_OF(uint8_t, KJIT_U8)
KJIT_DTYPE_OF(uint64_t, KJIT_U64)
KJIT_DTYPE_OF(float, KJIT_F32)
KJIT_DTYPE_OF(double, KJIT_F64)
KJIT_DTYPE_OF(kjit_complex, KJIT_C128)
#undef KJIT_DTYPE_OF

// A C-contiguous view of borrowed memory.
inline kjit_array view_of(void* data, int64_t item, const std::vector<int64_t>& shape) {
  kjit_array array = {};
  array.data = data;
  auto rank = shape.size();
  for (size_t axis = rank; axis-- > 0;) {
    array.dims[axis] = shape[axis];
    array.dims[rank + axis] = item;
    item *= shape[axis];
  }
  return array;
}

template <typename T>
kjit_array view_of(std::vector<T>& values) {
  return view_of(values.data(), sizeof(T), {static_cast<int64_t>(values.size())});
}

// The elements of a contiguous vector that the runtime made, which is then released.
template <typename T>
std::vector<T> take_vector(kjit_array& array, int32_t rank = 1) {
  int64_t count = 1;
  for (int32_t axis = 0; axis < rank; axis++) count *= array.dims[axis];
  auto* data = static_cast<T*>(array.data);
  std::vector<T> values(data, data + count);
  kjit_release(array.owner);
  return values;
}

inline uint64_t bits_of(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

// Equal to the last bit; all NaNs are one.
inline bool same(double a, double b) { return (a != a && b != b) || bits_of(a) == bits_of(b); }

}  // namespace kjit::runtime_testing
