// Objects -> memory and key. Entry: Arguments::read.

#include "arguments.h"

#include <array>
#include <cstring>
#include <limits>

#include "kjit/border.h"
#include "records.h"

namespace kjit::python {

namespace {

constexpr int kTypeNumbers = NPY_NTYPES_LEGACY;
constexpr int kNoType = -1;

// NumPy's number of an element type -> DType, or kNoType.
std::array<int, kTypeNumbers> dtypes;
// Its scalars, np.float32 and so on.
std::array<PyTypeObject*, kTypeNumbers> scalar_types;

void add_type(int number, DType dtype) {
  dtypes[static_cast<std::size_t>(number)] = static_cast<int>(dtype);
  PyArray_Descr* const descr = PyArray_DescrFromType(number);
  scalar_types[static_cast<std::size_t>(number)] = descr->typeobj;
  Py_DECREF(descr);
}

constexpr DType sized(bool is_signed, std::size_t size) {
  const int log = size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : 3;
  return static_cast<DType>((is_signed ? static_cast<int>(DType::I8) : static_cast<int>(DType::U8)) + log);
}

}  // namespace

bool prepare_arguments() {
  dtypes.fill(kNoType);
  scalar_types.fill(nullptr);
  add_type(NPY_BOOL, DType::Bool);
  add_type(NPY_BYTE, DType::I8);
  add_type(NPY_SHORT, DType::I16);
  add_type(NPY_INT, DType::I32);
  add_type(NPY_LONG, sized(true, sizeof(long)));
  add_type(NPY_LONGLONG, DType::I64);
  add_type(NPY_UBYTE, DType::U8);
  add_type(NPY_USHORT, DType::U16);
  add_type(NPY_UINT, DType::U32);
  add_type(NPY_ULONG, sized(false, sizeof(long)));
  add_type(NPY_ULONGLONG, DType::U64);
  add_type(NPY_FLOAT, DType::F32);
  add_type(NPY_DOUBLE, DType::F64);
  add_type(NPY_CFLOAT, DType::C64);
  add_type(NPY_CDOUBLE, DType::C128);
  return PyErr_Occurred() == nullptr;
}

void* Arguments::space(std::size_t size, std::size_t alignment) {
  const std::size_t begin = (used_ + alignment - 1) / alignment * alignment;
  if (begin + size > kBytes) return nullptr;
  used_ = begin + size;
  return memory_ + begin;
}

bool Arguments::add_word(Word word) {
  if (word_count_ == kWords) return false;
  words_[word_count_++] = word;
  return true;
}

// One value in memory: where, and what it takes in a struct. Without initial values: a tuple has space for many.
struct Placed {
  void* at;  // null: it was not read
  std::size_t size;
  std::size_t alignment;
};

// Reads one value after the other into `to`. Not read: the adapting callback may know what to do, unless an exception is set.
struct Reader {
  Arguments& to;

  Placed too_much() const {
    PyErr_Format(
        PyExc_TypeError,
        "argument %zu: the arguments of a call have at most %zu values together and take %zu bytes, an array 16 and 16 for "
        "each axis: pass arrays instead of tuples",
        to.position_ + 1, Arguments::kWords, Arguments::kBytes);
    return {};
  }

  // Space for a value of this type.
  Placed place(Word word, std::size_t size, std::size_t alignment) {
    void* const at = to.space(size, alignment);
    if (at == nullptr || !to.add_word(word)) return too_much();
    return {at, size, alignment};
  }

  template <typename T>
  Placed put(Word word, const T& value) {
    const Placed placed = place(word, sizeof(T), alignof(T));
    if (placed.at != nullptr) std::memcpy(placed.at, &value, sizeof(T));
    return placed;
  }

  Placed array(PyArrayObject* object) {
    const int number = PyArray_DESCR(object)->type_num;
    const int rank = PyArray_NDIM(object);
    const int flags = PyArray_FLAGS(object);
    if (number >= kTypeNumbers || dtypes[static_cast<std::size_t>(number)] == kNoType || rank == 0 || rank > 32) return {};
    if ((flags & NPY_ARRAY_ALIGNED) == 0 || !PyArray_ISNOTSWAPPED(object)) return {};
    const auto extents = static_cast<std::size_t>(rank);
    const bool contiguous = (flags & NPY_ARRAY_C_CONTIGUOUS) != 0;
    const auto dtype = static_cast<DType>(dtypes[static_cast<std::size_t>(number)]);
    const Placed placed = place(array_word(dtype, static_cast<Word>(rank), contiguous), array_size(rank), kArrayAlignment);
    if (placed.at == nullptr) return {};
    auto* const memory = static_cast<detail::Descriptor<1>*>(placed.at);
    memory->data = PyArray_DATA(object);
    memory->owner = nullptr;
    std::int64_t* const dims = memory->shape;
    for (std::size_t axis = 0; axis < extents; ++axis) {
      dims[axis] = PyArray_DIMS(object)[axis];
      dims[extents + axis] = PyArray_STRIDES(object)[axis];
    }
    if (contiguous) dims[2 * extents - 1] = PyArray_ITEMSIZE(object);  // NumPy leaves strides of single elements as they were
    if ((flags & NPY_ARRAY_WRITEABLE) == 0) to.read_only_ |= std::uint64_t{1} << (to.position_ < 63 ? to.position_ : 63);
    return placed;
  }

  Placed integer(PyObject* object) {
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow == 0) return put(scalar_word(DType::I64), static_cast<std::int64_t>(value));
    if (overflow > 0) {
      const unsigned long long large = PyLong_AsUnsignedLongLong(object);
      if (PyErr_Occurred() == nullptr) return put(scalar_word(DType::U64), static_cast<std::uint64_t>(large));
      PyErr_Clear();
    }
    PyErr_Format(PyExc_OverflowError, "argument %zu: integers of kernels have 64 bits, and this one has more", to.position_ + 1);
    return {};
  }

  Placed text(PyObject* object) {
    Py_ssize_t size = 0;
    const char* const data = PyUnicode_AsUTF8AndSize(object, &size);
    return data == nullptr ? Placed() : put(word_of(Kind::Text), detail::Text{data, size, nullptr});
  }

  Placed numpy_scalar(PyObject* object) {
    for (std::size_t number = 0; number < scalar_types.size(); ++number) {
      if (scalar_types[number] != Py_TYPE(object)) continue;
      const auto dtype = static_cast<DType>(dtypes[number]);
      const Placed placed = place(scalar_word(dtype), item_size(dtype), scalar_alignment(dtype));
      if (placed.at != nullptr) PyArray_ScalarAsCtype(object, placed.at);
      return placed;
    }
    return {};
  }

  Placed tuple(PyObject* object) {
    const auto count = static_cast<std::size_t>(PyTuple_Size(object));
    if (count > Arguments::kMostArguments) {
      PyErr_Format(PyExc_TypeError, "argument %zu: a tuple has at most %zu values in kernels, and this one %zu: pass an array",
                   to.position_ + 1, Arguments::kMostArguments, count);
      return {};
    }
    if (Py_TYPE(object) != &PyTuple_Type) {
      const int number = number_of_class(Py_TYPE(object));
      if (number >= 0 && !to.add_word(named_word(static_cast<Word>(number)))) return too_much();
    }
    if (!to.add_word(tuple_word(static_cast<Word>(count)))) return too_much();
    Placed parts[Arguments::kMostArguments];
    for (std::size_t i = 0; i < count; ++i) {
      parts[i] = value(PyTuple_GetItem(object, static_cast<Py_ssize_t>(i)));
      if (parts[i].at == nullptr) return {};
    }
    return in_struct({parts, count});
  }

  // A C struct of what was read one after the other.
  Placed in_struct(std::span<const Placed> parts) {
    StructSize extent;
    for (const Placed& part : parts) extent.add(part.size, part.alignment);
    auto* const memory = static_cast<std::byte*>(to.space(extent.size() + 1, 8));  // not null for an empty one
    if (memory == nullptr) return too_much();
    StructSize place;
    for (const Placed& part : parts) std::memcpy(memory + place.add(part.size, part.alignment), part.at, part.size);
    return {memory, extent.size(), extent.alignment()};
  }

  Placed value(PyObject* object) {
    PyTypeObject* const type = Py_TYPE(object);
    if (type == &PyArray_Type) return array(reinterpret_cast<PyArrayObject*>(object));
    if (type == &PyLong_Type) return integer(object);
    if (type == &PyFloat_Type || type == scalar_types[NPY_DOUBLE]) return put(scalar_word(DType::F64), PyFloat_AsDouble(object));
    if (type == &PyBool_Type) return put(scalar_word(DType::Bool), object == Py_True);
    if (object == Py_None) return {place(word_of(Kind::None), 1, 1).at, 0, 1};
    if (type == &PyUnicode_Type) return text(object);
    if (PyTuple_Check(object)) return tuple(object);
    if (type == &PyComplex_Type)
      return put(scalar_word(DType::C128), std::array{PyComplex_RealAsDouble(object), PyComplex_ImagAsDouble(object)});
    if (PyArray_Check(object)) return array(reinterpret_cast<PyArrayObject*>(object));
    return numpy_scalar(object);
  }
};

bool Arguments::read(PyObject* const* objects, std::size_t count) {
  if (count > kMostArguments) {
    PyErr_SetString(PyExc_TypeError, "kernels take at most 255 arguments");
    return false;
  }
  Reader reader{*this};
  for (position_ = 0; position_ < count; ++position_) {
    pointers_[position_] = reader.value(objects[position_]).at;
    if (pointers_[position_] != nullptr) continue;
    odd_ = position_;
    return false;
  }
  return true;
}

}  // namespace kjit::python
