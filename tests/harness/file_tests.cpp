// The file tests: file_tests REPOSITORY [FOLDER...] [--gtest_...]
//
// Every .k file under tests/ and kernels/ of the repository, and under the further folders, becomes one GoogleTest named by its
// path:
// --gtest_filter='files.run/loops/*'. A case goes through all legs of the matrix; KJIT_TEST_LEGS picks some (check, interpret,
// O0, O3, parallel, cpython), KJIT_TEST_TIMEOUT sets the seconds that a leg may take.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "case.h"
#include "cpython.h"
#include "engine_leg.h"
#include "golden.h"
#include "outcome.h"
#include "watchdog.h"

namespace kjit::harness {
namespace {

namespace fs = std::filesystem;

constexpr int kDefaultTimeoutSeconds = 60;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int timeout_seconds() {
  const char* chosen = std::getenv("KJIT_TEST_TIMEOUT");
  return chosen != nullptr ? std::max(1, std::atoi(chosen)) : kDefaultTimeoutSeconds;
}

bool leg_is_on(const std::string& name) {
  const char* chosen = std::getenv("KJIT_TEST_LEGS");
  return chosen == nullptr || ("," + std::string(chosen) + ",").find("," + name + ",") != std::string::npos;
}

// One worker for all cases of this process, started by the first that needs it.
class PythonLeg {
 public:
  explicit PythonLeg(std::string repository) : repository_(std::move(repository)) {}

  // Empty if the machine has a Python to compare with; asked once.
  const std::string& why_missing() {
    if (!why_missing_) why_missing_ = CPython::why_missing(repository_);
    return *why_missing_;
  }

  Outcome run(const std::string& path, const Case& test) {
    if (!worker_) worker_ = std::make_unique<CPython>(repository_);
    return worker_->run(path, test, timeout_seconds());
  }

 private:
  std::string repository_;
  std::optional<std::string> why_missing_;
  std::unique_ptr<CPython> worker_;
};

class FileTest : public testing::Test {
 public:
  FileTest(std::string path, std::shared_ptr<PythonLeg> python) : path_(std::move(path)), python_(std::move(python)) {}

  void TestBody() override {
    const Case test = parse_case(read_file(path_));
    for (const std::string& problem : test.problems) ADD_FAILURE() << path_ << " " << problem;
    EngineOptions engine;
    CallOptions call;
    for (const std::string& word : apply_options(test.options, engine, call))
      ADD_FAILURE() << path_ << " unknown option " << word;
    if (test.demands_nothing() && goldens_of(path_).empty()) ADD_FAILURE() << path_ << " demands nothing, so it cannot fail";
    if (HasFailure()) return;

    if (leg_is_on("check")) report("check", [&] { return judge(check_outcome(test)); });
    if (!test.expects_compile_errors()) run_legs(test);
    check_texts(test);
    if (!left_out_.empty()) GTEST_SKIP() << path_ << " [cpython] " << left_out_;
  }

 private:
  using Problems = std::vector<std::string>;

  // An exception (an InternalError, a dead worker) is a failure of the leg, not the end of the others.
  template <typename Body>
  void report(const std::string& leg, const Body& body) {
    try {
      for (const std::string& problem : body()) ADD_FAILURE() << path_ << " [" << leg << "] " << problem;
    } catch (const std::exception& error) {
      ADD_FAILURE() << path_ << " [" << leg << "] " << error.what();
    }
  }

  // The check leg knows diagnostics only; all others know everything else.
  struct Checked {
    Case demands;
    Outcome outcome;
  };
  Checked check_outcome(const Case& test) const {
    const Watchdog watchdog(path_ + " [check]", timeout_seconds());
    Checked checked;
    checked.demands.diagnostics = test.diagnostics;
    checked.demands.advice = test.advice;
    checked.outcome = check_file(path_, test);
    return checked;
  }
  static Problems judge(const Checked& checked) { return harness::judge(checked.demands, checked.outcome); }

  void run_legs(const Case& test) {
    for (const Leg& leg : engine_legs()) {
      if (!leg_is_on(leg.name)) continue;
      report(leg.name, [&] {
        const Watchdog watchdog(path_ + " [" + leg.name + "]", timeout_seconds());
        return harness::judge(test, run_file(path_, test, leg, watchdog.stop()), {.compare_diagnostics = false});
      });
    }
    if (leg_is_on("parallel") && has_parallel_loops()) {
      report("parallel", [&] {
        const Watchdog watchdog(path_ + " [parallel]", timeout_seconds());
        return compare_parallel_runs(path_, test, watchdog.stop());
      });
    }
    if (!leg_is_on("cpython") || !test.nopython.empty()) return;
    report("cpython", [&]() -> Problems {
      left_out_ = python_->why_missing();
      if (!left_out_.empty()) return {};
      const JudgeOptions options{.compare_messages = false, .compare_diagnostics = false};
      return harness::judge(test, python_->run(path_, test), options);
    });
  }

  bool has_parallel_loops() const { return read_file(path_).find("parallel=True") != std::string::npos; }

  void check_texts(const Case& test) {
    if (!test.checks.empty()) {
      report(test.stage, [&] { return judge_text(test.checks, emit_stage(path_, test, test.stage)); });
    }
    for (const Golden& golden : goldens_of(path_)) {
      report(golden.stage, [&]() -> Problems {
        const std::string difference = compare_golden(golden, emit_stage(path_, test, golden_stage(test, golden)));
        return difference.empty() ? Problems() : Problems{difference};
      });
    }
  }

  // `# stage: typed f(2)` also says which specialisation file.typed.golden shows.
  static std::string golden_stage(const Case& test, const Golden& golden) {
    return test.stage.starts_with(golden.stage + " ") ? test.stage : golden.stage;
  }

  std::string path_;
  std::shared_ptr<PythonLeg> python_;
  std::string left_out_;  // why the cpython leg did not run, if it should have
};

// Folders of tests/ that hold no cases.
bool holds_cases(const fs::path& folder) {
  for (const char* other : {"harness", "unit", "api", "fuzz", "cli"}) {
    if (folder.filename() == other) return false;
  }
  return true;
}

std::vector<std::string> find_cases(const fs::path& root) {
  std::vector<std::string> found;
  if (!fs::is_directory(root)) return found;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->is_directory() && !holds_cases(entry->path())) entry.disable_recursion_pending();
    if (entry->is_regular_file() && entry->path().extension() == ".k") found.push_back(entry->path().string());
  }
  std::ranges::sort(found);
  return found;
}

void register_cases(const fs::path& root, const fs::path& names_from, const std::shared_ptr<PythonLeg>& python) {
  for (const std::string& path : find_cases(root)) {
    if (parse_case(read_file(path)).is_library) continue;
    const std::string name = fs::path(path).lexically_relative(names_from).string();
    testing::RegisterTest("files", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [path, python]() -> testing::Test* { return new FileTest(path, python); });
  }
}

}  // namespace
}  // namespace kjit::harness

int main(int argc, char** argv) {
  ::setenv("KJIT_CACHE", "0", 1);  // what is tested is compiled
  using namespace kjit::harness;
  testing::InitGoogleTest(&argc, argv);
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s REPOSITORY [FOLDER...]\n", argv[0]);
    return 2;
  }
  const fs::path repository = fs::canonical(argv[1]);
  const auto python = std::make_shared<PythonLeg>(repository.string());
  register_cases(repository / "tests", repository / "tests", python);
  register_cases(repository / "kernels", repository, python);
  for (int i = 2; i < argc; ++i) register_cases(fs::absolute(argv[i]), fs::absolute(argv[i]).parent_path(), python);
  return RUN_ALL_TESTS();
}
