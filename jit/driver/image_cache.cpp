// Entry: cache_key.

#include "driver/image_cache.h"

#include "codegen/target.h"
#include "driver/build_id.h"
#include "image/byte_stream.h"
#include "kjit/version.h"
#include "support/hash.h"

namespace kjit {

namespace {

std::string entry_text(const EntryPoint& entry) {
  if (!entry.kernel) return "the script";
  std::string text;
  for (const Type& type : entry.arguments) text += (text.empty() ? "" : ", ") + to_string(type);
  return *entry.kernel + "(" + text + ")";
}

std::string options_text(const EngineOptions& options) {
  std::string text = "-O" + std::to_string(options.opt_level);
  if (options.checked) text += " --checked";
  if (!options.bounds_check) text += " --no-bounds-check";
  if (options.strict) text += " --strict";
  return text;
}

}  // namespace

std::optional<CacheKey> cache_key(const ModuleSet& modules, const EntryPoint& entry, const EngineOptions& options) {
  if (build_id().empty() || !modules.host_functions.empty()) return std::nullopt;
  CacheKey key;
  key.add("entry", entry_text(entry));
  key.add("options", options_text(options));
  for (std::uint32_t id = 0; id < modules.sources.size(); ++id) {
    const SourceFile& file = modules.sources.file(id);
    key.add("file " + file.name(), to_hex(hash128(file.text())));
  }
  key.add("kjit", std::string(KJIT_VERSION) + " " + build_id());
  key.add("target", to_string(host_target()));
  return key;
}

std::string to_bytes(const CachedKernel& kernel) {
  ByteWriter out;
  out.text(kernel.note);
  out.text(to_bytes(kernel.image));
  return out.take();
}

std::optional<CachedKernel> cached_kernel_from_bytes(std::string_view bytes) {
  ByteReader in(bytes);
  CachedKernel kernel;
  kernel.note = in.text();
  Result<KernelImage> image = image_from_bytes(in.text());
  if (!in.ok() || !in.at_end() || !image) return std::nullopt;
  kernel.image = std::move(*image);
  return kernel;
}

}  // namespace kjit
