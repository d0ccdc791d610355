// Memory -> objects. Entry: take_result.

#include "results.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "kernel_state.h"
#include "kjit/border.h"

namespace kjit::python {

namespace {

constexpr std::array<int, 13> kTypeNumbers{NPY_BOOL,    NPY_INT8,      NPY_INT16,     NPY_INT32,  NPY_INT64,
                                           NPY_UINT8,   NPY_UINT16,    NPY_UINT32,    NPY_UINT64, NPY_FLOAT32,
                                           NPY_FLOAT64, NPY_COMPLEX64, NPY_COMPLEX128};

int type_number(DType dtype) { return kTypeNumbers[static_cast<std::size_t>(dtype)]; }

template <typename T>
T read(const void* memory) {
  T value;
  std::memcpy(&value, memory, sizeof(T));
  return value;
}

// Python's own numbers where kernels have them, else NumPy's, which keep their width.
PyObject* scalar(DType dtype, void* memory) {
  switch (dtype) {
    case DType::Bool: return PyBool_FromLong(read<std::uint8_t>(memory));
    case DType::I64: return PyLong_FromLongLong(read<std::int64_t>(memory));
    case DType::F64: return PyFloat_FromDouble(read<double>(memory));
    case DType::C128: {
      const auto parts = read<std::array<double, 2>>(memory);
      return PyComplex_FromDoubles(parts[0], parts[1]);
    }
    default: break;
  }
  PyArray_Descr* const descr = PyArray_DescrFromType(type_number(dtype));
  PyObject* const result = PyArray_Scalar(memory, descr, nullptr);
  Py_DECREF(descr);
  return result;
}

PyObject* text(void* memory) {
  const auto value = read<detail::Text>(memory);
  PyObject* const result = PyUnicode_DecodeUTF8(value.data, value.size, nullptr);
  detail::release_buffer(value.owner);
  return result;
}

class ResultArray {
 public:
  ResultArray(const Layout& layout, void* memory) : layout_(layout), descriptor_(static_cast<detail::Descriptor<1>*>(memory)) {
    const auto rank = static_cast<std::size_t>(layout.rank);
    std::copy_n(descriptor_->shape, rank, shape_.begin());
    std::copy_n(descriptor_->shape + rank, rank, strides_.begin());
  }

  PyObject* take(PyObject* const* arguments, std::size_t count) {
    if (descriptor_->owner != nullptr) return make(capsule(descriptor_->owner));
    // An argument that is the result comes before those that it is a part of.
    if (PyObject* const whole = first_of(arguments, count, &ResultArray::same)) return whole;
    if (PyObject* const part = first_of(arguments, count, &ResultArray::view_of)) return part;
    if (PyErr_Occurred() != nullptr) return nullptr;
    // Of a constant.
    if (!detail::own_array(descriptor_, static_cast<int>(layout_.dtype), layout_.rank)) return PyErr_NoMemory();
    return ResultArray(layout_, descriptor_).take(nullptr, 0);
  }

 private:
  static PyObject* capsule(void* owner) {
    PyObject* const result =
        PyCapsule_New(owner, nullptr, [](PyObject* self) { detail::release_buffer(PyCapsule_GetPointer(self, nullptr)); });
    if (result == nullptr) detail::release_buffer(owner);
    return result;
  }

  using Look = PyObject* (ResultArray::*)(PyArrayObject*) const;

  // What `look` gives for the first array, also one in a tuple, for which it gives something; null without an exception: for
  // none.
  PyObject* first_of(PyObject* const* objects, std::size_t count, Look look) const {
    for (std::size_t i = 0; i < count && PyErr_Occurred() == nullptr; ++i) {
      if (PyArray_Check(objects[i])) {
        if (PyObject* const found = (this->*look)(reinterpret_cast<PyArrayObject*>(objects[i]))) return found;
      } else if (PyTuple_Check(objects[i])) {
        const std::vector<PyObject*> elements = items_of(objects[i]);
        if (PyObject* const found = first_of(elements.data(), elements.size(), look)) return found;
      }
    }
    return nullptr;
  }

  // The array itself, if it has the result's elements at its places.
  PyObject* same(PyArrayObject* array) const {
    const bool is_same = descriptor_->data == PyArray_DATA(array) && PyArray_NDIM(array) == layout_.rank &&
                         PyArray_EquivTypenums(PyArray_DESCR(array)->type_num, type_number(layout_.dtype)) &&
                         std::equal(shape_.begin(), shape_.begin() + layout_.rank, PyArray_DIMS(array)) && has_strides_of(array);
    return is_same ? Ref::borrow(reinterpret_cast<PyObject*>(array)).release() : nullptr;
  }

  // Where an axis has one element or none, its stride says nothing.
  bool has_strides_of(PyArrayObject* array) const {
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(layout_.rank); ++axis) {
      if (shape_[axis] > 1 && strides_[axis] != PyArray_STRIDES(array)[axis]) return false;
    }
    return true;
  }

  // An array of the result's own type over the memory of `array`, if the result lies in it.
  PyObject* view_of(PyArrayObject* array) const {
    const auto* const data = static_cast<const char*>(descriptor_->data);
    const auto [first, end] = extent_of(array);
    if (data < first || data >= end) return nullptr;
    return make(Ref::borrow(reinterpret_cast<PyObject*>(array)).release(), PyArray_ISWRITEABLE(array));
  }

  // From the lowest address of an element to behind the highest one.
  static std::pair<const char*, const char*> extent_of(PyArrayObject* array) {
    const char* first = PyArray_BYTES(array);
    const char* last = first;
    for (int axis = 0; axis < PyArray_NDIM(array); ++axis) {
      if (PyArray_DIM(array, axis) == 0) return {first, first};
      const npy_intp reach = (PyArray_DIM(array, axis) - 1) * PyArray_STRIDE(array, axis);
      (reach < 0 ? first : last) += reach;
    }
    return {first, last + PyArray_ITEMSIZE(array)};
  }

  // `base` keeps the memory alive; its reference is taken over.
  PyObject* make(PyObject* base, bool writeable = true) const {
    if (base == nullptr) return nullptr;
    PyArray_Descr* const descr = PyArray_DescrFromType(type_number(layout_.dtype));
    const int flags = writeable ? NPY_ARRAY_WRITEABLE : 0;
    PyObject* const result = PyArray_NewFromDescr(&PyArray_Type, descr, layout_.rank, shape_.data(), strides_.data(),
                                                  descriptor_->data, flags, nullptr);
    if (result == nullptr || PyArray_SetBaseObject(reinterpret_cast<PyArrayObject*>(result), base) != 0) {
      if (result == nullptr) Py_DECREF(base);
      Py_XDECREF(result);
      return nullptr;
    }
    return result;
  }

  const Layout& layout_;
  detail::Descriptor<1>* descriptor_;
  std::array<npy_intp, 32> shape_;
  std::array<npy_intp, 32> strides_;
};

PyObject* take(const Layout& layout, void* memory, PyObject* const* arguments, std::size_t count) {
  switch (layout.kind) {
    case Kind::Scalar: return scalar(layout.dtype, memory);
    case Kind::Array: return ResultArray(layout, memory).take(arguments, count);
    case Kind::Text: return text(memory);
    case Kind::None: return Ref::borrow(Py_None).release();
    case Kind::Tuple: break;
  }
  Ref result(PyTuple_New(static_cast<Py_ssize_t>(layout.elements.size())));
  for (std::size_t i = 0; i < layout.elements.size(); ++i) {
    // All are taken, also after one that failed, as each owns something.
    Ref element(take(layout.elements[i], static_cast<std::byte*>(memory) + layout.offsets[i], arguments, count));
    if (!element) result = Ref();
    if (result) PyTuple_SetItem(result.get(), static_cast<Py_ssize_t>(i), element.release());
  }
  return result.release();
}

}  // namespace

PyObject* take_result(const Layout& layout, void* memory, PyObject* const* arguments, std::size_t count) {
  return take(layout, memory, arguments, count);
}

}  // namespace kjit::python
