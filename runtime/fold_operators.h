#pragma once
// Private to the runtime: the operators of folds along axes, total = apply(total, element), and what a fold of nothing gives.

#include "runtime/element_arithmetic.h"

namespace kjit::runtime {

struct Sum {
  template <typename T>
  static T apply(T a, T b) {
    return plus(a, b);
  }
  template <typename T>
  static T identity() {
    return T{};
  }
};
struct Product {
  template <typename T>
  static T apply(T a, T b) {
    return times(a, b);
  }
  template <typename T>
  static T identity() {
    return T(1);
  }
};
// A NaN wins, the first of two; of equals (0.0 and -0.0) the last.
struct Least {
  template <typename T>
  static T apply(T a, T b) {
    return a < b || is_nan(a) ? a : b;
  }
};
struct Greatest {
  template <typename T>
  static T apply(T a, T b) {
    return a > b || is_nan(a) ? a : b;
  }
};

// A number wins over a NaN; of equals the first.
struct LeastNumber {
  template <typename T>
  static T apply(T a, T b) {
    return b < a || is_nan(a) ? b : a;
  }
};
struct GreatestNumber {
  template <typename T>
  static T apply(T a, T b) {
    return b > a || is_nan(a) ? b : a;
  }
};

}  // namespace kjit::runtime
