// Every file of kernels/, built ahead of time: prints numbers as Python does, and writes arrays to NAME.bin. See
// tests/cli/build.sh.

#include <charconv>
#include <cstdio>
#include <string>
#include <vector>

#include <black_scholes.h>
#include <calc_pi.h>
#include <fannkuch.h>
#include <histogram.h>
#include <jacobi.h>
#include <julia.h>
#include <life.h>
#include <mandelbrot.h>
#include <matmul.h>
#include <matrix_fill.h>
#include <nbody.h>
#include <primes.h>
#include <spectral_norm.h>
#include <sum_range.h>
#include <word_autocorr.h>

namespace {

void show(const char* name, std::int64_t value) { std::printf("%s %lld\n", name, static_cast<long long>(value)); }
void show(const char* name, bool value) { std::printf("%s %s\n", name, value ? "True" : "False"); }
void show(const char* name, double value) {
  char text[64];
  *std::to_chars(text, text + sizeof text, value).ptr = 0;
  std::printf("%s %s%s\n", name, text, std::string(text).find_first_of(".en") == std::string::npos ? ".0" : "");
}

template <typename T, int Rank>
void save(const char* name, const kjit::Array<T, Rank>& array) {
  std::FILE* file = std::fopen((std::string(name) + ".bin").c_str(), "wb");
  std::fwrite(array.data(), sizeof(T), array.size(), file);
  std::fclose(file);
}

}  // namespace

int main() {
  std::vector<double> strikes{38.0, 40.0, 42.5};
  const auto [calls, puts] = black_scholes::price_all(42.0, strikes, 0.1, 0.2, 0.5);
  save("calls", calls);
  save("puts", puts);
  show("normal_cdf", black_scholes::normal_cdf(0.3));

  show("calc_pi", calc_pi::calc_pi(20000));  // stream 0 of seed 0, as a process of its own has it
  kjit_rt_options options{};
  options.seed = 7;
  options.stream = 1;
  options.threads = 2;
  show("calc_pi_parallel", calc_pi::calc_pi_parallel(20000, &options));

  const auto [checksum, most] = fannkuch::fannkuch(6);
  show("checksum", checksum);
  show("most", most);

  const kjit::Array<double, 1> sample = histogram::sample(1000, &options);
  save("sample", sample);
  save("counts", histogram::histogram_parallel(sample.elements(), -3.0, 3.0, 12, 4));

  const auto [solution, steps] = jacobi::solve(9, 1e-6, 400);
  save("solution", solution);
  show("steps", steps);

  save("julia", julia::julia(31, 21, {-0.8, 0.156}, 50));

  std::vector<std::int64_t> cells(64);
  cells[9] = cells[18] = cells[24] = cells[25] = cells[26] = 1;
  life::run(kjit::ArrayView<std::int64_t, 2>(cells.data(), {8, 8}), 4);
  show("population", life::population(kjit::ArrayView<const std::int64_t, 2>(cells.data(), {8, 8})));

  save("mandelbrot", mandelbrot::mandelbrot(40, 20, 60));

  // A transposed view has strides of its own.
  const kjit::Array<double, 2> hilbert = matmul::hilbert(5);
  const kjit::ArrayView<const double, 2> turned(hilbert.data(), {5, 5}, {1, 5});
  save("product", matmul::matmul_rows(kjit::ArrayView<const double, 2>(hilbert.data(), {5, 5}), turned));

  save("fill", matrix_fill::fill_parallel(13));
  kjit::Array<double, 2> bodies = nbody::make_bodies();
  nbody::advance(bodies.view(), 0.01, 100);
  show("energy", nbody::energy(kjit::ArrayView<const double, 2>(bodies.data(), bodies.shape())));
  show("is_prime", primes::is_prime(7919));
  show("find_sum", primes::find_sum_parallel(3000));
  show("spectral_norm", spectral_norm::spectral_norm(40));
  show("sum_range", sum_range::sum_range(1000));
  save("mask", word_autocorr::make_mask(200, 3));
  save("acf", word_autocorr::word_autocorr_parallel(word_autocorr::make_mask(200, 3).elements(), 50));
}
