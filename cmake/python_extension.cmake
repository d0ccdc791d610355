# python/kjit with its extension kjit._engine, in build/<preset>/python: what `make wheel` packs, and what the tests import. LLVM and
# the engine are inside, and nothing is visible but the module's entry. Needs CPython's headers and NumPy's; without them kjit
# builds all the same.

set(KJIT_PYTHON "${CMAKE_SOURCE_DIR}/build/python/bin/python" CACHE FILEPATH "The Python with NumPy that the extension is built with")
if(EXISTS ${KJIT_PYTHON})
  set(Python3_EXECUTABLE ${KJIT_PYTHON})
endif()
find_package(Python3 3.10 QUIET COMPONENTS Interpreter Development.Module NumPy)
if(NOT Python3_Development.Module_FOUND OR NOT Python3_NumPy_FOUND)
  message(STATUS "no headers of CPython and NumPy: no Python extension (python3-dev, scripts/setup_python.sh)")
  return()
endif()

set(package ${CMAKE_BINARY_DIR}/python/kjit)
set(exports ${CMAKE_SOURCE_DIR}/cmake/package/engine.map)
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/python/engine/*.cpp)
add_library(kjit_python MODULE ${sources})
target_link_libraries(kjit_python PRIVATE kjit_driver)
target_include_directories(kjit_python SYSTEM PRIVATE ${Python3_INCLUDE_DIRS} ${Python3_NumPy_INCLUDE_DIRS})
set_target_properties(kjit_python PROPERTIES
  PREFIX "" OUTPUT_NAME _engine SUFFIX .abi3.so LIBRARY_OUTPUT_DIRECTORY ${package} LINK_DEPENDS ${exports})
# In a wheel libomp lies beside it.
target_link_options(kjit_python PRIVATE
  -Wl,--version-script=${exports} -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now "-Wl,-rpath,$ORIGIN")

file(GLOB_RECURSE modules CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/python/kjit ${CMAKE_SOURCE_DIR}/python/kjit/*.py)
foreach(module IN LISTS modules)
  add_custom_command(OUTPUT ${package}/${module} DEPENDS ${CMAKE_SOURCE_DIR}/python/kjit/${module}
    COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/python/kjit/${module} ${package}/${module})
  list(APPEND copies ${package}/${module})
endforeach()
add_custom_target(kjit_python_package ALL DEPENDS ${copies} kjit_python)
