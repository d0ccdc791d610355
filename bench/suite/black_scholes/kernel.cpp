#include <cmath>
#include <cstdint>

static double cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

extern "C" void kernel(const double* strikes, int64_t n, double* prices, int64_t, int64_t) {
  const double spot = 42, rate = 0.1, volatility = 0.2, years = 0.5, spread = volatility * std::sqrt(years);
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i) {
    const double d1 = (std::log(spot / strikes[i]) + (rate + 0.5 * volatility * volatility) * years) / spread, d2 = d1 - spread;
    const double discounted = strikes[i] * std::exp(-rate * years);
    prices[i] = spot * cdf(d1) - discounted * cdf(d2);
    prices[n + i] = discounted * cdf(-d2) - spot * cdf(-d1);
  }
}
