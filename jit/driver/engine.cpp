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

// A module without mistakes.
Result<Module> sound(Module module) {
  if (module.ok()) return module;
  return Error{"the source text has errors", module.render_diagnostics()};
}

}  // namespace

JitStack* Engine::Impl::jit(std::string& error) {
  const std::lock_guard lock(jit_mutex_);
  const auto resolve = [this](std::string_view symbol) { return foreign.resolve_symbol(symbol); };
  if (!jit_tried_) jit_ = JitStack::create(jit_error_, resolve);
  jit_tried_ = true;
  if (!jit_) error = jit_error_;
  return jit_.get();
}

Engine::Engine(const EngineOptions& options) : impl_(std::make_shared<Impl>(options)) {
  const HostLock& lock = options.host_lock;
  if (static_cast<bool>(lock.release) != static_cast<bool>(lock.acquire))
    throw std::invalid_argument("a HostLock wants both functions, or none");
}

Module Engine::open_file(const std::string& path) {
  Diagnostics diags;
  ModuleSet modules = load_modules(path, diags);
  impl_->foreign.add_to(modules, diags);
  return make_module(impl_, std::move(modules), std::move(diags));
}

Result<Module> Engine::load_file(const std::string& path) { return sound(open_file(path)); }

Result<Module> Engine::load_source(std::string text, std::string name) {
  return sound(load_text(std::move(text), std::move(name)));
}

Result<Module> Engine::load_sources(std::vector<SourceText> sources) {
  if (sources.empty()) return Error{"load_sources wants at least one text"};
  Diagnostics diags;
  ModuleSet modules = load_modules_from_texts(std::move(sources), diags);
  impl_->foreign.add_to(modules, diags);
  return sound(make_module(impl_, std::move(modules), std::move(diags)));
}

Module Engine::load_text(std::string text, std::string name) {
  Diagnostics diags;
  ModuleSet modules = load_modules_from_text(std::move(text), std::move(name), diags);
  impl_->foreign.add_to(modules, diags);
  return make_module(impl_, std::move(modules), std::move(diags));
}

std::optional<Error> Engine::add_function(detail::HostFunction function) { return impl_->foreign.add(std::move(function)); }

}  // namespace kjit
