#pragma once
// Functions of the host that kernels call.
//
//   engine.register_function("sample", [&table](double x) { return table.at(x); });      // may have state
//   auto module = engine.load_source("def f(x): return 2.0 * sample(x)\n", "f.k");
//
// Parameters: bool, integers, floats, complex numbers; std::string_view; std::span<T> (C-contiguous) and ArrayView<T, Rank>, with
// const T where the function only reads; tuples of numbers. Results: numbers, std::string, tuples of numbers, void. Arrays and
// texts are the kernel's and must not be kept.
//
// What the function throws ends the kernel: std::out_of_range is IndexError, std::invalid_argument and std::domain_error
// ValueError, std::overflow_error OverflowError, std::bad_alloc MemoryError, KernelException what it names, the BadResult of a
// kernel that the function has called what that kernel raised, anything else RuntimeError. No exception passes through the
// kernel's frames.
//
// Thread rules: a function is called on the thread that calls the kernel, in the kernel's order, with the HostLock held; kernels
// cannot call it in parallel loops. With HostFunctionOptions::thread_safe it may be called on any thread, several at once,
// without the lock. It may call kernels, also the one that called it, and register functions. It is visible in files that are
// loaded after its registration, lives as long as the engine, and cannot be replaced.

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "kjit/border.h"
#include "kjit/engine.h"
#include "kjit/export.h"
#include "kjit/function.h"

namespace kjit::inline KJIT_ABI {

// For functions of the host: the error that the kernel ends with. `kind` is one of Python's names that kernels can raise.
class KernelException : public std::runtime_error {
 public:
  KernelException(std::string kind, const std::string& message) : std::runtime_error(message), kind_(std::move(kind)) {}
  const std::string& kind() const noexcept { return kind_; }

 private:
  std::string kind_;
};

namespace detail {

// Reports the exception that is being handled as the error of the kernel's call at this site.
KJIT_EXPORT std::int32_t fail_call(Context* context, std::uint32_t site) noexcept;
// A text of the kernel's own. False: no memory, which is reported.
KJIT_EXPORT bool give_text(std::string_view text, Text& out, Context* context, std::uint32_t site);

// Arguments as the kernel has them in memory -> what the function takes.
template <typename T>
struct Incoming;
template <Scalar T>
struct Incoming<T> {
  static T load(void* memory) { return *static_cast<T*>(memory); }
};
template <>
struct Incoming<std::string_view> {
  static std::string_view load(void* memory) {
    const auto* text = static_cast<const Text*>(memory);
    return {text->data, static_cast<std::size_t>(text->size)};
  }
};
template <>
struct Incoming<std::string> {
  static std::string load(void* memory) { return std::string(Incoming<std::string_view>::load(memory)); }
};
template <typename T>
struct Incoming<std::span<T>> {
  static std::span<T> load(void* memory) {
    const auto* array = static_cast<const Descriptor<1>*>(memory);
    return {static_cast<T*>(array->data), static_cast<std::size_t>(array->shape[0])};
  }
};
template <typename T, int Rank>
struct Incoming<ArrayView<T, Rank>> {
  static ArrayView<T, Rank> load(void* memory) {
    const auto* array = static_cast<const Descriptor<Rank>*>(memory);
    typename ArrayView<T, Rank>::Extents shape, strides;
    for (std::size_t axis = 0; axis < Rank; ++axis) {
      shape[axis] = array->shape[axis];
      strides[axis] = array->strides[axis] / static_cast<std::int64_t>(sizeof(T));
    }
    return {static_cast<T*>(array->data), shape, strides};
  }
};
template <Scalar... T>
struct Incoming<std::tuple<T...>> {
  static std::tuple<T...> load(void* memory) {
    return Border<std::tuple<T...>>::take(*static_cast<typename Border<std::tuple<T...>>::Memory*>(memory));
  }
};

// A registered function without its type.
struct HostFunction {
  std::string name;
  std::vector<ParameterText> parameters;
  std::string result;
  bool thread_safe = false;
  std::shared_ptr<void> state;
  std::int32_t (*invoke)(void* state, Context* context, std::uint32_t site, void* const* args, void* result) = nullptr;
};

template <typename F, typename R, typename... A>
struct HostCall {
  static std::int32_t invoke(void* state, Context* context, std::uint32_t site, void* const* args, void* result) {
    try {
      return call(*static_cast<F*>(state), context, site, args, result, std::index_sequence_for<A...>());
    } catch (...) {
      return fail_call(context, site);
    }
  }

 private:
  template <std::size_t... I>
  static std::int32_t call(F& function, [[maybe_unused]] Context* context, [[maybe_unused]] std::uint32_t site,
                           [[maybe_unused]] void* const* args, [[maybe_unused]] void* result, std::index_sequence<I...>) {
    if constexpr (std::is_void_v<R>) {
      function(Incoming<std::remove_cvref_t<A>>::load(args[I])...);
    } else if constexpr (std::same_as<R, std::string>) {
      return give_text(function(Incoming<std::remove_cvref_t<A>>::load(args[I])...), *static_cast<Text*>(result), context, site)
                 ? 0
                 : 1;
    } else {
      new (result) typename Border<R>::Memory(Border<R>::store(function(Incoming<std::remove_cvref_t<A>>::load(args[I])...)));
    }
    return 0;
  }
};

// Of a function, a pointer to one, a lambda or another object with one operator().
template <typename F>
struct SignatureOf : SignatureOf<decltype(std::function{std::declval<F>()})> {};
template <typename R, typename... A>
struct SignatureOf<std::function<R(A...)>> {
  template <typename F>
  static HostFunction describe(std::string name, F function, bool thread_safe) {
    return {std::move(name),
            {{Border<std::remove_cvref_t<A>>::type(), Border<std::remove_cvref_t<A>>::kConst}...},
            Border<R>::type(),
            thread_safe,
            std::make_shared<F>(std::move(function)),
            HostCall<F, R, A...>::invoke};
  }
};

}  // namespace detail

template <typename F>
  requires(!std::is_function_v<F>)
std::optional<Error> Engine::register_function(std::string name, F function, HostFunctionOptions options) {
  return add_function(detail::SignatureOf<F>::describe(std::move(name), std::move(function), options.thread_safe));
}

template <typename Signature, typename F>
  requires std::is_function_v<Signature>
std::optional<Error> Engine::register_function(std::string name, F function, HostFunctionOptions options) {
  using Of = detail::SignatureOf<std::function<Signature>>;
  return add_function(Of::describe(std::move(name), std::move(function), options.thread_safe));
}

}  // namespace kjit::inline KJIT_ABI
