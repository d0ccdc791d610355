// Starts the worker, sends it requests, turns its replies into Outcomes. Entry: CPython::run().

#include "cpython.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace kjit::harness {
namespace {

using nlohmann::json;

constexpr int kNoPython = 77;  // the exit status of scripts/python.sh where there is none

std::string launcher(const std::string& repository) { return repository + "/scripts/python.sh"; }

struct Pipe {
  int read_end, write_end;

  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
    read_end = ends[0], write_end = ends[1];
  }
};

[[noreturn]] void become_worker(const std::string& repository, const Pipe& in, const Pipe& out) {
  dup2(in.read_end, 0);
  dup2(out.write_end, 1);
  const std::string shim = repository + "/python";
  const std::string script = repository + "/tests/harness/cpython_worker.py";
  setenv("PYTHONPATH", shim.c_str(), 1);
  setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
  setenv("PYTHONHASHSEED", "0", 1);
  unsetenv("LD_PRELOAD");
  const std::string python = launcher(repository);
  execl(python.c_str(), python.c_str(), script.c_str(), nullptr);
  _exit(127);
}

std::optional<ActualError> error_of(const json& value) {
  if (value.is_null()) return std::nullopt;
  return ActualError{value[0].get<std::string>(), value[1].get<std::string>()};
}

Outcome outcome_of(const json& reply) {
  Outcome outcome;
  outcome.output = reply["output"].get<std::string>();
  outcome.exit_status = reply["exit"].get<int>();
  outcome.error = error_of(reply["error"]);
  for (const json& call : reply["calls"]) {
    outcome.calls.push_back({call.value("repr", ""), error_of(call.value("error", json()))});
  }
  return outcome;
}

}  // namespace

std::string CPython::why_missing(const std::string& repository) {
  const std::string probe = "'" + launcher(repository) + "' -c 'import numpy' 2>&1";
  std::FILE* const output = popen(probe.c_str(), "r");
  if (output == nullptr) throw std::runtime_error("cannot start a shell");
  std::string text(4096, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), output));
  const int status = pclose(output);
  if (status == 0) return "";
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNoPython) return text;
  throw std::runtime_error("the CPython to compare with does not work: " + text);
}

CPython::CPython(const std::string& repository) {
  const Pipe to_worker, from_worker;
  worker_ = fork();
  if (worker_ < 0) throw std::runtime_error("cannot start python3");
  if (worker_ == 0) become_worker(repository, to_worker, from_worker);
  close(to_worker.read_end);
  close(from_worker.write_end);
  requests_ = fdopen(to_worker.write_end, "w");
  replies_ = fdopen(from_worker.read_end, "r");
}

CPython::~CPython() {
  std::fclose(requests_);  // end of input ends the worker
  std::fclose(replies_);
  waitpid(worker_, nullptr, 0);
}

std::string CPython::ask(const std::string& line) {
  if (std::fputs((line + "\n").c_str(), requests_) < 0 || std::fflush(requests_) != 0) {
    throw std::runtime_error("the CPython worker is gone");
  }
  char* buffer = nullptr;
  std::size_t capacity = 0;
  const ssize_t size = getline(&buffer, &capacity, replies_);
  const std::unique_ptr<char, decltype(&std::free)> owner(buffer, &std::free);
  if (size <= 0) throw std::runtime_error("the CPython worker gave no answer");
  return std::string(buffer, static_cast<std::size_t>(size));
}

Outcome CPython::run(const std::string& path, const Case& test, int timeout_seconds) {
  json request = {{"file", path},
                  {"argv", test.argv},
                  {"calls", json::array()},
                  {"timeout", timeout_seconds},
                  {"seed", test.seed.value_or(0)}};
  for (const KernelCall& call : test.calls) request["calls"].push_back(json::array({call.kernel, call.args}));
  const json reply = json::parse(ask(request.dump()));
  if (!reply["died"].is_null()) throw std::runtime_error("CPython: " + reply["died"].get<std::string>());
  return outcome_of(reply);
}

}  // namespace kjit::harness
