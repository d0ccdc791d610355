#pragma once
// Shared libraries, by the system's compiler driver.

#include <optional>
#include <string>
#include <vector>

#include "codegen/archive.h"

namespace kjit {

// Links the objects and the runtime into a shared library that shows `exported` and nothing else, and that has the C++ library
// inside; `libraries` are the linker's words for others that the objects need. What went wrong, or nullopt.
std::optional<std::string> link_shared(const std::string& path, const std::vector<ArchiveMember>& objects,
                                       const std::vector<std::string>& exported, const std::string& runtime,
                                       const std::vector<std::string>& libraries);

}  // namespace kjit
