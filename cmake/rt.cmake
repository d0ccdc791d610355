# libkjit_rt.a: the runtime of libraries that `kjit build` makes. The runtime, and of the rest what turns an error into its text. No LLVM.

file(GLOB rt_sources CONFIGURE_DEPENDS jit/standalone/*.cpp)
add_library(kjit_rt STATIC ${rt_sources} jit/driver/run_error.cpp jit/driver/own_array.cpp
            $<TARGET_OBJECTS:kjit_runtime> $<TARGET_OBJECTS:kjit_support> $<TARGET_OBJECTS:kjit_image>)
target_include_directories(kjit_rt PRIVATE jit jit/include ${CMAKE_SOURCE_DIR})
target_link_libraries(kjit_rt PRIVATE kjit_flags kjit_fmt)
