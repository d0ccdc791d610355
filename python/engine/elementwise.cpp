// A result and a loop over it. Entry: spread.

#include "elementwise.h"

#include <algorithm>
#include <vector>

#include "finalising.h"
#include "kernel_state.h"

namespace kjit::python {

namespace {

constexpr npy_intp kFew = 2048;  // elements; more of them in several axes may be better off as one

Ref key_of(const std::vector<PyObject*>& values) {
  Ref key(PyTuple_New(static_cast<Py_ssize_t>(values.size())));
  for (std::size_t i = 0; key && i < values.size(); ++i) {
    PyObject* const part = PyArray_CheckExact(values[i])
                               ? reinterpret_cast<PyObject*>(PyArray_DESCR(reinterpret_cast<PyArrayObject*>(values[i])))
                               : reinterpret_cast<PyObject*>(Py_TYPE(values[i]));
    PyTuple_SetItem(key.get(), static_cast<Py_ssize_t>(i), Ref::borrow(part).release());
  }
  return key;
}

// Python's integers of 64 bits with a sign, which the plan is for.
bool is_wide(PyObject* value) {
  int overflow = 0;
  if (PyLong_CheckExact(value) == 0) return false;
  PyLong_AsLongLongAndOverflow(value, &overflow);
  return overflow != 0;
}

// The one of which all arrays have the shape; null if there is none.
PyArrayObject* common_shape(const std::vector<PyObject*>& values) {
  PyArrayObject* first = nullptr;
  for (PyObject* value : values) {
    if (is_wide(value)) return nullptr;
    if (!PyArray_CheckExact(value)) continue;
    auto* const array = reinterpret_cast<PyArrayObject*>(value);
    if (first == nullptr) first = array;
    if (PyArray_NDIM(array) != PyArray_NDIM(first) ||
        !std::equal(PyArray_DIMS(first), PyArray_DIMS(first) + PyArray_NDIM(first), PyArray_DIMS(array)))
      return nullptr;
  }
  return first;
}

PyObject* none() { return Ref::borrow(Py_None).release(); }

}  // namespace

PyObject* spread(PyObject*, PyObject* args) {
  PyObject *plans = nullptr, *object = nullptr, *tuple = nullptr;
  if (PyArg_ParseTuple(args, "O!OO!", &PyDict_Type, &plans, &object, &PyTuple_Type, &tuple) == 0) return nullptr;
  auto* const kernel = reinterpret_cast<KernelObject*>(object);
  return guarded([&]() -> PyObject* {
    std::vector<PyObject*> values = items_of(tuple);
    PyArrayObject* const like = common_shape(values);
    if (like == nullptr) return none();
    const Ref key = key_of(values);
    if (!key) return nullptr;
    const Ref plan = Ref::borrow(PyDict_GetItemWithError(plans, key.get()));
    if (!plan) return PyErr_Occurred() != nullptr ? nullptr : none();
    const auto version = PyLong_AsUnsignedLong(PyTuple_GetItem(plan.get(), 0));
    if (!is_current(kernel) || kernel->state->loads != version) return none();
    const int rank = PyArray_NDIM(like);
    PyObject* const loops = PyTuple_GetItem(plan.get(), 2);
    if (rank >= PyList_Size(loops) || (rank > 1 && PyArray_SIZE(like) >= kFew)) return none();
    const Ref loop = Ref::borrow(PyList_GetItem(loops, rank));
    if (loop.get() == Py_None) return none();
    PyObject* const descriptor = Ref::borrow(PyTuple_GetItem(plan.get(), 1)).release();
    Ref result(PyArray_NewFromDescr(&PyArray_Type, reinterpret_cast<PyArray_Descr*>(descriptor), rank, PyArray_DIMS(like),
                                    nullptr, nullptr, 0, nullptr));
    if (!result) return nullptr;
    values.insert(values.begin(), result.get());
    const Ref done(reinterpret_cast<KernelObject*>(loop.get())->call(loop.get(), values.data(), values.size(), nullptr));
    return done ? result.release() : nullptr;
  });
}

}  // namespace kjit::python
