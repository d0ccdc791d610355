# libkjit.so: the same archives that the executable is linked from, with LLVM inside and nothing visible but the interface.

add_library(kjit_shared SHARED ${CMAKE_SOURCE_DIR}/cmake/package/empty.cpp)
add_library(kjit::kjit ALIAS kjit_shared)
target_link_libraries(kjit_shared PRIVATE kjit_flags kjit_capi $<TARGET_NAME_IF_EXISTS:kjit_async>)
# All of these, as nothing in the library itself asks for them.
set(whole $<TARGET_FILE:kjit_capi> $<TARGET_FILE:kjit_driver>)
if(TARGET kjit_async)
  list(APPEND whole $<TARGET_FILE:kjit_async>)
endif()
target_link_options(kjit_shared PRIVATE LINKER:--whole-archive ${whole} LINKER:--no-whole-archive)
target_include_directories(kjit_shared INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/jit/include> $<INSTALL_INTERFACE:include>)
target_compile_features(kjit_shared INTERFACE cxx_std_20)
# Until 1.0 a minor release may break programs, so it is a part of the soname. nodelete: threads of the host hold memory that the
# library frees when they end, so its code must outlive a dlclose.
set_target_properties(kjit_shared PROPERTIES
  OUTPUT_NAME kjit EXPORT_NAME kjit
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}
  LINK_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/package/libkjit.map)
target_link_options(kjit_shared PRIVATE
  -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/package/libkjit.map -Wl,-z,defs -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now)
