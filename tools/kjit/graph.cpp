// kjit graph: the script as a graph of its statements. Entry: graph_command.

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "commands.h"
#include "exit_code.h"
#include "inputs.h"

namespace kjit::cli {

int graph_command(const GraphOptions& options, Output& out) {
  Engine engine;
  auto module = load_module(engine, options.file);
  if (!module) {
    print_error(fmt::format("kjit graph: {}\n", module.error().message));
    return kProgramFailed;
  }
  const auto text = module->emit(options.svg ? "graph-svg" : "graph");
  print_error(module->render_diagnostics(error_color()));
  if (!text) return kProgramFailed;
  if (options.out.empty()) {
    out.write(*text);
    return kSuccess;
  }
  if (write_file(options.out, *text)) return kSuccess;
  print_error(fmt::format("kjit graph: {}: {}\n", options.out, std::strerror(errno)));
  return kProgramFailed;
}

}  // namespace kjit::cli
