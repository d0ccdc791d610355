#pragma once
// What run and emit read: the kernel file and the kernel's arguments.

#include <string>
#include <vector>

#include "kjit/engine.h"
#include "kjit/result.h"
#include "kjit/value.h"

namespace kjit::cli {

// "-": standard input, named <stdin>.
Result<Module> load_module(Engine& engine, const std::string& file);

struct BadArgument {
  std::string message;
  int exit_code;  // of wrong usage, or of a file that cannot be read
};
// Python literals and @file.npy.
std::variant<std::vector<Value>, BadArgument> parse_arguments(const std::vector<std::string>& words);

}  // namespace kjit::cli
