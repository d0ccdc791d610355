# Compiler and linker flags of every target: kjit_flags is an INTERFACE target that all of them link.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_SKIP_RPATH ON)  # every shared library that is linked lives in the system's own folders

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, Debug or RelWithDebInfo" FORCE)
endif()
# -O2: -O3 buys nothing measurable in a compiler and costs build time. Assertions of our own are always on (KJIT_ASSERT).
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

# All objects can go into libkjit.so, so each is compiled once; in a program the linker takes the indirections out again.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(kjit_flags INTERFACE)
# -ffp-contract=off: the interpreter and the runtime must round exactly as the compiled kernels do.
target_compile_options(kjit_flags INTERFACE -Wall -Wextra -ffp-contract=off -ffunction-sections -fdata-sections
                                            -fvisibility=hidden -fvisibility-inlines-hidden)
# A path of the build machine must not end up in the executable (KJIT_ASSERT uses __FILE__).
target_compile_options(kjit_flags INTERFACE "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
target_link_options(kjit_flags INTERFACE -fuse-ld=lld)

if(KJIT_WERROR)
  target_compile_options(kjit_flags INTERFACE -Werror)
endif()

if(KJIT_SANITIZE)
  target_compile_options(kjit_flags INTERFACE -fsanitize=${KJIT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(KJIT_SANITIZE MATCHES "undefined")
    # It reads a signature in front of the called function; in front of compiled kernels there may be no readable page.
    target_compile_options(kjit_flags INTERFACE -fno-sanitize=function)
  endif()
  target_link_options(kjit_flags INTERFACE -fsanitize=${KJIT_SANITIZE})
else()
  # Start-up time of programs: no position independence (1.7 MB of LLVM's tables would be relocated at each start), and the C++
  # library inside, as every shared library costs about 0.3 ms. A shared library has the host's C++ library instead: two would
  # count its exceptions twice.
  set(kjit_is_library $<IN_LIST:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY$<SEMICOLON>MODULE_LIBRARY>)
  target_link_options(kjit_flags INTERFACE $<$<NOT:${kjit_is_library}>:-no-pie;-static-libstdc++;-static-libgcc>)
  # The disk cache tells builds apart by it.
  target_link_options(kjit_flags INTERFACE -Wl,--build-id=sha1)
  target_link_options(kjit_flags INTERFACE -Wl,--gc-sections -Wl,--as-needed)
  target_link_options(kjit_flags INTERFACE $<$<CONFIG:Release>:-Wl,--strip-debug>)
endif()
