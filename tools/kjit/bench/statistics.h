#pragma once
// Medians and how far they can be trusted.

#include <cstdint>
#include <vector>

namespace kjit::cli {

// A median and the interval that holds it with 95 %; in the unit of the samples.
struct Estimate {
  double median = 0;
  double low = 0;
  double high = 0;

  // Half of the interval, relative to the median.
  double relative_width() const { return median > 0 ? (high - low) / 2 / median : 0; }
};

// Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13); the same samples give the same
// interval. At least one sample.
Estimate bootstrap_median(const std::vector<double>& samples);

// The median of one list over that of another, both drawn anew: their quotient is significant where its interval leaves 1 out.
Estimate bootstrap_ratio(const std::vector<double>& numerator, const std::vector<double>& denominator);

// The least number of calls N with first + (N - 1) * steady <= N * baseline; 0 if there is none. Seconds.
std::int64_t break_even_calls(double baseline, double first, double steady);

}  // namespace kjit::cli
