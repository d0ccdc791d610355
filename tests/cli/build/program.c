/* A library of tests/cli/build.sh from C11: errors, arrays in and out, tuples, text, complex numbers, options, overloads. */
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib.h"

static void print(void* user, const char* data, int64_t size) { fwrite(data, 1, (size_t)size, (FILE*)user); }

int main(void) {
  double x[6] = {1, 2, 3, 4, 5, 6};
  double mean = -1;
  printf("%d ", lib_mean_f64_1d(x, 6, &mean, NULL));
  printf("%g\n", mean);

  int32_t status = lib_at(x, 3, 1, 7, &mean, NULL);
  printf("%d %s: %s\n%s\n", status != 0, lib_error(), lib_message(), lib_traceback());
  status = lib_at(x, 3, 2, -1, &mean, NULL); /* every other element, the last one */
  printf("%d %g\n", status, mean);

  lib_f64_2d outer = {0};
  int64_t count = 0;
  status = lib_outer(x, 3, &outer, &count, NULL);
  printf("%d %lld x %lld, [2, 1] = %g, %lld\n", status, (long long)outer.shape[0], (long long)outer.shape[1], outer.data[7],
         (long long)count);
  lib_release(outer.owner);

  lib_complex128 square = 0;
  lib_square(3, 4, &square, NULL);
  printf("%g %g\n", creal(square), cimag(square));

  kjit_rt_text text = {0};
  lib_greet("w\xc3\xb6rld", 6, &text, NULL);
  printf("%.*s\n", (int)text.size, text.data);
  lib_release(text.owner);

  bool flag = false;
  float single = 0;
  lib_narrow(-3, 200, 1.5f, true, &flag, &single, NULL);
  printf("%d %g\n", flag, single);

  kjit_rt_options options = {0};
  options.write = print;
  options.user = stdout;
  printf("%d\n", lib_speak(3, &options));
  printf("%d\n", lib_speak(3, NULL)); /* what it prints is discarded */

  const volatile int32_t stop = 2;
  options.stop = &stop;
  status = lib_forever(&count, &options);
  printf("%s\n", lib_error());

  status = lib_parallel_error(x, 6, NULL);
  printf("%s\n", lib_traceback());
  int64_t total = 0;
  lib_pair(1, 2.5, &total, NULL);
  printf("%lld\n", (long long)total);
  float singles[2] = {1, 2};
  lib_mean_f32_1d(singles, 2, &mean, NULL);
  printf("%g\n", mean);
  return 0;
}
