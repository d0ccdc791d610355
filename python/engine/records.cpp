// Classes of tuples by number. Entry: number_of_class, names_in.

#include "records.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "kernel_state.h"

namespace kjit::python {

namespace {

// Guarded by Python's lock. Never destroyed: that would be after Python's end.
auto& numbers = *new std::unordered_map<PyTypeObject*, int>;
auto& classes = *new std::vector<Ref>;

// Of the value whose words begin at `at`, which is moved behind them.
Ref names_of(std::span<const Word> key, std::size_t& at) {
  Ref type = Ref::borrow(is_named(key[at]) ? classes[key[at] >> 8].get() : Py_None);
  if (is_named(key[at])) ++at;
  const Word word = key[at++];
  if (static_cast<Kind>(word & 0xFF) != Kind::Tuple) return type;  // None
  std::vector<Ref> parts;
  std::vector<PyObject*> borrowed;
  bool is_plain = type.get() == Py_None;
  for (Word i = 0; i < word >> 8; ++i) {
    parts.push_back(names_of(key, at));
    if (!parts.back()) return {};
    is_plain = is_plain && parts.back().get() == Py_None;
    borrowed.push_back(parts.back().get());
  }
  if (is_plain) return type;
  const Ref elements = tuple_of(borrowed.data(), borrowed.size());
  if (!elements) return {};
  const std::array<PyObject*, 2> both{type.get(), elements.get()};
  return tuple_of(both.data(), both.size());
}

}  // namespace

int number_of_class(PyTypeObject* type) {
  if (const auto found = numbers.find(type); found != numbers.end()) return found->second;
  auto* const object = reinterpret_cast<PyObject*>(type);
  const Ref fields(PyObject_GetAttrString(object, "_fields"));
  PyErr_Clear();
  const int number = fields ? static_cast<int>(classes.size()) : -1;
  if (fields)
    classes.push_back(Ref::borrow(object));
  else
    Py_INCREF(object);  // another class at its address would have its answer
  numbers.emplace(type, number);
  return number;
}

bool has_names(std::span<const Word> key) { return std::ranges::any_of(key, is_named); }

Ref names_in(std::span<const Word> key, std::size_t arguments) {
  std::vector<Ref> all;
  std::vector<PyObject*> borrowed;
  for (std::size_t at = 0; all.size() < arguments && at < key.size();) {
    all.push_back(names_of(key, at));
    if (!all.back()) return {};
    borrowed.push_back(all.back().get());
  }
  return tuple_of(borrowed.data(), borrowed.size());
}

}  // namespace kjit::python
