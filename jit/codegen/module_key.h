#pragma once
// Modules by content.

#include <string>
#include <string_view>

namespace llvm {
class Module;
}  // namespace llvm

namespace kjit {

// 32 hexadecimal digits that are equal for equal modules (names, debug locations and all) and equal salts.
std::string module_key(const llvm::Module& module, std::string_view salt);

// The function must exist, and no other symbol be called `to`.
void rename_function(llvm::Module& module, std::string_view from, std::string_view to);

}  // namespace kjit
