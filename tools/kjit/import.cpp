// `kjit import`: hands over to kjit-import, which stands beside this executable or on the PATH. It is a program of its own, as
// Clang's libraries stay out of this one.

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "commands.h"
#include "exit_code.h"
#include "output.h"

namespace kjit::cli {

int import_command(const ImportOptions& options) {
  std::error_code ignored;
  const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const std::string beside = (own.parent_path() / "kjit-import").string();
  std::vector<std::string> list = options.words;
  list.insert(list.begin(), "kjit-import");
  std::vector<char*> arguments;
  for (std::string& word : list) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(beside.c_str(), arguments.data());  // returns only if it failed
  execvp("kjit-import", arguments.data());
  print_error(
      fmt::format("kjit: 'kjit import' needs the program kjit-import, which is neither {} nor on the PATH\n"
                  "help: build it with 'make import'\n",
                  beside));
  return kProgramFailed;
}

}  // namespace kjit::cli
