#pragma once
// What Engine and Module hold. Private to the driver.

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "codegen/jit_stack.h"
#include "codegen/machine_pool.h"
#include "driver/entry_cache.h"
#include "driver/foreign_functions.h"
#include "driver/part_store.h"
#include "driver/stable_names.h"
#include "image/disk_cache.h"
#include "kjit/engine.h"
#include "support/diagnostics.h"
#include "typing/module_set.h"

namespace kjit {

struct Engine::Impl {
  explicit Impl(const EngineOptions& engine_options) : options(engine_options), machines(engine_options.opt_level) {}

  const EngineOptions options;
  // Where compiled kernels are kept; nullopt: nowhere.
  const std::optional<DiskCache> disk = options.disk_cache ? DiskCache::from_environment() : std::nullopt;
  std::atomic<bool> told_about_disk{false};  // that it cannot be written
  MachinePool machines;
  PartStore parts;
  ForeignFunctions foreign;
  CompilerTools tools() { return {machines, parts}; }

  // Made at first use: an engine that only checks or interprets never starts LLVM. Null with a reason if this machine cannot have
  // it.
  JitStack* jit(std::string& error);

 private:
  std::mutex jit_mutex_;
  bool jit_tried_ = false;
  std::shared_ptr<JitStack> jit_;
  std::string jit_error_;
};

struct Module::Impl {
  Impl(std::shared_ptr<Engine::Impl> owner, ModuleSet set, Diagnostics found)
      : engine(std::move(owner)), modules(std::move(set)), loaded(!found.has_errors()), diags_(std::move(found)) {}

  const std::shared_ptr<Engine::Impl> engine;
  const ModuleSet modules;
  const bool loaded;  // parsed without errors
  SiteNumbers sites;
  EntryCache cache;
  std::atomic<std::uint64_t> next_stream{0};

  void add(const Diagnostics& found);
  Diagnostics diagnostics() const;
  void set_unchecked(std::vector<std::string> names);
  std::vector<std::string> unchecked() const;

 private:
  mutable std::mutex mutex_;            // of what follows
  std::vector<std::string> unchecked_;  // by check()
  Diagnostics diags_;                   // of loading, of check(), and of every specialisation so far
};

}  // namespace kjit
