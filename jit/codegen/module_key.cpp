// The hash of a module's bitcode, which leaves nothing out. Entry: module_key.

#include "codegen/module_key.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/IR/Module.h>

#include "support/assert.h"
#include "support/hash.h"

namespace kjit {

std::string module_key(const llvm::Module& module, std::string_view salt) {
  llvm::SmallString<0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  stream << llvm::StringRef(salt) << '\n';
  llvm::WriteBitcodeToFile(module, stream);
  return to_hex(hash128(std::string_view(bytes.data(), bytes.size())));
}

void rename_function(llvm::Module& module, std::string_view from, std::string_view to) {
  llvm::Function* function = module.getFunction(llvm::StringRef(from));
  KJIT_ASSERT(function != nullptr, "the function to be renamed is not there");
  function->setName(llvm::StringRef(to));
}

}  // namespace kjit
