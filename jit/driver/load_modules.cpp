// Main file and imports: read, parse, follow the imports. Entry: load_modules.

#include "driver/load_modules.h"

#include <sys/stat.h>

#include <cctype>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "library/library.h"
#include "support/read_file.h"
#include "syntax/parser.h"
#include "syntax/walk.h"

namespace kjit {

namespace {

struct ModuleName {
  std::string name;
  Span span;
};

// Names of the kernel modules that the statements import, in source order. A name of Python's own modules is never a file.
void collect_imports(const ast::Stmt& statement, std::vector<ModuleName>& names) {
  const auto add = [&names](const std::string& name, Span span) {
    const bool file_name = !name.empty() && name.find('.') == std::string::npos;
    if (file_name && name != "__future__" && !library().is_module(canonical_module(name))) names.push_back({name, span});
  };
  if (const auto* from = std::get_if<ast::ImportFrom>(&statement.node)) add(from->module, from->module_span);
  if (const auto* import = std::get_if<ast::Import>(&statement.node)) {
    for (const ast::ImportedName& name : import->names) add(name.name, name.span);
  }
  if (const auto* define = std::get_if<ast::Define>(&statement.node)) {
    for (const ast::StmtPtr& inner : define->function->body) collect_imports(*inner, names);
    return;
  }
  ast::for_each_child(statement, [](const ast::Expr&) {}, [&names](const ast::Stmt& inner) { collect_imports(inner, names); });
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

bool exists(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0;
}

// The last parts of the names that lead to the prelude: "pad" of np.pad, "at" of np.add.at.
const std::unordered_set<std::string_view>& names_of_prelude() {
  static const std::unordered_set<std::string_view> names = [] {
    std::unordered_set<std::string_view> found;
    for (const PathRow& row : library().names()) {
      if (row.uses_prelude) found.insert(row.path.substr(row.path.rfind('.') + 1));
    }
    return found;
  }();
  return names;
}

bool is_part_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Most programs need not parse the prelude. Its functions are called as members, np.pad, or they are imported.
bool mentions_prelude(std::string_view text) {
  const bool imports = text.find("from numpy") != std::string_view::npos;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_part_of_name(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && is_part_of_name(text[at])) ++at;
    const bool is_member = begin > 0 && text[begin - 1] == '.';
    if ((is_member || imports) && names_of_prelude().contains(text.substr(begin, at - begin))) return true;
  }
  return false;
}

bool mentions_prelude(const SourceMap& sources) {
  for (std::uint32_t id = 0; id < sources.size(); ++id) {
    if (mentions_prelude(sources.file(id).text())) return true;
  }
  return false;
}

class Loader {
 public:
  // `texts` are searched before the folder.
  Loader(std::string folder, std::vector<SourceText> texts, Diagnostics& diags)
      : folder_(std::move(folder)), texts_(std::move(texts)), diags_(diags) {}

  void add_file(std::string name, std::string text) {
    const std::uint32_t id = set_.sources.add(std::move(name), std::move(text));
    set_.modules.push_back(parse(set_.sources.file(id), id, diags_));
  }

  // The main file can be imported, too, by the files that it imports.
  void name_main(const std::string& module) {
    if (!module.empty()) set_.by_name.emplace(module, 0);
  }

  // Modules that are appended while this runs are visited as well; each name is loaded once, so cycles end.
  ModuleSet follow_imports() {
    for (std::size_t i = 0; i < set_.modules.size(); ++i) {
      std::vector<ModuleName> names;
      for (const ast::StmtPtr& statement : set_.modules[i].body) collect_imports(*statement, names);
      for (const ModuleName& name : names) add_import(name);
    }
    if (mentions_prelude(set_.sources)) {
      set_.prelude = set_.sources.size();
      add_file(std::string(kPreludeName), std::string(prelude_text()));
    }
    return std::move(set_);
  }

 private:
  void add_import(const ModuleName& module) {
    if (set_.by_name.contains(module.name)) return;
    for (SourceText& text : texts_) {
      if (text.module == module.name) return add_text(module, text);
    }
    const std::string path = folder_ + module.name + ".k";
    if (!exists(path)) return;
    auto text = read_source(path, diags_, module.span);
    set_.by_name.emplace(module.name, set_.sources.size());
    add_file(path, text ? std::move(*text) : std::string());
  }

  void add_text(const ModuleName& module, SourceText& source) {
    if (!check_source_text(source.name, source.text, diags_, module.span)) source.text.clear();
    set_.by_name.emplace(module.name, set_.sources.size());
    add_file(std::move(source.name), std::move(source.text));
  }

  std::string folder_;
  std::vector<SourceText> texts_;
  Diagnostics& diags_;
  ModuleSet set_;
};

// A place in no file: what is wrong with a whole file has no line.
constexpr Span kNowhere{0xFFFFFFFF, 0, 0};

ModuleSet load(SourceText main, std::vector<SourceText> others, Diagnostics& diags) {
  Loader loader(folder_of(main.name), std::move(others), diags);
  loader.name_main(main.module);
  loader.add_file(std::move(main.name), std::move(main.text));
  return loader.follow_imports();
}

}  // namespace

ModuleSet load_modules(const std::string& path, Diagnostics& diags) {
  auto text = read_source(path, diags, kNowhere);
  return load({"", path, text ? std::move(*text) : std::string()}, {}, diags);
}

ModuleSet load_modules_from_text(std::string text, std::string name, Diagnostics& diags) {
  std::vector<SourceText> texts;
  texts.push_back({"", std::move(name), std::move(text)});
  return load_modules_from_texts(std::move(texts), diags);
}

ModuleSet load_modules_from_texts(std::vector<SourceText> texts, Diagnostics& diags) {
  SourceText main = std::move(texts.front());
  texts.erase(texts.begin());
  if (!check_source_text(main.name, main.text, diags, kNowhere)) main.text.clear();
  return load(std::move(main), std::move(texts), diags);
}

}  // namespace kjit
