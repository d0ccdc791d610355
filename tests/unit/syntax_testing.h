#pragma once
// Source text as tests write it -> tokens, tree, diagnostics.

#include <string>
#include <vector>

#include "support/diagnostics.h"
#include "support/source_file.h"
#include "syntax/ast_printer.h"
#include "syntax/lexer.h"
#include "syntax/parser.h"

namespace kjit::testing {

// "E0110 2:5, W0101 3:1": ids and places, in the order of the reports.
inline std::string summary(const Diagnostics& diags, const SourceFile& source) {
  std::string out;
  for (const Diagnostic& diagnostic : diags.all()) {
    const LineColumn place = source.locate(diagnostic.span.begin);
    if (!out.empty()) out += ", ";
    out += fmt::format("{} {}:{}", diag_name(diagnostic.id), place.line, place.column);
  }
  return out;
}

// The kinds of the tokens, without the Newline and EndOfFile that end every line and file.
inline std::string token_kinds(const std::string& text) {
  const SourceFile source("test.k", text);
  Diagnostics diags;
  std::string out;
  for (const Token& token : lex(source, 0, diags)) {
    if (token.kind == TokenKind::EndOfFile) continue;
    if (!out.empty()) out += ' ';
    out += token_name(token.kind);
  }
  return diags.all().empty() ? out : out + " | " + summary(diags, source);
}

// The first token.
inline Token first_token(const std::string& text) {
  const SourceFile source("test.k", text);
  Diagnostics diags;
  return lex(source, 0, diags).front();
}

// The diagnostics of the whole text, "" if there are none.
inline std::string errors_of(const std::string& text) {
  const SourceFile source("test.k", text);
  Diagnostics diags;
  parse(source, 0, diags);
  return summary(diags, source);
}

// The tree of a module; its diagnostics if there are any.
inline std::string tree_of(const std::string& text) {
  const SourceFile source("test.k", text);
  Diagnostics diags;
  const ast::Module module = parse(source, 0, diags);
  return diags.all().empty() ? print_ast(module) : summary(diags, source);
}

// The tree of a single expression statement.
inline std::string expression_of(const std::string& text) {
  const SourceFile source("test.k", text);
  Diagnostics diags;
  const ast::Module module = parse(source, 0, diags);
  if (!diags.all().empty()) return summary(diags, source);
  const auto* statement = module.body.empty() ? nullptr : std::get_if<ast::ExpressionStatement>(&module.body[0]->node);
  return statement != nullptr ? print_ast(*statement->value) : print_ast(module);
}

}  // namespace kjit::testing
