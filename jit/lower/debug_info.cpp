// Line tables for debuggers and profilers. Entry: ModuleLowering::debug_location. Absent when the options say so.

#include <llvm/Support/Path.h>

#include "lower/module_lowering.h"

namespace kjit {

llvm::DIFile* ModuleLowering::debug_file(std::uint32_t file) {
  if (files_.size() <= file) files_.resize(file + 1);
  if (!files_[file]) {
    llvm::StringRef path = sources.file(file).name();
    files_[file] = debug_->createFile(llvm::sys::path::filename(path), llvm::sys::path::parent_path(path));
  }
  return files_[file];
}

llvm::DISubprogram* ModuleLowering::debug_subprogram(const typed::Function& function) {
  if (!options.debug_info || sources.size() == 0) return nullptr;
  if (!debug_) {
    debug_ = std::make_unique<llvm::DIBuilder>(module);
    debug_->createCompileUnit(llvm::dwarf::DW_LANG_Python, debug_file(0), "kjit", options.opt_level > 0, "", 0, "",
                              llvm::DICompileUnit::LineTablesOnly);
    module.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
  }
  unsigned line = sources.locate(function.span).line;
  auto* type = debug_->createSubroutineType(debug_->getOrCreateTypeArray({}));
  auto flags = llvm::DISubprogram::SPFlagDefinition | llvm::DISubprogram::SPFlagLocalToUnit;
  return debug_->createFunction(debug_file(function.span.file), function.name, function.symbol, debug_file(function.span.file),
                                line, type, line, llvm::DINode::FlagZero, flags);
}

llvm::DILocation* ModuleLowering::debug_location(llvm::DISubprogram* scope, Span span) {
  if (!scope) return nullptr;
  if (location_scope_ != scope) locations_.clear();
  location_scope_ = scope;
  llvm::DILocation*& location = locations_[span.begin];
  if (!location) {
    LineColumn at = sources.locate(span);
    location = llvm::DILocation::get(context, at.line, at.column, scope);
  }
  return location;
}

void ModuleLowering::finish_debug_info() {
  if (debug_) debug_->finalize();
}

}  // namespace kjit
