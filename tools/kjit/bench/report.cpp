// The report as text and as a page. Entry: bench_text, bench_html.

#include "bench/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "bench/statistics.h"

namespace kjit::cli {

namespace {

constexpr std::string_view kCompiled = "kjit, ";

std::string seconds_text(double seconds) {
  struct Unit {
    const char* name;
    double size;
  };
  for (const Unit unit : {Unit{"s", 1}, Unit{"ms", 1e-3}, Unit{"us", 1e-6}}) {
    if (seconds >= unit.size) return fmt::format("{:.3g} {}", seconds / unit.size, unit.name);
  }
  return fmt::format("{:.3g} ns", seconds / 1e-9);
}

const Contestant* find(const Bench& bench, std::string_view name) {
  const auto found = std::find_if(bench.contestants.begin(), bench.contestants.end(),
                                  [&](const Contestant& row) { return row.name.starts_with(name) && !row.samples.empty(); });
  return found == bench.contestants.end() ? nullptr : &*found;
}

const Contestant* on_all_threads(const Bench& bench) {
  const Contestant* best = nullptr;
  for (const Contestant& row : bench.contestants) {
    if (row.name.starts_with(kCompiled) && !row.samples.empty() && (best == nullptr || row.threads > best->threads)) best = &row;
  }
  return best;
}

double median(const Contestant& row) { return bootstrap_median(row.samples).median; }

std::string gain_text(const Contestant& row, const Contestant* compiled) {
  if (compiled == nullptr || row.samples.empty()) return {};
  const double gain = median(row) / median(*compiled);
  return gain >= 10 ? fmt::format("{:.0f}x", gain) : fmt::format("{:.2f}x", gain);
}

struct Line {
  std::string name, time, width, samples, gain;
};

std::vector<Line> lines_of(const Bench& bench) {
  const Contestant* compiled = find(bench, "kjit, 1 thread");
  std::vector<Line> lines;
  for (const Contestant& row : bench.contestants) {
    if (row.samples.empty()) {
      lines.push_back({row.name, row.failure, {}, {}, {}});
      continue;
    }
    const Estimate time = bootstrap_median(row.samples);
    const bool process = row.name.starts_with("process");
    lines.push_back({row.name, seconds_text(time.median),
                     row.samples.size() > 1 ? fmt::format("+-{:.1f} %", 100 * time.relative_width()) : "one call",
                     fmt::format("{} x {}", row.samples.size(), row.batch), process ? std::string() : gain_text(row, compiled)});
  }
  return lines;
}

// ---- sentences ---------------------------------------------------------------------------------------------------------

std::string pays_text(const Contestant& compiled, const Contestant& baseline) {
  const auto calls = break_even_calls(median(baseline), compiled.first, median(compiled));
  if (calls == 0) return fmt::format("Compiling never pays: a call of {} takes no longer.", baseline.name);
  return fmt::format("Compiling has paid for itself after {} call{}, compared with {} ({} to compile).", calls,
                     calls == 1 ? "" : "s", baseline.name, seconds_text(compiled.compile));
}

std::string threads_text(const Contestant& one, const Contestant& all) {
  if (all.threads == 1) return "There is one thread.";
  const Estimate gain = bootstrap_ratio(one.samples, all.samples);
  const double efficiency = 100 * gain.median / all.threads;
  if (gain.low <= 1.05 && gain.median < 1.1)
    return fmt::format("{} threads gain nothing: no parallel loop, or one that is too short ({:.2f}x).", all.threads,
                       gain.median);
  return fmt::format("{} threads: {:.2f}x [{:.2f}, {:.2f}] of one, {:.0f} % efficiency.", all.threads, gain.median, gain.low,
                     gain.high, efficiency);
}

// A lower bound, as nobody has counted: if each array argument is read once, so many bytes move.
std::string bound_text(const Bench& bench, const Contestant& one) {
  if (bench.argument_bytes == 0) return "Not bound by memory: no array is an argument.";
  const double rate = static_cast<double>(bench.argument_bytes) / median(one);
  const double share = 100 * rate / bench.bandwidth;
  const char* verdict = share > 60   ? "bound by memory: more threads gain little"
                        : share > 20 ? "partly bound by memory"
                                     : "bound by arithmetic, latency or the caches, not by memory";
  return fmt::format(
      "One thread touches at least {:.1f} MB a call, {:.1f} GB/s of the {:.1f} GB/s that memory gives here ({:.0f} %): {}.",
      static_cast<double>(bench.argument_bytes) / 1e6, rate / 1e9, bench.bandwidth / 1e9, share, verdict);
}

std::vector<std::string> sentences(const Bench& bench) {
  std::vector<std::string> found;
  const Contestant* one = find(bench, "kjit, 1 thread");
  if (one == nullptr) return found;
  const Contestant* cpython = find(bench, "CPython");
  const Contestant* baseline = cpython != nullptr ? cpython : find(bench, "interpreter");
  if (baseline != nullptr) found.push_back(pays_text(*one, *baseline));
  found.push_back(threads_text(*one, *on_all_threads(bench)));
  found.push_back(bound_text(bench, *one));
  found.push_back(fmt::format("Peak memory of this process: {:.0f} MB.", static_cast<double>(bench.peak_kilobytes) / 1024));
  return found;
}

// Of an array that is printed in several lines the first one tells enough.
std::string short_answer(const std::string& text) {
  const std::string line = text.substr(0, std::min<std::size_t>(text.find('\n'), 100));
  return line.size() < text.size() ? line + " ..." : line;
}

std::string title(const BenchOptions& options) {
  return fmt::format("{} {}({})", options.target.file, *options.target.kernel, fmt::join(options.target.args, ", "));
}

// ---- the page ----------------------------------------------------------------------------------------------------------

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += c;
    }
  }
  return result;
}

constexpr const char* kStyle =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2430}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "th,td{padding:.3rem .6rem;text-align:left;border-bottom:1px solid #d9dee5}td.n{text-align:right;white-space:nowrap}"
    ".bar{height:.8rem;background:#0b6e75;border-radius:2px;min-width:2px}h1{font-size:1.3rem;overflow-wrap:anywhere}"
    ".scroll{overflow-x:auto}";

// Bars on a logarithmic scale: from a hundredth of the fastest row on.
double bar_width(double seconds, double least, double most) {
  return 100 * (std::log10(seconds / least) + 0.3) / (std::log10(most / least) + 0.3);
}

}  // namespace

std::string bench_text(const Bench& bench, const BenchOptions& options) {
  std::string text = fmt::format("{}\nanswers agree: {}\n\n", title(options), short_answer(bench.answer.text));
  std::size_t width = 10;
  for (const Contestant& row : bench.contestants) width = std::max(width, std::min<std::size_t>(row.name.size(), 40));
  text += fmt::format("{:{}}  {:>10}  {:>9}  {:>12}  {:>9}\n", "", width, "a call", "95 %", "samples", "vs kjit");
  for (const Line& line : lines_of(bench)) {
    if (line.width.empty()) {
      text += fmt::format("{:{}}  {}\n", line.name, width, line.time);
    } else {
      text +=
          fmt::format("{:{}}  {:>10}  {:>9}  {:>12}  {:>9}\n", line.name, width, line.time, line.width, line.samples, line.gain);
    }
  }
  text += "\n";
  for (const std::string& sentence : sentences(bench)) text += sentence + "\n";
  return text;
}

std::string bench_html(const Bench& bench, const BenchOptions& options) {
  double least = 1e300, most = 0;
  for (const Contestant& row : bench.contestants) {
    if (row.samples.empty()) continue;
    least = std::min(least, median(row));
    most = std::max(most, median(row));
  }
  std::string rows;
  const std::vector<Line> lines = lines_of(bench);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line& line = lines[i];
    const Contestant& row = bench.contestants[i];
    const std::string bar =
        row.samples.empty() ? ""
                            : fmt::format("<div class=bar style=\"width:{:.1f}%\"></div>", bar_width(median(row), least, most));
    rows += fmt::format(
        "<tr><th>{}</th><td class=n>{}</td><td class=n>{}</td><td class=n>{}</td><td style=\"width:35%\">{}</td></tr>\n",
        escaped(line.name), escaped(line.time), escaped(line.width), line.gain, bar);
  }
  std::string facts;
  for (const std::string& sentence : sentences(bench)) facts += fmt::format("<li>{}</li>", escaped(sentence));
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>kjit "
      "bench</title>"
      "<style>{}</style>\n<h1>{}</h1><p>All answers agree. Medians with 95 % intervals; bars are logarithmic.</p>"
      "<div class=scroll><table><tr><th></th><th>a call</th><th>95 %</th><th>vs "
      "kjit</th><th></th></tr>\n{}</table></div><ul>{}</ul></html>\n",
      kStyle, escaped(title(options)), rows, facts);
}

}  // namespace kjit::cli
