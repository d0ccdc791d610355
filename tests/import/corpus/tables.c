/* Constant tables behind pointers, records as results. */
static const double kSmall[4] = {1.0, -0.5, 0.25, 3.5};
static const double kLarge[4] = {2.0, 0.125, -7.5, 0.75};
static const int kPrimes[] = {2, 3, 5, 7, 11, 13};

struct parts {
  long whole;
  double rest;
  int sign;
};

double chosen_table(double x) {
  const double *p = kSmall;
  if (x > 2.0) p = kLarge;
  return p[0] + x * (p[1] + x * (p[2] + x * p[3]));
}

double table_by_branch(double x, int k) {
  const double *p;
  if (x < 0.0)
    p = kLarge;
  else
    p = kSmall;
  return x * p[k & 3];
}

static double dot4(const double *a, const double *b) {
  double s = 0;
  for (int i = 0; i < 4; i++) s += a[i] * b[i];
  return s;
}

double table_passed(double *a) {
  return dot4(a, kSmall) + dot4(kLarge, kSmall);
}

long sum_of_primes(int n) {
  const int *p = kPrimes;
  long s = 0;
  for (int k = 0; k < 6; k++) s += *p++ * (long)n;
  return s;
}

static struct parts split(double x) {
  struct parts r;
  r.sign = x < 0 ? -1 : 1;
  if (!(x * r.sign < 1e15)) x = 0.5;
  r.whole = (long)x;
  r.rest = x - r.whole;
  return r;
}

static struct parts negated(struct parts p) {
  return (struct parts){-p.whole, -p.rest, -p.sign};
}

double joined(double x) {
  struct parts r = split(x);
  return r.whole * 2 + r.rest * r.sign;
}

double negated_rest(double x) {
  struct parts r;
  r = negated(split(x));
  return r.rest + split(x).sign;
}

double chosen_array(double *a, double *b, int n) {
  double *p = n > 0 ? a : b;
  double *q = n > 5 ? a + 2 : a;
  p[1] += 1.0;
  return p[0] + q[1];
}
