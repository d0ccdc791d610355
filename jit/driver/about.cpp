// Facts about the build and the machine. Entry: about.

#include "driver/about.h"

#include <fmt/format.h>
#include <llvm/Config/llvm-config.h>

#include <algorithm>

#include "codegen/target.h"
#include "codegen/vector_math.h"
#include "kjit/version.h"
#include "runtime/runtime.h"

namespace kjit {

namespace {

// LLVM's list is "+avx2,-avx512f,...".
std::vector<std::string> present_features(const std::string& list) {
  std::vector<std::string> result;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    if (list[at] == '+') result.push_back(list.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  std::sort(result.begin(), result.end());  // LLVM's order is that of a hash table
  return result;
}

// One name for each function, though several widths of it may exist.
std::vector<std::string> vector_names() {
  std::vector<std::string> names;
  for (const VectorFunction& function : vector_functions()) names.push_back(function.scalar);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

About about() {
  const CodeTarget& host = host_target();
  char reason[512] = "";
  const int threads = kjit_thread_budget(reason, sizeof reason);
  return {KJIT_VERSION, LLVM_VERSION_STRING, host.triple,   host.cpu, present_features(host.features), threads,
          reason,       "libmvec",           vector_names()};
}

std::string version_line() {
  const CodeTarget& host = host_target();
  return fmt::format("kjit {} (LLVM {}, {}, {})", KJIT_VERSION, LLVM_VERSION_STRING, host.triple, host.cpu);
}

}  // namespace kjit
