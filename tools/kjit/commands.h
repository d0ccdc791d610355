#pragma once
// The subcommands. Each returns the exit code of the process; results go to `out`, everything else to stderr.

#include "cli.h"
#include "output.h"

namespace kjit::cli {

int run_command(const RunOptions& options, Output& out);
int check_command(const CheckOptions& options, Output& out);
int emit_command(const EmitOptions& options, Output& out);
int explain_command(const ExplainOptions& options, Output& out);
int build_command(const BuildCommand& options, Output& out);
int graph_command(const GraphOptions& options, Output& out);
int bench_command(const BenchOptions& options, Output& out);
int doctor_command(const DoctorOptions& options, Output& out);
int cache_command(const CacheOptions& options, Output& out);
int import_command(const ImportOptions& options);  // returns only if kjit-import cannot be started

}  // namespace kjit::cli
