#pragma once
// kjit run --jobs N --repeat K: K calls of one kernel from a queue, made by N threads of a host with a global lock. What a
// program with worker threads does under Python: kernels with nogil=True run at the same time, others take turns.

#include <cstdint>
#include <vector>

#include "cli.h"
#include "output.h"

namespace kjit::cli {

// Call k draws from random stream k and has arrays of its own, so that results and output, which come in the order of the calls,
// do not depend on N. When a call fails no other begins, and the failure of the lowest one is reported. Returns the exit code.
int jobs_command(const RunOptions& options, std::uint64_t seed, const std::vector<Value>& args, Output& out);

// kjit run --map: likewise, one call for each of `rows` with its values in front of `args`, for a host without a global lock: all
// kernels run at the same time. options.repeat is not looked at.
int map_command(const RunOptions& options, std::uint64_t seed, const std::vector<std::vector<Value>>& rows,
                const std::vector<Value>& args, Output& out);

}  // namespace kjit::cli
