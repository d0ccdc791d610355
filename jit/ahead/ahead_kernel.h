#pragma once
// A kernel of a library that is built ahead of time, as its C header shows it.

#include <string>
#include <vector>

#include "codegen/export_glue.h"
#include "image/kernel_image.h"
#include "kjit/result.h"
#include "typing/type.h"

namespace kjit {

struct AheadParameter {
  std::string name;
  Type type;
  bool written = false;  // the kernel may change the elements of its arrays
};

struct AheadKernel {
  std::string name;    // the kernel's own: the C++ function; kernels for several types are overloads
  std::string c_name;  // behind the library's prefix
  std::vector<AheadParameter> parameters;
  Type result;
  std::string signature;  // "f(n: i64) -> f64"
  std::string place;      // "f.k, line 3"
  std::string comment;    // what the kernel's author says of it; lines
};

struct AheadLibrary {
  std::string name;  // the prefix of C functions, and the C++ namespace
  std::vector<AheadKernel> kernels;
  std::vector<std::string> libraries;  // whose functions the kernels call: "libm.so.6", or a path
};

// What the system's linker wants for such a library: "-l:libm.so.6", or the path.
std::string linker_word(const std::string& library);

// The memory of a parameter or result at the border, and the values in it. An error for types that have no value outside.
Result<ExportedMemory> exported_memory(const Type& type);

// The text as an identifier of C and C++: other characters become `_`, and a keyword gets one behind it.
std::string c_identifier(std::string_view text);
// "i64_f64_2d" for (i64, f64[:, :]): tells kernels of one name apart.
std::string type_suffix(const std::vector<Type>& types);

}  // namespace kjit
