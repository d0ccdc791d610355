#pragma once
// Arrays of kernels in a host program: views of memory that the host owns, and arrays that a kernel has returned.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "kjit/export.h"

namespace kjit::inline KJIT_ABI {

// A strided view of the host's memory. `shape` and `strides` count elements; a stride may be negative or 0. The memory must
// outlive the call. With `const T` the kernel may not write to it.
template <typename T, int Rank>
class ArrayView {
 public:
  using Extents = std::array<std::int64_t, Rank>;

  // Row-major without gaps.
  ArrayView(T* data, const Extents& shape) : data_(data), shape_(shape) {
    std::int64_t stride = 1;
    for (int axis = Rank; axis-- > 0; stride *= shape_[at(axis)]) strides_[at(axis)] = stride;
  }
  ArrayView(T* data, const Extents& shape, const Extents& strides) : data_(data), shape_(shape), strides_(strides) {}

  T* data() const { return data_; }
  const Extents& shape() const { return shape_; }
  const Extents& strides() const { return strides_; }

  template <typename... Index>
  T& operator()(Index... index) const {
    static_assert(sizeof...(Index) == Rank, "one index for each axis");
    const Extents indices{static_cast<std::int64_t>(index)...};
    std::int64_t offset = 0;
    for (std::size_t axis = 0; axis < indices.size(); ++axis) offset += indices[axis] * strides_[axis];
    return data_[offset];
  }

 private:
  static constexpr std::size_t at(int axis) { return static_cast<std::size_t>(axis); }

  T* data_;
  Extents shape_, strides_{};
};

// An array that a kernel has returned: row-major without gaps. Copies share the elements; the memory is freed with the last one.
// Thread rule: as std::shared_ptr.
template <typename T, int Rank>
class Array {
 public:
  using Extents = std::array<std::int64_t, Rank>;

  Array() = default;
  Array(std::shared_ptr<T> data, const Extents& shape) : data_(std::move(data)), shape_(shape) {}

  T* data() const { return data_.get(); }
  const Extents& shape() const { return shape_; }
  std::size_t size() const {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape_) count *= extent;
    return static_cast<std::size_t>(count);
  }
  T* begin() const { return data(); }
  T* end() const { return data() + size(); }
  std::span<T> elements() const { return {data(), size()}; }
  ArrayView<T, Rank> view() const { return {data(), shape_}; }

  template <typename... Index>
  T& operator()(Index... index) const {
    return view()(index...);
  }

 private:
  std::shared_ptr<T> data_;
  Extents shape_{};
};

}  // namespace kjit::inline KJIT_ABI
