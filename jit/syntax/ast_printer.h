#pragma once
// Tokens and trees as text, for `kjit emit` and for tests: deterministic, one token or one statement per line.

#include <string>
#include <vector>

#include "support/source_file.h"
#include "syntax/ast.h"
#include "syntax/token.h"

namespace kjit {

// line:column Kind text
std::string print_tokens(const std::vector<Token>& tokens, const SourceFile& source);

// S-expressions: (assign (name x) (add (int 1) (int 2))). Blocks are indented below their statement.
std::string print_ast(const ast::Module& module);

// One expression on one line.
std::string print_ast(const ast::Expr& expr);

}  // namespace kjit
