# cmake --install: executable, library, headers, and what CMake and pkg-config need to find them. The package is relocatable.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS kjit RUNTIME)
install(TARGETS kjit_shared EXPORT kjit LIBRARY)
install(TARGETS kjit_rt ARCHIVE DESTINATION lib/kjit)  # where `kjit build` looks for it: beside bin
install(DIRECTORY ${CMAKE_SOURCE_DIR}/jit/include/kjit DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")

set(kjit_config ${CMAKE_INSTALL_LIBDIR}/cmake/kjit)
install(EXPORT kjit NAMESPACE kjit:: FILE kjit-targets.cmake DESTINATION ${kjit_config})
configure_package_config_file(cmake/package/kjit-config.cmake.in ${CMAKE_BINARY_DIR}/package/kjit-config.cmake
  INSTALL_DESTINATION ${kjit_config} PATH_VARS CMAKE_INSTALL_BINDIR)
# As with the soname: until 1.0 another minor release is another library.
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/kjit-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/package/kjit-check-signatures.cmake ${CMAKE_BINARY_DIR}/package/kjit-config.cmake ${CMAKE_BINARY_DIR}/package/kjit-config-version.cmake
  DESTINATION ${kjit_config})

file(RELATIVE_PATH kjit_pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/package/kjit.pc.in ${CMAKE_BINARY_DIR}/package/kjit.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/package/kjit.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES README.md CHANGELOG.md docs/embedding.md docs/language.md docs/errors.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
# The licences of what is linked inside, as Debian states them.
foreach(package IN ITEMS llvm-19-dev libfmt-dev libcli11-dev nlohmann-json3-dev libzstd-dev zlib1g-dev)
  install(FILES /usr/share/doc/${package}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR}/licenses RENAME ${package} OPTIONAL)
endforeach()
