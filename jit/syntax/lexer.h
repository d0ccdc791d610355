#pragma once
// Text -> tokens, by the lexical rules of Python 3.11: indentation becomes Indent and Dedent, brackets and backslashes join
// lines, comments vanish.
//
// Any bytes are accepted: what is not Python becomes a diagnostic and an Invalid token. The result always ends with EndOfFile,
// a Newline ends each logical line, and Indent and Dedent are balanced.

#include <cstdint>
#include <vector>

#include "support/diagnostics.h"
#include "support/source_file.h"
#include "syntax/token.h"

namespace kjit {

std::vector<Token> lex(const SourceFile& source, std::uint32_t file_id, Diagnostics& diags);

// The tokens of a part of the file, read as if it stood in brackets: no Newline, no indentation. For the fields of f-strings.
std::vector<Token> lex_field(const SourceFile& source, Span part, Diagnostics& diags);

}  // namespace kjit
