# Writes OUTPUT, a C++ source with the bytes of FILE as the array SYMBOL. Run by kjit_embed.

file(READ ${FILE} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "// Made from ${FILE}.\n#include <cstddef>\nnamespace kjit {\nextern const char ${SYMBOL}[] = {\n${bytes}\n};\n"
  "extern const std::size_t ${SYMBOL}_size = sizeof ${SYMBOL};\n}  // namespace kjit\n")
