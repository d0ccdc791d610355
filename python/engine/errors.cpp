// Failures of kernels -> exceptions. Entry: raise_failure, raise_refusal.

#include "errors.h"

#include <memory>
#include <string>

#include "finalising.h"
#include "interrupt.h"
#include "kernel.h"
#include "kernel_state.h"

namespace kjit::python {

namespace {

constexpr const char* kStopCapsule = "kjit.Stop";

Ref text_of(const std::string& text) {
  return Ref(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
}

Ref frames_of(const RunError& error) {
  Ref list(PyList_New(0));
  for (const Frame& frame : error.traceback) {
    const Ref row(
        Py_BuildValue("(ssIIs)", frame.kernel.c_str(), frame.file.c_str(), frame.line, frame.column, frame.source.c_str()));
    if (!list || !row || PyList_Append(list.get(), row.get()) != 0) return {};
  }
  return list;
}

Ref iteration_of(const RunError& error) {
  Ref list(PyList_New(0));
  for (const LoopVariable& variable : error.iteration) {
    const Ref row(Py_BuildValue("(sL)", variable.name.c_str(), static_cast<long long>(variable.value)));
    if (!list || !row || PyList_Append(list.get(), row.get()) != 0) return {};
  }
  return list;
}

PyObject* raise(const Ref& exception) {
  if (exception) PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.get())), exception.get());
  return nullptr;
}

}  // namespace

PyObject* raise_failure(PyObject* kernel, const RunError& error) {
  if (error.kind == "KeyboardInterrupt") return raise_interrupt(), nullptr;
  const Ref kind = text_of(error.kind), message = text_of(error.message);
  const Ref frames = frames_of(error), iteration = iteration_of(error);
  const Ref omitted(PyLong_FromLong(static_cast<long>(error.omitted_frames)));
  const Ref code(PyLong_FromLong(error.exit_code));
  if (!kind || !message || !frames || !iteration || !omitted || !code) return nullptr;
  return raise(Ref(call_object(callbacks->failed, kernel, kind.get(), message.get(), frames.get(), omitted.get(), iteration.get(),
                               code.get())));
}

PyObject* raise_refusal(PyObject* kernel, const Error& error) {
  const Ref message = text_of(error.message), details = text_of(error.details);
  if (!message || !details) return nullptr;
  return raise(Ref(call_object(callbacks->refused, kernel == nullptr ? Py_None : kernel, message.get(), details.get())));
}

PyObject* refuse_type(PyObject* argument, std::size_t position) {
  const Ref type(PyObject_GetAttrString(reinterpret_cast<PyObject*>(Py_TYPE(argument)), "__name__"));
  if (!type) return nullptr;
  return PyErr_Format(PyExc_TypeError, "argument %zu: kernels take no %S", position + 1, type.get());
}

PyObject* finish_adapted(Ref result, PyObject* after, std::uint64_t written) {
  PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  const Ref mask(PyLong_FromUnsignedLongLong(written));
  const Ref done(mask ? call_object(Ref::borrow(after), mask.get()) : nullptr);
  if (type != nullptr) PyErr_Restore(type, value, traceback);  // replaces what `after` has raised
  return done ? result.release() : nullptr;
}

PyObject* new_stop(PyObject*, PyObject*) {
  return guarded([&] {
    auto flag = std::make_unique<std::atomic<int>>(0);
    PyObject* const stop = PyCapsule_New(flag.get(), kStopCapsule, [](PyObject* self) {
      delete static_cast<std::atomic<int>*>(PyCapsule_GetPointer(self, kStopCapsule));
    });
    if (stop != nullptr) flag.release();
    return stop;
  });
}

PyObject* request_stop(PyObject*, PyObject* stop) {
  std::atomic<int>* const flag = stop_flag(stop);
  if (flag == nullptr) return nullptr;
  flag->store(static_cast<int>(Stop::Cancel), std::memory_order_relaxed);
  return Ref::borrow(Py_None).release();
}

std::atomic<int>* stop_flag(PyObject* stop) { return static_cast<std::atomic<int>*>(PyCapsule_GetPointer(stop, kStopCapsule)); }

}  // namespace kjit::python
