// A loaded file: compiles its entry points on demand and calls them. Entry: Module::call, Module::run_script.

#include <algorithm>
#include <chrono>
#include <utility>

#include "driver/compile_entry.h"
#include "driver/deadline.h"
#include "driver/engine_impl.h"
#include "driver/explain_entry.h"
#include "driver/invoke.h"
#include "driver/marshal.h"
#include "driver/observers.h"
#include "driver/pipeline.h"
#include "driver/script_graph.h"
#include "kjit/engine.h"
#include "support/render.h"

namespace kjit {

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

EntryPoint entry_point(std::string_view kernel, const std::vector<Value>& args) {
  EntryPoint entry{std::string(kernel), {}};
  entry.arguments.reserve(args.size());
  for (const Value& arg : args) entry.arguments.push_back(type_of(arg));
  return entry;
}

CallResult compile_error(std::string diagnostics) {
  CallResult result;
  result.status = CallResult::Status::CompileError;
  result.diagnostics = std::move(diagnostics);
  return result;
}

CallResult call_entry(Module::Impl& module, const EntryPoint& entry, const std::vector<Value>& args, const CallOptions& given) {
  const Deadline deadline(given);
  const CallOptions& options = deadline.options();
  if (!module.loaded) return compile_error(render_all(module.diagnostics(), module.modules.sources));
  const std::uint64_t stream = options.stream ? *options.stream : module.next_stream++;
  bool compiled = false;
  const auto start = Clock::now();
  const auto compiled_entry = compiled_entry_of(module, entry, options.stop, compiled);
  if (!compiled_entry) return stopped_before_start(options);
  const double compile_ms = ms_since(start);
  if (compiled) module.add(compiled_entry->diags);
  if (!compiled_entry->kernel) return compile_error(render_all(compiled_entry->diags, module.modules.sources));

  const auto run_start = Clock::now();
  CallResult result = invoke(*compiled_entry, module.engine->options, args, options, stream);
  result.timing = {compiled ? compile_ms : 0, ms_since(run_start)};
  return result;
}

// "graph" and "graph-svg": no stage, but a picture of the typed script.
std::optional<std::string> draw_script(Module::Impl& module, std::string_view form) {
  Engine::Impl& engine = *module.engine;
  NullObserver observer;
  Diagnostics diags;
  const auto checked = run_front_end(module.modules, {}, engine.options, module.sites, diags, observer);
  module.add(diags);
  if (!checked) return std::nullopt;
  const std::vector<PictureNode> nodes = script_graph(checked->program, module.modules.sources);
  return form == "graph" ? to_dot(nodes) : to_svg(nodes);
}

std::optional<std::string> explain(Module::Impl& module, std::string_view form, const EntryPoint& entry) {
  Engine::Impl& engine = *module.engine;
  NullObserver observer;
  Diagnostics diags;
  const auto checked = run_front_end(module.modules, entry, engine.options, module.sites, diags, observer);
  module.add(diags);
  if (!checked) return std::nullopt;
  std::string error;
  return explain_entry(*checked, entry, module.modules.sources, engine.options, engine.tools(), form, error);
}

std::optional<std::string> emit_entry(Module::Impl& module, std::string_view stage_text, const EntryPoint& entry) {
  if (is_explanation(stage_text) && module.loaded) return explain(module, stage_text, entry);
  const auto stage = find_stage(stage_text);
  if (!stage || !module.loaded) return std::nullopt;
  Engine::Impl& engine = *module.engine;
  DumpObserver dump(*stage);
  Diagnostics diags;
  const auto checked = run_front_end(module.modules, entry, engine.options, module.sites, diags, dump);
  module.add(diags);
  if (!checked) return std::move(dump.text());
  std::string error;
  run_back_end(*checked, module.modules.sources, engine.options, engine.tools(), nullptr, dump, error);
  return std::move(dump.text());
}

}  // namespace

void Module::Impl::add(const Diagnostics& found) {
  const std::lock_guard lock(mutex_);
  diags_.merge(found);
}

void Module::Impl::set_unchecked(std::vector<std::string> names) {
  const std::lock_guard lock(mutex_);
  unchecked_ = std::move(names);
}

std::vector<std::string> Module::Impl::unchecked() const {
  const std::lock_guard lock(mutex_);
  return unchecked_;
}

Diagnostics Module::Impl::diagnostics() const {
  const std::lock_guard lock(mutex_);
  return diags_;
}

Module::Module(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

bool Module::ok() const { return impl_->loaded; }

bool Module::has_warnings() const {
  const Diagnostics diags = impl_->diagnostics();
  return diags.all().size() > std::min(diags.error_count(), Diagnostics::kMaxErrors);
}

std::string Module::render_diagnostics(bool color) const {
  return render_all(impl_->diagnostics(), impl_->modules.sources, RenderOptions{color});
}

std::string Module::diagnostics_json() const { return render_json(impl_->diagnostics().all(), impl_->modules.sources); }

bool Module::check() {
  if (!impl_->loaded) return false;
  Diagnostics found;
  impl_->set_unchecked(report_mistakes(impl_->modules, impl_->engine->options, found));
  impl_->add(found);
  return !found.has_errors();
}

std::vector<std::string> Module::unchecked() const { return impl_->unchecked(); }

std::vector<KernelInfo> Module::kernels() const {
  std::vector<KernelInfo> result;
  for (const ast::StmtPtr& statement : impl_->modules.modules[0].body) {
    const auto* define = std::get_if<ast::Define>(&statement->node);
    if (define == nullptr) continue;
    KernelInfo info{define->function->name, {}, impl_->modules.sources.locate(define->function->name_span).line};
    for (const ast::Parameter& parameter : define->function->parameters) info.parameters.push_back(parameter.name);
    result.push_back(std::move(info));
  }
  return result;
}

CallResult Module::run_script(const CallOptions& options) { return call_entry(*impl_, {}, {}, options); }

CallResult Module::call(std::string_view kernel, const std::vector<Value>& args, const CallOptions& options) {
  return call_entry(*impl_, entry_point(kernel, args), args, options);
}

std::optional<std::string> Module::emit(std::string_view stage) {
  if ((stage == "graph" || stage == "graph-svg") && impl_->loaded) return draw_script(*impl_, stage);
  return emit_entry(*impl_, stage, {});
}

std::optional<std::string> Module::emit(std::string_view stage, std::string_view kernel, const std::vector<Value>& args) {
  return emit_entry(*impl_, stage, entry_point(kernel, args));
}

}  // namespace kjit
