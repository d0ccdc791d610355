#pragma once
// Private to the runtime. Stable sorting of numbers, in ascending order with NaN last.
//
// Long rows are sorted by the digits of their bits, the lowest first (D. Knuth, The Art of Computer Programming, volume
// 3, 5.2.5), in a time that does not depend on their order; digits that all elements share cost nothing. Short rows, and complex
// numbers, are merged.

#include <stdint.h>
#include <string.h>

// libstdc++'s own stable_sort uses what it has deprecated itself, and Clang says so at our instantiation of it.
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

#include "runtime/element.h"
#include "runtime/pieces.h"

namespace kjit::runtime {

template <typename T>
bool less(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, Bool>) {
    return a.value < b.value;
  } else if constexpr (is_complex<T>) {
    if (less(a.real(), b.real())) return true;
    return !less(b.real(), a.real()) && less(a.imag(), b.imag());
  } else if constexpr (is_floating<T>) {
    return a < b || (is_nan(b) && !is_nan(a));
  } else {
    return a < b;
  }
}

// f(begin, end) for pieces of [0, count), with a look behind each.
template <typename Look, typename F>
void in_looked_pieces(int64_t count, Look& look, F f) {
  for (int64_t begin = 0; begin < count; begin += kPieceElements) {
    const int64_t end = std::min(begin + kPieceElements, count);
    f(begin, end);
    look(end - begin);
  }
}

namespace radix {

template <typename T>
inline constexpr bool has_digits = (std::is_integral_v<T> || is_floating<T>);
template <typename T>
using Key =
    std::conditional_t<sizeof(T) == 8, uint64_t,
                       std::conditional_t<sizeof(T) == 4, uint32_t, std::conditional_t<sizeof(T) == 2, uint16_t, uint8_t>>>;

// Keys are in order as unsigned numbers; those of equal numbers are equal, of 0.0 and -0.0 and of all NaNs, too.
template <typename T>
Key<T> key_of(T value) {
  using K = Key<T>;
  constexpr K kSign = K{1} << (8 * sizeof(K) - 1);
  if constexpr (is_floating<T>) {
    if (is_nan(value)) return std::numeric_limits<K>::max();
    K bits;
    value = value == 0 ? T{0} : value;
    memcpy(&bits, &value, sizeof bits);
    return (bits & kSign) != 0 ? static_cast<K>(~bits) : static_cast<K>(bits | kSign);
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<K>(static_cast<K>(value) ^ kSign);
  } else {
    return static_cast<K>(value);
  }
}

template <typename T>
T value_of(Key<T> key) {
  using K = Key<T>;
  constexpr K kSign = K{1} << (8 * sizeof(K) - 1);
  if constexpr (is_floating<T>) {
    const K bits = (key & kSign) != 0 ? static_cast<K>(key ^ kSign) : static_cast<K>(~key);
    T value;
    memcpy(&value, &bits, sizeof value);
    return value;
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<T>(static_cast<K>(key ^ kSign));
  } else {
    return static_cast<T>(key);
  }
}

// Entries are sorted by key(entry), with room for as many at `spare`; where they end up is the result. `look(work)` is
// called after each piece of the work.
template <int kDigitBits, typename Entry, typename KeyOf, typename Look>
Entry* sort_by_digits(Entry* entries, Entry* spare, int64_t count, KeyOf key, Look& look) {
  using K = decltype(key(*entries));
  constexpr int kDigits = (8 * static_cast<int>(sizeof(K)) + kDigitBits - 1) / kDigitBits;
  constexpr uint64_t kMask = (uint64_t{1} << kDigitBits) - 1;
  const auto digit = [&](const Entry& entry, int d) {
    return static_cast<size_t>(static_cast<uint64_t>(key(entry)) >> (d * kDigitBits) & kMask);
  };
  std::vector<std::array<int64_t, kMask + 1>> counts(kDigits);
  in_looked_pieces(count, look, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      for (int d = 0; d < kDigits; d++) counts[static_cast<size_t>(d)][digit(entries[i], d)]++;
    }
  });
  for (int d = 0; d < kDigits; d++) {
    auto& places = counts[static_cast<size_t>(d)];
    if (places[digit(entries[0], d)] == count) continue;
    int64_t next = 0;
    for (int64_t& place : places) next += std::exchange(place, next);
    in_looked_pieces(count, look, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) spare[places[digit(entries[i], d)]++] = entries[i];
    });
    std::swap(entries, spare);
  }
  return entries;
}

// More and shorter digits where counting them would take longer than sorting.
template <typename Entry, typename KeyOf, typename Look>
Entry* sort_entries(Entry* entries, Entry* spare, int64_t count, KeyOf key, Look& look) {
  constexpr int64_t kManyEntries = 8192;
  return count < kManyEntries ? sort_by_digits<8>(entries, spare, count, key, look)
                              : sort_by_digits<11>(entries, spare, count, key, look);
}

template <typename T, typename Look>
void sort_keys(T* values, int64_t count, Look& look) {
  std::vector<Key<T>> keys(2 * static_cast<size_t>(count));
  in_looked_pieces(count, look, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) keys[static_cast<size_t>(i)] = key_of(values[i]);
  });
  const auto* sorted = sort_entries(keys.data(), keys.data() + count, count, [](Key<T> key) { return key; }, look);
  in_looked_pieces(count, look, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) values[i] = value_of<T>(sorted[i]);
  });
}

}  // namespace radix

inline constexpr int64_t kShortRow = 128;  // elements that are merged sooner than sorted by digits

// `look(work)` is called now and then; it may throw.
template <typename T, typename Look>
void sort_values(T* values, int64_t count, Look& look) {
  if constexpr (radix::has_digits<T>) {
    if (count >= kShortRow) {
      std::vector<T> zeros, nans;  // have equal keys, but their bits may differ: they are put back in their order
      if constexpr (is_floating<T>) {
        in_looked_pieces(count, look, [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; i++) {
            if (values[i] == 0) zeros.push_back(values[i]);
            if (is_nan(values[i])) nans.push_back(values[i]);
          }
        });
      }
      radix::sort_keys(values, count, look);
      if (!zeros.empty()) std::copy(zeros.begin(), zeros.end(), std::lower_bound(values, values + count, T{0}, less<T>));
      std::copy(nans.begin(), nans.end(), values + count - static_cast<int64_t>(nans.size()));
      return;
    }
  }
  std::stable_sort(values, values + count, [&](const T& a, const T& b) { return look(1), less<T>(a, b); });
}

// order[k] becomes the position, among `count` values `step` bytes apart, of the k-th in order.
template <typename T, typename Look>
void sort_order(const char* values, int64_t step, int64_t count, int64_t* order, Look& look) {
  if constexpr (radix::has_digits<T>) {
    if (count >= kShortRow) {
      struct Entry {
        radix::Key<T> key;
        int64_t position;
      };
      std::vector<Entry> entries(2 * static_cast<size_t>(count));
      in_looked_pieces(count, look, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) entries[static_cast<size_t>(i)] = {radix::key_of(load<T>(values + i * step)), i};
      });
      const Entry* sorted =
          radix::sort_entries(entries.data(), entries.data() + count, count, [](const Entry& entry) { return entry.key; }, look);
      in_looked_pieces(count, look, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) order[i] = sorted[i].position;
      });
      return;
    }
  }
  std::iota(order, order + count, int64_t{0});
  std::stable_sort(order, order + count, [&](int64_t a, int64_t b) {
    look(1);
    return less(load<T>(values + a * step), load<T>(values + b * step));
  });
}

}  // namespace kjit::runtime
