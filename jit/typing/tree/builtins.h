#pragma once
// The builtins as the typed tree knows them; library/builtins.def is the table, and explains its columns.

#include <cstdint>
#include <string_view>

namespace kjit {

enum class Builtin : std::uint16_t {
#define KJIT_BUILTIN(id, ...) id,
#include "library/builtins.def"
};

// What evaluating a builtin does besides giving a value.
namespace effect {
enum Set : std::uint8_t {
  none = 0,
  fails = 1,
  overflows = 2,
  draws = 4,
  reads = 8,
  writes = 16,
  atomic = 32,
  reads_clock = 64,
  host = 128,
};
constexpr Set operator|(Set a, Set b) { return static_cast<Set>(static_cast<unsigned>(a) | static_cast<unsigned>(b)); }
}  // namespace effect

enum class Convention : std::uint8_t { Inline, Libm, LibmOverflow, Vector, Pure, Context, Stoppable, Fallible, Wrapped };

struct Implementation {
  Convention convention;
  std::string_view symbol = {};  // of the runtime, of libm, of runtime/vector_math.def
};

struct BuiltinRow {
  std::string_view name;  // "Sin"
  std::string_view signature;
  effect::Set effects;
  Convention convention;
  std::string_view symbol;

  bool has(effect::Set any_of) const { return (effects & any_of) != 0; }
  // Calls with equal arguments, with no store between them, have equal results, and it does not matter how often it is called.
  bool is_repeatable() const {
    return !has(effect::draws | effect::writes | effect::atomic | effect::reads_clock | effect::host);
  }
  // A function of its arguments alone that never fails, but for overflow in checked functions.
  bool is_pure() const { return is_repeatable() && !has(effect::reads | effect::fails); }
  bool is_libm() const { return convention == Convention::Libm || convention == Convention::LibmOverflow; }
};

// A row of runtime/array_functions.def, whose number is the last argument.
constexpr bool is_array_call(Builtin builtin) { return builtin == Builtin::ArrayCall || builtin == Builtin::ArrayCallInto; }

// A function that is not kjit's; the first two arguments say which, and what it does.
constexpr bool is_foreign_call(Builtin builtin) { return builtin == Builtin::CallHost || builtin == Builtin::CallExtern; }

const BuiltinRow& builtin_row(Builtin builtin);

}  // namespace kjit
