# What a wheel has besides the Python files: `cmake --install BUILD --component python`. libomp goes along under the name that others
# ask for, so that a process in which it is loaded already does not get a second one (docs/architecture.md).

function(kjit_install_wheel extension)
  install(PROGRAMS ${extension} DESTINATION kjit COMPONENT python EXCLUDE_FROM_ALL)
  find_library(KJIT_LIBOMP NAMES libomp.so HINTS /usr/lib/llvm-19/lib REQUIRED)
  file(REAL_PATH ${KJIT_LIBOMP} libomp)
  install(FILES ${libomp} DESTINATION kjit RENAME libomp.so.5 COMPONENT python EXCLUDE_FROM_ALL)
  foreach(licensed IN ITEMS llvm-19-dev libomp5-19 libfmt-dev libzstd-dev zlib1g-dev)
    install(FILES /usr/share/doc/${licensed}/copyright DESTINATION kjit/licenses RENAME ${licensed}
      COMPONENT python EXCLUDE_FROM_ALL OPTIONAL)
  endforeach()
endfunction()

# `make wheel` packs what another build folder has compiled: no second build of the engine.
set(KJIT_WHEEL_FROM "" CACHE PATH "A build folder with the extension for the wheel; empty: compile it here")
if(KJIT_WHEEL_FROM)
  set(stripped ${CMAKE_BINARY_DIR}/_engine.abi3.so)
  execute_process(COMMAND ${CMAKE_STRIP} -o ${stripped} ${KJIT_WHEEL_FROM}/python/kjit/_engine.abi3.so COMMAND_ERROR_IS_FATAL ANY)
  kjit_install_wheel(${stripped})
  add_custom_target(kjit_python_package)
endif()
