// The CMake package of a library. Entry: cmake_text.

#include <fmt/format.h>

#include "ahead/header_text.h"

namespace kjit {

namespace {

// Paths are relative to the package, so that the folder can be moved. Kernels with parallel loops need LLVM's OpenMP runtime
// (Debian: libomp5-19).
constexpr const char* kText = R"(# Made by kjit build. Targets: {0}::{0} (static), {0}::shared.
get_filename_component(_{0}_root "${{CMAKE_CURRENT_LIST_DIR}}/../../.." ABSOLUTE)
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_library({0}_OPENMP NAMES libomp.so.5 libomp.so PATHS /usr/lib/llvm-19/lib)
mark_as_advanced({0}_OPENMP)

if(EXISTS "${{_{0}_root}}/lib/lib{0}.a" AND NOT TARGET {0}::{0})
  add_library({0}::{0} STATIC IMPORTED)
  set_target_properties({0}::{0} PROPERTIES
    IMPORTED_LOCATION "${{_{0}_root}}/lib/lib{0}.a"
    IMPORTED_LINK_INTERFACE_LANGUAGES CXX
    INTERFACE_INCLUDE_DIRECTORIES "${{_{0}_root}}/include"
    INTERFACE_LINK_LIBRARIES "${{_{0}_root}}/lib/libkjit_rt.a;Threads::Threads;${{CMAKE_DL_LIBS}};m{1}")
  if({0}_OPENMP)
    set_property(TARGET {0}::{0} APPEND PROPERTY INTERFACE_LINK_LIBRARIES "${{{0}_OPENMP}}")
  endif()
endif()

if(EXISTS "${{_{0}_root}}/lib/lib{0}.so" AND NOT TARGET {0}::shared)
  add_library({0}::shared SHARED IMPORTED)
  set_target_properties({0}::shared PROPERTIES
    IMPORTED_LOCATION "${{_{0}_root}}/lib/lib{0}.so"
    IMPORTED_NO_SONAME TRUE
    INTERFACE_INCLUDE_DIRECTORIES "${{_{0}_root}}/include")
endif()
unset(_{0}_root)
)";

}  // namespace

std::string cmake_text(const AheadLibrary& library) {
  std::string others;
  for (const std::string& other : library.libraries) others += ";" + linker_word(other);
  return fmt::format(kText, library.name, others);
}

}  // namespace kjit
