// CPython, another function, another command. Entry: bench_others.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "bench/contestant.h"
#include "bench/process.h"
#include "kjit/value.h"

namespace kjit::cli {

namespace {

constexpr double kTimeout = 120;  // seconds that a process may take
constexpr double kTolerance = 1e-9;
constexpr int kProcessRuns = 10;

// Arguments: seconds to spend, file, function, arguments. Prints {"answer", "first", "samples", "batch"}.
constexpr const char* kPythonSide = R"(
import importlib.machinery, importlib.util, json, math, os, sys, time
budget, path, name, words = float(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
def argument(word):
    if word.startswith("@"):
        import numpy
        return numpy.load(word[1:])
    names = {"inf": math.inf, "nan": math.nan, "np": None}
    if "np." in word or word.startswith("["):
        import numpy
        names["np"] = numpy
    value = eval(word, names)
    return numpy.array(value) if isinstance(value, list) else value
loader = importlib.machinery.SourceFileLoader("measured", path)
module = importlib.util.module_from_spec(importlib.util.spec_from_loader("measured", loader))
sys.modules["measured"] = module
loader.exec_module(module)
function = getattr(module, name)
args = [argument(word) for word in words]
real, sys.stdout = sys.stdout, open(os.devnull, "w")
def timed(count):
    begin = time.perf_counter()
    for _ in range(count):
        result = function(*args)
    return (time.perf_counter() - begin) / count, result
try:
    from kjit import stream
    del stream
    import kjit
    kjit.random_stream(0, 0)
except (ImportError, AttributeError):
    pass
first, result = timed(1)
batch, samples, spent = max(1, min(1000000, int(0.01 / max(first, 1e-9)))), [], 0.0
answer = repr(result)
while spent < budget and len(samples) < 100:
    seconds, _ = timed(batch)
    samples.append(seconds)
    spent += seconds * batch
print(json.dumps({"answer": answer, "first": first, "samples": samples, "batch": batch}), file=real)
)";

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of('\n');
  if (end == std::string::npos) return "it says nothing";
  const std::size_t begin = text.find_last_of('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1, end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

std::optional<double> number_of(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return std::nullopt;
  return value;
}

// As printed, or numbers that differ by rounding: another program may add in another order.
bool same_answer(const std::string& theirs, const std::string& ours) {
  if (theirs == ours) return true;
  const auto a = number_of(theirs), b = number_of(ours);
  return a && b && std::abs(*a - *b) <= kTolerance * std::abs(*b);
}

void check_answer(Contestant& row, const std::string& theirs, const std::string& ours) {
  if (same_answer(theirs, ours)) return;
  row.wrong = true;
  row.failure = fmt::format("another answer: {} instead of {}", theirs, ours);
  row.samples.clear();
}

// The folder of the module that lets CPython run kernel files: in the source tree, or in the installation.
std::optional<std::filesystem::path> python_folder() {
  std::error_code ignored;
  const auto own = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  for (auto base = own; base.has_relative_path(); base = base.parent_path()) {
    for (const char* place : {"python", "share/kjit/python", "lib/kjit/python"}) {
      if (std::filesystem::exists(base / place / "kjit" / "__init__.py", ignored)) return base / place;
    }
  }
  return std::nullopt;
}

std::string python_of(const BenchOptions& options) {
  if (!options.python.empty()) return options.python;
  const char* chosen = std::getenv("KJIT_PYTHON");
  return chosen != nullptr && *chosen != '\0' ? chosen : "python3";
}

// What a Python program that ended with an error said, and for a missing module what to do.
std::string python_failure(const std::string& python, const std::string& errors) {
  const std::string message = last_line(errors);
  constexpr std::string_view kMissing = "ModuleNotFoundError: No module named '";
  if (!message.starts_with(kMissing)) return message;
  const std::string module = message.substr(kMissing.size(), message.rfind('\'') - kMissing.size());
  return fmt::format("'{}' has no module '{}': install it ({} -m pip install {}), or name another CPython with --python", python,
                     module, python, module);
}

struct PythonCall {
  std::string name;  // of the row
  std::string file;
  std::string function;
  bool interpreted = false;  // the file is a kernel file: CPython is to run it, not the compiled package that it may import
};

Contestant call_python(const PythonCall& what, const BenchOptions& options, const Bench& bench) {
  Contestant row;
  row.name = what.name;
  const std::string python = python_of(options);
  std::vector<std::string> words = {python, "-c", kPythonSide, fmt::format("{}", options.seconds), what.file, what.function};
  words.insert(words.end(), options.target.args.begin(), options.target.args.end());
  std::vector<std::string> environment = {"KJIT_SEED=0"};
  if (what.interpreted) environment.push_back("KJIT_DISABLE_JIT=1");
  if (const auto folder = python_folder()) environment.push_back("PYTHONPATH=" + folder->string());
  const ProcessResult done = run_process(words, environment, kTimeout);
  if (done.exit_code < 0 || done.exit_code == 127) {
    row.failure = fmt::format("no '{}' here", python);
  } else if (done.timed_out) {
    row.failure = fmt::format("not done after {} s", kTimeout);
  } else if (done.exit_code != 0) {
    row.failure = python_failure(python, done.errors);
  } else {
    const auto json = nlohmann::json::parse(last_line(done.output), nullptr, false);
    if (json.is_discarded()) return row.failure = "its output cannot be read", row;
    row.first = json.at("first").get<double>();
    row.samples = json.at("samples").get<std::vector<double>>();
    row.batch = json.at("batch").get<std::int64_t>();
    check_answer(row, json.at("answer").get<std::string>(), bench.answer.text);
  }
  return row;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

// Whole processes in turn: this program as `kjit run`, and the command.
void call_commands(const BenchOptions& options, ProgressLine& progress, Bench& bench) {
  std::vector<std::string> own = {"/proc/self/exe", "run", options.target.file, *options.target.kernel};
  std::error_code ignored;
  own[0] = std::filesystem::read_symlink("/proc/self/exe", ignored).string();
  own.insert(own.end(), options.target.args.begin(), options.target.args.end());
  std::vector<std::string> theirs = {"sh", "-c", options.against_command};
  Contestant ours_row, their_row;
  ours_row.name = "process: kjit run";
  their_row.name = "process: " + options.against_command;
  double spent = 0;
  for (int run = 0; run < kProcessRuns && (run < 3 || spent < 2 * options.seconds); ++run) {
    progress.show("processes", run, kProcessRuns, spent);
    for (auto [words, row] : {std::pair{&own, &ours_row}, std::pair{&theirs, &their_row}}) {
      if (!row->failure.empty()) continue;
      const ProcessResult done = run_process(*words, {}, kTimeout);
      spent += done.seconds;
      if (done.exit_code != 0) {
        row->failure = fmt::format("exit code {}: {}", done.exit_code, last_line(done.errors));
        row->samples.clear();
        continue;
      }
      row->samples.push_back(done.seconds);
      check_answer(*row, trimmed(done.output), bench.answer.text);
    }
  }
  bench.contestants.push_back(ours_row);
  bench.contestants.push_back(their_row);
}

}  // namespace

void bench_others(const BenchOptions& options, ProgressLine& progress, Bench& bench) {
  if (options.python != "none") {
    progress.show("CPython", 0, 1, 0);
    bench.contestants.push_back(call_python({"CPython", options.target.file, *options.target.kernel, true}, options, bench));
  }
  for (const std::string& against : options.against) {
    progress.show(against, 0, 1, 0);
    const std::size_t colon = against.rfind(':');
    bench.contestants.push_back(call_python({against, against.substr(0, colon), against.substr(colon + 1)}, options, bench));
  }
  if (!options.against_command.empty()) call_commands(options, progress, bench);
}

}  // namespace kjit::cli
