#pragma once
// C and C++ source text -> Clang's tree.

#include <clang/Frontend/ASTUnit.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kjit::import {

struct ParseOptions {
  std::vector<std::string> files;
  std::optional<std::string> build_folder;  // with compile_commands.json
  std::vector<std::string> flags;           // of the compiler, if there is no build folder
};

// One tree a file. Empty if Clang found errors; its own messages stand on stderr then. `problem` says what else went wrong.
std::vector<std::unique_ptr<clang::ASTUnit>> parse(const ParseOptions& options, std::string& problem);

// The tree of a text of our own beside the first file, in its language. Errors in it are passed over.
std::vector<std::unique_ptr<clang::ASTUnit>> parse_text(const ParseOptions& options, const std::string& text);

}  // namespace kjit::import
