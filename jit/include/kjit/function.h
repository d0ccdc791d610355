#pragma once
// Kernels as C++ functions: types are checked once, then each call is one indirect call with numbers in registers.
//
//   auto f = module->function<double(std::span<const double>, std::int64_t)>("f");
//   if (!f) std::puts(f.error().render().c_str());      // unknown name, errors of the source, another signature
//   kjit::Returned<double> y = (*f)(x, 3);
//   if (!y) std::puts(y.error().render().c_str());      // the kernel failed: message and traceback
//
// Parameters: bool, integers, floats and complex numbers of all widths; std::string_view, std::string, const char*;
// std::span<T>, std::vector<T>& and ArrayView<T, Rank> (strided) for arrays that the kernel may change, with const T, const
// std::vector<T>& or std::vector<T> for those that it must only read; std::tuple of these. Results: numbers, std::string,
// Array<T, Rank>, std::vector<T>, std::tuple of these, void for None. Arrays are passed without a copy.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kjit/border.h"
#include "kjit/engine.h"
#include "kjit/export.h"
#include "kjit/result.h"

namespace kjit::inline KJIT_ABI {

namespace detail {

struct Context;   // of a thread's call
struct Compiled;  // one specialisation, kept alive by those who can call it (driver/compiled.h)

struct TypedEntry {
  void* direct = nullptr;  // for DirectCall; null: only call() will do (random numbers, a host's lock, the interpreter)
  std::shared_ptr<const Compiled> code;
};

struct ParameterText {
  std::string type;
  bool is_const = false;  // the kernel must not write to it
};

KJIT_EXPORT Result<TypedEntry> find_function(const Module& module, std::string_view name,
                                             const std::vector<ParameterText>& parameters, const std::string& result);
// With options. nullopt: the result is in `result`. Exceptions of options.write and options.progress pass through.
KJIT_EXPORT std::optional<Error> call(const Compiled& code, const CallOptions& options, void* const* args, void* result);

// The calling thread's contexts. One is idle unless a kernel is running that has called the host back.
KJIT_EXPORT Context* new_context();
KJIT_EXPORT void free_context(Context* context) noexcept;
KJIT_EXPORT Error take_error(const Compiled& code, Context* context);

inline constinit thread_local Context* idle_context = nullptr;

class BorrowedContext {
 public:
  BorrowedContext() : context_(std::exchange(idle_context, nullptr)) {
    if (context_ == nullptr) [[unlikely]]
      context_ = new_context();
  }
  ~BorrowedContext() {
    if (idle_context != nullptr) [[unlikely]]
      free_context(idle_context);
    idle_context = context_;
  }
  BorrowedContext(const BorrowedContext&) = delete;
  BorrowedContext& operator=(const BorrowedContext&) = delete;

  Context* get() const { return context_; }

 private:
  Context* context_;
};

}  // namespace detail

namespace detail {

template <typename R>
class Convertible : public Result<R> {
 public:
  using Result<R>::Result;
  operator R() && { return std::move(this->value()); }
  operator R() const& { return this->value(); }
};
// In a condition it would say what is not meant.
template <>
class Convertible<bool> : public Result<bool> {
 public:
  using Result<bool>::Result;
};

}  // namespace detail

// What a call gives: the value or an error. It converts to the value, and then throws BadResult if there is none; ask first, or
// use error(), where exceptions are not wanted. In a condition it says whether there is a value: that of a bool must be written
// out, *result.
template <typename R>
class [[nodiscard]] Returned : public detail::Convertible<R> {
 public:
  using detail::Convertible<R>::Convertible;
};
template <>
class [[nodiscard]] Returned<void> {
 public:
  Returned() = default;
  Returned(Error error) : error_(std::move(error)) {}
  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return error_->error(); }  // only if not ok()
  void value() const {
    if (error_) [[unlikely]]
      detail::throw_bad_result(error());
  }

 private:
  std::optional<detail::HeldError> error_;
};

template <typename Signature>
class Function;

namespace detail {

// How a kernel with these types is called: kDirectSymbol of lower/lower.h. Bools, integers and floats are passed and returned as
// themselves, anything else through a pointer to its memory at the border.
template <typename T>
inline constexpr bool kInRegister = std::is_arithmetic_v<T>;
template <typename Memory>
using Passed = std::conditional_t<kInRegister<Memory>, Memory, const Memory*>;
template <typename Memory>
Passed<Memory> pass(const Memory& memory) {
  if constexpr (kInRegister<Memory>) return memory;
  if constexpr (!kInRegister<Memory>) return &memory;
}

template <typename R, typename... A>
struct DirectCall {
  using Out = typename Border<R>::Memory;

  // False: it failed, and the context has the error. `result` is then as it was, or undefined.
  static bool call(void* entry, Context* context, Out& result, const A&... args) {
    std::int32_t status;
    if constexpr (kInRegister<Out>) {
      using Pointer = Out (*)(Context*, std::int32_t*, Passed<A>...);
      result = reinterpret_cast<Pointer>(entry)(context, &status, pass(args)...);
    } else {
      using Pointer = void (*)(Context*, std::int32_t*, Out*, Passed<A>...);
      reinterpret_cast<Pointer>(entry)(context, &status, &result, pass(args)...);
    }
    return status == 0;
  }
};

template <typename Signature>
struct ResultOf;
template <typename R, typename... A>
struct ResultOf<R(A...)> {
  using Type = R;
};

}  // namespace detail

// Thread rule: may be called from any number of threads at once. Keeps the code alive, also when module and engine are gone.
template <typename R, typename... A>
class Function<R(A...)> {
 public:
  [[gnu::always_inline]] Returned<R> operator()(A... args) const {
    if (entry_.direct == nullptr) [[unlikely]]
      return call_prepared(args...);
    const std::tuple<Memory<A>...> memory{detail::BorderOf<A>::store(args)...};
    Out result;
    const detail::BorrowedContext context;
    const auto call = [&](const Memory<A>&... each) {
      return detail::DirectCall<R, Memory<A>...>::call(entry_.direct, context.get(), result, each...);
    };
    if (!std::apply(call, memory)) [[unlikely]]
      return failed(context.get());
    return taken(result);
  }

  Returned<R> call(const CallOptions& options, A... args) const {
    std::tuple<Memory<A>...> memory{detail::BorderOf<A>::store(args)...};
    Out result;
    const auto call = [&](Memory<A>&... each) {
      void* pointers[sizeof...(A) + 1] = {&each..., nullptr};
      return detail::call(*entry_.code, options, pointers, &result);
    };
    if (std::optional<Error> error = std::apply(call, memory)) return std::move(*error);
    return taken(result);
  }

  // For Module::function.
  explicit Function(detail::TypedEntry entry) : entry_(std::move(entry)) {}
  static std::vector<detail::ParameterText> parameters() {
    return {{detail::BorderOf<A>::type(), detail::BorderOf<A>::kConst}...};
  }

 private:
  using Out = typename detail::Border<R>::Memory;
  template <typename T>
  using Memory = typename detail::BorderOf<T>::Memory;

  // Apart from operator(), which is small enough for its callers without them.
  [[gnu::cold, gnu::noinline]] Returned<R> call_prepared(std::remove_reference_t<A>&... args) const {
    return call(CallOptions(), std::forward<A>(args)...);
  }
  [[gnu::cold, gnu::noinline]] Returned<R> failed(detail::Context* context) const {
    return detail::take_error(*entry_.code, context);
  }

  static Returned<R> taken(Out& result) {
    if constexpr (std::is_void_v<R>) {
      return {};
    } else {
      return detail::Border<R>::take(result);
    }
  }

  detail::TypedEntry entry_;
};

template <typename Signature>
Result<Function<Signature>> Module::function(std::string_view name) const {
  Result<detail::TypedEntry> entry = detail::find_function(*this, name, Function<Signature>::parameters(),
                                                           detail::Border<typename detail::ResultOf<Signature>::Type>::type());
  if (!entry) return entry.error();
  return Function<Signature>(std::move(*entry));
}

}  // namespace kjit::inline KJIT_ABI
