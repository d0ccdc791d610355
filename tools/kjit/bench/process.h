#pragma once
// A child process whose output is read.

#include <string>
#include <vector>

namespace kjit::cli {

struct ProcessResult {
  int exit_code = -1;      // 128 + the number of the signal that ended it; -1: it could not be started
  bool timed_out = false;  // and was killed
  std::string output;      // standard output
  std::string errors;      // standard error
  double seconds = 0;      // from its start to its end
};

// words[0] is searched on the PATH. `environment` adds NAME=value. Standard input is empty.
ProcessResult run_process(const std::vector<std::string>& words, const std::vector<std::string>& environment, double timeout);

}  // namespace kjit::cli
