# Third-party libraries, each behind a kjit_* INTERFACE target, so that a folder names what it may use and gets nothing else.

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)

# Header-only: Debian has no static libfmt, and a shared one would add to every start.
add_library(kjit_fmt INTERFACE)
target_link_libraries(kjit_fmt INTERFACE fmt::fmt-header-only)

add_library(kjit_cli11 INTERFACE)
target_link_libraries(kjit_cli11 INTERFACE CLI11::CLI11)

add_library(kjit_json INTERFACE)
target_link_libraries(kjit_json INTERFACE nlohmann_json::nlohmann_json)

# ---- LLVM 19, linked statically ------------------------------------------------------------------------------------------

find_package(LLVM 19.1 REQUIRED CONFIG HINTS /usr/lib/llvm-19)
message(STATUS "LLVM ${LLVM_PACKAGE_VERSION} in ${LLVM_DIR}")

# LLVM's export links zlib and zstd as shared libraries; their archives save two libraries at each start.
function(kjit_prefer_archive target archive)
  find_library(KJIT_${archive} NAMES ${archive})
  if(KJIT_${archive} AND TARGET ${target})
    get_target_property(configs ${target} IMPORTED_CONFIGURATIONS)
    foreach(config IN LISTS configs)
      set_target_properties(${target} PROPERTIES IMPORTED_LOCATION_${config} "${KJIT_${archive}}")
    endforeach()
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${KJIT_${archive}}")
  endif()
endfunction()
kjit_prefer_archive(ZLIB::ZLIB libz.a)
kjit_prefer_archive(zstd::libzstd_shared libzstd.a)

# Where libc++abi's development files are installed, cxxabi.h lies in LLVM's folder, too; the C++ library's own must come first.
function(kjit_add_llvm_headers target)
  if(EXISTS ${LLVM_INCLUDE_DIRS}/cxxabi.h)
    target_compile_options(${target} INTERFACE "SHELL:-idirafter ${LLVM_INCLUDE_DIRS}")
  else()
    target_include_directories(${target} SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
  endif()
endfunction()

set(kjit_llvm_components core native passes orcjit orcdebugging perfjitevents object)
if("AArch64" IN_LIST LLVM_TARGETS_TO_BUILD)  # kjit build --triple aarch64-linux-gnu
  list(APPEND kjit_llvm_components aarch64codegen aarch64desc aarch64info)
  set_source_files_properties(jit/codegen/target.cpp PROPERTIES COMPILE_DEFINITIONS KJIT_HAS_AARCH64)
endif()
llvm_map_components_to_libnames(kjit_llvm_libraries ${kjit_llvm_components})
add_library(kjit_llvm INTERFACE)
kjit_add_llvm_headers(kjit_llvm)
separate_arguments(kjit_llvm_definitions UNIX_COMMAND "${LLVM_DEFINITIONS}")
target_compile_options(kjit_llvm INTERFACE ${kjit_llvm_definitions})
target_link_libraries(kjit_llvm INTERFACE ${kjit_llvm_libraries})

# ---- oneTBB, for calls on other threads (kjit/async.h); in the library only, not in the command line -----------------------

find_package(TBB CONFIG)
if(TBB_FOUND)
  add_library(kjit_tbb INTERFACE)
  target_link_libraries(kjit_tbb INTERFACE TBB::tbb)
else()
  message(STATUS "no oneTBB (libtbb-dev): without kjit/async.h and kjit/graph.h")
endif()

# ---- OpenMP: LLVM's libomp, by path (libgomp hangs after fork and must not be mixed in) ------------------------------------

find_library(KJIT_LIBOMP NAMES libomp.so HINTS ${LLVM_LIBRARY_DIRS} REQUIRED)
add_library(kjit_openmp INTERFACE)
target_compile_options(kjit_openmp INTERFACE -fopenmp=libomp)
target_link_libraries(kjit_openmp INTERFACE ${KJIT_LIBOMP} Threads::Threads)
