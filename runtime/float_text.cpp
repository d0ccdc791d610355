// Decimal text of floats. Entry: f64_repr.
//
// The digits come from std::to_chars, which gives the shortest text that reads back as the same number; the layout around them is
// CPython's: positional for exponents -4 .. 15 (of float32 -4 .. 5, as in NumPy), else scientific with at least two digits of
// exponent.

#include "runtime/float_text.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace kjit::runtime {

namespace {

template <typename Float>
Decimal shortest(Float magnitude) {
  if (magnitude == 0) return {"0", 1};
  char text[40];
  auto end = std::to_chars(text, text + sizeof text, magnitude, std::chars_format::scientific).ptr;  // d.ddde+XX
  std::string_view view(text, static_cast<size_t>(end - text));
  size_t e = view.find('e');
  Decimal result;
  result.digits = view[0];
  if (e > 2) result.digits.append(view.substr(2, e - 2));
  result.point = std::atoi(std::string(view.substr(e + 1)).c_str()) + 1;
  return result;
}

std::string non_finite(double value) { return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf"; }

std::string positional(const Decimal& d) {
  int size = static_cast<int>(d.digits.size());
  if (d.point <= 0) return "0." + std::string(static_cast<size_t>(-d.point), '0') + d.digits;
  if (d.point >= size) return d.digits + std::string(static_cast<size_t>(d.point - size), '0');
  return d.digits.substr(0, static_cast<size_t>(d.point)) + "." + d.digits.substr(static_cast<size_t>(d.point));
}

std::string scientific(const Decimal& d) {
  char exponent[16];
  std::snprintf(exponent, sizeof exponent, "e%+03d", d.point - 1);
  std::string mantissa = d.digits.substr(0, 1);
  if (d.digits.size() > 1) mantissa += "." + d.digits.substr(1);
  return mantissa + exponent;
}

// From here on numbers have an exponent: Python's rule for double, NumPy's for float32, which has 6 digits for sure.
template <typename Float>
constexpr double kScientificFrom = sizeof(Float) == sizeof(float) ? 1e6 : 1e16;

// `whole` is what an integral value gets behind it: ".0" for floats, "" for the parts of a complex number.
template <typename Float>
std::string repr(Float value, const char* whole) {
  if (!std::isfinite(value)) return non_finite(static_cast<double>(value));
  Decimal d = shortest(std::fabs(value));
  std::string sign = std::signbit(value) ? "-" : "";
  // On the value, not on its digits: NumPy writes float32(0.0001), which is a little less, as 1e-04.
  double magnitude = std::fabs(static_cast<double>(value));
  if (magnitude != 0 && (magnitude < 1e-4 || magnitude >= kScientificFrom<Float>)) return sign + scientific(d);
  std::string text = positional(d);
  if (text.find('.') == std::string::npos) text += whole;
  return sign + text;
}

template <typename Float>
std::string complex_text(Float re, Float im) {
  std::string imaginary = repr(im, "");
  if (re == 0 && !std::signbit(re)) return imaginary + "j";
  if (imaginary[0] != '-') imaginary = "+" + imaginary;
  return "(" + repr(re, "") + imaginary + "j)";
}

std::string print_with(const char* format, int precision, double value) {
  std::string text(static_cast<size_t>(std::snprintf(nullptr, 0, format, precision, value)), 0);
  std::snprintf(text.data(), text.size() + 1, format, precision, value);
  return text;
}

}  // namespace

Decimal shortest_decimal(double magnitude) { return shortest(magnitude); }
Decimal shortest_decimal(float magnitude) { return shortest(magnitude); }

std::string f64_repr(double value) { return repr(value, ".0"); }
std::string f32_repr(float value) { return repr(value, ".0"); }
std::string complex_repr(double re, double im) { return complex_text(re, im); }
std::string complex64_repr(float re, float im) { return complex_text(re, im); }

std::string fixed_text(double value, int precision) { return print_with("%.*f", precision, value); }
std::string scientific_text(double value, int precision) { return print_with("%.*e", precision, value); }

}  // namespace kjit::runtime
