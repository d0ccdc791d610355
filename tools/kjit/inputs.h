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

// The arguments of many calls. A .npy file has one number a call, or a row of them (two axes); of any other file each line that
// is neither empty nor begins with # has Python literals with commas between them.
std::variant<std::vector<std::vector<Value>>, BadArgument> read_rows(const std::string& path);

}  // namespace kjit::cli
