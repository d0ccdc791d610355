// Kernels -> a library with its header. Entry: Module::build.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include "ahead/header_text.h"
#include "ahead/python_text.h"
#include "codegen/archive.h"
#include "codegen/export_glue.h"
#include "driver/build_plan.h"
#include "driver/engine_impl.h"
#include "driver/kernel_comment.h"
#include "driver/link_shared.h"
#include "driver/observers.h"
#include "kjit/build.h"
#include "support/render.h"
#include "typing/tree/foreign_call.h"
#include "typing/tree/typed_walk.h"
#include "typing/type_text.h"

namespace kjit {

namespace {

namespace fs = std::filesystem;

// The functions from outside that the program calls: "host f", "extern libm.so.6 cbrt".
std::set<std::string> foreign_calls_in(const typed::Program& program) {
  std::set<std::string> found;
  for (const typed::Function& function : program.functions) {
    typed::for_each_expr(function.body, [&](const typed::Expr& expr) {
      const auto* call = std::get_if<typed::BuiltinCall>(&expr.node);
      if (call && is_foreign_call(call->builtin)) found.emplace(foreign_name(*call));
    });
  }
  return found;
}

// What one version's compilations share.
struct VersionTools {
  VersionTools(const CpuVersion& wanted, int opt_level) : version(wanted), machines(opt_level, wanted.target) {}
  CpuVersion version;
  MachinePool machines;
  PartStore parts;
};

class Builder {
 public:
  Builder(Module::Impl& module, const BuildPlan& plan) : module_(module), plan_(plan) {
    library_.name = plan.library;
    exported_.prefix = plan.library;
    for (const CpuVersion& version : plan.versions)
      versions_.push_back(std::make_unique<VersionTools>(version, module.engine->options.opt_level));
  }

  // What went wrong, or nullopt.
  std::optional<Error> run() {
    for (const EntryPoint& entry : plan_.entries) {
      if (auto error = add_kernel(entry)) return error;
    }
    std::string problem;
    auto glue = make_export_glue(exported_, plan_.versions[0].target, problem);
    if (!glue) return Error{problem};
    objects_.push_back({library_.name + "-glue.o", std::move(*glue)});
    return std::nullopt;
  }

  const AheadLibrary& library() const { return library_; }
  const ExportedLibrary& exported() const { return exported_; }
  const std::vector<ArchiveMember>& objects() const { return objects_; }
  const Diagnostics& diagnostics() const { return diags_; }

 private:
  std::optional<Error> add_kernel(const EntryPoint& entry) {
    Diagnostics diags;
    NullObserver observer;
    const auto checked = run_front_end(module_.modules, entry, module_.engine->options, module_.sites, diags, observer);
    diags_.merge(diags);
    if (!checked) return Error{"no kernel " + entry_text(entry), render_all(diags, module_.modules.sources)};
    if (auto error = add_libraries(entry, checked->program)) return error;
    ExportedFunction function;
    std::optional<KernelImage> image;
    const std::string c_name = c_name_of(entry);
    for (const auto& tools : versions_) {
      const std::string symbol = library_.name + "." + c_name + "." + tools->version.name;
      std::string problem;
      image = run_back_end(*checked, module_.modules.sources, module_.engine->options, {tools->machines, tools->parts, symbol},
                           nullptr, observer, problem);
      if (!image) return Error{problem};
      function.versions.push_back({symbol, tools->version.level});
      take_objects(*image, symbol);
    }
    return export_kernel(entry, c_name, std::move(*image), std::move(function));
  }

  // C functions get their addresses from the linker, which knows them by their names alone.
  std::optional<Error> add_libraries(const EntryPoint& entry, const typed::Program& program) {
    for (const std::string& called : foreign_calls_in(program)) {
      const auto function = extern_function(called);
      if (!function)
        return Error{entry_text(entry) + " calls a function of the host (" + called +
                     "): only an engine can give it its address"};
      const auto [known, is_new] = extern_libraries_.emplace(function->name, function->library);
      if (known->second != function->library)
        return Error{function->name + " is declared for " + known->second + " and for " + function->library +
                     ": one library of kernels can have one of them"};
      if (is_new && std::ranges::find(library_.libraries, function->library) == library_.libraries.end())
        library_.libraries.push_back(function->library);
    }
    return std::nullopt;
  }

  // Functions that several kernels call are in it once.
  void take_objects(KernelImage& image, const std::string& symbol) {
    for (const auto& part : image.parts) {
      if (part_keys_.insert(part->key).second) objects_.push_back({library_.name + "-" + part->key + ".o", part->object});
    }
    objects_.push_back({symbol + ".o", std::move(image.object)});
    image.object.clear();
    parts_.insert(parts_.end(), image.parts.begin(), image.parts.end());  // later kernels find them in the store
    image.parts.clear();
    image.uses.clear();
  }

  std::optional<Error> export_kernel(const EntryPoint& entry, const std::string& c_name, KernelImage image,
                                     ExportedFunction function) {
    AheadKernel kernel{*entry.kernel, c_name, {}, Type(), to_string(image.signature), "", ""};
    for (std::size_t i = 0; i < entry.arguments.size(); ++i) {
      const Parameter& parameter = image.signature.parameters[i];
      kernel.parameters.push_back({parameter.name, entry.arguments[i], parameter.written});
      Result<ExportedMemory> memory = exported_memory(entry.arguments[i]);
      if (!memory) return Error{kernel.signature + ": " + memory.error().message};
      function.parameters.push_back(std::move(*memory));
    }
    const auto result = parse_type(image.signature.result);
    const Result<ExportedMemory> memory =
        result ? exported_memory(*result) : Error{image.signature.result + " has no value outside of kernels"};
    if (!memory) return Error{kernel.signature + ": " + memory.error().message};
    kernel.result = *result;
    describe_kernel_source(module_.modules, *entry.kernel, kernel);
    function.result = *memory;
    function.symbol = library_.name + "_" + c_name;
    function.draws = image.draws;
    function.image = to_bytes(image);
    exported_.functions.push_back(std::move(function));
    library_.kernels.push_back(std::move(kernel));
    return std::nullopt;
  }

  // Kernels that are built for several types have them in their names.
  std::string c_name_of(const EntryPoint& entry) {
    const auto same = [&](const EntryPoint& other) { return other.kernel == entry.kernel; };
    const bool overloaded = std::count_if(plan_.entries.begin(), plan_.entries.end(), same) > 1;
    std::string name = *entry.kernel + (overloaded ? "_" + type_suffix(entry.arguments) : "");
    while (!c_names_.insert(name).second) name += "_";
    return name;
  }

  static std::string entry_text(const EntryPoint& entry) {
    std::string text;
    for (const Type& type : entry.arguments) text += (text.empty() ? "" : ", ") + to_string(type);
    return *entry.kernel + "(" + text + ")";
  }

  Module::Impl& module_;
  const BuildPlan& plan_;
  std::vector<std::unique_ptr<VersionTools>> versions_;
  AheadLibrary library_;
  ExportedLibrary exported_;
  std::vector<ArchiveMember> objects_;
  std::vector<std::shared_ptr<const CodePart>> parts_;
  std::set<std::string> part_keys_;
  std::map<std::string, std::string> extern_libraries_;  // by the C function's name
  std::set<std::string> c_names_{"error", "message", "traceback", "release", "complex64", "complex128"};
  Diagnostics diags_;
};

// Writes the files of a library and remembers their names, until something goes wrong.
class Folder {
 public:
  explicit Folder(std::string path) : root_(std::move(path)) {}

  void write(const std::string& name, std::string_view text) {
    const fs::path path = place(name);
    if (error_) return;
    std::ofstream file(path, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) error_ = Error{path.string() + ": cannot be written"};
  }
  void copy(const std::string& name, const std::string& from) {
    const fs::path path = place(name);
    if (error_) return;
    std::error_code problem;
    fs::copy_file(from, path, fs::copy_options::overwrite_existing, problem);
    if (problem) error_ = Error{from + ": " + problem.message()};
  }
  // `make(path)` writes the file itself and returns what went wrong.
  template <typename F>
  void make(const std::string& name, F make_file) {
    const fs::path path = place(name);
    if (error_) return;
    if (std::optional<std::string> problem = make_file(path.string())) error_ = Error{*problem};
  }

  std::string path_of(const std::string& name) const { return (root_ / name).string(); }
  const std::optional<Error>& error() const { return error_; }
  std::vector<std::string> files() && { return std::move(files_); }

 private:
  fs::path place(const std::string& name) {
    const fs::path path = root_ / name;
    std::error_code problem;
    if (!error_) fs::create_directories(path.parent_path(), problem);
    if (problem) error_ = Error{path.parent_path().string() + ": " + problem.message()};
    files_.push_back(path.string());
    return path;
  }

  fs::path root_;
  std::vector<std::string> files_;
  std::optional<Error> error_;
};

void write_library(Folder& folder, const Builder& builder, const BuildOptions& options) {
  const std::string& name = builder.library().name;
  if (options.static_library || options.shared_library || options.objects) {
    folder.write("include/" + name + ".h", header_text(builder.library()));
    for (const HeaderFile& header : common_headers()) folder.write("include/" + header.path, header.text);
  }
  if (options.objects) {
    for (const ArchiveMember& object : builder.objects()) folder.write("lib/" + object.name, object.bytes);
  }
  if (!options.runtime.empty() && (options.static_library || options.objects)) folder.copy("lib/libkjit_rt.a", options.runtime);
  if (options.static_library)
    folder.make("lib/lib" + name + ".a", [&](const std::string& path) { return write_archive(path, builder.objects()); });
  const auto link = [&](const std::string& path) {
    std::vector<std::string> libraries;
    for (const std::string& other : builder.library().libraries) libraries.push_back(linker_word(other));
    return link_shared(path, builder.objects(), exported_symbols(builder.exported()), options.runtime, libraries);
  };
  const std::string in_package = "python/" + name + "/lib" + name + ".so", in_lib = "lib/lib" + name + ".so";
  if (options.shared_library) folder.make(in_lib, link);
  if (options.python_package) {
    options.shared_library ? folder.copy(in_package, folder.path_of(in_lib)) : folder.make(in_package, link);
    folder.write("python/" + name + "/__init__.py", python_text(builder.library()));
  }
  if (options.static_library || options.shared_library)
    folder.write("lib/cmake/" + name + "/" + name + "-config.cmake", cmake_text(builder.library()));
}

}  // namespace

Result<BuildReport> Module::build(const std::string& folder_path, const BuildOptions& options) const {
  Module::Impl& module = *impl_;
  if (!module.loaded) return Error{"the source text has errors", render_all(module.diagnostics(), module.modules.sources)};
  const Result<BuildPlan> plan = plan_build(module.modules, options);
  if (!plan) return plan.error();
  if ((options.shared_library || options.python_package) && !options.triple.empty())
    return Error{"shared libraries are linked for this machine only: build a static one"};
  Builder builder(module, *plan);
  if (auto error = builder.run()) return std::move(*error);
  Folder folder(folder_path);
  write_library(folder, builder, options);
  if (folder.error()) return *folder.error();
  BuildReport report;
  report.files = std::move(folder).files();
  for (const AheadKernel& kernel : builder.library().kernels) report.kernels.push_back(kernel.signature);
  report.warnings = render_all(builder.diagnostics(), module.modules.sources);
  return report;
}

}  // namespace kjit
