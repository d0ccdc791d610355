// Engines and modules of the C interface.

#include <algorithm>
#include <cstring>

#include "capi/objects.h"

namespace kjit::capi {

namespace {

EngineOptions read_options(const kjit_engine_options& from) {
  EngineOptions options;
  options.opt_level = from.opt_level;
  options.interpret = from.interpret != 0;
  options.checked = from.checked != 0;
  options.bounds_check = from.bounds_check != 0;
  options.strict = from.strict != 0;
  options.disk_cache = from.disk_cache != 0;
  if (from.release_lock != nullptr) options.host_lock.release = [from] { from.release_lock(from.lock_user); };
  if (from.acquire_lock != nullptr) options.host_lock.acquire = [from] { from.acquire_lock(from.lock_user); };
  return options;
}

Failed check_options(const kjit_engine_options& options) {
  if (options.size != sizeof options) return bad_argument("options that kjit_engine_options_init has not seen");
  if (options.opt_level < 0 || options.opt_level > 3) return bad_argument("opt_level is 0 to 3");
  if ((options.release_lock == nullptr) != (options.acquire_lock == nullptr))
    return bad_argument("a lock wants both functions, or none");
  return std::nullopt;
}

Failed give_module(Result<Module> loaded, kjit_module** out) {
  if (!loaded) return bad_source(loaded.error());
  std::vector<KernelInfo> kernels = loaded->kernels();
  *out = new kjit_module{std::move(*loaded), std::move(kernels), {}, {}};
  return std::nullopt;
}

}  // namespace

}  // namespace kjit::capi

using namespace kjit::capi;

const char* kjit_version() { return KJIT_VERSION; }

void kjit_engine_options_init(kjit_engine_options* options) {
  if (options == nullptr) return;
  *options = {};
  options->size = sizeof *options;
  options->opt_level = 3;
  options->bounds_check = 1;
  options->disk_cache = 1;
}

kjit_outcome kjit_engine_new(const kjit_engine_options* options, kjit_engine** engine, kjit_failure** failure) {
  return guarded(failure, [&]() -> Failed {
    if (engine == nullptr) return bad_argument("no place for the engine");
    kjit_engine_options chosen;
    kjit_engine_options_init(&chosen);
    if (options != nullptr) chosen = *options;
    if (Failed failed = check_options(chosen)) return failed;
    *engine = new kjit_engine{kjit::Engine(read_options(chosen))};
    return std::nullopt;
  });
}

void kjit_engine_free(kjit_engine* engine) { delete engine; }

kjit_outcome kjit_load_file(kjit_engine* engine, const char* path, kjit_module** module, kjit_failure** failure) {
  return guarded(failure, [&]() -> Failed {
    if (engine == nullptr || path == nullptr || module == nullptr) return bad_argument("no engine, path or place for the module");
    return give_module(engine->engine.load_file(path), module);
  });
}

kjit_outcome kjit_load_source(kjit_engine* engine, const char* text, size_t size, const char* name, kjit_module** module,
                              kjit_failure** failure) {
  return guarded(failure, [&]() -> Failed {
    if (engine == nullptr || module == nullptr) return bad_argument("no engine or place for the module");
    if (text == nullptr || name == nullptr) return bad_argument("no text or name");
    return give_module(engine->engine.load_source(std::string(text, size), name), module);
  });
}

void kjit_module_free(kjit_module* module) { delete module; }

size_t kjit_module_kernel_count(const kjit_module* module) { return module == nullptr ? 0 : module->kernels.size(); }

const char* kjit_module_kernel_name(const kjit_module* module, size_t index) {
  return index < kjit_module_kernel_count(module) ? module->kernels[index].name.c_str() : nullptr;
}

const char* kjit_module_diagnostics(kjit_module* module) {
  if (module == nullptr) return "";
  try {
    const std::lock_guard lock(module->mutex);
    return (module->diagnostics = module->module.render_diagnostics()).c_str();
  } catch (...) {
    return "not enough memory";
  }
}
