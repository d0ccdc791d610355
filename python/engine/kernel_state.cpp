// Loading, compiling and dropping what a kernel object holds. Entry: prepare, compile_for_key.

#include "kernel_state.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "engine.h"
#include "errors.h"
#include "finalising.h"
#include "kernel.h"
#include "kjit/any_function.h"
#include "records.h"

namespace kjit::python {

namespace {

constexpr const char* kModuleCapsule = "kjit.Module";

PyObject* as_object(KernelObject* kernel) { return reinterpret_cast<PyObject*>(kernel); }

bool is_unchanged(const Watched& watched) {
  if (PyDict_Check(watched.place.get()))
    return PyDict_GetItemWithError(watched.place.get(), watched.name.get()) == watched.value.get();
  const Ref place = Ref::borrow(watched.place.get()), name = Ref::borrow(watched.name.get());
  const Ref value = Ref::borrow(watched.value.get());  // `watched` may be gone afterwards
  const Ref now(staying([&] { return PyObject_GetAttr(place.get(), name.get()); }));
  PyErr_Clear();  // there is none
  return now.get() == value.get();
}

// From rows (place, name[, value]).
std::vector<Watched> watched_from(PyObject* rows) {
  std::vector<Watched> result;
  for (PyObject* row : items_of(rows)) {
    const std::vector<PyObject*> parts = items_of(row);
    result.push_back({Ref::borrow(parts.at(0)), Ref::borrow(parts.at(1)), Ref::borrow(parts.size() > 2 ? parts[2] : nullptr)});
  }
  return result;
}

// What the module has to say that it has not said before.
bool warn(KernelObject* kernel, const std::string& text) {
  if (text.empty()) return true;
  const Ref object(PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size())));
  const Ref done(object ? call_object(callbacks->warn, as_object(kernel), object.get()) : nullptr);
  return static_cast<bool>(done);
}

Value example_of(const Layout& layout) {
  switch (layout.kind) {
    case Kind::None: return {};
    case Kind::Text: return {std::string()};
    case Kind::Tuple: {
      TupleValue tuple;
      for (const Layout& element : layout.elements) tuple.elements.push_back(example_of(element));
      return {std::move(tuple)};
    }
    case Kind::Array: {
      ArrayValue array = ArrayValue::zeros(layout.dtype, std::vector<std::int64_t>(static_cast<std::size_t>(layout.rank), 1));
      if (!layout.contiguous) array.strides.assign(static_cast<std::size_t>(layout.rank), 0);
      return {std::move(array)};
    }
    case Kind::Scalar: break;
  }
  if (layout.dtype == DType::Bool) return {false};
  if (layout.dtype == DType::F32) return {0.0F};
  if (layout.dtype == DType::F64) return {0.0};
  if (layout.dtype == DType::C64) return {std::complex<float>()};
  if (layout.dtype == DType::C128) return {std::complex<double>()};
  Value integer = layout.dtype >= DType::U8 ? Value{std::uint64_t{0}} : Value{std::int64_t{0}};
  if (layout.dtype != DType::I64 && layout.dtype != DType::U64) integer.narrow = layout.dtype;
  return integer;
}

}  // namespace

Ref tuple_of(PyObject* const* items, std::size_t count) {
  Ref result(PyTuple_New(static_cast<Py_ssize_t>(count)));
  for (std::size_t i = 0; result && i < count; ++i)
    PyTuple_SetItem(result.get(), static_cast<Py_ssize_t>(i), Ref::borrow(items[i]).release());
  return result;
}

Ref tuple_of(const std::vector<std::string>& texts) {
  Ref result(PyTuple_New(static_cast<Py_ssize_t>(texts.size())));
  for (std::size_t i = 0; result && i < texts.size(); ++i) {
    Ref text(PyUnicode_FromStringAndSize(texts[i].data(), static_cast<Py_ssize_t>(texts[i].size())));
    if (!text) return {};
    PyTuple_SetItem(result.get(), static_cast<Py_ssize_t>(i), text.release());
  }
  return result;
}

std::vector<PyObject*> items_of(PyObject* tuple) {
  const Py_ssize_t count = PyTuple_Size(tuple);
  std::vector<PyObject*> result;
  for (Py_ssize_t i = 0; i < count; ++i) result.push_back(PyTuple_GetItem(tuple, i));
  return result;
}

bool is_current(const KernelObject* kernel) {
  const KernelState& state = *kernel->state;
  if (!state.module.has_value()) return false;
  for (std::size_t i = 0; i < state.watched.size(); ++i) {  // no iterators: see is_unchanged
    if (!is_unchanged(state.watched[i])) return false;
  }
  return true;
}

bool prepare(KernelObject* kernel) {
  const Ref made(call_object(callbacks->prepare, as_object(kernel)));
  if (!made) return false;
  const std::vector<PyObject*> parts = items_of(made.get());
  const auto* module = static_cast<const Module*>(PyCapsule_GetPointer(parts.at(0), kModuleCapsule));
  if (module == nullptr) return false;
  std::vector<Watched> watched = watched_from(parts.at(1));
  std::vector<Ref> arrays;
  for (PyObject* array : items_of(parts.at(2))) arrays.push_back(Ref::borrow(array));
  KernelState& state = *kernel->state;
  state.forms.clear();
  ++state.loads;
  state.module = *module;
  // What was there goes when all is in order: it may have code of its own that runs at its end.
  watched = std::exchange(state.watched, std::move(watched));
  arrays = std::exchange(state.arrays, std::move(arrays));
  return true;
}

bool add_array_words(KernelObject* kernel, std::vector<Word>& key) {
  for (const Ref& array : kernel->state->arrays) {
    Arguments arguments;
    PyObject* const object = array.get();  // reading an array runs no code of Python's
    if (!arguments.read(&object, 1)) return PyErr_Occurred() != nullptr ? false : (refuse_type(object, 0), false);
    key.insert(key.end(), arguments.key().begin(), arguments.key().end());
  }
  return true;
}

namespace {

// Tuples with names have a source of their own. None with an exception.
std::optional<Module> module_for_key(KernelObject* kernel, std::span<const Word> key) {
  if (!kernel->state->module && !prepare(kernel)) return std::nullopt;  // dropped by another thread
  if (!has_names(key)) return kernel->state->module;
  const Ref names = names_in(key, kernel->state->arity);
  const Ref made(names ? call_object(callbacks->with_names, as_object(kernel), names.get()) : nullptr);
  if (!made) return std::nullopt;
  const auto* module = static_cast<const Module*>(PyCapsule_GetPointer(made.get(), kModuleCapsule));
  return module == nullptr ? std::nullopt : std::optional(*module);
}

}  // namespace

std::shared_ptr<const Specialisation> compile_for_key(KernelObject* kernel, std::span<const Word> key) {
  KernelState& state = *kernel->state;
  const unsigned loads = state.loads;
  // A copy: others may load it anew while this thread is without Python's lock.
  const std::optional<Module> found_module = module_for_key(kernel, key);
  if (!found_module) return nullptr;
  const Module& module = *found_module;
  const std::string before = module.render_diagnostics();
  Result<MemoryFunction> function = memory_function(module, state.name, type_texts(key));
  if (!function) {
    raise_refusal(as_object(kernel), function.error());
    return nullptr;
  }
  const std::string after = module.render_diagnostics();
  const std::string fresh = after.starts_with(before) ? after.substr(before.size()) : after;
  if (!warn(kernel, fresh + function->note())) return nullptr;
  Specialisation made = make_specialisation(key, module, std::move(*function));
  if (state.loads != loads) return std::make_shared<const Specialisation>(std::move(made));
  if (const auto* found = state.forms.find(key)) return *found;  // another thread was quicker
  return state.forms.add(std::move(made));
}

PyObject* load_sources(PyObject*, PyObject* sources) {
  return guarded([&]() -> PyObject* {
    std::vector<SourceText> texts;
    for (PyObject* row : items_of(sources)) {
      const char *module = nullptr, *name = nullptr, *text = nullptr;
      Py_ssize_t size = 0;
      if (PyArg_ParseTuple(row, "sss#", &module, &name, &text, &size) == 0) return nullptr;
      texts.push_back({module, name, std::string(text, static_cast<std::size_t>(size))});
    }
    Result<Module> module = engine().load_sources(std::move(texts));
    if (!module) return raise_refusal(nullptr, module.error());
    auto loaded = std::make_unique<Module>(std::move(*module));
    PyObject* const capsule = PyCapsule_New(loaded.get(), kModuleCapsule, [](PyObject* self) {
      delete static_cast<Module*>(PyCapsule_GetPointer(self, kModuleCapsule));
    });
    if (capsule != nullptr) loaded.release();
    return capsule;
  });
}

PyObject* list_forms(PyObject* self, PyObject*) {
  return guarded([&]() -> PyObject* {
    const KernelState& state = *reinterpret_cast<KernelObject*>(self)->state;
    const auto forms = state.forms.all();  // a copy: making objects may run code of Python's
    Ref result(PyList_New(0));
    for (const auto& form : forms) {
      std::vector<std::string> texts = type_texts(form->key);
      texts.resize(std::min(texts.size(), state.arity));  // without arrays behind them
      const Ref types = tuple_of(texts);
      const KernelSignature& signature = form->function.signature();
      if (!result || !types) return nullptr;
      const Ref row(Py_BuildValue("(OssK)", types.get(), signature.text().c_str(), signature.result.c_str(),
                                  static_cast<unsigned long long>(form->written)));
      if (!row || PyList_Append(result.get(), row.get()) != 0) return nullptr;
    }
    return result.release();
  });
}

PyObject* emit_stage(PyObject* self, PyObject* args) {
  auto* const kernel = reinterpret_cast<KernelObject*>(self);
  const char* stage = nullptr;
  PyObject* types = nullptr;
  if (PyArg_ParseTuple(args, "sO!", &stage, &PyTuple_Type, &types) == 0) return nullptr;
  return guarded([&]() -> PyObject* {
    if (!is_current(kernel) && !prepare(kernel)) return nullptr;
    std::vector<Word> words;
    if (!add_array_words(kernel, words)) return nullptr;
    std::vector<std::string> texts;
    for (PyObject* item : items_of(types)) {
      const char* const text = PyUnicode_AsUTF8AndSize(item, nullptr);
      if (text == nullptr) return nullptr;
      texts.push_back(text);
    }
    for (std::string& text : type_texts(words)) texts.push_back(std::move(text));
    std::vector<Value> values;
    for (const std::string& text : texts) {
      Layout layout;
      if (!parse_layout(text, layout)) return PyErr_Format(PyExc_TypeError, "kernels have no type %s", text.c_str());
      values.push_back(example_of(layout));
    }
    Module module = *kernel->state->module;
    for (const auto& form : kernel->state->forms.all()) {
      if (type_texts(form->key) == texts) module = form->module;
    }
    const std::optional<std::string> text = module.emit(stage, kernel->state->name, values);
    if (!text) return PyErr_Format(PyExc_ValueError, "there is no stage '%s' of %s()", stage, kernel->state->name.c_str());
    return PyUnicode_DecodeUTF8(text->data(), static_cast<Py_ssize_t>(text->size()), "replace");
  });
}

PyObject* clear_forms(PyObject* self, PyObject*) {
  KernelState& state = *reinterpret_cast<KernelObject*>(self)->state;
  state.forms.clear();
  ++state.loads;
  state.module.reset();
  return Ref::borrow(Py_None).release();
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  auto* const kernel = reinterpret_cast<KernelObject*>(self);
  Py_VISIT(kernel->dict);
  if (kernel->state != nullptr) {
    for (const Watched& watched : kernel->state->watched) {
      Py_VISIT(watched.place.get());
      Py_VISIT(watched.value.get());
    }
    for (const Ref& array : kernel->state->arrays) Py_VISIT(array.get());
  }
  Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
  return 0;
}

int clear(PyObject* self) {
  auto* const kernel = reinterpret_cast<KernelObject*>(self);
  Py_CLEAR(kernel->dict);
  if (kernel->state != nullptr) {
    const auto watched = std::exchange(kernel->state->watched, {});
    const auto arrays = std::exchange(kernel->state->arrays, {});
  }
  return 0;
}

void deallocate(PyObject* self) {
  auto* const kernel = reinterpret_cast<KernelObject*>(self);
  PyObject_GC_UnTrack(self);
  if (kernel->weak_references != nullptr) PyObject_ClearWeakRefs(self);
  clear(self);
  delete std::exchange(kernel->state, nullptr);
  PyTypeObject* const type = Py_TYPE(self);
  reinterpret_cast<freefunc>(PyType_GetSlot(type, Py_tp_free))(self);
  Py_DECREF(type);
}

}  // namespace kjit::python
