/* The functions of kernels.c, for a main that is compiled apart from it: then neither side knows the values of arguments. */
#pragma once
#include <stdint.h>

typedef struct {
  double x, y, z, vx, vy, vz, mass;
} body;

double calc_pi(int n, uint64_t seed);
double nbody(body* b, int n, int steps, double dt);
void gemm(int n, double alpha, double beta, double* c, const double* a, const double* b);
void jacobi2d(int steps, int n, double* a, double* b);
void atax(int m, int n, const double* a, const double* x, double* y, double* tmp);
