// kjit as a contestant: bench_worker FILE KERNEL ANSWER RESULT [--interpret] [--threads N] -- ARGUMENT... answers the lines that
// bench/harness/worker.py documents.

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "driver/npy.h"
#include "kjit/engine.h"
#include "tools/kjit/inputs.h"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

// The peak of this program: ru_maxrss would have that of the process which started it.
long peak_kilobytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    long kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes;
  }
  return 0;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void say(const std::string& text) {
  std::fputs((text + "\n").c_str(), stdout);
  std::fflush(stdout);
}

[[noreturn]] void fail(const std::string& text) {
  std::fputs((text + "\n").c_str(), stderr);
  std::exit(1);
}

struct Job {
  std::string file;
  std::string kernel;
  std::string answer;  // .npy file
  std::string result;  // "f8", "i8": the returned number; else the index of the argument that the kernel fills
  kjit::EngineOptions engine;
  kjit::CallOptions call;
  std::vector<kjit::Value> args;
};

Job read_job(const std::vector<std::string>& words) {
  if (words.size() < 5) fail("usage: bench_worker FILE KERNEL ANSWER RESULT [--interpret] [--threads N] -- ARGUMENT...");
  Job job{words[0], words[1], words[2], words[3], {}, {}, {}};
  job.engine.disk_cache = false;  // the time to compile is one of the figures
  std::size_t next = 4;
  for (; next < words.size() && words[next] != "--"; ++next) {
    if (words[next] == "--interpret") job.engine.interpret = true;
    if (words[next] == "--threads") job.call.threads = std::stoi(words.at(++next));
  }
  auto args = kjit::cli::parse_arguments({words.begin() + static_cast<std::ptrdiff_t>(next) + 1, words.end()});
  if (const auto* bad = std::get_if<kjit::cli::BadArgument>(&args)) fail(bad->message);
  job.args = std::get<std::vector<kjit::Value>>(std::move(args));
  return job;
}

template <typename T>
kjit::ArrayValue scalar(kjit::DType dtype, T number) {
  auto array = kjit::ArrayValue::zeros(dtype, {});
  std::memcpy(array.data.get(), &number, sizeof number);
  return array;
}

kjit::ArrayValue answer_of(const Job& job, const kjit::Value& returned) {
  if (const auto* x = std::get_if<double>(&returned.data)) return scalar(kjit::DType::F64, *x);
  if (const auto* x = std::get_if<std::int64_t>(&returned.data)) return scalar(kjit::DType::I64, *x);
  if (const auto* x = std::get_if<kjit::ArrayValue>(&returned.data)) return *x;
  const auto* filled = std::get_if<kjit::ArrayValue>(&job.args.at(static_cast<std::size_t>(std::stoi(job.result))).data);
  if (filled == nullptr) fail("the kernel returned " + kjit::repr(returned));
  return *filled;
}

class Worker {
 public:
  explicit Worker(Job job) : job_(std::move(job)), engine_(job_.engine), module_(engine_.open_file(job_.file)) {
    keep_original();
  }

  void serve() {
    first_call();
    std::string word;
    while (std::cin >> word) {
      if (word == "finish") return finish();
      std::int64_t count = 1;
      std::cin >> count;
      time(count);
    }
  }

 private:
  // What the kernel fills, as it was before the first call: put back before the last, so that a call that does nothing is found
  // out.
  void keep_original() {
    if (job_.result == "f8" || job_.result == "i8") return;
    const kjit::ArrayValue array = answer_of(job_, {});
    const auto* begin = reinterpret_cast<const char*>(array.data.get());
    original_.assign(begin, begin + static_cast<std::size_t>(array.size()) * kjit::item_size(array.dtype));
  }

  kjit::CallResult call() {
    kjit::CallOptions options = job_.call;
    options.stream = 0;
    kjit::CallResult result = module_.call(job_.kernel, job_.args, options);
    if (result.status == kjit::CallResult::Status::CompileError) fail(result.diagnostics);
    if (!result.ok()) fail(result.error.render());
    if (!result.note.empty()) fail(result.note);  // the interpreter ran where machine code was asked for
    return result;
  }

  void store(const kjit::CallResult& result) {
    if (const auto error = kjit::save_npy(job_.answer, answer_of(job_, result.value))) fail(error->message);
  }

  void first_call() {
    const long before = peak_kilobytes();
    const auto begin = Clock::now();
    const auto result = call();
    const double first = seconds_since(begin);
    say(fmt::format(R"({{"first_s": {}, "compile_s": {}, "before_kb": {}, "peak_kb": {}}})", first,
                    result.timing.compile_ms / 1e3, before, peak_kilobytes()));
    store(result);
  }

  void time(std::int64_t count) {
    const double cpu = cpu_seconds();
    const auto begin = Clock::now();
    for (std::int64_t i = 0; i < count; ++i) call();
    const double wall = seconds_since(begin);
    say(fmt::format(R"({{"wall_s": {}, "cpu_s": {}}})", wall, cpu_seconds() - cpu));
  }

  void finish() {
    if (!original_.empty()) std::memcpy(answer_of(job_, {}).data.get(), original_.data(), original_.size());
    store(call());
    say(fmt::format(R"({{"peak_kb": {}}})", peak_kilobytes()));
  }

  Job job_;
  kjit::Engine engine_;
  kjit::Module module_;
  std::vector<char> original_;
};

}  // namespace

int main(int argc, char** argv) { Worker(read_job({argv + 1, argv + argc})).serve(); }
