#pragma once
// Kernels as C++ functions: types are checked once, then each call is one indirect call.
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

using Entry = std::int32_t (*)(Context*, void* const* args, void* result);

struct TypedEntry {
  Entry direct = nullptr;  // null: only call() will do (random numbers, a host's lock, the interpreter)
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
  const Error& error() const { return *error_; }  // only if not ok()
  void value() const {
    if (error_) throw BadResult(*error_);
  }

 private:
  std::optional<Error> error_;
};

template <typename Signature>
class Function;

namespace detail {

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
  Returned<R> operator()(A... args) const {
    if (entry_.direct == nullptr) return call(CallOptions(), std::forward<A>(args)...);
    return with_arguments(
        [this](void* const* pointers, void* result) -> std::optional<Error> {
          const detail::BorrowedContext context;
          if (entry_.direct(context.get(), pointers, result) == 0) return std::nullopt;
          return detail::take_error(*entry_.code, context.get());
        },
        args...);
  }

  Returned<R> call(const CallOptions& options, A... args) const {
    return with_arguments(
        [&](void* const* pointers, void* result) { return detail::call(*entry_.code, options, pointers, result); }, args...);
  }

  // For Module::function.
  explicit Function(detail::TypedEntry entry) : entry_(std::move(entry)) {}
  static std::vector<detail::ParameterText> parameters() {
    return {{detail::BorderOf<A>::type(), detail::BorderOf<A>::kConst}...};
  }

 private:
  template <typename Call>
  static Returned<R> with_arguments(Call call, const std::remove_reference_t<A>&... args) {
    std::tuple<typename detail::BorderOf<A>::Memory...> cells{detail::BorderOf<A>::store(args)...};
    return std::apply(
        [&](auto&... cell) -> Returned<R> {
          void* pointers[sizeof...(A) + 1] = {&cell..., nullptr};
          typename detail::Border<R>::Memory result;
          if (auto error = call(pointers, &result)) [[unlikely]]
            return std::move(*error);
          if constexpr (std::is_void_v<R>) {
            return {};
          } else {
            return detail::Border<R>::take(result);
          }
        },
        cells);
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
