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
  tooling::ClangTool tool(*database, options.files);
  std::vector<std::string> extra = {"-fparse-all-comments", "-Wno-everything", "-resource-dir", kResourceFolder};
  if (std::any_of(options.files.begin(), options.files.end(), mentions_openmp)) extra.push_back("-fopenmp");
  tool.appendArgumentsAdjuster(tooling::getInsertArgumentAdjuster(extra, tooling::ArgumentInsertPosition::BEGIN));
  tool.setPrintErrorMessage(false);
  std::vector<std::unique_ptr<ASTUnit>> units;
  const int status = tool.buildASTs(units);
  const auto failed = [](const std::unique_ptr<ASTUnit>& unit) { return unit->getDiagnostics().hasErrorOccurred(); };
  if (status != 0 || std::any_of(units.begin(), units.end(), failed)) return {};
  return units;
}

}  // namespace kjit::import
