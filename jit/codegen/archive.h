#pragma once
// Static libraries.

#include <optional>
#include <string>
#include <vector>

namespace kjit {

struct ArchiveMember {
  std::string name;  // "glue.o"
  std::string bytes;
};

// Writes an ar archive with an index of its symbols. What went wrong, or nullopt.
std::optional<std::string> write_archive(const std::string& path, const std::vector<ArchiveMember>& members);

}  // namespace kjit
