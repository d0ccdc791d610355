#pragma once
// Types from their text: the inverse of to_string(Type).

#include <optional>
#include <string_view>

#include "typing/type.h"

namespace kjit {

// "i64", "f64[:, ::1]", "(i64, (str,))", "dtype f32". nullopt for anything that to_string does not write, and for functions,
// whose text does not say which definition they are.
std::optional<Type> parse_type(std::string_view text);

}  // namespace kjit
