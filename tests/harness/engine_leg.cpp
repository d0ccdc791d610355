// Runs a case through kjit::Engine. Entries: check_file(), run_file(), emit_stage().

#include "engine_leg.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace kjit::harness {
namespace {

using nlohmann::json;

std::vector<ActualDiagnostic> diagnostics_of(const Module& module, const std::string& path) {
  std::vector<ActualDiagnostic> found;
  for (const json& row : json::parse(module.diagnostics_json())) {
    ActualDiagnostic diagnostic;
    diagnostic.is_error = row.at("severity") == "error";
    diagnostic.id = row.at("id").get<std::string>();
    diagnostic.message = row.at("message").get<std::string>();
    diagnostic.line = row.value("line", std::uint32_t{1});  // a file that cannot be read has no lines
    for (const json& note : row.at("notes")) {
      if (note.value("file", path) == path)
        diagnostic.notes.push_back({note.at("message").get<std::string>(), note.value("line", std::uint32_t{0})});
    }
    if (row.contains("help") && row.at("help").is_string()) diagnostic.help = row.at("help").get<std::string>();
    // Directives speak of their own file only: another file's diagnostic is never an expected one.
    if (const auto file = row.value("file", path); file != path) {
      diagnostic.id = file + ": " + diagnostic.id;
    }
    found.push_back(std::move(diagnostic));
  }
  return found;
}

CallOptions call_options(const std::string& path, const Case& test, const std::atomic<int>& stop) {
  CallOptions options;
  options.argv = {path};
  options.argv.insert(options.argv.end(), test.argv.begin(), test.argv.end());
  options.seed = test.seed.value_or(0);
  options.stop = &stop;
  return options;
}

std::vector<Value> parse_arguments(const KernelCall& call) {
  std::vector<Value> args;
  for (const std::string& text : call.args) {
    const Result<Value> value = parse_literal(text);
    if (!value.ok()) throw std::runtime_error(text + ": " + value.error().message);
    args.push_back(*value);
  }
  return args;
}

ActualError error_of(const RunError& error) { return {error.kind, error.message}; }

// A leg of machine code that was interpreted shows nothing about machine code.
CallResult as_compiled(CallResult result) {
  if (result.note.find("no machine code") != std::string::npos) throw std::runtime_error(result.note);
  return result;
}

CallOutcome run_call(Module& module, const KernelCall& call, const CallOptions& options) {
  const CallResult result = as_compiled(module.call(call.kernel, parse_arguments(call), options));
  switch (result.status) {
    case CallResult::Status::Ok: return {repr(result.value), std::nullopt};
    case CallResult::Status::RunError: return {"", error_of(result.error)};
    case CallResult::Status::CompileError: return {"", ActualError{"compile error", "\n" + result.diagnostics}};
  }
  return {};
}

void record_script(const CallResult& result, Outcome& outcome) {
  if (result.status == CallResult::Status::CompileError) {
    outcome.compiled = false;
    outcome.error = ActualError{"compile error", "\n" + result.diagnostics};
  } else if (result.status == CallResult::Status::RunError) {
    outcome.exit_status = result.error.exit_code;
    if (result.error.kind != "SystemExit") outcome.error = error_of(result.error);
  }
}

}  // namespace

std::vector<Leg> engine_legs() {
  EngineOptions interpret, o0, o3;
  interpret.interpret = true;
  o0.opt_level = 0;
  for (EngineOptions* options : {&interpret, &o0, &o3}) options->verify = true;
  return {{"interpret", interpret}, {"O0", o0}, {"O3", o3}};
}

std::vector<std::string> apply_options(const std::vector<std::string>& words, EngineOptions& engine, CallOptions& call) {
  std::vector<std::string> unknown;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--checked")
      engine.checked = true;
    else if (word == "--strict")
      engine.strict = true;
    else if (word == "--no-bounds-check")
      engine.bounds_check = false;
    else if (word == "--rng=cpython")
      call.rng = Rng::CPython;
    else if (word == "--threads" && i + 1 < words.size())
      call.threads = std::stoi(words[++i]);
    else
      unknown.push_back(word);
  }
  return unknown;
}

Outcome check_file(const std::string& path, const Case& test) {
  EngineOptions options = engine_legs().back().options;
  CallOptions unused;
  apply_options(test.options, options, unused);
  Module module = Engine(options).open_file(path);
  Outcome outcome;
  outcome.compiled = module.ok() && module.check();
  outcome.diagnostics = diagnostics_of(module, path);
  return outcome;
}

Outcome run_file(const std::string& path, const Case& test, const Leg& leg, const std::atomic<int>& stop) {
  EngineOptions options = leg.options;
  CallOptions call = call_options(path, test, stop);
  apply_options(test.options, options, call);
  Outcome outcome;
  call.write = [&outcome](std::string_view text) { outcome.output += text; };

  Module module = Engine(options).open_file(path);
  record_script(as_compiled(module.run_script(call)), outcome);
  if (outcome.error || outcome.exit_status != 0) return outcome;
  for (const KernelCall& kernel_call : test.calls) outcome.calls.push_back(run_call(module, kernel_call, call));
  return outcome;
}

namespace {

struct ParallelWay {
  int threads = 1;
  Schedule schedule = Schedule::Static;
};

std::string text_of(const CallResult& result) {
  switch (result.status) {
    case CallResult::Status::Ok: return repr(result.value) + "\n";
    case CallResult::Status::RunError: return result.error.render() + "\n";
    case CallResult::Status::CompileError: return result.diagnostics;
  }
  return {};
}

// All that can be seen of the script and the calls.
std::string transcript(Module& module, const Case& test, CallOptions call, const ParallelWay& way) {
  std::string text;
  call.threads = way.threads;
  call.schedule = way.schedule;
  call.stream = 0;
  call.write = [&text](std::string_view piece) { text += piece; };
  text += text_of(as_compiled(module.run_script(call)));
  for (const KernelCall& kernel : test.calls) {
    text += text_of(as_compiled(module.call(kernel.kernel, parse_arguments(kernel), call)));
  }
  return text;
}

}  // namespace

std::vector<std::string> compare_parallel_runs(const std::string& path, const Case& test, const std::atomic<int>& stop) {
  std::vector<std::string> problems;
  std::optional<std::string> expected;
  constexpr Schedule kSchedules[] = {Schedule::Static, Schedule::Dynamic, Schedule::Guided, Schedule::Auto};
  for (const Leg& leg : engine_legs()) {
    EngineOptions options = leg.options;
    CallOptions call = call_options(path, test, stop);
    apply_options(test.options, options, call);
    Module module = Engine(options).open_file(path);
    for (const int threads : {1, 2, 3, 8}) {
      for (const Schedule schedule : kSchedules) {
        const std::string text = transcript(module, test, call, {threads, schedule});
        if (!expected) expected = text;
        if (text == *expected) continue;
        problems.push_back(leg.name + ", " + std::to_string(threads) + " threads, schedule " +
                           std::to_string(static_cast<int>(schedule)) + ":\n" + text + "instead of\n" + *expected);
      }
      if (options.interpret) break;  // knows neither
    }
  }
  return problems;
}

std::string emit_stage(const std::string& path, const Case& test, const std::string& stage) {
  EngineOptions options = engine_legs().back().options;
  CallOptions unused;
  apply_options(test.options, options, unused);
  Module module = Engine(options).open_file(path);

  const std::size_t blank = stage.find(' ');
  std::optional<std::string> text;
  if (blank == std::string::npos) {
    text = module.emit(stage);
  } else {
    const std::vector<KernelCall> calls = parse_case("# run: " + stage.substr(blank + 1) + " == None").calls;
    if (calls.size() != 1) throw std::runtime_error("`# stage: " + stage + "` wants a stage and a call");
    text = module.emit(stage.substr(0, blank), calls[0].kernel, parse_arguments(calls[0]));
  }
  if (!text) throw std::runtime_error("no text for stage " + stage + "\n" + module.render_diagnostics());
  return *text;
}

}  // namespace kjit::harness
