#pragma once
// The results of subcommands as one JSON object, for --json.

#include <string>

#include "driver/about.h"
#include "kjit/engine.h"

namespace kjit::cli {

// {"status": "ok" | "error" | "compile-error", "exit_code", "result": repr or null, "output", "error": null or {"kind",
// "message", "iteration", "traceback": [{"kernel", "file", "line", "column", "source"}]}, "diagnostics": [...], "note",
// "compile_ms", "run_ms"}
std::string run_json(const CallResult& result, const Module& module, int exit_code, const std::string& output, bool has_result);

// {"ok", "files": [{"file", "ok", "diagnostics": [...]}]}
struct CheckedFile {
  std::string file;
  bool ok;
  std::string diagnostics_json;
};
std::string check_json(const std::vector<CheckedFile>& files);

std::string doctor_json(const About& about);

}  // namespace kjit::cli
