// The figures as JSON, and a comparison with such. Entry: bench_json, compare_with.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/report.h"
#include "bench/statistics.h"
#include "driver/about.h"

namespace kjit::cli {

namespace {

using Json = nlohmann::ordered_json;

Json row_json(const Contestant& row) {
  Json json = {{"name", row.name}, {"threads", row.threads}};
  if (row.samples.empty()) {
    json["failure"] = row.failure;
    json["wrong"] = row.wrong;
    return json;
  }
  const Estimate time = bootstrap_median(row.samples);
  json["median_s"] = time.median;
  json["low_s"] = time.low;
  json["high_s"] = time.high;
  json["first_s"] = row.first;
  json["compile_s"] = row.compile;
  json["batch"] = row.batch;
  json["samples_s"] = row.samples;
  return json;
}

bool is_ours(const std::string& name) { return name.starts_with("kjit") || name == "interpreter"; }

// One row against its former self.
std::string row_text(const Contestant& row, const std::vector<double>& before, bool& slower) {
  const Estimate ratio = bootstrap_ratio(row.samples, before);
  const char* verdict = ratio.low > 1 ? "slower" : ratio.high < 1 ? "faster" : "no significant difference";
  slower = slower || (ratio.low > 1 && is_ours(row.name));
  return fmt::format("{}: {:.3f} times the time of before [{:.3f}, {:.3f}]: {}\n", row.name, ratio.median, ratio.low, ratio.high,
                     verdict);
}

}  // namespace

std::string bench_json(const Bench& bench, const BenchOptions& options) {
  const About facts = about();
  Json rows = Json::array();
  for (const Contestant& row : bench.contestants) rows.push_back(row_json(row));
  const Json json = {{"file", options.target.file},
                     {"kernel", *options.target.kernel},
                     {"args", options.target.args},
                     {"answer", bench.answer.text},
                     {"version", facts.version},
                     {"cpu", facts.cpu},
                     {"rows", rows},
                     {"argument_bytes", bench.argument_bytes},
                     {"bandwidth", bench.bandwidth},
                     {"peak_kilobytes", bench.peak_kilobytes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Comparison compare_with(const std::string& old_json, const Bench& bench) {
  Comparison comparison;
  const Json old = Json::parse(old_json, nullptr, false);
  if (!old.is_object() || !old.contains("rows") || !old["rows"].is_array()) {
    comparison.error = "these are no figures of kjit bench --save";
    return comparison;
  }
  for (const Contestant& row : bench.contestants) {
    for (const Json& before : old["rows"]) {
      if (row.samples.empty() || !before.is_object() || before.value("name", "") != row.name || !before.contains("samples_s"))
        continue;
      const Json& samples = before["samples_s"];
      const bool usable =
          samples.is_array() && !samples.empty() &&
          std::all_of(samples.begin(), samples.end(), [](const Json& x) { return x.is_number() && x.get<double>() > 0; });
      if (usable) comparison.text += row_text(row, samples.get<std::vector<double>>(), comparison.slower);
    }
  }
  if (comparison.text.empty()) comparison.error = "no row of them is measured now";
  return comparison;
}

}  // namespace kjit::cli
