# kjit_module(name DIR folder [DEPS modules...] [LINK targets...] [PCH header]): a STATIC library of all .cpp files in
# `folder` and below; an empty folder gives an INTERFACE target, so that what depends on it still builds.
# kjit_executable(name DIR folder ...): likewise, an executable in the top of the build folder. Without sources it is skipped.

function(kjit_precompile target header)
  target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/${header})
  target_compile_options(${target} PRIVATE -Xclang -fno-pch-timestamp)  # else ccache never hits
endfunction()

function(kjit_module name)
  cmake_parse_arguments(ARG "" "DIR;PCH" "DEPS;LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${ARG_DIR}/*.cpp)
  list(TRANSFORM ARG_DEPS PREPEND kjit_)

  if(sources)
    add_library(kjit_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(kjit_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(kjit_${name} ${scope} ${CMAKE_SOURCE_DIR}/jit ${CMAKE_SOURCE_DIR}/jit/include ${CMAKE_SOURCE_DIR})
  target_link_libraries(kjit_${name} ${scope} kjit_flags ${ARG_DEPS} ${ARG_LINK})
  if(sources AND ARG_PCH)
    kjit_precompile(kjit_${name} ${ARG_PCH})
  endif()
endfunction()

function(kjit_executable name)
  cmake_parse_arguments(ARG "" "DIR;PCH" "DEPS;LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${ARG_DIR}/*.cpp)
  if(NOT sources)
    message(STATUS "${ARG_DIR} has no sources yet: no ${name}")
    return()
  endif()
  list(TRANSFORM ARG_DEPS PREPEND kjit_)
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/${ARG_DIR})
  target_link_libraries(${name} PRIVATE kjit_flags ${ARG_DEPS} ${ARG_LINK})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  if(ARG_PCH)
    kjit_precompile(${name} ${ARG_PCH})
  endif()
endfunction()
