/* goto in the forms that old numerical code has, and OpenMP's hint for vectors. */

int into_a_branch(int x, int y) {
  int n = 0;
  if (x > 10) {
    if ((x & 7) == 3) goto middle;
    n += 1;
  }
  if (y < 5) {
    n += 10;
  middle:
    n += 100;
    if (n & 1) goto last;
    n += 1000;
  }
  n += 10000;
last:
  return n ^ x;
}

// inputs: n = int(0, 30)
int into_a_branch_in_a_loop(int n, int seed) {
  int s = seed & 1023;
  for (int i = 0; i < n; i++) {
    s = (s * 5 + 1) & 1023;
    if (s & 1) goto odd;
    if (s & 2) {
      s += 3;
    odd:
      s ^= 16;
      if (s > 1000) continue;
      s += 1;
    }
    s ^= i;
  }
  return s;
}

int retry(int x) {
  int tries = 0;
again:
  tries++;
  x = (x * 3 + 1) & 0xff;
  if (x > 200 && tries < 10) goto again;
  if (x > 100) goto fail;
  return x + tries;
fail:
  return -tries;
}

double cleanup(double *a, int n) {
  double s = 0.0;
  int i;
  for (i = 0; i < 10; i++) {
    int j;
    for (j = 0; j < 3; j++) {
      if (a[i + j] < -5.0) goto out;
      s += a[i + j];
    }
    if (i == n) goto done;
  }
out:
  s = -1.0;
done:
  return s + i;
}

/* f2c: if (...) { goto L10; } ... L10: ... */
double f2c_loop(double *x, int n) {
  int i__1, i__;
  double sum = 0.;
  --x;
  if (n <= 0) {
    goto L30;
  }
  i__1 = n & 7;
  for (i__ = 1; i__ <= i__1; ++i__) {
    if (x[i__] == 0.) {
      goto L10;
    }
    sum += x[i__];
    goto L20;
  L10:
    sum += 1.;
  L20:;
  }
L30:
  return sum;
}

double simd_hint(double *a, double *b) {
  double s = 0.0;
#pragma omp simd reduction(+ : s)
  for (int i = 0; i < 8; i++) s += a[i];
#pragma omp simd
  for (int i = 0; i < 24; i++) b[i] = a[i] * 2.0;
  return s > 1.0 ? 1.0 : 0.0;
}

void histogram(int *bins, unsigned *keys) {
#pragma omp parallel for
  for (int i = 0; i < 24; i++) {
#pragma omp atomic
    bins[keys[i] % 24]++;
  }
}

long atomic_sum(int *a) {
  long s = 0;
#pragma omp parallel for schedule(static, 4)
  for (int i = 0; i < 24; i++) {
#pragma omp atomic update
    s += a[i];
  }
  return s;
}

int once_block(int x) {
  do {
    if (x < 0) break;
    x += 7;
  } while (0);
  do {
    x ^= 1;
  } while (0);
  return x;
}
