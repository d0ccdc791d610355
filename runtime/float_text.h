#pragma once
// Private to the runtime: decimal text of floats, as CPython and NumPy write them.

#include <stdint.h>

#include <string>
#include <string_view>

namespace kjit::runtime {

// The shortest decimal that reads back as the same number: 0.d1 d2 d3... * 10**point. Zero is the digit 0 with point 1.
struct Decimal {
  std::string digits;
  int point = 1;
};
Decimal shortest_decimal(double magnitude);  // finite, >= 0
Decimal shortest_decimal(float magnitude);

std::string f64_repr(double value);  // repr(float)
std::string f32_repr(float value);   // str(np.float32(value))
std::string complex_repr(double re, double im);
std::string complex64_repr(float re, float im);

// printf's %.{precision}f and %.{precision}e of any length.
std::string fixed_text(double value, int precision);
std::string scientific_text(double value, int precision);

}  // namespace kjit::runtime
