#pragma once
// Private to the runtime: the gamma function and its logarithm, with CPython's bits.

namespace kjit::runtime {

double gamma(double x);      // infinite at 0, NaN at negative integers
double log_gamma(double x);  // log(|gamma(x)|), infinite at 0 and negative integers

}  // namespace kjit::runtime
