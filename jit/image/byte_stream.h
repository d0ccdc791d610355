#pragma once
// Fields to bytes and back. A reader never reads past the end: it then goes on with zeros and empty texts, and ok() is false.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace kjit {

static_assert(std::endian::native == std::endian::little, "stored integers are little-endian");

class ByteWriter {
 public:
  void u32(std::uint32_t value) { raw(&value, sizeof value); }
  void u64(std::uint64_t value) { raw(&value, sizeof value); }
  void text(std::string_view value) {
    u64(value.size());
    bytes_.append(value);
  }
  // `write(item)` writes one of them.
  template <typename T, typename F>
  void list(const std::vector<T>& items, F write) {
    u64(items.size());
    for (const T& item : items) write(item);
  }
  std::string take() { return std::move(bytes_); }

 private:
  void raw(const void* data, std::size_t size) { bytes_.append(static_cast<const char*>(data), size); }

  std::string bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  void fail() { ok_ = false; }

  std::uint32_t u32() { return number<std::uint32_t>(); }
  std::uint64_t u64() { return number<std::uint64_t>(); }
  std::string text() { return std::string(take(u64())); }
  // `read()` reads one item, which has at least one byte: so a damaged count cannot ask for more items than there are bytes.
  template <typename F>
  auto list(F read) {
    std::vector<decltype(read())> items;
    const std::uint64_t count = u64();
    if (count > rest_.size()) fail();
    for (std::uint64_t i = 0; ok_ && i < count; ++i) items.push_back(read());
    return items;
  }

 private:
  std::string_view take(std::uint64_t size) {
    if (!ok_ || size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  template <typename T>
  T number() {
    T value = 0;
    const std::string_view bytes = take(sizeof value);
    bytes.copy(reinterpret_cast<char*>(&value), sizeof value);  // nothing of an image that ended too early
    return value;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace kjit
