/* Hot loops whose translation should be as fast as they are: tests of bench/import/roundtrip.py. */
#include "kernels.h"

#include <math.h>

static uint64_t next_random(uint64_t *state) {
  uint64_t x = *state;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return *state = x;
}

double calc_pi(int n, uint64_t seed) {
  int inside = 0;
  for (int i = 0; i < n; i++) {
    double x = (next_random(&seed) >> 11) * 0x1p-53, y = (next_random(&seed) >> 11) * 0x1p-53;
    if (x * x + y * y < 1.0) inside++;
  }
  return 4.0 * inside / n;
}

double nbody(body *b, int n, int steps, double dt) {
  for (int s = 0; s < steps; s++) {
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        double dx = b[i].x - b[j].x, dy = b[i].y - b[j].y, dz = b[i].z - b[j].z;
        double d2 = dx * dx + dy * dy + dz * dz;
        double mag = dt / (d2 * sqrt(d2));
        b[i].vx -= dx * b[j].mass * mag;
        b[i].vy -= dy * b[j].mass * mag;
        b[i].vz -= dz * b[j].mass * mag;
        b[j].vx += dx * b[i].mass * mag;
        b[j].vy += dy * b[i].mass * mag;
        b[j].vz += dz * b[i].mass * mag;
      }
    }
    for (int i = 0; i < n; i++) {
      b[i].x += dt * b[i].vx;
      b[i].y += dt * b[i].vy;
      b[i].z += dt * b[i].vz;
    }
  }
  return b[0].x;
}

/* C = alpha A B + beta C, as PolyBench orders the loops. */
void gemm(int n, double alpha, double beta, double *c, const double *a, const double *b) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++) c[i * n + j] *= beta;
    for (int k = 0; k < n; k++) {
      for (int j = 0; j < n; j++) c[i * n + j] += alpha * a[i * n + k] * b[k * n + j];
    }
  }
}

void jacobi2d(int steps, int n, double *a, double *b) {
  for (int t = 0; t < steps; t++) {
    for (int i = 1; i < n - 1; i++)
      for (int j = 1; j < n - 1; j++)
        b[i * n + j] = 0.2 * (a[i * n + j] + a[i * n + j - 1] + a[i * n + j + 1] + a[(i + 1) * n + j] + a[(i - 1) * n + j]);
    for (int i = 1; i < n - 1; i++)
      for (int j = 1; j < n - 1; j++)
        a[i * n + j] = 0.2 * (b[i * n + j] + b[i * n + j - 1] + b[i * n + j + 1] + b[(i + 1) * n + j] + b[(i - 1) * n + j]);
  }
}

/* y = A' (A x) */
void atax(int m, int n, const double *a, const double *x, double *y, double *tmp) {
  for (int i = 0; i < n; i++) y[i] = 0;
  for (int i = 0; i < m; i++) {
    tmp[i] = 0.0;
    for (int j = 0; j < n; j++) tmp[i] = tmp[i] + a[i * n + j] * x[j];
    for (int j = 0; j < n; j++) y[j] = y[j] + a[i * n + j] * tmp[i];
  }
}
