#pragma once
// Goldens: file.k may have file.<stage>.golden beside it, the exact text of that stage.

#include <string>
#include <vector>

namespace kjit::harness {

struct Golden {
  std::string path;
  std::string stage;
};

std::vector<Golden> goldens_of(const std::string& case_path);

// "" if the file holds `actual`; else the difference. With KJIT_BLESS=1 in the environment prints the difference, rewrites the
// file and is content.
std::string compare_golden(const Golden& golden, const std::string& actual);

}  // namespace kjit::harness
