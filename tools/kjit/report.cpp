// JSON for programs. Entry: run_json, check_json, doctor_json.

#include "report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace kjit::cli {

namespace {

using Json = nlohmann::ordered_json;

// Kernels can print any bytes; JSON cannot hold them all.
std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

const char* status_name(CallResult::Status status) {
  switch (status) {
    case CallResult::Status::Ok: return "ok";
    case CallResult::Status::RunError: return "error";
    case CallResult::Status::CompileError: return "compile-error";
  }
  return "";
}

Json error_json(const RunError& error) {
  Json frames = Json::array();
  for (const Frame& frame : error.traceback) {
    frames.push_back({{"kernel", frame.kernel},
                      {"file", frame.file},
                      {"line", frame.line},
                      {"column", frame.column},
                      {"source", frame.source}});
  }
  Json iteration = error.iteration.empty() ? Json() : Json::object();
  for (const LoopVariable& variable : error.iteration) iteration[variable.name] = variable.value;
  return {{"kind", error.kind},
          {"message", error.message},
          {"iteration", iteration},
          {"omitted_frames", error.omitted_frames},
          {"traceback", frames}};
}

// What both kinds of reports begin and end with.
void add_begin(Json& json, const CallResult& result, int exit_code) {
  json["status"] = exit_code == 0 ? "ok" : result.ok() ? "error" : status_name(result.status);
  json["exit_code"] = exit_code;
}

void add_end(Json& json, const CallResult& result, const Module& module, const std::string& output) {
  json["output"] = output;
  json["error"] = result.status == CallResult::Status::RunError ? error_json(result.error) : Json();
  json["diagnostics"] = Json::parse(module.diagnostics_json());
  json["note"] = result.note.empty() ? Json() : Json(result.note);
}

}  // namespace

std::string run_json(const CallResult& result, const Module& module, int exit_code, const std::string& output, bool has_result) {
  Json json;
  add_begin(json, result, exit_code);
  json["result"] = result.ok() && has_result ? Json(repr(result.value)) : Json();
  add_end(json, result, module, output);
  json["compile_ms"] = result.timing.compile_ms;
  json["run_ms"] = result.timing.run_ms;
  return dump(json);
}

std::string jobs_json(const JobsReport& report, const CallResult& failure, const Module& module, int exit_code) {
  Json json;
  add_begin(json, failure, exit_code);
  json["results"] = report.results;
  json["failed_call"] = report.failed_call < 0 ? Json() : Json(report.failed_call);
  add_end(json, failure, module, report.output);
  json["compile_ms"] = report.compile_ms;
  json["run_ms"] = report.run_ms;
  json["calls_ms"] = report.calls_ms;
  json["calls"] = report.calls;
  json["jobs"] = report.jobs;
  return dump(json);
}

std::string check_json(const std::vector<CheckedFile>& files) {
  Json list = Json::array();
  for (const CheckedFile& file : files) {
    list.push_back({{"file", file.file}, {"ok", file.ok}, {"diagnostics", Json::parse(file.diagnostics_json)}});
  }
  const bool ok = std::all_of(files.begin(), files.end(), [](const CheckedFile& file) { return file.ok; });
  return dump({{"ok", ok}, {"files", list}});
}

std::string doctor_json(const About& about) {
  return dump({{"version", about.version},
               {"llvm", about.llvm_version},
               {"target", about.triple},
               {"cpu", about.cpu},
               {"cpu_features", about.cpu_features},
               {"threads", about.threads},
               {"threads_reason", about.threads_reason},
               {"vector_library", about.vector_library},
               {"vector_functions", about.vector_functions}});
}

}  // namespace kjit::cli
