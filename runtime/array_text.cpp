// str(array) and repr(array), byte for byte as NumPy 2 prints them with its default options: 8 digits, lines of 75 characters,
// and from 1001 elements on only the first and last three of each axis. Entry: kjit_put_array.
//
// Two passes: the elements that will be shown decide on notation and widths (make_formatter), then rows are put together and
// wrapped.

#include <math.h>
#include <stdio.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "runtime/element.h"
#include "runtime/float_text.h"
#include "runtime/text_buffer.h"

namespace {

using namespace kjit::runtime;

constexpr int kPrecision = 8;
constexpr int64_t kThreshold = 1000;
constexpr int64_t kEdge = 3;
constexpr int64_t kLineWidth = 75;

using Formatter = std::function<std::string(const char* element)>;

// ---- floats ----

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string spaces(int64_t count) { return std::string(static_cast<size_t>(std::max<int64_t>(count, 0)), ' '); }

struct FloatFormat {
  bool single = false;  // float32
  bool plus = false;    // shows the sign of positive numbers
  bool exponential = false;
  int precision = kPrecision;
  int exponent_digits = 2;
  int64_t left = 0, right = 0;  // characters before and behind the point

  Decimal shortest(double magnitude) const {
    return single ? shortest_decimal(static_cast<float>(magnitude)) : shortest_decimal(magnitude);
  }
  std::string sign(double value) const { return signbit(value) ? "-" : plus ? "+" : ""; }

  // The shortest digits, but no more than `precision` behind the point, and a point always.
  std::string positional(double value) const {
    Decimal d = shortest(fabs(value));
    auto size = static_cast<int>(d.digits.size());
    if (size - d.point > precision) return sign(value) + trimmed(fixed_text(fabs(value), precision));
    // In front of the point all digits are exact, even where fewer would tell a float32 from its neighbours.
    if (size <= d.point) return sign(value) + fixed_text(fabs(value), 0) + ".";
    return sign(value) + fixed_text(fabs(value), size - d.point);
  }

  // d.ddd and the exponent with its sign, apart. `exact` writes all of `precision` digits.
  std::pair<std::string, std::string> scientific(double value, bool exact) const {
    auto shortest_size = static_cast<int>(shortest(fabs(value)).digits.size()) - 1;
    std::string text = scientific_text(fabs(value), exact ? precision : std::min(shortest_size, precision));
    size_t e = text.find('e');
    std::string mantissa = text.substr(0, e);
    if (mantissa.find('.') == mantissa.npos) mantissa += '.';
    return {sign(value) + (exact ? mantissa : trimmed(mantissa)), text.substr(e + 1)};
  }

  void measure_scientific(const std::vector<double>& finite) {
    int64_t fraction = 0;
    for (double value : finite) {
      auto [mantissa, exponent] = scientific(value, false);
      auto point = static_cast<int64_t>(mantissa.find('.'));
      left = std::max(left, point);
      fraction = std::max(fraction, static_cast<int64_t>(mantissa.size()) - point - 1);
      exponent_digits = std::max(exponent_digits, static_cast<int>(exponent.size()) - 1);
    }
    precision = static_cast<int>(fraction);
    right = exponent_digits + 2 + fraction;
  }

  void measure_positional(const std::vector<double>& finite) {
    for (double value : finite) {
      std::string text = positional(value);
      auto point = static_cast<int64_t>(text.find('.'));
      left = std::max(left, point);
      right = std::max(right, static_cast<int64_t>(text.size()) - point - 1);
    }
  }

  void choose_notation(const std::vector<double>& finite) {
    double largest = 0, least = INFINITY;
    for (double value : finite) {
      if (value == 0) continue;
      largest = std::max(largest, fabs(value));
      least = std::min(least, fabs(value));
    }
    if (largest == 0) return;
    // Compared in the type of the elements: a float32 of 0.0001 is not less than 0.0001.
    double ratio = single ? static_cast<float>(largest) / static_cast<float>(least) : largest / least;
    exponential = largest >= (single ? 1e6 : 1e8) || least < (single ? static_cast<double>(0.0001f) : 0.0001) || ratio > 1000;
  }

  void measure(const std::vector<double>& values) {
    std::vector<double> finite;
    bool minus_infinity = plus;
    for (double value : values) {
      if (isfinite(value)) finite.push_back(value);
      if (isinf(value) && value < 0) minus_infinity = true;
    }
    choose_notation(finite);
    exponential ? measure_scientific(finite) : measure_positional(finite);
    if (finite.size() != values.size()) left = std::max({left, 3 - (right + 1), 3 + minus_infinity - (right + 1)});
  }

  std::string text(double value) const {
    if (!isfinite(value)) {
      std::string name = isnan(value) ? (plus ? "+nan" : "nan") : sign(value) + "inf";
      return spaces(left + right + 1 - static_cast<int64_t>(name.size())) + name;
    }
    if (exponential) return exponential_text(value);
    std::string text = positional(value);
    auto point = static_cast<int64_t>(text.find('.'));
    return spaces(left - point) + text + spaces(right - (static_cast<int64_t>(text.size()) - point - 1));
  }

  std::string exponential_text(double value) const {
    auto [mantissa, exponent] = scientific(value, true);
    exponent.insert(1,
                    std::string(static_cast<size_t>(std::max(exponent_digits + 1 - static_cast<int>(exponent.size()), 0)), '0'));
    return spaces(left - static_cast<int64_t>(mantissa.find('.'))) + mantissa + "e" + exponent;
  }
};

// ---- formatters by element type ----

using Elements = std::vector<const char*>;  // the addresses of those that are shown

template <typename T>
Formatter float_formatter(const Elements& elements) {
  FloatFormat format;
  format.single = sizeof(T) == 4;
  std::vector<double> values;
  for (const char* at : elements) values.push_back(static_cast<double>(load<T>(at)));
  format.measure(values);
  return [format](const char* at) { return format.text(static_cast<double>(load<T>(at))); };
}

template <typename T>
Formatter complex_formatter(const Elements& elements) {
  FloatFormat real, imaginary;
  real.single = imaginary.single = sizeof(T) == 8;
  imaginary.plus = true;
  std::vector<double> reals, imaginaries;
  for (const char* at : elements) {
    T value = load<T>(at);
    reals.push_back(static_cast<double>(value.real()));
    imaginaries.push_back(static_cast<double>(value.imag()));
  }
  real.measure(reals);
  imaginary.measure(imaginaries);
  return [real, imaginary](const char* at) {
    T value = load<T>(at);
    std::string text = imaginary.text(static_cast<double>(value.imag()));
    text.insert(text.find_last_not_of(' ') + 1, "j");
    return real.text(static_cast<double>(value.real())) + text;
  };
}

template <typename T>
Formatter int_formatter(const Elements& elements) {
  size_t width = 0;
  for (const char* at : elements) width = std::max(width, std::to_string(load<T>(at)).size());
  return [width](const char* at) {
    std::string text = std::to_string(load<T>(at));
    return spaces(static_cast<int64_t>(width - text.size())) + text;
  };
}

Formatter make_formatter(int32_t dtype, int32_t rank, const Elements& elements) {
  return with_type(dtype, [&](auto tag) -> Formatter {
    using T = typename decltype(tag)::type;
    if constexpr (std::is_same_v<T, Bool>) {
      return [rank](const char* at) { return std::string(load<Bool>(at) ? (rank > 0 ? " True" : "True") : "False"); };
    } else if constexpr (is_complex<T>) {
      return complex_formatter<T>(elements);
    } else if constexpr (is_floating<T>) {
      return float_formatter<T>(elements);
    } else {
      return int_formatter<T>(elements);
    }
  });
}

// ---- rows and brackets ----

struct Printer {
  int32_t rank;
  const kjit_array* array;
  std::string separator;
  int64_t line_width;
  bool summarize;
  Formatter format;

  int64_t size(int32_t axis) const { return array->dims[axis]; }
  bool shortened(int32_t axis) const { return summarize && size(axis) > 2 * kEdge; }
  const char* step(const char* at, int32_t axis, int64_t index) const { return at + index * array->dims[rank + axis]; }

  // Calls f(index) for the shown positions of an axis, and gap() where the others are left out.
  template <typename F, typename Gap>
  void for_each_shown(int32_t axis, F f, Gap gap) const {
    int64_t count = size(axis);
    if (!shortened(axis)) {
      for (int64_t i = 0; i < count; i++) f(i);
      return;
    }
    for (int64_t i = 0; i < kEdge; i++) f(i);
    gap();
    for (int64_t i = count - kEdge; i < count; i++) f(i);
  }

  void collect(const char* at, int32_t axis, Elements& out) const {
    if (axis == rank) return out.push_back(at);
    for_each_shown(axis, [&](int64_t i) { collect(step(at, axis, i), axis + 1, out); }, [] {});
  }

  std::string tight_separator() const { return separator.substr(0, separator.find(' ')); }

  // The elements of the last axis on lines of `width`; lines after the first start with `indent`.
  std::string row(const char* at, int64_t width, const std::string& indent) const {
    std::string done, line = indent;
    int64_t available = width - std::max<int64_t>(static_cast<int64_t>(tight_separator().size()), 1);
    bool first = true;
    auto add = [&](const std::string& word) {
      if (!first) line += separator;
      first = false;
      if (static_cast<int64_t>(line.size() + word.size()) > available && line.size() > indent.size()) {
        done += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        line = indent;
      }
      line += word;
    };
    for_each_shown(rank - 1, [&](int64_t i) { add(format(step(at, rank - 1, i))); }, [&] { add("..."); });
    return done + line;
  }

  std::string nested(const char* at, int32_t axis, const std::string& indent, int64_t width) const {
    if (axis == rank) return format(at);
    std::string text;
    if (axis == rank - 1) {
      text = row(at, width, indent);
    } else {
      std::string between = tight_separator() + std::string(static_cast<size_t>(rank - axis - 1), '\n');
      auto add = [&](const std::string& part) { text += (text.empty() ? "" : between) + indent + part; };
      for_each_shown(
          axis, [&](int64_t i) { add(nested(step(at, axis, i), axis + 1, indent + " ", width - 1)); }, [&] { add("..."); });
    }
    return "[" + text.substr(indent.size()) + "]";
  }
};

const char* dtype_name(int32_t dtype) {
  constexpr const char* names[] = {"bool",   "int8",   "int16",   "int32",   "int64",     "uint8",     "uint16",
                                   "uint32", "uint64", "float32", "float64", "complex64", "complex128"};
  return names[dtype];
}

std::string body_text(int32_t dtype, int32_t rank, const kjit_array* array, const char* separator, const char* prefix,
                      int64_t width) {
  if (element_count(rank, array) == 0) return "[]";
  Printer printer{rank, array, separator, width, element_count(rank, array) > kThreshold, nullptr};
  auto* data = static_cast<const char*>(array->data);
  Elements shown;
  printer.collect(data, 0, shown);
  printer.format = make_formatter(dtype, rank, shown);
  return printer.nested(data, 0, " " + std::string(strlen(prefix), ' '), width);
}

std::string shape_text(int32_t rank, const kjit_array* array) {
  std::string text = "(";
  for (int32_t axis = 0; axis < rank; axis++) text += (axis ? ", " : "") + std::to_string(array->dims[axis]);
  return text + (rank == 1 ? ",)" : ")");
}

bool dtype_is_implied(int32_t dtype) {
  return dtype == KJIT_BOOL || dtype == KJIT_I64 || dtype == KJIT_F64 || dtype == KJIT_C128;
}

// What the brackets do not tell: the shape of an array without elements or shown in part, the element type.
std::string extras_text(int32_t dtype, int32_t rank, const kjit_array* array) {
  int64_t count = element_count(rank, array);
  std::string text;
  if ((count == 0 && rank > 1) || count > kThreshold) text = "shape=" + shape_text(rank, array);
  if (dtype_is_implied(dtype) && count != 0) return text;
  return text + (text.empty() ? "dtype=" : ", dtype=") + dtype_name(dtype);
}

std::string repr_text(int32_t dtype, int32_t rank, const kjit_array* array) {
  std::string text = "array(" + body_text(dtype, rank, array, ", ", "array(", kLineWidth - 1);
  std::string extras = extras_text(dtype, rank, array);
  if (extras.empty()) return text + ")";
  text += ",", extras += ")";
  // On a line of their own where they would stick out.
  size_t last_line = text.size() - (text.rfind('\n') + 1);
  bool fits = static_cast<int64_t>(last_line + extras.size() + 1) <= kLineWidth;
  return text + (fits ? " " : "\n      ") + extras;
}

// A 0-d array prints as its element.
std::string scalar_text(int32_t dtype, const kjit_array* array) {
  return with_type(dtype, [&](auto tag) -> std::string {
    using T = typename decltype(tag)::type;
    T value = load<T>(static_cast<const char*>(array->data));
    if constexpr (std::is_same_v<T, Bool>)
      return value ? "True" : "False";
    else if constexpr (std::is_same_v<T, float>)
      return f32_repr(value);
    else if constexpr (std::is_same_v<T, double>)
      return f64_repr(value);
    else if constexpr (std::is_same_v<T, C64>)
      return complex64_repr(value.real(), value.imag());
    else if constexpr (std::is_same_v<T, C128>)
      return complex_repr(value.real(), value.imag());
    else
      return std::to_string(value);
  });
}

}  // namespace

extern "C" void kjit_put_array(kjit_context* ctx, int32_t dtype, int32_t rank, const kjit_array* array, int32_t repr) {
  put_made(ctx, [&] {
    if (repr) return repr_text(dtype, rank, array);
    return rank == 0 ? scalar_text(dtype, array) : body_text(dtype, rank, array, " ", "", kLineWidth);
  });
}
