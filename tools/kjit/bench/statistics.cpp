// Medians by bootstrap. Entry: bootstrap_median, bootstrap_ratio.

#include "bench/statistics.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

namespace kjit::cli {

namespace {

constexpr int kResamples = 1000;
constexpr int kTail = kResamples / 40;  // 2.5 % at either end

double median_of(std::vector<double> values) {
  const std::size_t half = values.size() / 2;
  std::sort(values.begin(), values.end());
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::vector<double> drawn_anew(const std::vector<double>& samples, std::mt19937_64& generator) {
  std::vector<double> drawn(samples.size());
  // The modulus is biased by 10^-18 and the same everywhere, which std::uniform_int_distribution is not.
  for (double& value : drawn) value = samples[generator() % samples.size()];
  return drawn;
}

Estimate interval_of(double middle, const std::function<double(std::mt19937_64&)>& resample) {
  std::mt19937_64 generator(0);
  std::vector<double> found(kResamples);
  for (double& value : found) value = resample(generator);
  std::sort(found.begin(), found.end());
  return {middle, found[kTail], found[kResamples - 1 - kTail]};
}

}  // namespace

Estimate bootstrap_median(const std::vector<double>& samples) {
  return interval_of(median_of(samples), [&](std::mt19937_64& generator) { return median_of(drawn_anew(samples, generator)); });
}

Estimate bootstrap_ratio(const std::vector<double>& numerator, const std::vector<double>& denominator) {
  return interval_of(median_of(numerator) / median_of(denominator), [&](std::mt19937_64& generator) {
    const double top = median_of(drawn_anew(numerator, generator));
    return top / median_of(drawn_anew(denominator, generator));
  });
}

std::int64_t break_even_calls(double baseline, double first, double steady) {
  if (first <= baseline) return 1;
  if (steady >= baseline) return 0;
  return static_cast<std::int64_t>(std::ceil((first - steady) / (baseline - steady)));
}

}  // namespace kjit::cli
