/* The same from C: numbers, pointers and sizes; the status says whether it went well. */
#include <stdio.h>

#include <stats.h>

int main(void) {
  double x[100], variance = 0;
  for (int i = 0; i < 100; ++i) x[i] = i % 10;
  if (stats_variance(x, 100, &variance, NULL) == 0) printf("variance %.6f\n", variance);
  stats_f64_1d means = {0};
  if (stats_moving_mean(x, 100, 10, &means, NULL) == 0)
    printf("%lld means, the first is %g\n", (long long)means.shape[0], means.data[0]);
  stats_release(means.owner);
  if (stats_variance(x, 1, &variance, NULL) != 0) printf("%s: %s\n", stats_error(), stats_message());
  return 0;
}
