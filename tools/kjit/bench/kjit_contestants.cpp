// The kernel in the interpreter and as machine code. Entry: bench_kjit.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "bench/contestant.h"
#include "bench/statistics.h"
#include "driver/about.h"
#include "exit_code.h"
#include "inputs.h"
#include "stop.h"

namespace kjit::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double kBatchSeconds = 0.01;  // what the clock measures to better than a thousandth
constexpr int kLeastSamples = 5;
constexpr int kMostSamples = 100;
constexpr double kNarrow = 0.01;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

bool same_value(const Value& a, const Value& b);

bool same_array(const ArrayValue& a, const ArrayValue& b) {
  return a.dtype == b.dtype && a.shape == b.shape &&
         (a.size() == 0 || std::memcmp(a.data.get(), b.data.get(), static_cast<std::size_t>(a.size()) * item_size(a.dtype)) == 0);
}

bool same_values(const std::vector<Value>& a, const std::vector<Value>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same_value);
}

// Bit for bit. repr tells apart what is no array, and -0.0 from 0.0.
bool same_value(const Value& a, const Value& b) {
  const auto *left = std::get_if<ArrayValue>(&a.data), *right = std::get_if<ArrayValue>(&b.data);
  if (left != nullptr && right != nullptr) return same_array(*left, *right);
  const auto *one = std::get_if<TupleValue>(&a.data), *other = std::get_if<TupleValue>(&b.data);
  if (one != nullptr && other != nullptr) return same_values(one->elements, other->elements);
  return repr(a) == repr(b);
}

std::int64_t bytes_of(const Value& value) {
  if (const auto* array = std::get_if<ArrayValue>(&value.data))
    return array->size() * static_cast<std::int64_t>(item_size(array->dtype));
  return 0;
}

// One engine with the kernel and arguments of its own; the kernel may change them, as calls one after the other do in any
// program.
class Session {
 public:
  Session(const BenchOptions& options, bool interpret, int threads)
      : engine_(engine_options(options, interpret)), module_(load(options)), kernel_(*options.target.kernel) {
    call_.threads = threads;
    call_.stream = 0;
    call_.stop = &stop_flag();
    args_ = std::get<std::vector<Value>>(parse_arguments(options.target.args));
  }

  CallResult call() { return module_ ? module_->call(kernel_, args_, call_) : CallResult{}; }
  const std::vector<Value>& args() const { return args_; }
  const std::string& load_error() const { return load_error_; }
  std::string diagnostics() const { return module_->render_diagnostics(); }

 private:
  static EngineOptions engine_options(const BenchOptions& options, bool interpret) {
    EngineOptions engine = options.target.engine;
    engine.interpret = interpret;
    engine.disk_cache = false;  // what is told of compiling is compiling
    return engine;
  }
  std::optional<Module> load(const BenchOptions& options) {
    auto module = load_module(engine_, options.target.file);
    if (module) return *module;
    load_error_ = module.error().message;
    return std::nullopt;
  }

  std::string load_error_;
  Engine engine_;
  std::optional<Module> module_;
  std::string kernel_;
  CallOptions call_;
  std::vector<Value> args_;
};

// Why a call gave no answer; empty: it gave one.
std::string failure_of(const CallResult& result, const Session& session) {
  if (!session.load_error().empty()) return session.load_error();
  if (result.status == CallResult::Status::CompileError) return session.diagnostics();
  if (result.status == CallResult::Status::RunError) return result.error.render();
  return {};
}

struct Entry {
  Contestant row;
  std::unique_ptr<Session> session;
  double spent = 0;
};

// The first call. False: nothing can be measured, and `bench` says why.
bool first_call(Entry& entry, Bench& bench, bool is_reference) {
  const auto begin = Clock::now();
  const CallResult result = entry.session->call();
  entry.row.first = seconds_since(begin);
  entry.row.compile = result.timing.compile_ms / 1e3;
  bench.error = failure_of(result, *entry.session);
  if (!bench.error.empty()) {
    bench.exit_code = result.status == CallResult::Status::RunError ? result.error.exit_code : int{kProgramFailed};
    return false;
  }
  if (is_reference) {
    bench.answer = {repr(result.value), entry.session->args(), result.value};
  } else if (!same_value(result.value, bench.answer.value) || !same_values(entry.session->args(), bench.answer.args)) {
    bench.error = fmt::format("{} gives another answer than the interpreter, so nothing was timed: {} instead of {}",
                              entry.row.name, repr(result.value), bench.answer.text);
    bench.exit_code = kDifference;
    return false;
  }
  return true;
}

// Seconds of a call; nullopt: a later call failed, which the row says.
std::optional<double> timed(Entry& entry) {
  const auto begin = Clock::now();
  for (std::int64_t i = 0; i < entry.row.batch; ++i) {
    const CallResult result = entry.session->call();
    if (!result.ok()) {
      entry.row.failure = "a later call failed: " + failure_of(result, *entry.session);
      return std::nullopt;
    }
  }
  const double seconds = seconds_since(begin);
  entry.spent += seconds;
  return seconds / static_cast<double>(entry.row.batch);
}

// Grows the batch until it is long enough: what it takes until then is not counted.
void calibrate(Entry& entry, double budget) {
  while (entry.spent < budget) {
    const auto seconds = timed(entry);
    if (!seconds) return;
    const auto wanted = static_cast<std::int64_t>(kBatchSeconds / std::max(*seconds, 1e-9));
    if (wanted <= 2 * entry.row.batch) return;
    entry.row.batch = std::min<std::int64_t>(wanted, 10'000'000);
  }
}

bool done(const Entry& entry, double budget) {
  const auto& samples = entry.row.samples;
  if (!entry.row.failure.empty() || static_cast<int>(samples.size()) >= kMostSamples) return true;
  if (!samples.empty() && entry.spent >= 2 * budget) return true;
  if (static_cast<int>(samples.size()) < kLeastSamples) return false;
  return entry.spent >= budget || bootstrap_median(samples).relative_width() <= kNarrow;
}

// All take turns, so that what drifts hits all alike.
void measure(std::vector<Entry>& entries, double budget, ProgressLine& progress) {
  for (Entry& entry : entries) calibrate(entry, budget / 4);
  const auto begin = Clock::now();
  for (bool again = true; again && stop_flag() == 0;) {
    again = false;
    for (Entry& entry : entries) {
      if (done(entry, budget)) continue;
      again = true;
      if (const auto seconds = timed(entry)) entry.row.samples.push_back(*seconds);
      const double spent =
          std::accumulate(entries.begin(), entries.end(), 0.0, [](double sum, const Entry& e) { return sum + e.spent; });
      progress.show("measuring", static_cast<std::int64_t>(100 * spent),
                    static_cast<std::int64_t>(100 * std::max(spent, budget * static_cast<double>(entries.size()))),
                    seconds_since(begin));
    }
  }
}

std::vector<Entry> entries_of(const BenchOptions& options) {
  const int all = options.threads > 0 ? options.threads : about().threads;
  std::vector<Entry> entries;
  const auto add = [&](std::string name, bool interpret, int threads) {
    Entry entry;
    entry.row.name = std::move(name);
    entry.row.threads = threads;
    entry.session = std::make_unique<Session>(options, interpret, threads);
    entries.push_back(std::move(entry));
  };
  add("interpreter", true, 1);
  add("kjit, 1 thread", false, 1);
  if (all > 1) add(fmt::format("kjit, {} threads", all), false, all);
  return entries;
}

}  // namespace

void bench_kjit(const BenchOptions& options, ProgressLine& progress, Bench& bench) {
  std::vector<Entry> entries = entries_of(options);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    progress.show("comparing answers", static_cast<std::int64_t>(i), static_cast<std::int64_t>(entries.size()), 0);
    if (!first_call(entries[i], bench, i == 0)) return;
  }
  for (const Value& arg : entries[0].session->args()) bench.argument_bytes += bytes_of(arg);
  measure(entries, options.seconds, progress);
  bench.peak_kilobytes = peak_kilobytes();
  for (Entry& entry : entries) bench.contestants.push_back(std::move(entry.row));
}

}  // namespace kjit::cli
