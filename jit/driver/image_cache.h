#pragma once
// Kernels on their way to the disk cache and back.

#include <optional>
#include <string>

#include "driver/pipeline.h"
#include "image/disk_cache.h"

namespace kjit {

// All that the image of this entry depends on. nullopt: nothing may be kept, as the code depends on functions that
// the host has registered, or this build cannot be told from others.
std::optional<CacheKey> cache_key(const ModuleSet& modules, const EntryPoint& entry, const EngineOptions& options);

// What is kept of a compilation.
struct CachedKernel {
  KernelImage image;
  std::string note;  // for the host, with each call
};
std::string to_bytes(const CachedKernel& kernel);
std::optional<CachedKernel> cached_kernel_from_bytes(std::string_view bytes);

}  // namespace kjit
