#pragma once
// The legs of the matrix that run inside this process, through the public API.

#include <atomic>
#include <string>
#include <vector>

#include "case.h"
#include "kjit/engine.h"
#include "outcome.h"

namespace kjit::harness {

struct Leg {
  std::string name;  // "interpret", "O0", "O3"
  EngineOptions options;
};

// All legs there are, the reference first.
std::vector<Leg> engine_legs();

// Applies `# options:`; returns the words that it does not know.
std::vector<std::string> apply_options(const std::vector<std::string>& words, EngineOptions& engine, CallOptions& call);

// Loads the file and type-checks all of it; the outcome has diagnostics only.
Outcome check_file(const std::string& path, const Case& test);

// Runs the script, then each `# run:` call. `stop` ends a kernel from outside (kjit::Stop).
Outcome run_file(const std::string& path, const Case& test, const Leg& leg, const std::atomic<int>& stop);

// Runs a file with parallel loops at O0 and O3 on 1, 2, 3 and 8 threads under each schedule, and once interpreted. One text for
// each way that does not give, to the last byte, what the interpreter gives: output, results and errors with their iterations.
std::vector<std::string> compare_parallel_runs(const std::string& path, const Case& test, const std::atomic<int>& stop);

// The text of one stage, as `kjit emit` prints it. `stage` may name a call: "llvm-opt f(2, 3)". Throws std::runtime_error if
// there is none.
std::string emit_stage(const std::string& path, const Case& test, const std::string& stage);

}  // namespace kjit::harness
