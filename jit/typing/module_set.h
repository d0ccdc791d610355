#pragma once
// The parsed files of one program, as the type checker takes them.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/source_file.h"
#include "syntax/ast.h"
#include "typing/type.h"

namespace kjit {

// A function of the host that kernels can call by its name.
struct HostSignature {
  std::vector<Type> parameters;
  std::vector<bool> written;  // by parameter: elements of the array may change
  Type result;
  bool thread_safe = false;  // any thread may call it, several at once
};

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
  std::map<std::string, HostSignature> host_functions;  // what the host has registered
};

}  // namespace kjit
