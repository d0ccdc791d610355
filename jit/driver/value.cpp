// Values of the public interface: element types, arrays that own their memory, and Python's text of a value. Entry: repr.

#include "kjit/value.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "runtime/huge_pages.h"
#include "runtime/runtime.h"
#include "support/assert.h"

namespace kjit::inline KJIT_ABI {

namespace {

struct DTypeRow {
  const char* name;
  std::size_t size;
};

constexpr DTypeRow kDTypes[] = {{"bool", 1},    {"int8", 1},      {"int16", 2},      {"int32", 4},  {"int64", 8},
                                {"uint8", 1},   {"uint16", 2},    {"uint32", 4},     {"uint64", 8}, {"float32", 4},
                                {"float64", 8}, {"complex64", 8}, {"complex128", 16}};
static_assert(std::size(kDTypes) == KJIT_DTYPE_COUNT);

constexpr std::size_t kAlignment = 64;

std::vector<std::int64_t> strides_of(const ArrayValue& array) {
  if (!array.strides.empty()) return array.strides;
  std::vector<std::int64_t> strides(array.shape.size());
  auto stride = static_cast<std::int64_t>(item_size(array.dtype));
  for (std::size_t axis = strides.size(); axis-- > 0; stride *= array.shape[axis]) strides[axis] = stride;
  return strides;
}

// Copies the elements from `axis` on; `to` moves on without gaps.
void copy_elements(const ArrayValue& array, std::size_t axis, const std::byte* from, std::byte*& to) {
  if (axis == array.shape.size()) {
    std::memcpy(to, from, item_size(array.dtype));
    to += item_size(array.dtype);
    return;
  }
  for (std::int64_t i = 0; i < array.shape[axis]; ++i) copy_elements(array, axis + 1, from + i * array.strides[axis], to);
}

// A context that only collects text; nothing is ever written to its host.
class TextCollector {
 public:
  TextCollector() { kjit_context_init(&context_, &host_, nullptr, 1); }
  ~TextCollector() { kjit_context_destroy(&context_); }
  TextCollector(const TextCollector&) = delete;
  TextCollector& operator=(const TextCollector&) = delete;

  kjit_context* context() { return &context_; }
  std::string take() {
    kjit_str text{};
    if (kjit_take_string(&context_, 0, 0, &text) != KJIT_OK) throw std::bad_alloc();
    std::string result(text.data, static_cast<std::size_t>(text.size));
    kjit_release(text.owner);
    return result;
  }

 private:
  kjit_host host_{};
  kjit_context context_{};
};

// The element type of a number that Python itself does not have; complex64 is written as a whole.
struct NumPyType {
  std::optional<DType> operator()(std::uint64_t) const { return DType::U64; }
  std::optional<DType> operator()(float) const { return DType::F32; }
  template <typename Other>
  std::optional<DType> operator()(const Other&) const {
    return std::nullopt;
  }
};

// Appends the repr of one value to a context.
struct Repr {
  kjit_context* context;

  void put_value(const Value& value) const {
    const auto numpy = value.narrow ? value.narrow : std::visit(NumPyType{}, value.data);
    if (numpy) put(std::string("np.") + dtype_name(*numpy) + "(");
    std::visit(*this, value.data);
    if (numpy) put(")");
  }

  void operator()(std::monostate) const { kjit_put_none(context); }
  void operator()(bool value) const { kjit_put_bool(context, value); }
  void operator()(std::int64_t value) const { kjit_put_i64(context, value); }
  void operator()(std::uint64_t value) const { kjit_put_u64(context, value); }
  void operator()(float value) const { kjit_put_f32(context, value); }
  void operator()(double value) const { kjit_put_f64(context, value); }
  void operator()(std::complex<float> value) const { kjit_put_repr_complex64(context, value.real(), value.imag()); }
  void operator()(std::complex<double> value) const {
    const kjit_complex parts{value.real(), value.imag()};
    kjit_put_complex(context, &parts);
  }
  void operator()(const std::string& value) const {
    const kjit_str text{value.data(), static_cast<std::int64_t>(value.size()), nullptr};
    kjit_put_repr_str(context, &text);
  }
  void operator()(const ArrayValue& value) const;
  void operator()(const TupleValue& value) const {
    put("(");
    for (std::size_t i = 0; i < value.elements.size(); ++i) {
      if (i != 0) put(", ");
      put_value(value.elements[i]);
    }
    put(value.elements.size() == 1 ? ",)" : ")");
  }
  void put(std::string_view text) const { kjit_put_text(context, text.data(), static_cast<std::int64_t>(text.size())); }
};

void Repr::operator()(const ArrayValue& value) const {
  const auto rank = static_cast<std::int32_t>(value.shape.size());
  KJIT_ASSERT(rank <= KJIT_MAX_RANK, "an array of too many axes");
  kjit_array array{};
  array.data = value.data.get();
  std::ranges::copy(value.shape, array.dims);
  std::ranges::copy(strides_of(value), array.dims + rank);
  kjit_put_array(context, static_cast<std::int32_t>(value.dtype), rank, &array, 1);
}

}  // namespace

std::size_t item_size(DType dtype) { return kDTypes[static_cast<std::size_t>(dtype)].size; }
const char* dtype_name(DType dtype) { return kDTypes[static_cast<std::size_t>(dtype)].name; }

std::int64_t ArrayValue::size() const {
  std::int64_t count = 1;
  for (std::int64_t extent : shape) count *= extent;
  return count;
}

bool ArrayValue::is_contiguous() const {
  if (strides.empty() || size() == 0) return true;
  auto stride = static_cast<std::int64_t>(item_size(dtype));
  for (std::size_t axis = shape.size(); axis-- > 0; stride *= shape[axis]) {
    if (shape[axis] != 1 && strides[axis] != stride) return false;
  }
  return true;
}

ArrayValue ArrayValue::contiguous() const {
  if (is_contiguous()) return {dtype, shape, data, {}, read_only};
  ArrayValue copy = zeros(dtype, shape);
  std::byte* to = copy.data.get();
  copy_elements(*this, 0, data.get(), to);
  return copy;
}

ArrayValue ArrayValue::borrow(DType dtype, void* data, std::vector<std::int64_t> shape, std::vector<std::int64_t> strides) {
  // Without an owner: use_count() is 0.
  const std::shared_ptr<std::byte> unowned(std::shared_ptr<void>(), static_cast<std::byte*>(data));
  return {dtype, std::move(shape), unowned, std::move(strides)};
}

ArrayValue ArrayValue::zeros(DType dtype, std::vector<std::int64_t> shape) {
  std::size_t bytes = item_size(dtype);
  for (std::int64_t extent : shape) {
    if (extent < 0 || __builtin_mul_overflow(bytes, static_cast<std::size_t>(extent), &bytes)) throw std::bad_alloc();
  }
  if (bytes > PTRDIFF_MAX - kAlignment) throw std::bad_alloc();
  // calloc leaves the zeroing of large blocks to the operating system, page by page when first touched; the boundary is ours to
  // find.
  void* block = std::calloc(1, bytes + kAlignment);
  if (block == nullptr) throw std::bad_alloc();
  if (bytes >= static_cast<std::size_t>(runtime::kHugePageBytes)) runtime::want_huge_pages(block, bytes + kAlignment);
  const std::shared_ptr<void> owner(block, std::free);
  const std::size_t offset = kAlignment - reinterpret_cast<std::uintptr_t>(block) % kAlignment;
  ArrayValue array{dtype, std::move(shape), {}};
  array.data = std::shared_ptr<std::byte>(owner, static_cast<std::byte*>(block) + offset);
  return array;
}

std::string repr(const Value& value) {
  TextCollector text;
  Repr{text.context()}.put_value(value);
  return text.take();
}

}  // namespace kjit::inline KJIT_ABI
