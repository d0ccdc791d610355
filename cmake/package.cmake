# `make deb`: a Debian package of what is installed. dpkg-shlibdeps finds what it depends on.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME kjit)
set(CPACK_PACKAGE_VENDOR kjit)
set(CPACK_PACKAGE_CONTACT "The kjit developers <kjit@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, g++ (>= 4:12), pkgconf")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "JIT-compiling accelerator for numerical kernels
 Kernels in a strict subset of Python are compiled with LLVM and run on all
 cores: the command kjit, and a library for C++, C and whatever calls C.")
include(CPack)
