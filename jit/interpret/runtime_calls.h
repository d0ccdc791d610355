#pragma once
// Calls of runtime functions by name, with arguments that are known only at run time.
//
// A call thunk is generated for each row of runtime/symbols.def from the declaration in runtime/runtime.h, so that a new function
// can be called without any code here.

#include <cstdint>
#include <string_view>

namespace kjit::interpreter {

// One argument or result. Integers and flags of every width travel in `word`.
struct Slot {
  enum class Kind { Word, Float, Double, Pointer } kind = Kind::Word;
  std::int64_t word = 0;
  double real = 0;  // Float and Double
  void* pointer = nullptr;

  static Slot of_word(std::int64_t value) { return {.kind = Kind::Word, .word = value}; }
  static Slot of_double(double value) { return {.kind = Kind::Double, .real = value}; }
  static Slot of_float(float value) { return {.kind = Kind::Float, .real = value}; }
  static Slot of_pointer(const void* value) { return {.kind = Kind::Pointer, .pointer = const_cast<void*>(value)}; }
};

struct RuntimeFunction {
  std::string_view name;
  std::size_t parameter_count;
  Slot (*call)(const Slot* arguments);  // asserts that the kinds of the arguments are those of the parameters
};

// Null if symbols.def has no such row.
const RuntimeFunction* find_runtime_function(std::string_view name);

}  // namespace kjit::interpreter
