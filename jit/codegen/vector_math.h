#pragma once
// Vector versions of math functions: our own of NumPy's (runtime/vector_math), and, for functions with fastmath, glibc's libmvec,
// as far as this machine has it.

#include <string>
#include <vector>

namespace kjit {

struct VectorFunction {
  std::string scalar;   // "sin"
  std::string vector;   // "_ZGVdN4v_sin"
  unsigned width;       // elements
  std::string abi;      // LLVM's name for the shape: "_ZGV_LLVM_N4v"
  const char* feature;  // what a CPU must have for it: "avx2", "avx2,+fma"
  void* address;
};

// What runtime/vector_math has for the vector registers of this CPU.
const std::vector<VectorFunction>& own_vector_functions();

// What libmvec offers for them; empty without libmvec. Found once.
const std::vector<VectorFunction>& vector_functions();

}  // namespace kjit
