#pragma once
// The results of subcommands as one JSON object, for --json.

#include <cstdint>
#include <string>
#include <vector>

#include "driver/about.h"
#include "kjit/engine.h"

namespace kjit::cli {

// {"status": "ok" | "error" | "compile-error", "exit_code", "result": repr or null, "output", "error": null or {"kind",
// "message", "iteration", "traceback": [{"kernel", "file", "line", "column", "source"}]}, "diagnostics": [...], "note",
// "compile_ms", "run_ms"}
std::string run_json(const CallResult& result, const Module& module, int exit_code, const std::string& output, bool has_result);

// The same of many calls, in their order up to the one that failed.
struct JobsReport {
  std::vector<std::string> results;  // as repr prints them
  std::int64_t failed_call = -1;     // -1: none
  std::string output;
  double compile_ms = 0;
  double run_ms = 0;    // from the begin of the first call to the end of the last
  double calls_ms = 0;  // sum of what each took
  int calls = 0;        // that ended, well or not
  int jobs = 0;         // threads
};
// As run_json, with "results": [repr...], "failed_call": number or null, "calls_ms", "calls" and "jobs". `failure` is that of the
// call that failed, else any.
std::string jobs_json(const JobsReport& report, const CallResult& failure, const Module& module, int exit_code);

// {"ok", "files": [{"file", "ok", "diagnostics": [...]}]}
struct CheckedFile {
  std::string file;
  bool ok;
  std::string diagnostics_json;
};
std::string check_json(const std::vector<CheckedFile>& files);

std::string doctor_json(const About& about);

}  // namespace kjit::cli
