#pragma once
// Private to the runtime: UTF-8.

#include <stdint.h>

#include <string>
#include <string_view>

namespace kjit::runtime {

// The code point at text[at]; moves `at` behind it. A byte that does not belong there counts as one, U+DC80 and up, as in
// CPython's surrogateescape, so that any bytes can be walked over.
uint32_t next_code_point(std::string_view text, size_t& at);
void append_code_point(std::string& out, uint32_t code);
void append_escape(std::string& out, uint32_t code);  // as in repr: \n, \x1b, \u2028, \U0001f600
int64_t count_code_points(std::string_view text);
size_t byte_offset(std::string_view text, int64_t code_points);  // where that many code points end

// repr(text): in single quotes unless the text has some and no double ones; what CPython does not call printable is escaped. With
// `ascii` everything else that is not ASCII too.
std::string quoted(std::string_view text, bool ascii);

}  // namespace kjit::runtime
