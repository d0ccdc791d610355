#pragma once
// Functions of the host that kernels call.
//
//   engine.register_function("sample", [&table](double x) { return table.at(x); });      // may have state
//   auto module = engine.load_source("def f(x): return 2.0 * sample(x)\n", "f.k");
//
// Parameters: bool, integers, floats, complex numbers; std::string_view; std::span<T> (C-contiguous) and ArrayView<T, Rank>, with
// const T where the function only reads; tuples of numbers, and structs of them (fields.h). Results: those numbers, tuples and
// structs; std::string; Array<T, Rank> and std::vector<T>, which are copied; void. Arrays and texts that a function gets are the
// kernel's and must not be kept.
//
// What the function throws ends the kernel: std::out_of_range is IndexError, std::invalid_argument and std::domain_error
// ValueError, std::overflow_error OverflowError, std::bad_alloc MemoryError, KernelException what it names, the BadResult of a
// kernel that the function has called what that kernel raised, anything else RuntimeError. No exception passes through the
// kernel's frames.
//
// Thread rules: a function is called on the thread that calls the kernel, in the kernel's order, with the HostLock held; kernels
// cannot call it in parallel loops. With HostFunctionOptions::thread_safe it may be called on any thread, several at once,
// without the lock. It may call kernels, also the one that called it, and register functions. It is visible in files that are
// loaded after its registration, lives as long as the engine, and cannot be replaced. A Function or Module of the same engine
// that it owns keeps that engine alive, and with it the function: let it have a reference.

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
// A text, an array of the kernel's own: copies. False: no memory, which is reported. `out` is a Descriptor of the rank of
// `array`, also a Descriptor.
KJIT_EXPORT bool give_text(std::string_view text, Text& out, Context* context, std::uint32_t site);
KJIT_EXPORT bool give_array(const void* array, int dtype, int rank, void* out, Context* context, std::uint32_t site);

// What a function returns -> the kernel's memory. False: no memory, which is reported.
template <typename R>
bool give(const R& value, void* result, Context*, std::uint32_t) {
  new (result) typename Border<R>::Memory(Border<R>::store(value));
  return true;
}
inline bool give(const std::string& value, void* result, Context* context, std::uint32_t site) {
  return give_text(value, *static_cast<Text*>(result), context, site);
}
template <typename T, int Rank>
bool give(const Array<T, Rank>& value, void* result, Context* context, std::uint32_t site) {
  const Descriptor<Rank> memory = Border<Array<T, Rank>>::store(value);
  return give_array(&memory, dtype_of<T>(), Rank, result, context, site);
}
template <typename T>
bool give(const std::vector<T>& value, void* result, Context* context, std::uint32_t site) {
  const Descriptor<1> memory = Border<std::vector<T>>::store(value);
  return give_array(&memory, dtype_of<T>(), 1, result, context, site);
}

// What kernels could not own: a view of memory that is somebody else's, or something with one inside.
template <typename R>
inline constexpr bool kCanGive = false;
template <>
inline constexpr bool kCanGive<void> = true;
template <Scalar R>
inline constexpr bool kCanGive<R> = true;
template <>
inline constexpr bool kCanGive<std::string> = true;
template <typename T, int Rank>
inline constexpr bool kCanGive<Array<T, Rank>> = true;
template <typename T>
inline constexpr bool kCanGive<std::vector<T>> = true;
template <Scalar... T>
inline constexpr bool kCanGive<std::tuple<T...>> = true;
template <HasFields R>
inline constexpr bool kCanGive<R> = kCanGive<typename Border<R>::Tuple>;

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

template <HasFields T>
struct Incoming<T> {
  static T load(void* memory) { return Border<T>::of(Incoming<typename Border<T>::Tuple>::load(memory)); }
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
    static_assert(kCanGive<R>,
                  "a function of the host returns numbers, tuples and structs of numbers, std::string, arrays, or void");
    if constexpr (std::is_void_v<R>) {
      function(Incoming<std::remove_cvref_t<A>>::load(args[I])...);
      return 0;
    } else {
      return give(function(Incoming<std::remove_cvref_t<A>>::load(args[I])...), result, context, site) ? 0 : 1;
    }
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
