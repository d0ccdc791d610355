// Sorting and searching. Entries: array_Sort, array_SortInPlace, array_Argsort, array_SearchSorted, array_Unique. NaN is last, as
// in NumPy; complex numbers are ordered by their real, then their imaginary parts.

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "runtime/array_call.h"
#include "runtime/radix_sort.h"

namespace kjit::runtime {

namespace {

template <typename T>
void sort_lines(const ArrayCall& call, const Lines& lines, char* data) {
  StopLook look(call);
  std::vector<T> line(static_cast<size_t>(lines.length));
  for (const int64_t offset : lines.offsets) {
    char* at = data + offset;
    in_looked_pieces(lines.length, look, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) line[static_cast<size_t>(i)] = load<T>(at + i * lines.step);
    });
    sort_values(line.data(), lines.length, look);
    in_looked_pieces(lines.length, look, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) store(at + i * lines.step, line[static_cast<size_t>(i)]);
    });
  }
}

void sort_array(const ArrayCall& call, int32_t dtype, int32_t rank, const kjit_array* array, int32_t axis) {
  with_type(dtype, [&](auto tag) {
    sort_lines<typename decltype(tag)::type>(call, lines_along(rank, array, axis), static_cast<char*>(array->data));
  });
}

}  // namespace

kjit_status array_Sort(const ArrayCall& call) {
  if (kjit_array_copy(call.ctx, call.site, call.dtype, call.rank, call.array(0), call.result()) != KJIT_OK) return KJIT_FAILED;
  sort_array(call, call.dtype, call.rank, call.result(), static_cast<int32_t>(call.number(1)));
  return KJIT_OK;
}

kjit_status array_SortInPlace(const ArrayCall& call) {
  sort_array(call, call.dtype_of(0), call.rank_of(0), call.array(0), static_cast<int32_t>(call.number(1)));
  return KJIT_OK;
}

kjit_status array_Argsort(const ArrayCall& call) {
  if (new_result(call, call.array(0)->dims) != KJIT_OK) return KJIT_FAILED;
  const auto axis = static_cast<int32_t>(call.number(1));
  const Lines from = lines_along(call.rank_of(0), call.array(0), axis), to = lines_along(call.rank, call.result(), axis);
  with_type(call.dtype_of(0), [&](auto tag) {
    using T = typename decltype(tag)::type;
    StopLook look(call);
    std::vector<int64_t> order(static_cast<size_t>(from.length));
    for (size_t line = 0; line < from.offsets.size(); line++) {
      const char* in = static_cast<const char*>(call.array(0)->data) + from.offsets[line];
      char* out = static_cast<char*>(call.result()->data) + to.offsets[line];
      sort_order<T>(in, from.step, from.length, order.data(), look);
      for (int64_t i = 0; i < from.length; i++) store(out + i * to.step, order[static_cast<size_t>(i)]);
    }
  });
  return KJIT_OK;
}

kjit_status array_SearchSorted(const ArrayCall& call) {
  const bool right = call.number(2) != 0;
  const kjit_array* sorted = call.array(0);
  const int64_t length = sorted->dims[0], step = sorted->dims[1];
  if (call.rank >= 0 && new_result(call, call.array(1)->dims) != KJIT_OK) return KJIT_FAILED;
  with_type(call.dtype_of(0), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto place = [&](const T& value) {
      int64_t low = 0, high = length;
      while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        const T at = load<T>(static_cast<const char*>(sorted->data) + middle * step);
        if (right ? !less(value, at) : less(at, value))
          low = middle + 1;
        else
          high = middle;
      }
      return low;
    };
    if (call.rank < 0) return store(static_cast<char*>(call.out), place(load<T>(static_cast<const char*>(call.args[1].data))));
    auto* out = static_cast<int64_t*>(call.result()->data);
    StopLook look(call);
    for_each_element<T>(call.rank_of(1), call.array(1), [&](const T& value, int64_t i) {
      look(8);  // each step of a search may miss the caches
      out[i] = place(value);
    });
  });
  return KJIT_OK;
}

kjit_status array_Unique(const ArrayCall& call) {
  return with_type(call.dtype_of(0), [&](auto tag) -> kjit_status {
    using T = typename decltype(tag)::type;
    std::vector<T> values;
    StopLook look(call);
    for_each_element<T>(call.rank_of(0), call.array(0), [&](const T& value, int64_t) { look(), values.push_back(value); });
    sort_values(values.data(), static_cast<int64_t>(values.size()), look);
    const auto last =
        std::unique(values.begin(), values.end(), [](const T& a, const T& b) { return !less(a, b) && !less(b, a); });
    const int64_t count = last - values.begin();
    if (new_result(call, &count) != KJIT_OK) return KJIT_FAILED;
    std::copy(values.begin(), last, static_cast<T*>(call.result()->data));
    return KJIT_OK;
  });
}

namespace {

// The least of values[first] ... ; not empty.
template <typename Look>
double least_from(const std::vector<double>& values, int64_t first, Look& look) {
  double least = values[static_cast<size_t>(first)];
  in_looked_pieces(static_cast<int64_t>(values.size()) - first, look, [&](int64_t begin, int64_t end) {
    for (int64_t i = first + begin; i < first + end; i++) {
      if (less(values[static_cast<size_t>(i)], least)) least = values[static_cast<size_t>(i)];
    }
  });
  return least;
}

// values[k] and the one behind it, as if they were sorted (stably, which decides the signs of zeros); the last one if there is
// none behind it. Zeros of both signs, and short rows, are sorted; others are found without.
template <typename Look>
std::pair<double, double> neighbours_in_order(std::vector<double>& values, int64_t k, bool zeros_differ, Look& look) {
  const auto count = static_cast<int64_t>(values.size());
  const auto at = [&](int64_t i) { return values[static_cast<size_t>(i)]; };
  if (zeros_differ || count < kShortRow) {
    sort_values(values.data(), count, look);
    return {at(k), at(std::min(k + 1, count - 1))};
  }
  std::nth_element(values.begin(), values.begin() + k, values.end(),
                   [&](double a, double b) { return look(1), less<double>(a, b); });
  return {at(k), k + 1 < count ? least_from(values, k + 1, look) : at(k)};
}

}  // namespace

// Between the two nearest elements in order: NumPy's method "linear"; the median is the mean of the two in the middle.
kjit_status array_Quantile(const ArrayCall& call) {
  const double q = load<double>(static_cast<const char*>(call.args[1].data));
  const int64_t what = call.number(2);  // 1: the median, 2: a percentile
  if (!(q >= 0 && q <= 1))
    return value_error(call.ctx, call.site,
                       what == 2 ? "Percentiles must be in the range [0, 100]" : "Quantiles must be in the range [0, 1]");
  std::vector<double> values(static_cast<size_t>(element_count(call.rank_of(0), call.array(0))));
  StopLook look(call);
  double result = std::numeric_limits<double>::quiet_NaN(), last_nan = 0;
  bool has_zero[2] = {};  // 0.0, -0.0
  for_each_element<double>(call.rank_of(0), call.array(0), [&](double value, int64_t i) {
    look();
    values[static_cast<size_t>(i)] = value;
    if (is_nan(value)) last_nan = value;
    if (value == 0) has_zero[std::signbit(value)] = true;
  });
  if (!values.empty()) {
    const double at = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<int64_t>(at);
    const auto [low, high] = neighbours_in_order(values, below, has_zero[0] && has_zero[1], look);
    const double t = at - static_cast<double>(below);
    if (last_nan != 0) {
      result = last_nan;
    } else if (what == 1) {
      result = t == 0 ? 0.0 + low : (low + high) / 2;  // a mean: 0.0 is added
    } else {
      result = t >= 0.5 ? high - (high - low) * (1 - t) : low + (high - low) * t;
    }
  }
  store(static_cast<char*>(call.out), result);
  return KJIT_OK;
}

kjit_status array_Bincount(const ArrayCall& call) {
  int64_t length = call.number(1);
  bool negative = false;
  StopLook look(call);
  for_each_element<int64_t>(1, call.array(0), [&](int64_t value, int64_t) {
    look();
    negative = negative || value < 0;
    length = std::max(length, value + 1);
  });
  if (negative) return value_error(call.ctx, call.site, "'list' argument must have no negative elements");
  if (new_result(call, &length) != KJIT_OK) return KJIT_FAILED;
  auto* counts = static_cast<int64_t*>(call.result()->data);
  std::fill(counts, counts + length, 0);
  for_each_element<int64_t>(1, call.array(0), [&](int64_t value, int64_t) { look(8), counts[value]++; });
  return KJIT_OK;
}

}  // namespace kjit::runtime
