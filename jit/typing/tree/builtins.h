#pragma once
// The builtins as the typed tree knows them; builtins.def is the table.

#include <cstdint>
#include <string_view>

namespace kjit {

enum class Builtin : std::uint16_t {
#define KJIT_BUILTIN(id, convention, symbol) id,
#include "typing/tree/builtins.def"
#undef KJIT_BUILTIN
};

enum class Convention : std::uint8_t { Inline, Libm, LibmOverflow, Pure, Context, Fallible };

struct BuiltinRow {
  std::string_view name;  // "Sin"
  Convention convention;
  std::string_view symbol;  // see builtins.def
};

const BuiltinRow& builtin_row(Builtin builtin);

}  // namespace kjit
