// Many calls of one kernel on several threads. Entry: jobs_command.
//
// One mutex stands for the host's global lock, as Python has one. It guards the queue, the output and all else here: a worker
// holds it, and the engine gives it up for what may run at the same time.

#include "jobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "call.h"
#include "exit_code.h"
#include "inputs.h"
#include "progress.h"
#include "report.h"
#include "stop.h"

namespace kjit::cli {

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

// Arrays are passed by reference: calls that run at the same time must not see each other's changes.
Value copy_of(const Value& value) {
  if (const auto* tuple = std::get_if<TupleValue>(&value.data)) {
    TupleValue copy;
    for (const Value& element : tuple->elements) copy.elements.push_back(copy_of(element));
    return {std::move(copy)};
  }
  const auto* array = std::get_if<ArrayValue>(&value.data);
  if (array == nullptr) return value;
  ArrayValue copy = ArrayValue::zeros(array->dtype, array->shape);  // files and literals have no gaps
  const auto bytes = static_cast<std::size_t>(array->size()) * item_size(array->dtype);
  if (bytes > 0) std::memcpy(copy.data.get(), array->data.get(), bytes);
  return {std::move(copy)};
}

// What a call that is not the next to be printed has to say.
struct Waiting {
  std::string text;
  std::optional<std::string> result;  // it has ended well
};

using Rows = std::vector<std::vector<Value>>;

// Gives the lock up for a while, where the engine does not.
class Released {
 public:
  explicit Released(std::mutex* lock) : lock_(lock) {
    if (lock_) lock_->unlock();
  }
  ~Released() {
    if (lock_) lock_->lock();
  }
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;

 private:
  std::mutex* lock_;
};

class Jobs {
 public:
  // `rows`: what each call has in front of `args`; null: nothing, and the engine has the lock as its host lock.
  Jobs(const RunOptions& options, const Rows* rows, const std::vector<Value>& args, CallOptions call, Module& module,
       std::mutex& lock, Output& out)
      : options_(options),
        rows_(rows),
        args_(args),
        call_(std::move(call)),
        module_(module),
        lock_(lock),
        out_(out),
        progress_(options.progress),
        failed_(options.repeat) {}

  // All calls, or those before a failure. Throws what a worker has thrown.
  void run();

  // After run():
  const JobsReport& report() const { return report_; }
  const CallResult& outcome() const { return outcome_; }

 private:
  // The rest is called with the lock held, except by work(), which takes it.
  void work();
  void call(std::int64_t number);
  CallResult run_kernel(std::int64_t number);
  void count_time(const Timing& timing);
  void write(std::int64_t number, std::string_view text);
  void print(std::string_view text);
  void print_result(std::string text);
  void print_completed(std::int64_t number);
  void print_waiting();

  const RunOptions& options_;
  const Rows* rows_;
  const std::vector<Value>& args_;
  const CallOptions call_;
  Module& module_;
  std::mutex& lock_;  // guards what follows
  Output& out_;
  ProgressLine progress_;

  std::int64_t next_ = 0;                    // call to begin
  std::int64_t printed_ = 0;                 // calls before this one are printed; its text is as it comes
  std::map<std::int64_t, Waiting> waiting_;  // by call
  std::int64_t failed_;                      // the lowest call that failed; their number if none did
  CallResult outcome_;                       // of that call, else of the last that ended
  std::exception_ptr thrown_;
  Clock::time_point first_begin_ = Clock::time_point::max();
  JobsReport report_;
};

void Jobs::run() {
  std::vector<std::jthread> helpers;
  const auto wanted = static_cast<std::size_t>(std::min(options_.jobs, options_.repeat)) - 1;
  try {
    while (helpers.size() < wanted) {
      helpers.emplace_back([this] {
        leave_signals_to_main();
        work();
      });
    }
  } catch (const std::system_error&) {
    print_error(fmt::format("kjit: note: the system gives {} of {} threads\n", helpers.size() + 1, wanted + 1));
  }
  report_.jobs = static_cast<int>(helpers.size()) + 1;
  work();
  helpers.clear();
  progress_.erase();
  if (thrown_) std::rethrow_exception(thrown_);
}

void Jobs::work() {
  try {
    const std::lock_guard hold(lock_);
    while (next_ < options_.repeat && failed_ == options_.repeat && !thrown_) call(next_++);
  } catch (...) {
    const std::lock_guard hold(lock_);
    thrown_ = std::current_exception();
  }
}

void Jobs::call(std::int64_t number) {
  CallResult result = run_kernel(number);
  count_time(result.timing);
  if (result.ok()) waiting_[number].result = repr(result.value);
  if (!result.ok() && number < failed_) report_.failed_call = failed_ = number;
  if (number == failed_ || failed_ == options_.repeat) outcome_ = std::move(result);
  if (options_.as_completed) print_completed(number);
  print_waiting();
  progress_.show("calls", report_.calls, options_.repeat, report_.run_ms / 1000);
}

CallResult Jobs::run_kernel(std::int64_t number) {
  std::vector<Value> args;
  if (rows_) args = (*rows_)[static_cast<std::size_t>(number)];
  for (const Value& arg : args_) args.push_back(copy_of(arg));
  CallOptions call = call_;
  call.stream = static_cast<std::uint64_t>(number);
  call.write = [this, number](std::string_view text) {
    std::unique_lock hold(lock_, std::defer_lock);
    if (rows_) hold.lock();
    write(number, text);
  };
  const Released released(rows_ ? &lock_ : nullptr);
  return module_.call(*options_.target.kernel, args, call);
}

void Jobs::count_time(const Timing& timing) {
  const auto end = Clock::now();
  first_begin_ = std::min(first_begin_, end - std::chrono::duration_cast<Clock::duration>(Milliseconds(timing.run_ms)));
  report_.run_ms = Milliseconds(end - first_begin_).count();
  report_.calls += 1;
  report_.compile_ms += timing.compile_ms;
  report_.calls_ms += timing.run_ms;
}

void Jobs::write(std::int64_t number, std::string_view text) {
  if (number == printed_) return print(text);
  waiting_[number].text += text;
}

void Jobs::print(std::string_view text) {
  if (options_.json) {
    report_.output += text;
  } else {
    progress_.erase();
    out_.write(text);
  }
}

void Jobs::print_result(std::string text) {
  if (options_.json) {
    report_.results.push_back(std::move(text));
  } else if (!options_.as_completed) {
    print(text + "\n");
  }
}

// With --as-completed results do not wait for each other; what the kernels print still comes in order.
void Jobs::print_completed(std::int64_t number) {
  auto& result = waiting_[number].result;
  if (result && !options_.json) print(fmt::format("{}: {}\n", number, *result));
}

void Jobs::print_waiting() {
  for (auto call = waiting_.find(printed_); call != waiting_.end(); call = waiting_.find(printed_)) {
    print(std::exchange(call->second.text, {}));
    if (!call->second.result) return;
    print_result(std::move(*call->second.result));
    waiting_.erase(call);
    ++printed_;
  }
}

// The last line is what nogil=True changes: with it, as many calls at a time as there are jobs, else one.
void report_time(const JobsReport& report) {
  const double at_a_time = report.run_ms > 0 ? report.calls_ms / report.run_ms : 1;
  print_error(fmt::format("compile {:.3f} ms\nrun {:.3f} ms\n", report.compile_ms, report.run_ms));
  print_error(fmt::format("{} calls {:.3f} ms: {:.2f} calls at a time\n", report.calls, report.calls_ms, at_a_time));
}

int finish(const RunOptions& options, const Jobs& jobs, const Module& module, Output& out) {
  const JobsReport& report = jobs.report();
  const CallResult& outcome = jobs.outcome();
  const int exit_code = exit_code_of(outcome);
  if (options.json) {
    out.write(jobs_json(report, outcome, module, exit_code));
    return exit_code;
  }
  out.flush();
  report_failure(outcome, module);
  if (outcome.status == CallResult::Status::RunError && outcome.error.kind != "SystemExit")
    print_error(fmt::format("kjit: note: in call {} of {}, counted from 0\n", report.failed_call, options.repeat));
  if (!outcome.note.empty()) print_error(fmt::format("kjit: note: {}\n", outcome.note));
  if (options.time) report_time(report);
  return exit_code;
}

}  // namespace

namespace {

int run_jobs(const RunOptions& options, const EngineOptions& engine_options, std::uint64_t seed, const Rows* rows,
             const std::vector<Value>& args, std::mutex& lock, Output& out) {
  Engine engine(engine_options);
  auto module = load_module(engine, options.target.file);
  if (!module) {
    print_error(fmt::format("kjit run: {}\n", module.error().message));
    return kProgramFailed;
  }
  Jobs jobs(options, rows, args, call_options(options, seed), *module, lock, out);
  {
    const Deadline deadline(options.timeout);
    jobs.run();
  }
  return finish(options, jobs, *module, out);
}

}  // namespace

int jobs_command(const RunOptions& options, std::uint64_t seed, const std::vector<Value>& args, Output& out) {
  std::mutex lock;
  EngineOptions engine_options = options.target.engine;
  engine_options.host_lock = {[&lock] { lock.unlock(); }, [&lock] { lock.lock(); }};
  return run_jobs(options, engine_options, seed, nullptr, args, lock, out);
}

int map_command(const RunOptions& options, std::uint64_t seed, const std::vector<std::vector<Value>>& rows,
                const std::vector<Value>& args, Output& out) {
  std::mutex lock;
  RunOptions mapped = options;
  mapped.repeat = static_cast<int>(rows.size());
  if (rows.empty()) return kSuccess;
  return run_jobs(mapped, options.target.engine, seed, &rows, args, lock, out);
}

}  // namespace kjit::cli
