#pragma once
// What was measured, for people, programs and browsers.

#include <string>

#include "bench/contestant.h"

namespace kjit::cli {

// A table and the sentences that follow from it: gain, break-even, threads, what bounds the kernel.
std::string bench_text(const Bench& bench, const BenchOptions& options);
// One object with all samples; --save stores the same.
std::string bench_json(const Bench& bench, const BenchOptions& options);
std::string bench_html(const Bench& bench, const BenchOptions& options);

// Against the figures of `old_json`, which bench_json made. Sets `slower` if a row of kjit became slower beyond the noise.
struct Comparison {
  std::string text;
  bool slower = false;
  std::string error;  // the old figures cannot be used
};
Comparison compare_with(const std::string& old_json, const Bench& bench);

}  // namespace kjit::cli
