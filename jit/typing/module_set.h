#pragma once
// The parsed files of one program, as the type checker takes them.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/source_file.h"
#include "syntax/ast.h"

namespace kjit {

// modules[i] was parsed from file number i of `sources`; [0] is the file that the user named. `by_name` maps the module name of
// an import
// ("lib" for `from lib import f`) to its number; a name that is missing was not found beside the main file. Never changed after
// loading: type checking is a function of it, and types point to its definitions.
struct ModuleSet {
  SourceMap sources;
  std::vector<ast::Module> modules;
  std::map<std::string, std::uint32_t> by_name;
  // The module with the functions of the library that are written in the kernel language; no file of the user's.
  std::optional<std::uint32_t> prelude;
};

}  // namespace kjit
