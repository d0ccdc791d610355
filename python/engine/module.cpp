// The extension module kjit._engine. Entry: PyInit__engine.

#define KJIT_IMPORTS_NUMPY
#include <memory>
#include <optional>
#include <utility>

#include "arguments.h"
#include "elementwise.h"
#include "engine.h"
#include "errors.h"
#include "image/disk_cache.h"
#include "kernel.h"
#include "kernel_state.h"
#include "kjit/version.h"
#include "python_api.h"

namespace kjit::python {

namespace {

// set_callbacks(prepare, bind, adapt, failed, refused, warn, with_names, first_stream)
PyObject* set_callbacks(PyObject*, PyObject* args) {
  PyObject *prepare, *bind, *adapt, *failed, *refused, *warn, *names, *stream;
  if (PyArg_ParseTuple(args, "OOOOOOOO", &prepare, &bind, &adapt, &failed, &refused, &warn, &names, &stream) == 0) return nullptr;
  return guarded([&] {
    const std::unique_ptr<Callbacks> old(std::exchange(
        callbacks, new Callbacks{Ref::borrow(prepare), Ref::borrow(bind), Ref::borrow(adapt), Ref::borrow(failed),
                                 Ref::borrow(refused), Ref::borrow(warn), Ref::borrow(names), Ref::borrow(stream)}));
    return Ref::borrow(Py_None).release();
  });
}

// random_stream(seed, stream): the next call that draws takes this stream; None: the first of the process.
PyObject* random_stream(PyObject*, PyObject* args) {
  unsigned long long seed = 0;
  PyObject* stream = nullptr;
  if (PyArg_ParseTuple(args, "KO", &seed, &stream) == 0) return nullptr;
  const std::uint64_t number = stream == Py_None ? 0 : PyLong_AsUnsignedLongLongMask(stream);
  if (PyErr_Occurred() != nullptr) return nullptr;
  settings.seed = seed;
  settings.start = settings.next_stream = number;
  settings.has_stream = stream != Py_None;
  return Ref::borrow(Py_None).release();
}

PyObject* after_fork(PyObject*, PyObject*) {
  note_fork();
  settings.has_stream = false;
  return Ref::borrow(Py_None).release();
}

PyObject* set_threads(PyObject*, PyObject* count) {
  const long threads = PyLong_AsLong(count);
  if (PyErr_Occurred() != nullptr) return nullptr;
  settings.threads = static_cast<int>(threads);
  return Ref::borrow(Py_None).release();
}

// type_of(value): of an argument, as text.
PyObject* type_of(PyObject*, PyObject* value) {
  return guarded([&] {
    Arguments arguments;
    if (!arguments.read(&value, 1)) return PyErr_Occurred() != nullptr ? nullptr : refuse_type(value, 0);
    return PyUnicode_FromString(type_texts(arguments.key()).front().c_str());
  });
}

PyObject* cache_folder(PyObject*, PyObject*) {
  return guarded([] {
    const std::optional<DiskCache> cache = DiskCache::from_environment();
    return cache ? PyUnicode_DecodeFSDefault(cache->folder().c_str()) : Ref::borrow(Py_None).release();
  });
}

PyMethodDef functions[] = {
    {"set_callbacks", set_callbacks, METH_VARARGS, "(prepare, bind, adapt, failed, refused, warn, with_names, first_stream)"},
    {"load", load_sources, METH_O, "((module, file name, text), ...): a module whose kernels are those of the first text."},
    {"type_of", type_of, METH_O, "(value): the type of an argument, as text."},
    {"random_stream", random_stream, METH_VARARGS, "(seed, stream): of the calls that follow; None: the process's own."},
    {"after_fork", after_fork, METH_NOARGS,
     "In the new process: the next call that draws asks which streams are its own, and this thread is the main one."},
    {"set_threads", set_threads, METH_O, "(count): of parallel loops; 0: the machine's."},
    {"spread", spread, METH_VARARGS, "(plans, kernel, args): a call of a vectorised function, or None: see elementwise.h."},
    {"cache_folder", cache_folder, METH_NOARGS, "Where compiled kernels are kept; None: nowhere."},
    {"new_stop", new_stop, METH_NOARGS, "A flag that stops calls."},
    {"request_stop", request_stop, METH_O, "(stop): ends the calls that were given it."},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef definition{PyModuleDef_HEAD_INIT, "_engine", "kjit's engine.", -1, functions, nullptr, nullptr, nullptr, nullptr};

bool is_numpy_ready() { return PyArray_ImportNumPyAPI() == 0 && prepare_arguments(); }

PyObject* make_module() {
  if (kjit_check_version(KJIT_VERSION_MAJOR, KJIT_VERSION_MINOR, KJIT_VERSION_PATCH) == 0) {
    PyErr_SetString(PyExc_ImportError, "libkjit.so has another version than kjit's Python package");
    return nullptr;
  }
  if (!is_numpy_ready()) return nullptr;
  Ref module(PyModule_Create(&definition));
  if (!module || PyModule_AddObject(module.get(), "Kernel", make_kernel_type()) != 0) return nullptr;
  return module.release();
}

}  // namespace

}  // namespace kjit::python

PyMODINIT_FUNC PyInit__engine() { return kjit::python::make_module(); }
