#pragma once
// How the process ends; docs/language.md and every script that calls kjit rely on these numbers.

namespace kjit::cli {

enum ExitCode : int {
  kSuccess = 0,
  kProgramFailed = 1,  // a compile-time or run-time error of the kernel, or a file that cannot be read or written
  kUsage = 2,
  kDifference = 3,     // a verification found a difference
  kBug = 70,           // EX_SOFTWARE of sysexits.h
  kDeadline = 124,     // as timeout(1)
  kInterrupted = 130,  // 128 + SIGINT
  kTerminated = 143,   // 128 + SIGTERM
};

}  // namespace kjit::cli
