#pragma once
// The allow-list: every symbol that machine code may be linked with. Nothing else of the process can be reached, whatever a
// module names.

#include <functional>
#include <string_view>

namespace kjit {

// Calls `visit` for each symbol: the runtime's functions, C's math functions, what LLVM's code generator itself calls. The names
// last as long as the process.
void for_each_allowed_symbol(const std::function<void(std::string_view name, void* address)>& visit);

}  // namespace kjit
