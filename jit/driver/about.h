#pragma once
// What this build and this machine are, for `kjit doctor` and `kjit --version`.

#include <string>
#include <vector>

namespace kjit {

struct About {
  std::string version;
  std::string llvm_version;
  std::string triple;
  std::string cpu;
  std::vector<std::string> cpu_features;  // those that it has: "avx2"
  int threads = 0;
  std::string threads_reason;
  std::string vector_library;                 // where fastmath finds vector functions
  std::vector<std::string> vector_functions;  // "sin", "exp", ...; empty: there is none
};

About about();

// kjit, LLVM and the CPU's name, on one line.
std::string version_line();

}  // namespace kjit
