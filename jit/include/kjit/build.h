#pragma once
// Libraries of kernels, compiled ahead of time: what `kjit build` does. A program that links one needs kjit's small runtime
// (libkjit_rt.a), neither the engine nor LLVM. The code gives the same results as under the engine.
//
//   kjit::BuildOptions options;
//   options.kernels = {"f(f64[::1], i64)"};
//   options.runtime = "/usr/lib/kjit/libkjit_rt.a";
//   auto report = module->build("out", options);
//
// The folder gets include/<name>.h (C and C++; docstrings, comments, types and shapes are in it), lib/lib<name>.a,
// lib/lib<name>.so or objects, lib/libkjit_rt.a and a CMake package, find_package(<name>); or python/<name>, a Python package of
// the shared library and its functions (ctypes and NumPy). Calls of the host's registered functions cannot be built, as there is
// no host to ask; functions that @extern declares of C libraries are left to the linker.

#include <string>
#include <vector>

#include "kjit/engine.h"
#include "kjit/export.h"
#include "kjit/result.h"

namespace kjit::inline KJIT_ABI {

struct BuildOptions {
  std::string name;                  // of the library, prefix of its C functions; default: the file's name
  std::vector<std::string> kernels;  // "f(f64[::1], i64)"; default: those whose parameters all have annotations or defaults
  // x86-64, x86-64-v2, x86-64-v3, x86-64-v4 (short: v2, v3, v4): one version each, and the best that the CPU can run is taken at
  // the first call. Or one name of LLVM's, or "native" (what it runs on is not checked then). Default: x86-64 and x86-64-v3; for
  // other machines than x86-64 "generic".
  std::vector<std::string> cpus;
  std::string triple;           // of the machine to build for: "aarch64-linux-gnu"; default: this one
  bool static_library = true;   // lib<name>.a
  bool shared_library = false;  // lib<name>.so; asks the system's c++ to link it
  bool objects = false;         // the object files themselves
  bool python_package = false;  // python/<name>/: __init__.py and lib<name>.so
  std::string runtime;          // path of libkjit_rt.a, which is copied; empty: none, the folder then lacks it
};

struct BuildReport {
  std::vector<std::string> files;    // that were written
  std::vector<std::string> kernels;  // "f(n: i64) -> f64", each as built
  std::string warnings;              // rendered, without colour
};

}  // namespace kjit::inline KJIT_ABI
