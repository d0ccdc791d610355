// Values across the C interface. Entry: read_arguments, CValue.

#include "capi/values.h"

#include <algorithm>
#include <complex>
#include <limits>
#include <type_traits>

namespace kjit::capi {

namespace {

constexpr int kMaxRank = 32;
constexpr int kMaxNesting = 100;  // of tuples in tuples: the reader calls itself

bool is_element(std::int32_t kind) { return kind >= KJIT_BOOL_KIND && kind <= KJIT_C128_KIND; }
DType dtype_of(std::int32_t kind) { return static_cast<DType>(kind - KJIT_BOOL_KIND); }
std::int32_t kind_of(DType dtype) { return KJIT_BOOL_KIND + static_cast<std::int32_t>(dtype); }
static_assert(KJIT_BOOL_KIND + static_cast<int>(DType::C128) == KJIT_C128_KIND &&
              KJIT_BOOL_KIND + static_cast<int>(DType::U64) == KJIT_U64_KIND);

bool is_signed(std::int32_t kind) { return kind >= KJIT_I8_KIND && kind <= KJIT_I64_KIND; }

// ---- arguments ---------------------------------------------------------------------------------------------------------

// What the number of this kind may be: an i8 of 300 is a mistake of the host.
bool fits(const kjit_value& from) {
  const int bits = 8 * static_cast<int>(item_size(dtype_of(from.kind)));
  if (bits == 64) return true;
  if (is_signed(from.kind)) return from.as.i >= -(std::int64_t{1} << (bits - 1)) && from.as.i < std::int64_t{1} << (bits - 1);
  return from.as.u < std::uint64_t{1} << bits;
}

Failed read_integer(const kjit_value& from, Value& out) {
  if (!fits(from)) return bad_argument("a number that " + std::string(dtype_name(dtype_of(from.kind))) + " does not hold");
  if (is_signed(from.kind)) {
    out.data = from.as.i;
  } else {
    out.data = from.as.u;
  }
  if (from.kind != KJIT_I64_KIND && from.kind != KJIT_U64_KIND) out.narrow = dtype_of(from.kind);
  return std::nullopt;
}

// What compiled code takes for granted of an array's memory.
bool is_aligned(const kjit_value& from, std::size_t item) {
  const std::size_t boundary = std::min<std::size_t>(item, alignof(double));
  if (reinterpret_cast<std::uintptr_t>(from.as.array.data) % boundary != 0) return false;
  return from.as.array.strides == nullptr ||
         std::all_of(from.as.array.strides, from.as.array.strides + from.as.array.rank,
                     [&](std::int64_t stride) { return stride % static_cast<std::int64_t>(boundary) == 0; });
}

Failed read_array(const kjit_value& from, Value& out) {
  const auto& array = from.as.array;
  if (!is_element(array.element)) return bad_argument("arrays have no elements of kind " + std::to_string(array.element));
  if (array.rank < 0 || array.rank > kMaxRank) return bad_argument("arrays have 0 to 32 axes, not " + std::to_string(array.rank));
  if (array.rank > 0 && array.shape == nullptr) return bad_argument("an array without a shape");
  std::vector<std::int64_t> shape(array.shape, array.shape + array.rank), strides;
  if (std::ranges::any_of(shape, [](std::int64_t extent) { return extent < 0; })) return bad_argument("a negative extent");
  if (array.data == nullptr && std::ranges::find(shape, 0) == shape.end()) return bad_argument("an array without memory");
  const std::size_t item = item_size(dtype_of(array.element));
  if (!is_aligned(from, item)) return bad_argument("an array whose memory or strides are not aligned for its elements");
  if (array.strides != nullptr) strides.assign(array.strides, array.strides + array.rank);
  ArrayValue value = ArrayValue::borrow(dtype_of(array.element), array.data, std::move(shape), std::move(strides));
  value.read_only = (from.flags & KJIT_READ_ONLY) != 0;
  out.data = std::move(value);
  return std::nullopt;
}

Failed read_value(const kjit_value& from, int depth, Value& out);

Failed read_tuple(const kjit_value& from, int depth, Value& out) {
  const auto& tuple = from.as.tuple;
  if (depth > kMaxNesting) return bad_argument("tuples are nested too deeply");
  if (tuple.count < 0 || (tuple.items == nullptr && tuple.count > 0)) return bad_argument("a tuple without items");
  TupleValue value;
  for (std::int64_t i = 0; i < tuple.count; ++i) {
    if (Failed failed = read_value(tuple.items[i], depth + 1, value.elements.emplace_back())) return failed;
  }
  out.data = std::move(value);
  return std::nullopt;
}

Failed read_text(const kjit_value& from, Value& out) {
  const auto& text = from.as.text;
  if (text.size < 0 || (text.data == nullptr && text.size > 0)) return bad_argument("text without memory");
  out.data = std::string(text.data == nullptr ? "" : text.data, static_cast<std::size_t>(text.size));
  return std::nullopt;
}

Failed read_value(const kjit_value& from, int depth, Value& out) {
  switch (from.kind) {
    case KJIT_NONE_KIND: out.data = std::monostate(); return std::nullopt;
    case KJIT_BOOL_KIND: out.data = from.as.i != 0; return std::nullopt;
    case KJIT_F32_KIND: out.data = static_cast<float>(from.as.f); return std::nullopt;
    case KJIT_F64_KIND: out.data = from.as.f; return std::nullopt;
    case KJIT_C64_KIND: out.data = std::complex<float>(std::complex<double>(from.as.c[0], from.as.c[1])); return std::nullopt;
    case KJIT_C128_KIND: out.data = std::complex<double>(from.as.c[0], from.as.c[1]); return std::nullopt;
    case KJIT_TEXT_KIND: return read_text(from, out);
    case KJIT_ARRAY_KIND: return read_array(from, out);
    case KJIT_TUPLE_KIND: return read_tuple(from, depth, out);
    default: break;
  }
  if (is_element(from.kind)) return read_integer(from, out);
  return bad_argument("there is no kind " + std::to_string(from.kind));
}

// ---- results -----------------------------------------------------------------------------------------------------------

struct ScalarWriter {
  kjit_value& out;

  template <typename T>
  void operator()(const T& value) const {
    if constexpr (std::is_same_v<T, bool>) {
      out.kind = KJIT_BOOL_KIND;
      out.as.i = value;
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
      out.kind = KJIT_I64_KIND;
      out.as.i = value;
    } else if constexpr (std::is_same_v<T, std::uint64_t>) {
      out.kind = KJIT_U64_KIND;
      out.as.u = value;
    } else if constexpr (std::is_floating_point_v<T>) {
      out.kind = std::is_same_v<T, float> ? KJIT_F32_KIND : KJIT_F64_KIND;
      out.as.f = static_cast<double>(value);
    } else if constexpr (std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>) {
      out.kind = std::is_same_v<T, std::complex<float>> ? KJIT_C64_KIND : KJIT_C128_KIND;
      out.as.c[0] = static_cast<double>(value.real());
      out.as.c[1] = static_cast<double>(value.imag());
    } else if constexpr (std::is_same_v<T, std::string>) {
      out.kind = KJIT_TEXT_KIND;
      out.as.text = {value.c_str(), static_cast<std::int64_t>(value.size())};
    } else if constexpr (std::is_same_v<T, ArrayValue>) {
      out.kind = KJIT_ARRAY_KIND;
      const auto rank = static_cast<std::int32_t>(value.shape.size());
      out.as.array = {value.data.get(), value.shape.data(), nullptr, kind_of(value.dtype), rank};
    }
  }
};

}  // namespace

Failed read_arguments(const kjit_value* args, std::size_t count, std::vector<Value>& out) {
  if (args == nullptr && count > 0) return bad_argument("no arguments, but a count of them");
  out.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    Failed failed = read_value(args[i], 0, out[i]);
    if (failed) return bad_argument("argument " + std::to_string(i + 1) + ": " + failed->message);
  }
  return std::nullopt;
}

kjit_value CValue::make(const Value& value) {
  if (const auto* tuple = std::get_if<TupleValue>(&value.data)) return make_tuple(*tuple);
  kjit_value result{};
  std::visit(ScalarWriter{result}, value.data);
  if (value.narrow) result.kind = kind_of(*value.narrow);
  return result;
}

kjit_value CValue::make_tuple(const TupleValue& tuple) {
  std::vector<kjit_value> items;
  for (const Value& element : tuple.elements) items.push_back(make(element));
  const std::vector<kjit_value>& kept = tuples_.emplace_back(std::move(items));
  kjit_value result{};
  result.kind = KJIT_TUPLE_KIND;
  result.as.tuple = {kept.data(), static_cast<std::int64_t>(kept.size())};
  return result;
}

}  // namespace kjit::capi
