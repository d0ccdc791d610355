// Kernel files, standard input, literals and .npy files. Entry: load_module, parse_arguments.

#include "inputs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "driver/npy.h"
#include "exit_code.h"

namespace kjit::cli {

namespace {

Result<std::string> read_standard_input() {
  std::string text;
  char buffer[1 << 16];
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (count == 0) return text;
    if (count < 0 && errno != EINTR) return Error{fmt::format("cannot read standard input: {}", std::strerror(errno))};
    text.append(buffer, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
}

}  // namespace

Result<Module> load_module(Engine& engine, const std::string& file) {
  if (file != "-") return engine.load_file(file);
  auto text = read_standard_input();
  if (!text) return text.error();
  return engine.load_text(std::move(*text), "<stdin>");
}

std::variant<std::vector<Value>, BadArgument> parse_arguments(const std::vector<std::string>& words) {
  std::vector<Value> values;
  for (const std::string& word : words) {
    if (word.starts_with('@')) {
      auto array = load_npy(word.substr(1));
      if (!array) return BadArgument{fmt::format("{}: {}", word.substr(1), array.error().message), kProgramFailed};
      values.push_back({std::move(*array)});
      continue;
    }
    auto value = parse_literal(word);
    if (!value) return BadArgument{fmt::format("argument {} ({}): {}", values.size() + 1, word, value.error().message), kUsage};
    values.push_back(std::move(*value));
  }
  return values;
}

}  // namespace kjit::cli
