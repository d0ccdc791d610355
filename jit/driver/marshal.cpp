// Values to memory and back. Entry: store_value, take_value.

#include "driver/marshal.h"

#include <cmath>
#include <cstring>
#include <new>
#include <utility>

#include "runtime/runtime.h"
#include "support/assert.h"
#include "typing/memory_layout.h"

namespace kjit {

namespace {

constexpr auto kFirstDType = static_cast<unsigned>(Kind::Bool);
constexpr std::uintptr_t kArrayAlignment = 64;

Kind kind_of(DType dtype) { return static_cast<Kind>(kFirstDType + static_cast<unsigned>(dtype)); }
DType dtype_of(Kind kind) { return static_cast<DType>(static_cast<unsigned>(kind) - kFirstDType); }

template <typename T>
T read(const void* memory) {
  T value;
  std::memcpy(&value, memory, sizeof value);
  return value;
}

template <typename T>
void write(void* memory, T value) {
  std::memcpy(memory, &value, sizeof value);
}

// ---- storing scalars ---------------------------------------------------------------------------------------------------

// False if the number is not one of the type. Bool is an int here, as in Python.
template <typename T>
bool store_integer(const Value& value, void* memory) {
  if (const auto* x = std::get_if<bool>(&value.data)) return write(memory, static_cast<T>(*x)), true;
  if (const auto* x = std::get_if<std::int64_t>(&value.data)) {
    return std::in_range<T>(*x) && (write(memory, static_cast<T>(*x)), true);
  }
  const auto* x = std::get_if<std::uint64_t>(&value.data);
  return x != nullptr && std::in_range<T>(*x) && (write(memory, static_cast<T>(*x)), true);
}

// Integers convert as Python's float() does; a float is never narrowed but to f32, which the annotation asked for.
std::optional<double> real_number(const Value& value) {
  if (const auto* x = std::get_if<bool>(&value.data)) return *x ? 1.0 : 0.0;
  if (const auto* x = std::get_if<std::int64_t>(&value.data)) return static_cast<double>(*x);
  if (const auto* x = std::get_if<std::uint64_t>(&value.data)) return static_cast<double>(*x);
  if (const auto* x = std::get_if<float>(&value.data)) return static_cast<double>(*x);
  if (const auto* x = std::get_if<double>(&value.data)) return *x;
  return std::nullopt;
}

std::optional<std::complex<double>> complex_number(const Value& value) {
  if (const auto* x = std::get_if<std::complex<float>>(&value.data)) return std::complex<double>(*x);
  if (const auto* x = std::get_if<std::complex<double>>(&value.data)) return *x;
  const auto real = real_number(value);
  return real ? std::optional(std::complex<double>(*real)) : std::nullopt;
}

bool store_bool(const Value& value, void* memory) {
  const auto* flag = std::get_if<bool>(&value.data);
  return flag != nullptr && (write(memory, static_cast<std::uint8_t>(*flag)), true);
}

template <typename T>
bool store_real(const Value& value, void* memory) {
  const auto number = real_number(value);
  return number && (write(memory, static_cast<T>(*number)), true);
}

template <typename T>
bool store_complex(const Value& value, void* memory) {
  const auto number = complex_number(value);
  return number && (write(memory, std::complex<T>(*number)), true);
}

bool store_scalar(const Value& value, Kind kind, void* memory) {
  switch (kind) {
    case Kind::Bool: return store_bool(value, memory);
    case Kind::I8: return store_integer<std::int8_t>(value, memory);
    case Kind::I16: return store_integer<std::int16_t>(value, memory);
    case Kind::I32: return store_integer<std::int32_t>(value, memory);
    case Kind::I64: return store_integer<std::int64_t>(value, memory);
    case Kind::U8: return store_integer<std::uint8_t>(value, memory);
    case Kind::U16: return store_integer<std::uint16_t>(value, memory);
    case Kind::U32: return store_integer<std::uint32_t>(value, memory);
    case Kind::U64: return store_integer<std::uint64_t>(value, memory);
    case Kind::F32: return store_real<float>(value, memory);
    case Kind::F64: return store_real<double>(value, memory);
    case Kind::C64: return store_complex<float>(value, memory);
    case Kind::C128: return store_complex<double>(value, memory);
    case Kind::None: return std::holds_alternative<std::monostate>(value.data);
    default: return false;
  }
}

// ---- arrays ------------------------------------------------------------------------------------------------------------

// A buffer whose memory belongs to an ArrayValue; the kernel may keep it (return it) beyond the call.
struct SharedBuffer {
  kjit_buffer header;
  std::shared_ptr<std::byte> keep;

  static void destroy(kjit_buffer* buffer) { delete reinterpret_cast<SharedBuffer*>(buffer); }
};

// The descriptor of a kernel's array has only its own rank's words, so it is never read or written as a whole.
struct DescriptorView {
  char* memory;
  int rank;

  void*& data() const { return *reinterpret_cast<void**>(memory + offsetof(kjit_array, data)); }
  kjit_buffer*& owner() const { return *reinterpret_cast<kjit_buffer**>(memory + offsetof(kjit_array, owner)); }
  std::int64_t* shape() const { return reinterpret_cast<std::int64_t*>(memory + offsetof(kjit_array, dims)); }
  std::int64_t* strides() const { return shape() + rank; }
};

kjit_buffer* new_owner(const ArrayValue& array) {
  const std::int64_t bytes = array.size() * static_cast<std::int64_t>(item_size(array.dtype));
  return &(new SharedBuffer{{1, SharedBuffer::destroy, array.data.get(), bytes}, array.data})->header;
}

bool store_array(const Value& value, const Type& type, void* memory) {
  const auto* array = std::get_if<ArrayValue>(&value.data);
  if (array == nullptr || kind_of(array->dtype) != type.dtype() || static_cast<int>(array->shape.size()) != type.rank())
    return false;
  if (type.is_contiguous() && !array->is_contiguous()) return false;
  const DescriptorView view{static_cast<char*>(memory), type.rank()};
  const bool with_gaps = !type.is_contiguous() && !array->strides.empty();
  auto stride = static_cast<std::int64_t>(item_size(array->dtype));
  for (int axis = type.rank() - 1; axis >= 0; --axis) {
    const auto at = static_cast<std::size_t>(axis);
    view.shape()[axis] = array->shape[at];
    view.strides()[axis] = with_gaps ? array->strides[at] : stride;
    stride *= view.shape()[axis];
  }
  view.data() = array->data.get();
  view.owner() = array->data.use_count() == 0 ? nullptr : new_owner(*array);
  return true;
}

// Of a strided array, or one whose memory outlives nothing.
ArrayValue copy_array(const Type& type, const DescriptorView& view) {
  kjit_context context;
  const kjit_host host{};
  kjit_context_init(&context, &host, nullptr, 1);
  kjit_array copy{};
  const auto dtype = static_cast<std::int32_t>(dtype_of(type.dtype()));
  const kjit_status status = kjit_array_copy(&context, 0, dtype, type.rank(), reinterpret_cast<kjit_array*>(view.memory), &copy);
  kjit_context_destroy(&context);
  if (status != KJIT_OK) throw std::bad_alloc();
  kjit_buffer* const owner = copy.owner;
  ArrayValue result{dtype_of(type.dtype()), {view.shape(), view.shape() + type.rank()}, {}};
  result.data = std::shared_ptr<std::byte>(static_cast<std::byte*>(copy.data), [owner](std::byte*) { kjit_release(owner); });
  return result;
}

ArrayValue take_array(const Type& type, void* memory) {
  const DescriptorView view{static_cast<char*>(memory), type.rank()};
  kjit_buffer* const owner = view.owner();
  const auto dtype = static_cast<std::int32_t>(dtype_of(type.dtype()));
  const bool contiguous = kjit_array_is_contiguous(dtype, type.rank(), reinterpret_cast<kjit_array*>(memory)) != 0;
  const bool aligned = reinterpret_cast<std::uintptr_t>(view.data()) % kArrayAlignment == 0;
  if (owner == nullptr || !contiguous || !aligned) {
    const std::unique_ptr<kjit_buffer, void (*)(kjit_buffer*)> released(owner, kjit_release);
    return copy_array(type, view);
  }
  ArrayValue result{dtype_of(type.dtype()), {view.shape(), view.shape() + type.rank()}, {}};
  result.data = std::shared_ptr<std::byte>(static_cast<std::byte*>(view.data()), [owner](std::byte*) { kjit_release(owner); });
  return result;
}

// ---- text and tuples ---------------------------------------------------------------------------------------------------

bool store_text(const Value& value, void* memory) {
  const auto* text = std::get_if<std::string>(&value.data);
  return text != nullptr && (write(memory, kjit_str{text->data(), static_cast<std::int64_t>(text->size()), nullptr}), true);
}

std::string take_text(void* memory) {
  const auto text = read<kjit_str>(memory);
  const std::unique_ptr<kjit_buffer, void (*)(kjit_buffer*)> released(text.owner, kjit_release);
  return {text.data, static_cast<std::size_t>(text.size)};
}

bool store_any(const Value& value, const Type& type, void* memory);

bool store_tuple(const Value& value, const Type& type, void* memory) {
  const auto* tuple = std::get_if<TupleValue>(&value.data);
  const auto& types = type.elements();
  if (tuple == nullptr || tuple->elements.size() != types.size()) return false;
  const auto offsets = element_offsets(type);
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (store_any(tuple->elements[i], types[i], static_cast<char*>(memory) + offsets[i])) continue;
    while (i-- > 0) release_value(types[i], static_cast<char*>(memory) + offsets[i]);
    return false;
  }
  return true;
}

// False: nothing is held.
bool store_any(const Value& value, const Type& type, void* memory) {
  if (type.is_array()) return store_array(value, type, memory);
  if (type.is_tuple()) return store_tuple(value, type, memory);
  if (type.is(Kind::Str)) return store_text(value, memory);
  return store_scalar(value, type.kind(), memory);
}

TupleValue take_tuple(const Type& type, void* memory) {
  TupleValue result;
  const auto offsets = element_offsets(type);
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    result.elements.push_back(take_value(type.elements()[i], static_cast<char*>(memory) + offsets[i]));
  }
  return result;
}

struct TypeOf {
  Type operator()(std::monostate) const { return Kind::None; }
  Type operator()(bool) const { return Kind::Bool; }
  Type operator()(std::int64_t) const { return Kind::I64; }
  Type operator()(std::uint64_t) const { return Kind::U64; }
  Type operator()(float) const { return Kind::F32; }
  Type operator()(double) const { return Kind::F64; }
  Type operator()(std::complex<float>) const { return Kind::C64; }
  Type operator()(std::complex<double>) const { return Kind::C128; }
  Type operator()(const std::string&) const { return Kind::Str; }
  Type operator()(const ArrayValue& array) const {
    return Type::array(kind_of(array.dtype), static_cast<int>(array.shape.size()),
                       array.is_contiguous() ? Layout::C : Layout::Strided);
  }
  Type operator()(const TupleValue& tuple) const {
    std::vector<Type> elements;
    for (const Value& element : tuple.elements) elements.push_back(type_of(element));
    return Type::tuple(std::move(elements));
  }
};

}  // namespace

Type type_of(const Value& value) { return value.narrow ? Type(kind_of(*value.narrow)) : std::visit(TypeOf{}, value.data); }

bool has_value(const Type& type) {
  if (type.is_function() || type.is(Kind::Dtype)) return false;
  if (!type.is_tuple()) return true;
  for (const Type& element : type.elements()) {
    if (!has_value(element)) return false;
  }
  return true;
}

std::optional<Error> store_value(const Value& value, const Type& type, void* memory) {
  if (store_any(value, type, memory)) return std::nullopt;
  const bool container = type.is_array() || type.is_tuple();
  return Error{(container ? "a value of type " + to_string(type_of(value)) : repr(value)) + " is not a value of type " +
               to_string(type)};
}

void release_value(const Type& type, void* memory) {
  if (type.is_array()) return kjit_release(DescriptorView{static_cast<char*>(memory), type.rank()}.owner());
  if (type.is(Kind::Str)) return kjit_release(read<kjit_str>(memory).owner);
  if (!type.is_tuple() && !type.is_function()) return;
  const auto offsets = element_offsets(type);
  for (std::size_t i = 0; i < offsets.size(); ++i) release_value(type.elements()[i], static_cast<char*>(memory) + offsets[i]);
}

Value take_value(const Type& type, void* memory) {
  switch (type.kind()) {
    case Kind::None: return {};
    case Kind::Bool: return {read<std::uint8_t>(memory) != 0};
    case Kind::I8: return {std::int64_t{read<std::int8_t>(memory)}, DType::I8};
    case Kind::I16: return {std::int64_t{read<std::int16_t>(memory)}, DType::I16};
    case Kind::I32: return {std::int64_t{read<std::int32_t>(memory)}, DType::I32};
    case Kind::I64: return {read<std::int64_t>(memory)};
    case Kind::U8: return {std::uint64_t{read<std::uint8_t>(memory)}, DType::U8};
    case Kind::U16: return {std::uint64_t{read<std::uint16_t>(memory)}, DType::U16};
    case Kind::U32: return {std::uint64_t{read<std::uint32_t>(memory)}, DType::U32};
    case Kind::U64: return {read<std::uint64_t>(memory)};
    case Kind::F32: return {read<float>(memory)};
    case Kind::F64: return {read<double>(memory)};
    case Kind::C64: return {read<std::complex<float>>(memory)};
    case Kind::C128: return {read<std::complex<double>>(memory)};
    case Kind::Str: return {take_text(memory)};
    case Kind::Tuple: return {take_tuple(type, memory)};
    case Kind::Array: return {take_array(type, memory)};
    default: KJIT_UNREACHABLE("a result without a value outside of kernels");
  }
}

}  // namespace kjit
