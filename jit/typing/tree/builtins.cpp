// The table of builtins as an array; builtin_row() is the one entry.

#include "typing/tree/builtins.h"

#include <cstddef>

namespace kjit {

namespace {
constexpr BuiltinRow kRows[] = {
#define KJIT_BUILTIN(id, convention, symbol) {#id, Convention::convention, symbol},
#include "typing/tree/builtins.def"
#undef KJIT_BUILTIN
};
}  // namespace

const BuiltinRow& builtin_row(Builtin builtin) { return kRows[static_cast<std::size_t>(builtin)]; }

}  // namespace kjit
