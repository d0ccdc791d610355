#pragma once
// What `kjit bench` measures: a kernel in one of several executions, each a row of the report.

#include <cstdint>
#include <string>
#include <vector>

#include "cli.h"
#include "progress.h"

namespace kjit::cli {

// One execution. Times in seconds.
struct Contestant {
  std::string name;             // "kjit, 1 thread", "CPython", ...
  std::string failure;          // why there are no times: not available, failed, or a wrong answer
  bool wrong = false;           // the answer differs: an error of the whole command if it is kjit's
  double compile = 0;           // of the first call
  double first = 0;             // of the first call, compiling included
  std::vector<double> samples;  // of one call each, or of a batch divided by its calls
  std::int64_t batch = 1;       // calls of a sample
  int threads = 1;
};

// The kernel's own answer, which all others are compared with.
struct Answer {
  std::string text;         // repr of the result
  std::vector<Value> args;  // as they are after the call
  Value value;
};

struct Bench {
  Answer answer;
  std::vector<Contestant> contestants;  // the interpreter, kjit on one thread, on all, then what --against names
  std::string error;                    // why nothing was measured
  int exit_code = 0;
  std::int64_t argument_bytes = 0;  // of all arrays
  std::int64_t peak_kilobytes = 0;  // of this process
  double bandwidth = 0;             // bytes a second that a thread gets from memory here
};

// The interpreter and machine code in this process. Answers are compared before anything is timed.
void bench_kjit(const BenchOptions& options, ProgressLine& progress, Bench& bench);

// Other processes: CPython, --against and --against-cmd.
void bench_others(const BenchOptions& options, ProgressLine& progress, Bench& bench);

// How fast a thread reads and writes memory: a sum of two arrays that fit no cache.
double memory_bandwidth();
std::int64_t peak_kilobytes();

}  // namespace kjit::cli
