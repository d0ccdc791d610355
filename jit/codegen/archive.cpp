// ar archives. Entry: write_archive.

#include "codegen/archive.h"

#include <llvm/Object/ArchiveWriter.h>
#include <llvm/Support/MemoryBuffer.h>

namespace kjit {

std::optional<std::string> write_archive(const std::string& path, const std::vector<ArchiveMember>& members) {
  std::vector<llvm::NewArchiveMember> rows;
  for (const ArchiveMember& member : members) rows.emplace_back(llvm::MemoryBufferRef(member.bytes, member.name));
  llvm::Error problem = llvm::writeArchive(path, rows, llvm::SymtabWritingMode::NormalSymtab, llvm::object::Archive::K_GNU,
                                           /*Deterministic=*/true, /*Thin=*/false);
  if (!problem) return std::nullopt;
  return llvm::toString(std::move(problem));
}

}  // namespace kjit
