// The type of decorated functions. Entry: vectorcall.

#include "kernel.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "arguments.h"
#include "engine.h"
#include "errors.h"
#include "finalising.h"
#include "interrupt.h"
#include "kernel_state.h"
#include "results.h"

namespace kjit::python {

Callbacks* callbacks = nullptr;

namespace {

// Space for a result; most fit into the frame of the call.
class ResultMemory {
 public:
  explicit ResultMemory(std::size_t size) {
    if (size > sizeof(small_)) large_ = std::make_unique<std::max_align_t[]>(size / sizeof(std::max_align_t) + 1);
  }
  void* get() { return large_ ? static_cast<void*>(large_.get()) : small_; }

 private:
  alignas(std::max_align_t) std::byte small_[192];
  std::unique_ptr<std::max_align_t[]> large_;
};

struct CallPlace {
  KernelObject* kernel;
  PyObject* const* arguments;
  std::size_t count;
};

// Compiles if it must; null with an exception.
std::shared_ptr<const Specialisation> specialise(KernelObject* kernel, std::span<const Word> key) {
  if (const auto* found = kernel->state->forms.find(key)) return *found;
  return compile_for_key(kernel, key);
}

// The stream of a call that draws random numbers; false with an exception.
bool set_stream(CallFrame& frame) {
  if (!settings.has_stream) {
    const Ref first(call_object(callbacks->first_stream));
    if (!first) return false;
    settings.next_stream = settings.start + PyLong_AsUnsignedLongLongMask(first.get());
    settings.has_stream = true;
  }
  frame.set_stream(settings.seed, settings.next_stream++);
  return true;
}

PyObject* run(const CallPlace& place, const Specialisation& form, CallFrame& frame, Arguments& arguments) {
  if (form.function.draws() && !set_stream(frame)) return nullptr;
  ResultMemory memory(form.result.size);
  if (!form.function.call(frame, arguments.pointers(), memory.get())) [[unlikely]]
    return raise_failure(reinterpret_cast<PyObject*>(place.kernel), form.function.take_error(frame));
  return take_result(form.result, memory.get(), place.arguments, place.count);
}

PyObject* refuse_read_only(const CallPlace& place, const Specialisation& form, std::uint64_t clash) {
  std::size_t position = 0;
  while ((clash >> position & 1) == 0) ++position;
  const KernelSignature& signature = form.function.signature();
  PyErr_Format(PyExc_ValueError,
               "argument '%s' of %s() is read-only, and the kernel writes to it: pass a copy, or set its flag writeable",
               signature.parameters[std::min(position, place.count - 1)].name.c_str(), signature.name.c_str());
  return nullptr;
}

PyObject* call_adapted(const CallPlace& place, const CallExtras& options);

// Behind the arguments of the call stand the arrays that the function reads outside of itself.
class WithArrays {
 public:
  explicit WithArrays(const CallPlace& place) : place_(place) {
    const std::vector<Ref>& arrays = place.kernel->state->arrays;
    if (arrays.empty()) return;
    all_.assign(place.arguments, place.arguments + place.count);
    for (const Ref& array : arrays) {
      held_.push_back(Ref::borrow(array.get()));  // another thread may load the kernel anew
      all_.push_back(array.get());
    }
    place_ = {place.kernel, all_.data(), all_.size()};
  }
  const CallPlace& get() const { return place_; }

 private:
  CallPlace place_;
  std::vector<PyObject*> all_;
  std::vector<Ref> held_;
};

// With all parameters in their order. `adapted`: these are what callbacks->adapt has made of others; `written` gets the form's.
PyObject* call_in_order(const CallPlace& given, const CallExtras& options, bool adapted = false,
                        std::uint64_t* written = nullptr) {
  if (!is_current(given.kernel) && !prepare(given.kernel)) return nullptr;
  const WithArrays with_arrays(given);
  const CallPlace& place = with_arrays.get();
  Arguments arguments;
  if (!arguments.read(place.arguments, place.count)) [[unlikely]] {
    if (PyErr_Occurred() != nullptr) return nullptr;
    if (!adapted) return call_adapted(given, options);
    return refuse_type(place.arguments[arguments.odd()], arguments.odd());
  }
  const std::shared_ptr<const Specialisation> form = specialise(place.kernel, arguments.key());
  if (!form) return nullptr;
  if (written != nullptr) *written = form->written;
  if (const std::uint64_t clash = arguments.read_only() & form->written) [[unlikely]]
    return refuse_read_only(place, *form, clash);
  if (options.frame != nullptr) return run(place, *form, *options.frame, arguments);
  const BorrowedFrame frame;
  frame.get().set_threads(settings.threads);
  if (frame.is_interruptible()) {
    watch_interrupts();
    if (!pass_interrupt()) return nullptr;
  }
  return run(place, *form, frame.get(), arguments);
}

// Lists, objects with array interfaces and the like are made arrays and tuples by the Python part.
PyObject* call_adapted(const CallPlace& place, const CallExtras& options) {
  const Ref given = tuple_of(place.arguments, place.count);
  if (!given) return nullptr;
  const Ref pair(call_object(callbacks->adapt, reinterpret_cast<PyObject*>(place.kernel), given.get()));
  if (!pair) return nullptr;
  PyObject* const made = PyTuple_GetItem(pair.get(), 0);
  PyObject* const after = PyTuple_GetItem(pair.get(), 1);
  if (made == nullptr || after == nullptr) return nullptr;
  const std::vector<PyObject*> items = items_of(made);
  std::uint64_t written = 0;
  Ref result(call_in_order({place.kernel, items.data(), items.size()}, options, true, &written));
  if (after == Py_None || written == 0) return result.release();
  return finish_adapted(std::move(result), after, written);
}

PyObject* call_bound(KernelObject* kernel, PyObject* args, PyObject* keywords, const CallExtras& options) {
  const Ref bound(call_object(callbacks->bind, reinterpret_cast<PyObject*>(kernel), args, keywords));
  if (!bound) return nullptr;
  const std::vector<PyObject*> items = items_of(bound.get());
  return call_in_order({kernel, items.data(), items.size()}, options);
}

PyObject* call_with_keywords(KernelObject* kernel, PyObject* const* args, std::size_t count, PyObject* names) {
  const Ref positional = tuple_of(args, count);
  const Ref keywords(PyDict_New());
  if (!positional || !keywords) return nullptr;
  const Py_ssize_t named = names == nullptr ? 0 : PyTuple_Size(names);
  for (Py_ssize_t i = 0; i < named; ++i) {
    if (PyDict_SetItem(keywords.get(), PyTuple_GetItem(names, i), args[count + static_cast<std::size_t>(i)]) != 0) return nullptr;
  }
  return call_bound(kernel, positional.get(), keywords.get(), {});
}

PyObject* vectorcall(PyObject* self, PyObject* const* args, std::size_t flags, PyObject* names) {
  auto* const kernel = reinterpret_cast<KernelObject*>(self);
  const std::size_t count = flags & ~kOffsetFlag;
  return guarded([&] {
    if (names != nullptr || count != kernel->state->arity || count != kernel->state->positional) [[unlikely]]
      return call_with_keywords(kernel, args, count, names);
    return call_in_order({kernel, args, count}, {});
  });
}

// kernel._call(args, keywords, stop or None, threads): a call with options of its own.
PyObject* call_with_options(PyObject* self, PyObject* args) {
  PyObject *positional = nullptr, *keywords = nullptr, *stop = nullptr;
  int threads = 0;
  if (PyArg_ParseTuple(args, "O!OOi", &PyTuple_Type, &positional, &keywords, &stop, &threads) == 0) return nullptr;
  return guarded([&]() -> PyObject* {
    std::atomic<int>* const flag = stop == Py_None ? nullptr : stop_flag(stop);
    if (stop != Py_None && flag == nullptr) return nullptr;
    const std::unique_ptr<CallFrame> frame = new_frame(flag);
    frame->set_threads(threads != 0 ? threads : settings.threads);
    return call_bound(reinterpret_cast<KernelObject*>(self), positional, keywords, {frame.get()});
  });
}

// kernel._specialise(types): compiles for types as text; a tuple (signature, its result, whether this compiled it).
PyObject* specialise_for_texts(PyObject* self, PyObject* types) {
  if (!PyTuple_Check(types)) return PyErr_Format(PyExc_TypeError, "a tuple of types is wanted");
  auto* const kernel = reinterpret_cast<KernelObject*>(self);
  return guarded([&]() -> PyObject* {
    if (!is_current(kernel) && !prepare(kernel)) return nullptr;
    std::vector<Word> key;
    for (PyObject* item : items_of(types)) {
      const char* const text = PyUnicode_AsUTF8AndSize(item, nullptr);
      Layout layout;
      if (text == nullptr) return nullptr;
      if (!parse_layout(text, layout)) return PyErr_Format(PyExc_TypeError, "kernels have no type %s", text);
      add_words(layout, key);
    }
    if (!add_array_words(kernel, key)) return nullptr;
    const bool fresh = kernel->state->forms.find(key) == nullptr;
    const std::shared_ptr<const Specialisation> form = specialise(kernel, key);
    if (!form) return nullptr;
    const KernelSignature& signature = form->function.signature();
    return Py_BuildValue("(ssi)", signature.text().c_str(), signature.result.c_str(), static_cast<int>(fresh));
  });
}

// kernel._specialise_for(args): compiles for the types of all parameters' values, and calls nothing.
PyObject* specialise_for_values(PyObject* self, PyObject* values) {
  if (!PyTuple_Check(values)) return PyErr_Format(PyExc_TypeError, "a tuple of values is wanted");
  auto* const kernel = reinterpret_cast<KernelObject*>(self);
  return guarded([&]() -> PyObject* {
    if (!is_current(kernel) && !prepare(kernel)) return nullptr;
    const std::vector<PyObject*> items = items_of(values);
    Arguments arguments;
    if (!arguments.read(items.data(), items.size())) {
      if (PyErr_Occurred() != nullptr) return nullptr;
      return refuse_type(items[arguments.odd()], arguments.odd());
    }
    std::vector<Word> key(arguments.key().begin(), arguments.key().end());
    if (!add_array_words(kernel, key) || !specialise(kernel, key)) return nullptr;
    return Ref::borrow(Py_None).release();
  });
}

// kernel._version(): loads it anew if it must; the same number as long as what was compiled is right.
PyObject* version(PyObject* self, PyObject*) {
  auto* const kernel = reinterpret_cast<KernelObject*>(self);
  return guarded([&]() -> PyObject* {
    if (!is_current(kernel) && !prepare(kernel)) return nullptr;
    return PyLong_FromUnsignedLong(kernel->state->loads);
  });
}

PyMethodDef methods[] = {
    {"_call", call_with_options, METH_VARARGS, "(args, keywords, stop, threads): a call with options of its own."},
    {"_specialise", specialise_for_texts, METH_O, "(types): compiles for types as text."},
    {"_specialise_for", specialise_for_values, METH_O, "(values): compiles for the types of these arguments."},
    {"_version", version, METH_NOARGS, "A number that changes with what it is compiled from."},
    {"_forms", list_forms, METH_NOARGS,
     "Of each compiled form: types of the arguments, signature, parameters that it writes to."},
    {"_emit", emit_stage, METH_VARARGS, "(stage, types): the text of a stage of the compiler."},
    {"_clear", clear_forms, METH_NOARGS, "Drops what was compiled."},
    {nullptr, nullptr, 0, nullptr},
};

PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(KernelObject, call), READONLY, nullptr},
    {"__dictoffset__", T_PYSSIZET, offsetof(KernelObject, dict), READONLY, nullptr},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(KernelObject, weak_references), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

// Kernel(name, arity, how many of the parameters may be passed by position)
PyObject* create(PyTypeObject* type, PyObject* args, PyObject*) {
  const char* name = nullptr;
  int arity = 0, positional = 0;
  if (PyArg_ParseTuple(args, "sii", &name, &arity, &positional) == 0) return nullptr;
  return guarded([&]() -> PyObject* {
    auto state = std::make_unique<KernelState>();
    state->name = name;
    state->arity = static_cast<std::size_t>(arity);
    state->positional = static_cast<std::size_t>(positional);
    const auto allocate = reinterpret_cast<allocfunc>(PyType_GetSlot(type, Py_tp_alloc));
    auto* const self = reinterpret_cast<KernelObject*>(allocate(type, 0));
    if (self == nullptr) return nullptr;
    self->call = vectorcall;
    self->state = state.release();
    return reinterpret_cast<PyObject*>(self);
  });
}

// Subclasses and pickles aside, `kernel.__doc__` and such are in the dictionary; descriptors of the type come first.
PyGetSetDef properties[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
    {Py_tp_dealloc, reinterpret_cast<void*>(deallocate)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(clear)},
    {Py_tp_methods, methods},
    {Py_tp_members, members},
    {Py_tp_getset, properties},
    {0, nullptr},
};

PyType_Spec spec{"kjit._engine.Kernel", sizeof(KernelObject), 0,
                 static_cast<unsigned>(Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | kHasVectorcall), slots};

}  // namespace

PyObject* make_kernel_type() { return PyType_FromSpec(&spec); }

}  // namespace kjit::python
