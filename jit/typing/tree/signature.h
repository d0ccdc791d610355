#pragma once
// The signature column of library/builtins.def, which explains the letters, as questions about types.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "typing/tree/builtins.h"
#include "typing/type.h"

namespace kjit {

// Does a call with arguments of these types and this result fit one of the alternatives?
bool signature_fits(std::string_view signature, std::span<const Type> arguments, const Type& result);

// The types of a call whose signature leaves nothing open: all letters fixed, or F, which is F64 then.
struct FixedSignature {
  std::vector<Kind> parameters;
  Type result;
};
FixedSignature fixed_signature(std::string_view signature);

// How an element function is computed for arguments whose common type is `common`: which row, on operands of which type.
struct ElementForm {
  Builtin builtin;
  Kind operand;
  Kind result;
};
// `rows` are those that have the name, in the order of the table. Empty if the function is not for such arguments.
std::optional<ElementForm> element_form(std::span<const Builtin> rows, Kind common);

}  // namespace kjit
