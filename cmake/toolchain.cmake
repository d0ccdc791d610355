# Debian's clang-19 by name: its plain `clang++` is an older release. CC, CXX and -DCMAKE_CXX_COMPILER win.

if(NOT DEFINED CMAKE_C_COMPILER AND NOT DEFINED ENV{CC})
  find_program(KJIT_CLANG NAMES clang-19 clang)
  if(KJIT_CLANG)
    set(CMAKE_C_COMPILER "${KJIT_CLANG}")
  endif()
endif()

if(NOT DEFINED CMAKE_CXX_COMPILER AND NOT DEFINED ENV{CXX})
  find_program(KJIT_CLANGXX NAMES clang++-19 clang++)
  if(KJIT_CLANGXX)
    set(CMAKE_CXX_COMPILER "${KJIT_CLANGXX}")
  endif()
endif()

find_program(KJIT_CCACHE ccache)
if(KJIT_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  # A precompiled header makes ccache distrust time stamps unless told which differences do not matter.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${KJIT_CCACHE})
endif()
