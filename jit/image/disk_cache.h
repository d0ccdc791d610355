#pragma once
// Compiled kernels on disk: one self-contained file an entry. Any number of processes and threads share a folder without locks: a
// file is written under a name of its own and then renamed. Whatever is wrong with an entry makes it a miss; what is wrong with
// the folder is said once.
//
//   "kjit cache entry 1\n" | the key's fields, a line each | "\n" | length u64 | payload | checksum of all before, 2 x u64

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kjit {

// All that a compiled kernel depends on, as readable fields in a fixed order.
struct CacheKey {
  std::vector<std::pair<std::string, std::string>> fields;  // no line ends in either

  void add(std::string name, std::string_view value);
  std::string text() const;  // "name: value\n" for each
  std::string id() const;    // 32 hexadecimal digits, the name of its file
};

struct CacheEntry {
  std::filesystem::path path;
  std::uint64_t bytes = 0;
  std::filesystem::file_time_type used;
  CacheKey key;        // as far as it can be read
  std::string damage;  // why it is of no use; empty: sound
};

// Thread rule: any member may be called from any thread at any time.
class DiskCache {
 public:
  static constexpr std::uint64_t kDefaultLimit = std::uint64_t{256} << 20U;

  // KJIT_CACHE_DIR, or XDG_CACHE_HOME/kjit, or HOME/.cache/kjit; KJIT_CACHE_LIMIT in MiB. nullopt without any of these, or with
  // KJIT_CACHE=0. Nothing is created.
  static std::optional<DiskCache> from_environment();
  DiskCache(std::filesystem::path folder, std::uint64_t limit) : folder_(std::move(folder)), limit_(limit) {}

  const std::filesystem::path& folder() const { return folder_; }
  std::uint64_t limit() const { return limit_; }

  // The payload of a sound entry of this very key, which counts as used now.
  std::optional<std::string> load(const CacheKey& key) const;
  // A text if the folder cannot be written, is full or not the user's own.
  std::optional<std::string> store(const CacheKey& key, std::string_view payload) const;
  // Removes an entry that load() gave and that is of no use.
  void forget(const CacheKey& key) const;

  // All entries, checked; last used first.
  std::vector<CacheEntry> entries() const;
  // Removes what was left by processes that were killed and, if there is too much, what was not used for longest. The number of
  // files.
  std::size_t collect() const { return shrink(limit_); }
  std::size_t clear() const { return shrink(0); }

 private:
  std::filesystem::path path_of(const CacheKey& key) const { return folder_ / (key.id() + ".kjit"); }
  std::size_t shrink(std::uint64_t limit) const;

  std::filesystem::path folder_;
  std::uint64_t limit_;
};

}  // namespace kjit
