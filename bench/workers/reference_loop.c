// A fixed piece of work that depends on nothing but the processor: a chain of additions and products that cannot overlap. The
// harness times it around everything else; when it takes longer than it can, something disturbs the machine.
double reference_loop(long count) {
  double x = 1.0;
  for (long i = 0; i < count; ++i) x = x * 0.999999 + 0.5;
  return x;
}

// Peak rates for the roofline, with what the machine's vectors give: independent chains of multiply-adds; and sums of memory.
double peak_flops_loop(long count) {
  double x[64];
  for (int k = 0; k < 64; ++k) x[k] = k;
  for (long i = 0; i < count; ++i)
    for (int k = 0; k < 64; ++k) x[k] = x[k] * 0.999 + 0.5;
  double sum = 0;
  for (int k = 0; k < 64; ++k) sum += x[k];
  return sum;
}

void triad_loop(double* a, const double* b, const double* c, long count) {
  for (long i = 0; i < count; ++i) a[i] = b[i] + 0.5 * c[i];
}
