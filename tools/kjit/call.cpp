// What goes into a call of a kernel, and what comes out. Entry: call_options, exit_code_of, report_failure.

#include "call.h"

#include <signal.h>

#include "exit_code.h"
#include "output.h"
#include "stop.h"

namespace kjit::cli {

CallOptions call_options(const RunOptions& options, std::uint64_t seed) {
  CallOptions call;
  call.argv = {options.target.file};
  call.argv.insert(call.argv.end(), options.argv.begin(), options.argv.end());
  call.seed = seed;
  call.rng = options.rng;
  call.threads = options.threads;
  call.schedule = options.schedule;
  call.stop = &stop_flag();
  return call;
}

int exit_code_of(const CallResult& result) {
  if (result.ok()) return kSuccess;
  if (result.status == CallResult::Status::CompileError) return kProgramFailed;
  return result.error.kind == "Cancelled" && stop_signal() == SIGTERM ? int{kTerminated} : result.error.exit_code;
}

void report_failure(const CallResult& result, const Module& module) {
  if (result.status == CallResult::Status::CompileError || module.has_warnings())
    print_error(module.render_diagnostics(error_color()));
  if (result.status != CallResult::Status::RunError) return;
  if (result.error.kind != "SystemExit") {
    print_error(result.error.render() + "\n");
  } else if (!result.error.message.empty()) {
    print_error(result.error.message + "\n");
  }
}

}  // namespace kjit::cli
