// Reading and writing values in memory: load() and store().

#include "interpret/memory.h"

#include <cstring>

#include "runtime/runtime.h"
#include "typing/memory_layout.h"

namespace kjit::interpreter {

namespace {

// Through memcpy: neither the address's alignment nor the declared type of the memory is known here.
template <typename T>
T read(const void* memory) {
  T value;
  std::memcpy(&value, memory, sizeof value);
  return value;
}

template <typename T, typename Wide>
void write(void* memory, Wide wide) {
  const T value = static_cast<T>(wide);
  std::memcpy(memory, &value, sizeof value);
}

template <typename T>
Value read_signed(const void* memory) {
  return {static_cast<std::int64_t>(read<T>(memory))};
}
template <typename T>
Value read_unsigned(const void* memory) {
  return {static_cast<std::uint64_t>(read<T>(memory))};
}
template <typename T>
Value read_complex(const void* memory) {
  const T* parts = static_cast<const T*>(memory);
  return {Complex(read<T>(parts), read<T>(parts + 1))};
}
template <typename T>
void write_complex(const Complex& value, void* memory) {
  write<T>(memory, value.real());
  write<T>(static_cast<char*>(memory) + sizeof(T), value.imag());
}

Value load_array(const Type& type, const void* memory, Ownership ownership) {
  kjit_array array;
  std::memcpy(&array, memory, static_cast<std::size_t>(memory_layout(type).size));
  if (ownership == Ownership::Borrow) {
    kjit_retain(array.owner);
  }
  return adopt_array(array, type.rank());
}

Value load_text(const void* memory, Ownership ownership) {
  const auto text = read<kjit_str>(memory);
  Value value = make_text(std::string(text.data, static_cast<std::size_t>(text.size)));
  if (ownership == Ownership::Adopt) {
    kjit_release(text.owner);
  }
  return value;
}

Value load_tuple(const Type& type, const void* memory, Ownership ownership) {
  const std::vector<std::int64_t> offsets = element_offsets(type);
  std::vector<Value> elements;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    elements.push_back(load(type.elements()[i], static_cast<const char*>(memory) + offsets[i], ownership));
  }
  return make_tuple(std::move(elements));
}

void store_array(const Type& type, const Array& array, void* memory) {
  kjit_retain(array.descriptor()->owner);
  std::memcpy(memory, array.descriptor(), static_cast<std::size_t>(memory_layout(type).size));
}

bool store_text(const std::string& text, void* memory, kjit_context& ctx) {
  kjit_str copy;
  if (kjit_str_new(&ctx, 0, text.data(), static_cast<std::int64_t>(text.size()), &copy) != KJIT_OK) {
    return false;
  }
  std::memcpy(memory, &copy, sizeof copy);
  return true;
}

// Reading a value with Adopt and dropping it releases what the memory owns.
void release(const Type& type, const void* memory) { load(type, memory, Ownership::Adopt); }

bool store_tuple(const Type& type, const std::vector<Value>& elements, void* memory, kjit_context& ctx) {
  const std::vector<std::int64_t> offsets = element_offsets(type);
  char* bytes = static_cast<char*>(memory);
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (store(type.elements()[i], elements[i], bytes + offsets[i], ctx)) {
      continue;
    }
    for (std::size_t done = 0; done < i; ++done) {
      release(type.elements()[done], bytes + offsets[done]);
    }
    return false;
  }
  return true;
}

}  // namespace

Value load_scalar(Kind kind, const void* memory) {
  switch (kind) {
    case Kind::Bool: return {read<std::uint8_t>(memory) != 0};
    case Kind::I8: return read_signed<std::int8_t>(memory);
    case Kind::I16: return read_signed<std::int16_t>(memory);
    case Kind::I32: return read_signed<std::int32_t>(memory);
    case Kind::I64: return read_signed<std::int64_t>(memory);
    case Kind::U8: return read_unsigned<std::uint8_t>(memory);
    case Kind::U16: return read_unsigned<std::uint16_t>(memory);
    case Kind::U32: return read_unsigned<std::uint32_t>(memory);
    case Kind::U64: return read_unsigned<std::uint64_t>(memory);
    case Kind::F32: return {static_cast<double>(read<float>(memory))};
    case Kind::F64: return {read<double>(memory)};
    case Kind::C64: return read_complex<float>(memory);
    case Kind::C128: return read_complex<double>(memory);
    default: KJIT_UNREACHABLE("the kind is not a scalar");
  }
}

void store_scalar(Kind kind, const Value& value, void* memory) {
  switch (kind) {
    case Kind::Bool: return write<std::uint8_t>(memory, value.boolean());
    case Kind::I8: return write<std::int8_t>(memory, value.integer());
    case Kind::I16: return write<std::int16_t>(memory, value.integer());
    case Kind::I32: return write<std::int32_t>(memory, value.integer());
    case Kind::I64: return write<std::int64_t>(memory, value.integer());
    case Kind::U8: return write<std::uint8_t>(memory, value.as<std::uint64_t>());
    case Kind::U16: return write<std::uint16_t>(memory, value.as<std::uint64_t>());
    case Kind::U32: return write<std::uint32_t>(memory, value.as<std::uint64_t>());
    case Kind::U64: return write<std::uint64_t>(memory, value.as<std::uint64_t>());
    case Kind::F32: return write<float>(memory, value.real());
    case Kind::F64: return write<double>(memory, value.real());
    case Kind::C64: return write_complex<float>(value.as<Complex>(), memory);
    case Kind::C128: return write_complex<double>(value.as<Complex>(), memory);
    default: KJIT_UNREACHABLE("the kind is not a scalar");
  }
}

Value load(const Type& type, const void* memory, Ownership ownership) {
  switch (type.kind()) {
    case Kind::None:
    case Kind::Dtype: return {};
    case Kind::Str: return load_text(memory, ownership);
    case Kind::Array: return load_array(type, memory, ownership);
    case Kind::Tuple:
    case Kind::Function: return load_tuple(type, memory, ownership);
    default: return load_scalar(type.kind(), memory);
  }
}

bool store(const Type& type, const Value& value, void* memory, kjit_context& ctx) {
  switch (type.kind()) {
    case Kind::None:
    case Kind::Dtype: return true;
    case Kind::Str: return store_text(value.text(), memory, ctx);
    case Kind::Array: store_array(type, value.array(), memory); return true;
    case Kind::Tuple:
    case Kind::Function: return store_tuple(type, value.elements(), memory, ctx);
    default: store_scalar(type.kind(), value, memory); return true;
  }
}

}  // namespace kjit::interpreter
