# Clang's libraries, for kjit-import alone: one shared library, so that kjit itself stays without them.

find_library(KJIT_CLANG_CPP NAMES clang-cpp libclang-cpp.so.19.1 libclang-cpp.so.19 HINTS ${LLVM_LIBRARY_DIRS} REQUIRED)
find_library(KJIT_LLVM_SHARED NAMES LLVM-19 LLVM HINTS ${LLVM_LIBRARY_DIRS} REQUIRED)
find_path(KJIT_CLANG_RESOURCE_DIR NAMES include/stddef.h HINTS ${LLVM_LIBRARY_DIRS}/clang/${LLVM_VERSION_MAJOR} REQUIRED NO_DEFAULT_PATH)

add_library(kjit_clang INTERFACE)
kjit_add_llvm_headers(kjit_clang)
target_compile_options(kjit_clang INTERFACE ${kjit_llvm_definitions} -fno-rtti)
target_compile_definitions(kjit_clang INTERFACE KJIT_CLANG_RESOURCE_DIR="${KJIT_CLANG_RESOURCE_DIR}")
target_link_libraries(kjit_clang INTERFACE ${KJIT_CLANG_CPP} ${KJIT_LLVM_SHARED})
