// libkjit.so is made of archives alone; CMake wants a source.
