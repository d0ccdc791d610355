// Entry: DiskCache::load, DiskCache::store.

#include "image/disk_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "image/byte_stream.h"
#include "support/hash.h"

namespace kjit {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "kjit cache entry 1\n";
constexpr std::string_view kEnding = ".kjit";
constexpr std::string_view kUnfinished = ".tmp";
constexpr std::size_t kChecksumBytes = 16;
constexpr unsigned kStoresBetweenCollections = 32;
constexpr auto kUsedAgain = std::chrono::hours(1);     // an entry's time is not written more often
constexpr auto kAbandoned = std::chrono::minutes(10);  // an unfinished file of this age has no writer

class File {
 public:
  File(const fs::path& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// Code that others could have put there is not run.
bool is_ours(const struct stat& status) { return status.st_uid == ::geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0; }

std::optional<std::string> read_all(const File& file, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t at = 0; at < size;) {
    const ssize_t count = ::read(file.descriptor(), bytes.data() + at, size - at);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    at += static_cast<std::size_t>(count);
  }
  return bytes;
}

bool write_all(const File& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.descriptor(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string checksum_of(std::string_view bytes) {
  const Hash128 hash = hash128(bytes);
  ByteWriter out;
  out.u64(hash.low);
  out.u64(hash.high);
  return out.take();
}

std::string entry_bytes(const CacheKey& key, std::string_view payload) {
  ByteWriter sized;
  sized.text(payload);
  std::string bytes = std::string(kMagic) + key.text() + "\n" + sized.take();
  return bytes + checksum_of(bytes);
}

struct Parts {
  CacheKey key;
  std::string_view payload;
  std::string damage;
};

// The fields are read even from an entry that is damaged, for those who look for it.
Parts parse(std::string_view bytes) {
  Parts parts;
  if (!bytes.starts_with(kMagic)) return parts.damage = "not an entry of this version", parts;
  std::string_view rest = bytes.substr(kMagic.size());
  while (!rest.empty() && rest[0] != '\n') {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const std::size_t colon = line.find(": ");
    if (line.size() == rest.size() || colon == std::string_view::npos) return parts.damage = "fields", parts;
    parts.key.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    rest.remove_prefix(line.size() + 1);
  }
  if (rest.size() < 1 + 8 + kChecksumBytes) return parts.damage = "length", parts;
  if (bytes.substr(bytes.size() - kChecksumBytes) != checksum_of(bytes.substr(0, bytes.size() - kChecksumBytes)))
    return parts.damage = "checksum", parts;
  ByteReader in(rest.substr(1, 8));
  parts.payload = rest.substr(9, rest.size() - 9 - kChecksumBytes);
  if (in.u64() != parts.payload.size()) parts.damage = "length";
  return parts;
}

// nullopt: no such file, not the user's own, or not readable.
std::optional<std::string> read_entry(const fs::path& path) {
  const File file(path, O_RDONLY | O_NOFOLLOW);
  struct stat status{};
  if (!file.is_open() || ::fstat(file.descriptor(), &status) != 0) return std::nullopt;
  if (!S_ISREG(status.st_mode) || !is_ours(status) || status.st_size < 0) return std::nullopt;
  return read_all(file, static_cast<std::size_t>(status.st_size));
}

void touch(const fs::path& path) {
  std::error_code ignored;
  const auto now = fs::file_time_type::clock::now();
  const auto used = fs::last_write_time(path, ignored);
  if (!ignored && now - used > kUsedAgain) fs::last_write_time(path, now, ignored);
}

std::string reason(const fs::path& path) { return path.string() + ": " + std::strerror(errno); }

std::optional<std::string> write_entry(const fs::path& unfinished, const fs::path& path, std::string_view bytes) {
  {
    const File file(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    if (!file.is_open()) return reason(unfinished.parent_path());
    if (!write_all(file, bytes)) {
      const std::string text = reason(unfinished.parent_path());
      ::unlink(unfinished.c_str());
      return text;
    }
  }
  if (::rename(unfinished.c_str(), path.c_str()) == 0) return std::nullopt;
  const std::string text = reason(path);
  ::unlink(unfinished.c_str());
  return text;
}

std::string unfinished_name(const std::string& id) {
  static std::atomic<unsigned> number{0};  // with the process id: no two writers share a name
  return "." + id + "." + std::to_string(::getpid()) + "." + std::to_string(number++) + std::string(kUnfinished);
}

std::optional<fs::path> folder_from_environment() {
  const auto variable = [](const char* name) -> std::string_view {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
  };
  if (const auto own = variable("KJIT_CACHE_DIR"); !own.empty()) return fs::path(own);
  // "All paths set in these environment variables must be absolute": XDG Base Directory Specification
  if (const auto xdg = variable("XDG_CACHE_HOME"); xdg.starts_with('/')) return fs::path(xdg) / "kjit";
  if (const auto home = variable("HOME"); home.starts_with('/')) return fs::path(home) / ".cache" / "kjit";
  return std::nullopt;
}

std::uint64_t limit_from_environment() {
  const char* text = std::getenv("KJIT_CACHE_LIMIT");
  std::uint64_t mebibytes = 0;
  if (text == nullptr) return DiskCache::kDefaultLimit;
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), mebibytes);
  return error == std::errc() && *end == '\0' && mebibytes < (std::uint64_t{1} << 40U) ? mebibytes << 20U
                                                                                       : DiskCache::kDefaultLimit;
}

}  // namespace

void CacheKey::add(std::string name, std::string_view value) {
  std::string line(value);
  std::ranges::replace(line, '\n', ' ');
  std::ranges::replace(name, '\n', ' ');
  fields.emplace_back(std::move(name), std::move(line));
}

std::string CacheKey::text() const {
  std::string text;
  for (const auto& [name, value] : fields) text += name + ": " + value + "\n";
  return text;
}

std::string CacheKey::id() const { return to_hex(hash128(text())); }

std::optional<DiskCache> DiskCache::from_environment() {
  const char* wanted = std::getenv("KJIT_CACHE");
  if (wanted != nullptr && std::string_view(wanted) == "0") return std::nullopt;
  const auto folder = folder_from_environment();
  if (!folder) return std::nullopt;
  return DiskCache(*folder, limit_from_environment());
}

std::optional<std::string> DiskCache::load(const CacheKey& key) const {
  const fs::path path = path_of(key);
  const auto bytes = read_entry(path);
  if (!bytes) return std::nullopt;
  const Parts parts = parse(*bytes);
  if (!parts.damage.empty() || parts.key.fields != key.fields) return std::nullopt;
  touch(path);
  return std::string(parts.payload);
}

std::optional<std::string> DiskCache::store(const CacheKey& key, std::string_view payload) const {
  std::error_code problem;
  fs::create_directories(folder_, problem);
  struct stat status{};
  if (::stat(folder_.c_str(), &status) != 0) return reason(folder_);
  if (!S_ISDIR(status.st_mode)) return folder_.string() + ": not a folder";
  if (!is_ours(status)) return folder_.string() + ": not a folder that only this user can write";
  const std::string id = key.id();
  auto failed = write_entry(folder_ / unfinished_name(id), path_of(key), entry_bytes(key, payload));
  static std::atomic<unsigned> stores{static_cast<unsigned>(::getpid())};  // short processes take turns
  if (!failed && stores++ % kStoresBetweenCollections == 0) collect();
  return failed;
}

void DiskCache::forget(const CacheKey& key) const { ::unlink(path_of(key).c_str()); }

std::vector<CacheEntry> DiskCache::entries() const {
  std::vector<CacheEntry> entries;
  std::error_code problem;
  for (fs::directory_iterator it(folder_, problem), end; !problem && it != end; it.increment(problem)) {
    if (it->path().extension() != kEnding) continue;
    CacheEntry entry{it->path(), 0, {}, {}, "cannot be read, or is not this user's"};
    std::error_code gone;
    entry.used = it->last_write_time(gone);
    if (const auto bytes = read_entry(entry.path)) {
      Parts parts = parse(*bytes);
      entry.bytes = bytes->size();
      entry.key = std::move(parts.key);
      entry.damage = std::move(parts.damage);
      if (entry.damage.empty() && path_of(entry.key) != entry.path) entry.damage = "its name";
    }
    if (!gone) entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, std::greater<>(), &CacheEntry::used);
  return entries;
}

std::size_t DiskCache::shrink(std::uint64_t limit) const {
  struct Found {
    fs::path path;
    std::uint64_t bytes;
    fs::file_time_type used;
  };
  std::vector<Found> found;
  std::size_t removed = 0;
  const auto now = fs::file_time_type::clock::now();
  std::error_code problem, ignored;
  const auto remove = [&](const fs::path& path) { removed += fs::remove(path, ignored) ? 1 : 0; };
  for (fs::directory_iterator it(folder_, problem), end; !problem && it != end; it.increment(problem)) {
    const fs::path& path = it->path();
    const auto used = it->last_write_time(ignored);
    if (ignored) continue;
    const bool unfinished = path.extension() == kUnfinished && path.filename().string().starts_with('.');
    if (unfinished && (limit == 0 || now - used > kAbandoned)) remove(path);
    if (path.extension() == kEnding) found.push_back({path, it->file_size(ignored), used});
  }
  std::ranges::sort(found, std::greater<>(), &Found::used);
  std::uint64_t total = 0;
  for (const Found& entry : found) {
    total += entry.bytes;
    if (total > limit || limit == 0) remove(entry.path);
  }
  return removed;
}

}  // namespace kjit
