// Finds, compares and rewrites golden files. Entries: goldens_of(), compare_golden().

#include "golden.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "diff.h"

namespace kjit::harness {

namespace fs = std::filesystem;

std::vector<Golden> goldens_of(const std::string& case_path) {
  const fs::path path(case_path);
  const std::string stem = path.stem().string() + ".";
  std::vector<Golden> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(path.parent_path())) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(stem) || !name.ends_with(".golden")) continue;
    const std::string stage = name.substr(stem.size(), name.size() - stem.size() - std::string(".golden").size());
    if (stage.find('.') == std::string::npos) found.push_back({entry.path().string(), stage});
  }
  std::ranges::sort(found, {}, &Golden::path);
  return found;
}

std::string compare_golden(const Golden& golden, const std::string& actual) {
  std::ifstream file(golden.path, std::ios::binary);
  const std::string expected{std::istreambuf_iterator<char>(file), {}};
  if (expected == actual) return "";
  const std::string difference = unified_diff(expected, actual, golden.path, "now");
  const char* bless = std::getenv("KJIT_BLESS");
  if (bless == nullptr || std::string(bless) != "1") return difference + "(KJIT_BLESS=1 accepts this)";
  std::printf("%s", difference.c_str());
  std::ofstream(golden.path, std::ios::binary | std::ios::trunc) << actual;
  return "";
}

}  // namespace kjit::harness
