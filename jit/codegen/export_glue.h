#pragma once
// The code between a C program and the kernels of a library that is built ahead of time: one C function for each kernel, which
// puts its arguments into the memory that the kernel expects and calls it through kjit_rt_call (standalone/rt.cpp), and the
// tables that this reads (codegen/exported_kernel.h).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codegen/target.h"

namespace kjit {

// A part of an argument or result that is no tuple, and the words of C that it is passed in:
//   Scalar   the number                                as result  T* out
//   Complex  real and imaginary part                              T[2]* out
//   Text     const char*, int64_t bytes                           {const char*, int64_t, owner}* out
//   Array    T*, int64_t for each axis, and for strided ones      {T*, owner, shape, strides in bytes}* out, in C order, owned
//            int64_t strides in elements
struct ExportedValue {
  enum class Form { Scalar, Complex, Text, Array };
  Form form = Form::Scalar;
  int dtype = 0;  // kjit_dtype: of the number (of complex numbers their own), or of the elements
  int rank = 0;
  bool contiguous = false;
  std::int64_t offset = 0;  // in the memory of the parameter or the result
};

struct ExportedMemory {
  std::int64_t bytes = 0;
  std::int64_t alignment = 1;
  std::vector<ExportedValue> values;
};

struct ExportedFunction {
  std::string symbol;  // of the C function
  std::vector<ExportedMemory> parameters;
  ExportedMemory result;
  bool draws = false;
  std::string image;  // bytes of a KernelImage without code
  struct Version {
    std::string entry;  // symbol of the kjit_entry
    int cpu = 0;        // as in ExportedVersion
  };
  std::vector<Version> versions;  // the most demanding first
};

struct ExportedLibrary {
  std::string prefix;  // of the functions that ask for the last error and free memory: "<prefix>_error"
  std::vector<ExportedFunction> functions;
};

// The bytes of an object file. nullopt and a text in `error` if LLVM cannot make one for the target.
std::optional<std::string> make_export_glue(const ExportedLibrary& library, const CodeTarget& target, std::string& error);

// The C functions that the object defines.
std::vector<std::string> exported_symbols(const ExportedLibrary& library);

}  // namespace kjit
