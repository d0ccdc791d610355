// The call thunks of the runtime's functions; find_runtime_function() is the entry.

#include "interpret/runtime_calls.h"

#include <type_traits>
#include <unordered_map>
#include <utility>

#include "runtime/inspection.h"
#include "runtime/runtime.h"
#include "support/assert.h"

namespace kjit::interpreter {

namespace {

template <typename T>
constexpr Slot::Kind slot_kind() {
  if constexpr (std::is_pointer_v<T>) {
    return Slot::Kind::Pointer;
  } else if constexpr (std::is_same_v<T, double>) {
    return Slot::Kind::Double;
  } else if constexpr (std::is_same_v<T, float>) {
    return Slot::Kind::Float;
  } else {
    static_assert(std::is_integral_v<T>, "a runtime function has a parameter that no slot can hold");
    return Slot::Kind::Word;
  }
}

template <typename T>
T unpack(const Slot& slot) {
  KJIT_ASSERT(slot.kind == slot_kind<T>(), "an argument of a runtime function is of the wrong kind");
  if constexpr (std::is_pointer_v<T>) {
    return reinterpret_cast<T>(slot.pointer);
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(slot.real);
  } else {
    return static_cast<T>(slot.word);
  }
}

template <typename T>
Slot pack(T value) {
  if constexpr (std::is_pointer_v<T>) {
    return Slot::of_pointer(value);
  } else if constexpr (std::is_same_v<T, double>) {
    return Slot::of_double(value);
  } else if constexpr (std::is_same_v<T, float>) {
    return Slot::of_float(value);
  } else {
    return Slot::of_word(static_cast<std::int64_t>(value));
  }
}

template <typename Result, typename... Parameters, std::size_t... Index>
Slot call_unpacked(Result (*function)(Parameters...), [[maybe_unused]] const Slot* arguments, std::index_sequence<Index...>) {
  if constexpr (std::is_void_v<Result>) {
    function(unpack<Parameters>(arguments[Index])...);
    return {};
  } else {
    return pack(function(unpack<Parameters>(arguments[Index])...));
  }
}

template <typename Result, typename... Parameters>
constexpr std::size_t count_parameters(Result (*)(Parameters...)) {
  return sizeof...(Parameters);
}

template <auto Function>
Slot thunk(const Slot* arguments) {
  return call_unpacked(Function, arguments, std::make_index_sequence<count_parameters(Function)>());
}

constexpr RuntimeFunction kFunctions[] = {
#define KJIT_SYMBOL(name, signature) {#name, count_parameters(&name), &thunk<&name>},
#include "runtime/symbols.def"
#undef KJIT_SYMBOL
};

std::unordered_map<std::string_view, const RuntimeFunction*> index_by_name() {
  std::unordered_map<std::string_view, const RuntimeFunction*> index;
  for (const RuntimeFunction& function : kFunctions) {
    index.emplace(function.name, &function);
  }
  return index;
}

}  // namespace

const RuntimeFunction* find_runtime_function(std::string_view name) {
  static const auto index = index_by_name();
  const auto found = index.find(name);
  return found == index.end() ? nullptr : found->second;
}

}  // namespace kjit::interpreter
