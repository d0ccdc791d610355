// The kjit command: reads the command line, hands over to a subcommand, and turns what is thrown into exit codes.

#include <fmt/format.h>

#include <exception>
#include <new>
#include <string>
#include <vector>

#include "commands.h"
#include "exit_code.h"

namespace kjit::cli {

namespace {

int print_message(const Message& message, Output& out) {
  if (message.exit_code != kSuccess) {
    print_error(message.text);
  } else {
    out.write(message.text);
  }
  return message.exit_code;
}

struct Execute {
  Output& out;

  int operator()(const RunOptions& options) const { return run_command(options, out); }
  int operator()(const CheckOptions& options) const { return check_command(options, out); }
  int operator()(const EmitOptions& options) const { return emit_command(options, out); }
  int operator()(const ExplainOptions& options) const { return explain_command(options, out); }
  int operator()(const BuildCommand& options) const { return build_command(options, out); }
  int operator()(const GraphOptions& options) const { return graph_command(options, out); }
  int operator()(const BenchOptions& options) const { return bench_command(options, out); }
  int operator()(const DoctorOptions& options) const { return doctor_command(options, out); }
  int operator()(const CacheOptions& options) const { return cache_command(options, out); }
  int operator()(const ImportOptions& options) const { return import_command(options); }
  int operator()(const Message& message) const { return print_message(message, out); }
};

int execute(const std::vector<std::string>& words, Output& out) {
  try {
    return std::visit(Execute{out}, parse_command_line(words));
  } catch (const std::bad_alloc&) {
    print_error("kjit: out of memory\n");
    return kProgramFailed;
  } catch (const std::exception& error) {
    out.flush();
    print_error(fmt::format("kjit: {}\nThis is a bug in kjit; please report it together with the file and this command.\n",
                            error.what()));
    return kBug;
  }
}

}  // namespace

}  // namespace kjit::cli

int main(int argc, char** argv) {
  using namespace kjit::cli;
  Output out;
  const int exit_code = execute({argv + (argc > 0 ? 1 : 0), argv + argc}, out);
  out.flush();
  const bool lost_output = !out.ok();
  return exit_code == kSuccess && lost_output ? kProgramFailed : exit_code;
}
