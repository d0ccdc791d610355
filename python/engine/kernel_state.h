#pragma once
// What a kernel object holds, and the parts of its life that are not a call.

#include <exception>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "arguments.h"
#include "kjit/engine.h"
#include "python_api.h"
#include "specialisations.h"

namespace kjit::python {

// A name that the function reads, with the value that it was compiled for.
struct Watched {
  Ref place;  // a dictionary, or an object with attributes: a class, a cell
  Ref name;
  Ref value;  // null: there was none
};

struct KernelState {
  std::string name;
  std::size_t arity;             // of all parameters
  std::size_t positional;        // of those that may be passed by position
  std::optional<Module> module;  // none before the first call
  std::vector<Watched> watched;
  std::vector<Ref> arrays;  // outside of the function, which it reads: arguments behind those of the call
  Specialisations forms;
  unsigned loads = 0;  // counts up whenever `forms` are dropped: what was compiled for an older module is not kept
};

struct KernelObject {
  PyObject_HEAD Vectorcall call;
  PyObject* dict;
  PyObject* weak_references;
  KernelState* state;
};

// Options of one call; null: this thread's own frame.
struct CallExtras {
  CallFrame* frame = nullptr;
};

// Loaded, and nothing that it was loaded with has changed. Classes may run code of theirs meanwhile.
bool is_current(const KernelObject* kernel);
// Loads it; false with an exception.
bool prepare(KernelObject* kernel);
// Of the arrays that the function reads outside of itself; false with an exception.
bool add_array_words(KernelObject* kernel, std::vector<Word>& key);
// Null with an exception.
std::shared_ptr<const Specialisation> compile_for_key(KernelObject* kernel, std::span<const Word> key);

// Methods of the type.
PyObject* list_forms(PyObject* self, PyObject*);
PyObject* emit_stage(PyObject* self, PyObject* args);
PyObject* clear_forms(PyObject* self, PyObject*);
void deallocate(PyObject* self);
int traverse(PyObject* self, visitproc visit, void* arg);
int clear(PyObject* self);

Ref tuple_of(PyObject* const* items, std::size_t count);
Ref tuple_of(const std::vector<std::string>& texts);
// Borrowed from the tuple.
std::vector<PyObject*> items_of(PyObject* tuple);

// Exceptions of C++ become Python's.
template <typename F>
PyObject* guarded(F call) {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_Format(PyExc_SystemError, "%s", error.what());
    return nullptr;
  }
}

}  // namespace kjit::python
