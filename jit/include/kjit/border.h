#pragma once
// C++ types as kernels see them: the text of their types, and how their values lie in memory (the binary interface of kernels,
// checked against the library's own in jit/driver/typed_call.cpp). Included by function.h.

#include <algorithm>
#include <array>
#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>
#include <version>
#ifdef __cpp_lib_mdspan
#include <mdspan>
#endif

#include "kjit/array.h"
#include "kjit/export.h"
#include "kjit/fields.h"

namespace kjit::inline KJIT_ABI::detail {

struct Text {  // kjit_str
  const char* data = nullptr;
  std::int64_t size = 0;
  void* owner = nullptr;
};

template <int Rank>
struct Descriptor {  // kjit_array of this rank; strides in bytes
  void* data = nullptr;
  void* owner = nullptr;
  std::int64_t shape[Rank] = {};
  std::int64_t strides[Rank] = {};
};

// Gives up one reference to a buffer of a kernel; null is none.
KJIT_EXPORT void release_buffer(void* owner) noexcept;
// Makes sure that the elements are row-major without gaps in a buffer of the descriptor's own, copying them if they are not. The
// caller has its reference. False: no memory.
KJIT_EXPORT bool own_array(void* descriptor, int dtype, int rank);

// Border<T>: type() the type as text; Memory what lies at the border; store() for arguments, take() for results; kConst: the
// kernel must not write to it.
template <typename T>
struct Border;

template <typename T>
concept Scalar =
    std::integral<T> || std::floating_point<T> || std::same_as<T, std::complex<float>> || std::same_as<T, std::complex<double>>;

// 0..12 in the order of kjit::DType; -1: no such element.
template <Scalar T>
constexpr int dtype_of() {
  if constexpr (std::same_as<T, bool>) return 0;
  if constexpr (std::same_as<T, float>) return 9;
  if constexpr (std::same_as<T, double>) return 10;
  if constexpr (std::same_as<T, std::complex<float>>) return 11;
  if constexpr (std::same_as<T, std::complex<double>>) return 12;
  if constexpr (std::integral<T> && !std::same_as<T, bool>) {
    constexpr int log = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
    return (std::is_signed_v<T> ? 1 : 5) + log;
  }
  return -1;
}

inline constexpr std::array<std::string_view, 13> kScalarNames{"bool", "i8",  "i16", "i32", "i64", "u8",  "u16",
                                                               "u32",  "u64", "f32", "f64", "c64", "c128"};

template <Scalar T>
std::string scalar_text() {
  static_assert(dtype_of<T>() >= 0, "kernels have no such type");
  return std::string(kScalarNames[static_cast<std::size_t>(dtype_of<T>())]);
}

inline std::string array_text(int dtype, int rank, bool contiguous) {
  std::string text = std::string(kScalarNames[static_cast<std::size_t>(dtype)]) + "[";
  for (int axis = 0; axis < rank; ++axis) {
    text += axis > 0 ? ", " : "";
    text += axis + 1 == rank && contiguous ? "::1" : ":";
  }
  return text + "]";
}

template <Scalar T>
std::string array_text(int rank, bool contiguous) {
  static_assert(dtype_of<T>() >= 0, "kernels have no such type");
  return array_text(dtype_of<T>(), rank, contiguous);
}

template <Scalar T>
struct Border<T> {
  using Memory = T;
  static constexpr bool kConst = true;
  static std::string type() { return scalar_text<T>(); }
  static Memory store(T value) { return value; }
  static T take(Memory& memory) { return memory; }
};

template <typename T>
struct TextBorder {
  using Memory = Text;
  static constexpr bool kConst = true;
  static std::string type() { return "str"; }
  static Memory store(std::string_view text) { return {text.data(), static_cast<std::int64_t>(text.size()), nullptr}; }
};
template <>
struct Border<std::string_view> : TextBorder<std::string_view> {};
template <>
struct Border<const char*> : TextBorder<const char*> {};
template <>
struct Border<std::string> : TextBorder<std::string> {
  static std::string take(Memory& memory) {
    const std::unique_ptr<void, void (*)(void*)> released(memory.owner, release_buffer);
    return {memory.data, static_cast<std::size_t>(memory.size)};
  }
};

template <typename T, int Rank>
struct Border<ArrayView<T, Rank>> {
  using Element = std::remove_const_t<T>;
  using Memory = Descriptor<Rank>;
  static constexpr bool kConst = std::is_const_v<T>;
  static std::string type() { return array_text<Element>(Rank, false); }
  static Memory store(const ArrayView<T, Rank>& view) {
    Memory memory;
    memory.data = const_cast<Element*>(view.data());
    for (std::size_t axis = 0; axis < Rank; ++axis) {
      memory.shape[axis] = view.shape()[axis];
      memory.strides[axis] = view.strides()[axis] * static_cast<std::int64_t>(sizeof(T));
    }
    return memory;
  }
};

template <typename T>
struct Border<std::span<T>> {
  using Element = std::remove_const_t<T>;
  using Memory = Descriptor<1>;
  static constexpr bool kConst = std::is_const_v<T>;
  static std::string type() { return array_text<Element>(1, true); }
  static Memory store(std::span<T> span) {
    return {const_cast<Element*>(span.data()), nullptr, {static_cast<std::int64_t>(span.size())}, {sizeof(T)}};
  }
};

#ifdef __cpp_lib_mdspan
// Any layout with strides.
template <typename T, typename Extents, typename Layout>
struct Border<std::mdspan<T, Extents, Layout>> {
  using Span = std::mdspan<T, Extents, Layout>;
  static constexpr int kRank = static_cast<int>(Extents::rank());
  using Memory = Descriptor<kRank>;
  static constexpr bool kConst = std::is_const_v<T>;
  static std::string type() { return array_text<std::remove_const_t<T>>(kRank, std::same_as<Layout, std::layout_right>); }
  static Memory store(const Span& span) {
    static_assert(Span::is_always_strided(), "kernels read arrays with strides only");
    Memory memory;
    memory.data = const_cast<std::remove_const_t<T>*>(span.data_handle());
    for (std::size_t axis = 0; axis < Extents::rank(); ++axis) {
      memory.shape[axis] = static_cast<std::int64_t>(span.extent(axis));
      memory.strides[axis] = static_cast<std::int64_t>(span.stride(axis) * sizeof(T));
    }
    return memory;
  }
};
#endif

// What a kernel has returned in `memory`, as an owner of it.
template <typename T, int Rank>
Array<T, Rank> take_array(Descriptor<Rank>& memory) {
  if (!own_array(&memory, dtype_of<T>(), Rank)) throw std::bad_alloc();
  std::array<std::int64_t, Rank> shape;
  for (std::size_t axis = 0; axis < Rank; ++axis) shape[axis] = memory.shape[axis];
  void* const owner = memory.owner;
  return {std::shared_ptr<T>(static_cast<T*>(memory.data), [owner](T*) { release_buffer(owner); }), shape};
}

template <typename T, int Rank>
struct Border<Array<T, Rank>> {
  using Memory = Descriptor<Rank>;
  static constexpr bool kConst = false;
  static std::string type() { return array_text<T>(Rank, true); }
  static Memory store(const Array<T, Rank>& array) { return Border<ArrayView<T, Rank>>::store(array.view()); }
  static Array<T, Rank> take(Memory& memory) { return take_array<T, Rank>(memory); }
};

// By reference, or (const, or by value) for reading; as a result a copy. std::vector<bool> has no array inside.
template <typename T>
struct Border<std::vector<T>> {
  static_assert(!std::same_as<T, bool>, "std::vector<bool> has no elements that a kernel could read: use std::span<bool>");
  using Memory = Descriptor<1>;
  static constexpr bool kConst = true;
  static std::string type() { return array_text<T>(1, true); }
  static Memory store(const std::vector<T>& vector) { return Border<std::span<const T>>::store(std::span<const T>(vector)); }
  static std::vector<T> take(Memory& memory) {
    const Array<T, 1> array = take_array<T, 1>(memory);
    return {array.begin(), array.end()};
  }
};
template <typename T>
struct Border<std::vector<T>&> : Border<std::vector<T>> {
  static constexpr bool kConst = false;
};

// A C struct of the elements, each at its natural alignment.
template <typename... T>
struct TupleMemory {
  static constexpr std::size_t kAlign = std::max({std::size_t{1}, alignof(typename Border<T>::Memory)...});
  static constexpr std::array<std::size_t, sizeof...(T) + 1> offsets() {
    std::array<std::size_t, sizeof...(T) + 1> result{};
    constexpr std::array<std::size_t, sizeof...(T)> kSizes{sizeof(typename Border<T>::Memory)...};
    constexpr std::array<std::size_t, sizeof...(T)> kAligns{alignof(typename Border<T>::Memory)...};
    std::size_t end = 0;
    for (std::size_t i = 0; i < sizeof...(T); ++i) {
      result[i] = (end + kAligns[i] - 1) / kAligns[i] * kAligns[i];
      end = result[i] + kSizes[i];
    }
    result[sizeof...(T)] = (end + kAlign - 1) / kAlign * kAlign;
    return result;
  }
  alignas(kAlign) std::byte bytes[std::max<std::size_t>(1, offsets()[sizeof...(T)])] = {};
};

template <typename... T>
struct Border<std::tuple<T...>> {
  using Memory = TupleMemory<T...>;
  static constexpr bool kConst = (Border<T>::kConst && ...);
  static std::string type() {
    std::string text = "(";
    ((text += (text.size() > 1 ? ", " : "") + Border<T>::type()), ...);
    return text + (sizeof...(T) == 1 ? ",)" : ")");
  }
  // What points into the values, as texts and arrays do, must not outlive them.
  static Memory store(const std::tuple<T...>& tuple) {
    return std::apply([](const auto&... value) { return store_values(value...); }, tuple);
  }
  static Memory store_values(const T&... values) {
    Memory memory;
    store_each(memory, std::index_sequence_for<T...>(), values...);
    return memory;
  }
  static std::tuple<T...> take(Memory& memory) { return take_each(memory, std::index_sequence_for<T...>()); }

 private:
  template <std::size_t... I>
  static void store_each(Memory& memory, std::index_sequence<I...>, const T&... values) {
    (new (memory.bytes + Memory::offsets()[I]) typename Border<T>::Memory(Border<T>::store(values)), ...);
  }
  template <std::size_t... I>
  static std::tuple<T...> take_each(Memory& memory, std::index_sequence<I...>) {
    return {
        Border<T>::take(*std::launder(reinterpret_cast<typename Border<T>::Memory*>(memory.bytes + Memory::offsets()[I])))...};
  }
};

template <typename T>
concept HasFields = requires { Fields<T>::members(); };

// A tuple of the fields.
template <HasFields T>
struct Border<T> {
  template <typename... Member>
  static std::tuple<std::remove_cvref_t<decltype(std::declval<const T&>().*std::declval<Member>())>...> tuple_of(
      const std::tuple<Member...>&);
  using Tuple = decltype(tuple_of(Fields<T>::members()));
  using Memory = typename Border<Tuple>::Memory;
  static constexpr bool kConst = Border<Tuple>::kConst;
  static std::string type() { return Border<Tuple>::type(); }
  static Memory store(const T& object) {
    return std::apply([&](auto... member) { return Border<Tuple>::store_values(object.*member...); }, Fields<T>::members());
  }
  static T take(Memory& memory) { return of(Border<Tuple>::take(memory)); }

  static T of(Tuple values) {
    T object{};
    set_each(object, values, std::make_index_sequence<std::tuple_size_v<Tuple>>());
    return object;
  }

 private:
  template <std::size_t... I>
  static void set_each(T& object, Tuple& values, std::index_sequence<I...>) {
    ((object.*std::get<I>(Fields<T>::members()) = std::move(std::get<I>(values))), ...);
  }
};

struct Nothing {};
template <>
struct Border<void> {
  using Memory = Nothing;
  static std::string type() { return "None"; }
};

// `const std::vector<T>&` and the like are the type itself; only a reference to a vector that may change is not.
template <typename T>
using BorderOf = Border<std::conditional_t<std::is_lvalue_reference_v<T> && !std::is_const_v<std::remove_reference_t<T>> &&
                                               std::is_class_v<std::remove_reference_t<T>>,
                                           T, std::remove_cvref_t<T>>>;

}  // namespace kjit::inline KJIT_ABI::detail
