#pragma once
// CPython's stable interface and NumPy's, as this extension uses them: one file serves CPython 3.10 and newer.

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030A0000
#include <Python.h>
#include <structmember.h>

#define NPY_NO_DEPRECATED_API NPY_1_23_API_VERSION
#define NPY_TARGET_VERSION NPY_1_23_API_VERSION
#define PY_ARRAY_UNIQUE_SYMBOL kjit_numpy_api
#ifndef KJIT_IMPORTS_NUMPY  // one file has the table of NumPy's functions: module.cpp
#define NO_IMPORT_ARRAY
#endif
#include <numpy/arrayobject.h>

#include <utility>

// In the stable interface since 3.12, exported long before.
extern "C" PyObject* PyVectorcall_Call(PyObject* callable, PyObject* tuple, PyObject* keywords);

namespace kjit::python {

inline constexpr unsigned long kHasVectorcall = 1UL << 11;           // Py_TPFLAGS_HAVE_VECTORCALL
inline constexpr std::size_t kOffsetFlag = ~(~std::size_t{0} >> 1);  // PY_VECTORCALL_ARGUMENTS_OFFSET
using Vectorcall = PyObject* (*)(PyObject*, PyObject* const*, std::size_t, PyObject*);

// Owns one reference; null is none.
class Ref {
 public:
  Ref() = default;
  explicit Ref(PyObject* owned) : object_(owned) {}
  static Ref borrow(PyObject* object) {
    Py_XINCREF(object);
    return Ref(object);
  }
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(Ref&& other) noexcept {
    PyObject* old = std::exchange(object_, std::exchange(other.object_, nullptr));
    Py_XDECREF(old);
    return *this;
  }
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  ~Ref() { Py_XDECREF(object_); }

  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  PyObject* object_ = nullptr;
};

}  // namespace kjit::python
