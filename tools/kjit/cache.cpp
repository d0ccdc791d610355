// kjit cache: what the disk cache holds. Entry: cache_command.

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "commands.h"
#include "driver/image_cache.h"
#include "driver/load_modules.h"
#include "exit_code.h"
#include "image/disk_cache.h"

namespace kjit::cli {

namespace {

int fail(std::string_view message) {
  print_error(fmt::format("kjit cache: {}\n", message));
  return kProgramFailed;
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} B", bytes);
  if (bytes < 10'000'000) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string time_text(std::filesystem::file_time_type time) {
  const auto system = std::chrono::file_clock::to_sys(time);
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(std::chrono::system_clock::to_time_t(
                                              std::chrono::time_point_cast<std::chrono::system_clock::duration>(system))));
}

std::string field(const CacheKey& key, std::string_view name) {
  const auto row = std::ranges::find(key.fields, name, [](const auto& pair) { return pair.first; });
  return row == key.fields.end() ? std::string() : row->second;
}

// The names of the user's files.
std::string files_of(const CacheKey& key) {
  std::string names;
  for (const auto& [name, value] : key.fields) {
    if (name.starts_with("file ") && !name.starts_with("file <")) names += (names.empty() ? "" : ", ") + name.substr(5);
  }
  return names;
}

int list(const DiskCache& cache, Output& out) {
  for (const CacheEntry& entry : cache.entries()) {
    out.write(fmt::format("{}  {:>9}  {}  {}  {}  {}\n", entry.path.stem().string().substr(0, 12), size_text(entry.bytes),
                          time_text(entry.used), files_of(entry.key), field(entry.key, "entry"),
                          entry.damage.empty() ? field(entry.key, "options") : "damaged: " + entry.damage));
  }
  return kSuccess;
}

int stats(const DiskCache& cache, Output& out) {
  const std::vector<CacheEntry> entries = cache.entries();
  std::uint64_t bytes = 0;
  for (const CacheEntry& entry : entries) bytes += entry.bytes;
  const auto damaged = std::ranges::count_if(entries, [](const CacheEntry& entry) { return !entry.damage.empty(); });
  out.write(fmt::format("folder   {}\nentries  {}\ndamaged  {}\nsize     {} of {}\n", cache.folder().string(), entries.size(),
                        damaged, size_text(bytes), size_text(cache.limit())));
  if (!entries.empty())
    out.write(fmt::format("used     {} to {}\n", time_text(entries.back().used), time_text(entries.front().used)));
  return kSuccess;
}

int verify(const DiskCache& cache, Output& out) {
  int damaged = 0;
  const std::vector<CacheEntry> entries = cache.entries();
  for (const CacheEntry& entry : entries) {
    if (entry.damage.empty()) continue;
    ++damaged;
    out.write(fmt::format("{}: {}\n", entry.path.string(), entry.damage));
  }
  out.write(fmt::format("{} entries, {} damaged\n", entries.size(), damaged));
  return damaged == 0 ? kSuccess : kProgramFailed;
}

std::size_t equal_fields(const CacheKey& a, const CacheKey& b) {
  return static_cast<std::size_t>(
      std::ranges::count_if(a.fields, [&](const auto& pair) { return std::ranges::find(b.fields, pair) != b.fields.end(); }));
}

void explain_difference(const CacheKey& wanted, const CacheKey& nearest, Output& out) {
  for (const auto& [name, value] : wanted.fields) {
    const std::string there = field(nearest, name);
    if (there != value) out.write(fmt::format("  {}: {} now, {} there\n", name, value, there.empty() ? "nothing" : there));
  }
  for (const auto& [name, value] : nearest.fields) {
    if (field(wanted, name).empty()) out.write(fmt::format("  {}: nothing now, {} there\n", name, value));
  }
}

// Why the script of the file would be compiled, or that it would not.
int why(const DiskCache& cache, const CacheOptions& options, Output& out) {
  Diagnostics diags;
  const ModuleSet modules = load_modules(options.file, diags);
  if (diags.has_errors()) return fail(options.file + " cannot be read or has errors: see kjit check");
  const auto key = cache_key(modules, EntryPoint{}, options.engine);
  if (!key) return fail("this build of kjit has no build id, so it keeps nothing");
  const std::vector<CacheEntry> entries = cache.entries();
  const CacheEntry* nearest = nullptr;
  for (const CacheEntry& entry : entries) {
    if (entry.key.fields == key->fields) {
      out.write(entry.damage.empty() ? fmt::format("{}: its script is in the cache\n", options.file)
                                     : fmt::format("{}: its entry is damaged: {}\n", options.file, entry.damage));
      return kSuccess;
    }
    if (field(entry.key, "entry") != field(*key, "entry")) continue;
    if (!nearest || equal_fields(*key, entry.key) > equal_fields(*key, nearest->key)) nearest = &entry;
  }
  if (!nearest || equal_fields(*key, nearest->key) + 1 < key->fields.size() / 2) {
    out.write(fmt::format("{}: its script is not in the cache, nor is anything like it\n", options.file));
    return kSuccess;
  }
  out.write(fmt::format("{}: its script is not in the cache; the nearest entry differs in\n", options.file));
  explain_difference(*key, nearest->key, out);
  return kSuccess;
}

}  // namespace

int cache_command(const CacheOptions& options, Output& out) {
  const auto cache = DiskCache::from_environment();
  if (!cache) return fail("there is none: KJIT_CACHE is 0, or none of KJIT_CACHE_DIR, XDG_CACHE_HOME and HOME is set");
  if (options.action == "dir") return out.write(cache->folder().string() + "\n"), kSuccess;
  if (options.action == "list") return list(*cache, out);
  if (options.action == "stats") return stats(*cache, out);
  if (options.action == "verify") return verify(*cache, out);
  if (options.action == "why") return why(*cache, options, out);
  const std::size_t removed = options.action == "clear" ? cache->clear() : cache->collect();
  out.write(fmt::format("{} files removed\n", removed));
  return kSuccess;
}

}  // namespace kjit::cli
