#pragma once
// Calls of functions that are not kjit's, as the typed tree has them (CallHost and CallExtern in library/builtins.def).

#include <optional>
#include <string>
#include <string_view>

#include "typing/tree/typed_tree.h"

namespace kjit {

constexpr std::size_t kForeignArguments = 2;  // the function's own arguments come behind so many

// "host f" or "extern libm.so.6 cbrt".
std::string_view foreign_name(const typed::BuiltinCall& call);
// A function of a C library: "extern libm.so.6 cbrt". nullopt for the host's.
struct ExternFunction {
  std::string library;  // as dlopen takes it
  std::string name;
};
std::optional<ExternFunction> extern_function(std::string_view foreign_name);
// May it run on any thread, several at once?
bool is_thread_safe(const typed::BuiltinCall& call);
// May elements of the array that is argument k of the node change?
bool may_write(const typed::BuiltinCall& call, std::size_t k);

}  // namespace kjit
