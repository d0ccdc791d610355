#pragma once
// The CPython leg: one persistent worker process (cpython_worker.py) that runs test files under the Python shim of python/.

#include <sys/types.h>

#include <cstdio>
#include <memory>
#include <string>

#include "case.h"
#include "outcome.h"

namespace kjit::harness {

class CPython {
 public:
  // Why this machine has no CPython with NumPy 2 to compare with; empty if it has one. `repository` holds scripts/python.sh.
  static std::string why_missing(const std::string& repository);

  // `repository` holds python/, scripts/ and tests/harness/. Throws std::runtime_error if the worker cannot be started.
  explicit CPython(const std::string& repository);
  ~CPython();
  CPython(const CPython&) = delete;
  CPython& operator=(const CPython&) = delete;

  // Throws std::runtime_error if the script does not end within `timeout_seconds` or takes the process down.
  Outcome run(const std::string& path, const Case& test, int timeout_seconds);

 private:
  std::string ask(const std::string& line);

  pid_t worker_ = -1;
  std::FILE* requests_ = nullptr;
  std::FILE* replies_ = nullptr;
};

}  // namespace kjit::harness
