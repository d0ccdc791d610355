// Compiling entry points on demand. Entry: compiled_entry_of.

#include "driver/compile_entry.h"

#include <utility>

#include "analysis/facts/function_size.h"
#include "driver/describe.h"
#include "driver/host_lock.h"
#include "driver/image_cache.h"
#include "driver/linked_kernel.h"
#include "driver/observers.h"
#include "support/assert.h"

namespace kjit {

namespace {

// The image linked; nullopt with a text in `error` if this machine cannot run it.
std::optional<LinkedKernel> link(Engine::Impl& engine, KernelImage image, std::string& error) {
  JitStack* jit = engine.jit(error);
  if (jit == nullptr) return std::nullopt;
  Result<LinkedKernel> linked = link_kernel(std::move(image), *jit, engine.parts);
  if (linked) return std::move(*linked);
  error = linked.error().message;
  return std::nullopt;
}

// Empty if all functions were optimised.
std::string note_about_size(const typed::Program& program) {
  std::string names;
  for (const std::string& name : functions_too_large_to_optimise(program)) names += (names.empty() ? "" : ", ") + name;
  return names.empty() ? names
                       : names + ": too large to be optimised, compiled as with -O0; move parts into functions of their own";
}

std::optional<CacheKey> key_on_disk(const Module::Impl& module, const EntryPoint& entry) {
  const Engine::Impl& engine = *module.engine;
  if (!engine.disk || engine.options.interpret) return std::nullopt;
  return cache_key(module.modules, entry, engine.options);
}

// Whatever is wrong with an entry, the kernel is compiled.
bool load_from_disk(Engine::Impl& engine, const CacheKey& key, CompiledEntry& out) {
  const auto bytes = engine.disk->load(key);
  if (!bytes) return false;
  auto kept = cached_kernel_from_bytes(*bytes);
  std::string error;
  if (kept) out.kernel = link(engine, std::move(kept->image), error);
  if (!out.kernel) {
    engine.disk->forget(key);
    return false;
  }
  for (const Diagnostic& warning : out.kernel->image.warnings) out.diags.add(warning);
  out.note = std::move(kept->note);
  return true;
}

// A folder that cannot be written is worth a note, once.
void keep_on_disk(Engine::Impl& engine, const CacheKey& key, const KernelImage& image, CompiledEntry& out) {
  const auto problem = engine.disk->store(key, to_bytes(CachedKernel{image, out.note}));
  if (!problem || engine.told_about_disk.exchange(true)) return;
  out.note += (out.note.empty() ? "" : "; ") + ("compiled code is not kept: " + *problem);
}

std::optional<LinkedKernel> machine_code(const Module::Impl& module, const CheckedProgram& checked,
                                         const std::optional<CacheKey>& key, StopFlag stop, CompiledEntry& out,
                                         std::string& error) {
  Engine::Impl& engine = *module.engine;
  NullObserver observer;
  auto image = run_back_end(checked, module.modules.sources, engine.options, engine.tools(), stop, observer, error);
  if (!image) return std::nullopt;
  image->warnings = out.diags.all();
  if (engine.options.opt_level > 0) out.note = note_about_size(checked.program);
  if (key) keep_on_disk(engine, *key, *image, out);
  return link(engine, std::move(*image), error);
}

// Without machine code the program still runs, only slower; the reason goes into the note. False if it was stopped.
bool compile(Module::Impl& module, const EntryPoint& entry, StopFlag stop, CompiledEntry& out) {
  const EngineOptions& options = module.engine->options;
  const auto key = key_on_disk(module, entry);
  if (key && load_from_disk(*module.engine, *key, out)) return true;
  NullObserver observer;
  auto checked = run_front_end(module.modules, entry, options, module.sites, out.diags, observer);
  if (!checked) return true;
  std::string error;
  if (!options.interpret) out.kernel = machine_code(module, *checked, key, stop, out, error);
  if (!out.kernel && is_stopped(stop)) return false;
  if (!out.kernel) {
    if (!options.interpret) out.note = "no machine code (" + error + "): interpreted";
    Result<LinkedKernel> described = describe_kernel(describe(checked->program, module.modules.sources));
    KJIT_ASSERT(described.ok(), "an image without code needs no linking");
    out.kernel = std::move(*described);
    out.interpreted = std::move(checked);
    out.foreign = [engine = module.engine.get()](std::string_view name) { return engine->foreign.resolve(name); };
  }
  out.kernel->image.warnings = out.diags.all();
  return true;
}

}  // namespace

std::shared_ptr<const CompiledEntry> compiled_entry_of(Module::Impl& module, const EntryPoint& entry, StopFlag stop,
                                                       bool& compiled) {
  if (auto ready = module.cache.find(entry)) return ready;
  const Unlocked unlocked(lock_of(module.engine->options));
  const auto compile_it = [&](const EntryPoint& wanted, CompiledEntry& out) { return compile(module, wanted, stop, out); };
  return module.cache.get(entry, compile_it, [stop] { return is_stopped(stop); }, compiled);
}

}  // namespace kjit
