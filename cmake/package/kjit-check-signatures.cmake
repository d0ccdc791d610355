# kjit_check_signatures(TARGET): compares each module->function<R(A...)>("name") in the C++ sources of TARGET with the kernel file that
# it loads, whenever they change; the build fails if a signature does not fit. Needs kjit-import beside kjit (`make import`).
# Kernel files are found as the program finds them when it runs in the source folder, or beside the source file.

function(kjit_check_signatures target)
  if(NOT KJIT_IMPORT_EXECUTABLE)
    find_program(KJIT_IMPORT_EXECUTABLE kjit-import HINTS ${KJIT_BIN_DIR})
  endif()
  if(NOT KJIT_IMPORT_EXECUTABLE)
    message(FATAL_ERROR "kjit_check_signatures needs the program kjit-import: build it with 'make import'")
  endif()
  get_target_property(sources ${target} SOURCES)
  get_target_property(folder ${target} SOURCE_DIR)
  get_target_property(standard ${target} CXX_STANDARD)
  if(NOT standard)
    set(standard 20)
  endif()
  set(includes "$<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>")
  set(definitions "$<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>")
  set(include_flags "$<$<BOOL:${includes}>:-I$<JOIN:${includes},;-I>>")
  set(definition_flags "$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},;-D>>")
  file(GLOB kernels CONFIGURE_DEPENDS ${folder}/*.k)
  set(stamps)
  foreach(source IN LISTS sources)
    if(NOT source MATCHES "\\.(cpp|cc|cxx)$")
      continue()
    endif()
    get_filename_component(path ${source} ABSOLUTE BASE_DIR ${folder})
    string(MAKE_C_IDENTIFIER "${target}_${source}" name)
    set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${name}.signatures)
    add_custom_command(OUTPUT ${stamp} DEPENDS ${path} ${kernels} WORKING_DIRECTORY ${folder}
      COMMAND ${KJIT_IMPORT_EXECUTABLE} check ${path} -- -std=c++${standard} "${include_flags}" "${definition_flags}"
      COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
      COMMENT "Checking the kernel signatures in ${source}" COMMAND_EXPAND_LISTS VERBATIM)
    list(APPEND stamps ${stamp})
  endforeach()
  add_custom_target(${target}_signatures DEPENDS ${stamps})
  add_dependencies(${target} ${target}_signatures)
endfunction()
