// The engine: loads modules and owns the code generator that they share. Entry: Engine.

#include "kjit/engine.h"

#include <stdexcept>
#include <utility>

#include "driver/engine_impl.h"
#include "driver/load_modules.h"

namespace kjit {

namespace {

Module make_module(const std::shared_ptr<Engine::Impl>& engine, ModuleSet modules, Diagnostics diags) {
  return Module(std::make_shared<Module::Impl>(engine, std::move(modules), std::move(diags)));
}

}  // namespace

JitStack* Engine::Impl::jit(std::string& error) {
  const std::lock_guard lock(jit_mutex_);
  if (!jit_tried_) jit_ = JitStack::create(jit_error_);
  jit_tried_ = true;
  if (!jit_) error = jit_error_;
  return jit_.get();
}

Engine::Engine(const EngineOptions& options) : impl_(std::make_shared<Impl>(options)) {
  const HostLock& lock = options.host_lock;
  if (static_cast<bool>(lock.release) != static_cast<bool>(lock.acquire))
    throw std::invalid_argument("a HostLock wants both functions, or none");
}

Module Engine::load_file(const std::string& path) {
  Diagnostics diags;
  ModuleSet modules = load_modules(path, diags);
  return make_module(impl_, std::move(modules), std::move(diags));
}

Module Engine::load_text(std::string text, std::string name) {
  Diagnostics diags;
  ModuleSet modules = load_modules_from_text(std::move(text), name, diags);
  return make_module(impl_, std::move(modules), std::move(diags));
}

}  // namespace kjit
