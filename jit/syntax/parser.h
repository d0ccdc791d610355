#pragma once
// Tokens -> syntax tree.
//
// The grammar is Python 3.11's, of which each parser function quotes its production. What the language leaves out is still
// recognised, so that it can be refused by name. A statement with a mistake is dropped and parsing goes on behind it: the tree is
// whole exactly when `diags` got no error, and must not be used otherwise.

#include <cstdint>

#include "support/diagnostics.h"
#include "support/source_file.h"
#include "syntax/ast.h"

namespace kjit {

ast::Module parse(const SourceFile& source, std::uint32_t file_id, Diagnostics& diags);

}  // namespace kjit
