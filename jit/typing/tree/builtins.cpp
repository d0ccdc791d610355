// The table of builtins as an array; builtin_row() is the one entry.

#include "typing/tree/builtins.h"

#include <cstddef>

namespace kjit {

namespace {

using namespace effect;

constexpr BuiltinRow row(std::string_view name, std::string_view signature, effect::Set effects, Implementation made) {
  return {name, signature, effects, made.convention, made.symbol};
}

constexpr BuiltinRow kRows[] = {
#define INLINE() {Convention::Inline}
#define LIBM(arity, f) {Convention::Libm, #f}
#define LIBM_OVERFLOW(arity, f) {Convention::LibmOverflow, #f}
#define VECTOR(arity, f) {Convention::Vector, "kjit_vm_" #f}
#define PURE(symbol) {Convention::Pure, symbol}
#define CONTEXT(symbol) {Convention::Context, symbol}
#define STOPPABLE(symbol) {Convention::Stoppable, symbol}
#define FALLIBLE(symbol) {Convention::Fallible, symbol}
#define WRAPPED(symbol) {Convention::Wrapped, symbol}
#define KJIT_BUILTIN(id, signature, effects, implementation, ...) row(#id, signature, effects, implementation),
#include "library/builtins.def"
};

}  // namespace

const BuiltinRow& builtin_row(Builtin builtin) { return kRows[static_cast<std::size_t>(builtin)]; }

}  // namespace kjit
