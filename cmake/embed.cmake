# kjit_embed(target file symbol): the text of `file` in the target as `extern const char symbol[]`, of `symbol`_size bytes, in
# namespace kjit. It is written anew, and compiled, when the file changes.

function(kjit_embed target file symbol)
  set(generated ${CMAKE_BINARY_DIR}/embedded/${symbol}.cpp)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DFILE=${CMAKE_SOURCE_DIR}/${file} -DSYMBOL=${symbol} -DOUTPUT=${generated}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
    DEPENDS ${CMAKE_SOURCE_DIR}/${file} ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
    COMMENT "Embedding ${file}")
  target_sources(kjit_${target} PRIVATE ${generated})
endfunction()
