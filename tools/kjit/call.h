#pragma once
// One call of a script or kernel as `kjit run` makes it: what it is given, and what its end means for the process.

#include <cstdint>

#include "cli.h"

namespace kjit::cli {

// All but `write` and `stream`.
CallOptions call_options(const RunOptions& options, std::uint64_t seed);

int exit_code_of(const CallResult& result);

// Diagnostics and traceback on stderr, after what the kernel has printed.
void report_failure(const CallResult& result, const Module& module);

}  // namespace kjit::cli
