#include "parse.h"

#include <clang/Tooling/CompilationDatabase.h>
#include <clang/Tooling/Tooling.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace kjit::import {

using namespace clang;

namespace {

// Debian's clang-19: the headers of the compiler itself (stddef.h, omp.h, ...).
constexpr const char* kResourceFolder = KJIT_CLANG_RESOURCE_DIR;

bool mentions_openmp(const std::string& file) {
  std::ifstream input(file);
  std::stringstream text;
  text << input.rdbuf();
  return text.str().find("#pragma omp") != std::string::npos;
}

}  // namespace

std::vector<std::unique_ptr<ASTUnit>> parse(const ParseOptions& options, std::string& problem) {
  std::unique_ptr<tooling::CompilationDatabase> database;
  if (options.build_folder) {
    database = tooling::CompilationDatabase::loadFromDirectory(*options.build_folder, problem);
    if (!database) return {};
  } else {
    database = std::make_unique<tooling::FixedCompilationDatabase>(".", options.flags);
  }
  std::vector<std::string> extra = {"-fparse-all-comments", "-Wno-everything", "-resource-dir", kResourceFolder};
  if (std::any_of(options.files.begin(), options.files.end(), mentions_openmp)) extra.push_back("-fopenmp");
  std::vector<std::unique_ptr<ASTUnit>> units;
  bool failed = false;
  for (const std::string& file : options.files) {  // one tool a file: for several it prints its progress
    tooling::ClangTool tool(*database, {file});
    tool.appendArgumentsAdjuster(tooling::getInsertArgumentAdjuster(extra, tooling::ArgumentInsertPosition::BEGIN));
    tool.setPrintErrorMessage(false);
    failed = tool.buildASTs(units) != 0 || failed;
  }
  const auto has_errors = [](const std::unique_ptr<ASTUnit>& unit) { return unit->getDiagnostics().hasErrorOccurred(); };
  if (failed || std::any_of(units.begin(), units.end(), has_errors)) return {};
  return units;
}

std::vector<std::unique_ptr<ASTUnit>> parse_text(const ParseOptions& options, const std::string& text) {
  std::vector<std::string> arguments = options.flags;
  arguments.insert(arguments.end(), {"-Wno-everything", "-ferror-limit=0", "-resource-dir", kResourceFolder});
  const llvm::StringRef file = options.files[0];
  const bool is_cpp = file.ends_with(".hpp") || file.ends_with(".hh") || file.ends_with(".hxx") || file.ends_with(".cpp");
  IgnoringDiagConsumer silent;
  std::vector<std::unique_ptr<ASTUnit>> units;
  auto unit = tooling::buildASTFromCodeWithArgs(
      text, arguments, is_cpp ? "kjit_text.cpp" : "kjit_text.c", "kjit-import", std::make_shared<PCHContainerOperations>(),
      tooling::getClangStripDependencyFileAdjuster(), tooling::FileContentMappings(), &silent);
  if (unit) units.push_back(std::move(unit));
  return units;
}

}  // namespace kjit::import
