#pragma once
// Vector versions of math functions for functions with fastmath: glibc's libmvec, as far as this machine has it.

#include <string>
#include <vector>

namespace kjit {

struct VectorFunction {
  std::string scalar;  // "sin"
  std::string vector;  // "_ZGVdN4v_sin"
  unsigned width;      // elements
  std::string abi;     // LLVM's name for the shape: "_ZGV_LLVM_N4v"
  void* address;
};

// What libmvec offers for the vector registers of this CPU; empty without libmvec. Found once.
const std::vector<VectorFunction>& vector_functions();

}  // namespace kjit
