// Pointers and arrays: subscripts, walking pointers, rebasing, dimensions, tables, local arrays.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// inputs: n = int(0, 12)
double total(const double *a, int n) {
  double s = 0;
  for (int i = 0; i < n; i++) s += a[i];
  return s;
}
// inputs: n = int(0, 4)
void matmul(const double *a, const double *b, double *c, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      double s = 0;
      for (int k = 0; k < n; k++) s += a[i * n + k] * b[k * n + j];
      c[i * n + j] = s;
    }
}
// inputs: n = int(0, 16)
double walk(const double *p, int n) {
  double s = 0;
  const double *end = p + n;
  while (p < end) s = s * 0.5 + *p++;
  return s;
}
// inputs: n = int(0, 16)
void reverse(int *a, int n) {
  int *left = a, *right = a + n - 1;
  while (left < right) {
    int t = *left;
    *left++ = *right;
    *right-- = t;
  }
}
// inputs: n = int(0, 16)
double fortran_dot(int n, double *x, double *y) {
  double s = 0.;
  int i;
  --x;
  --y;
  for (i = 1; i <= n; ++i) s += x[i] * y[i];
  return s + i;
}
// inputs: n = int(1, 4), ld = int(4, 4)
void fortran_scale(double *a, int ld, int n) {
  int i, j, offset;
  offset = 1 + ld;
  a -= offset;
  for (j = 1; j <= n; ++j)
    for (i = 1; i <= n; ++i) a[i + j * ld] *= i - j;
}
void rotate3(double r[3][3], const double p[3], double out[3]) {
  double t[3];
  for (int i = 0; i < 3; i++) {
    t[i] = 0;
    for (int j = 0; j < 3; j++) t[i] += r[i][j] * p[j];
  }
  for (int i = 0; i < 3; i++) out[i] = t[i];
}
void rotate_twice(double r[3][3], double p[3]) {
  double q[3] = {0};
  rotate3(r, p, q);
  rotate3(r, q, p);
}
static const double coefficients[3][2] = {{1, 2}, {3.5, 4}, {5, -6}};
static const int primes[] = {2, 3, 5, 7, 11, 13, 17, 19};
double table(double x, int k) {
  double r = 0;
  for (int j = 0; j < 2; ++j) r = r * x + coefficients[(k & 0x7FFFFFFF) % 3][j];
  return r + primes[k & 7];
}
// inputs: n = int(0, 16)
int bytes(const unsigned char *p, size_t n) {
  unsigned h = 2166136261u;
  while (n--) {
    h ^= *p++;
    h *= 16777619u;
  }
  return (int)h;
}
// inputs: n = int(0, 16)
void histogram(const int *values, int n, int *counts) {
  for (int i = 0; i < n; i++) counts[(unsigned)values[i] % 16]++;
}
// inputs: n = int(0, 16)
int find(const int *a, int n, int v) {
  int i;
  for (i = 0; i < n; i++)
    if (a[i] == v) break;
  return i;
}
// inputs: n = int(0, 16)
void bubble(int *a, int n) {
  for (int i = 0; i < n - 1; i++)
    for (int j = 0; j < n - 1 - i; j++)
      if (a[j] > a[j + 1]) {
        int t = a[j];
        a[j] = a[j + 1];
        a[j + 1] = t;
      }
}
// inputs: n = int(0, 16)
void stencil(const float *in, float *out, int n) {
  for (int i = 1; i + 1 < n; ++i) out[i] = 0.25f * in[i - 1] + 0.5f * in[i] + 0.25f * in[i + 1];
}
// inputs: n = int(1, 8)
double through_scratch(const double *a, int n) {
  double *w = malloc(n * sizeof(double)), s = 0;
  for (int i = 0; i < n; i++) w[i] = a[n - 1 - i];
  for (int i = 0; i < n; i++) s += w[i] * (i + 1);
  free(w);
  return s;
}
// inputs: n = int(0, 8)
void rows(double *m, int n) {
  for (int i = 0; i < n; i++) {
    double *row = m + i * 2;
    row[0] += row[1];
    row[1] = *row * 2;
  }
}
void out_parameters(double x, double *whole, double *fraction) {
  double t = x > -1e9 && x < 1e9 ? (double)(long)x : 0;
  *whole = t;
  *fraction = x - t;
}
double uses_out(double x) {
  double w, f;
  out_parameters(x, &w, &f);
  return w * 2 + f;
}
static void swap(int *a, int *b) {
  int t = *a;
  *a = *b;
  *b = t;
}
// inputs: n = int(1, 16)
void permute(int *a, int n) {
  for (int i = 0; i < n / 2; i++) swap(&a[i], &a[n - 1 - i]);
  int x = a[0], y = 7;
  swap(&x, &y);
  a[0] = x - y;
}
// inputs: n = int(0, 15)
int post_steps(const int *a, int *out, int n) {
  int k = 0;
  for (int i = 0; i < n;) out[k++] = a[i++] * 2;
  return k;
}
// inputs: n = int(0, 16)
int64_t narrow_elements(const short *a, const signed char *b, int n) {
  int64_t s = 0;
  for (int i = 0; i < n; ++i) s += a[i] * a[i] + b[i] * b[i] + (int64_t)a[i] * 1000003;
  return s;
}
