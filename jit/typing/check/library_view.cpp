// Look-ups in the tables of the library. Entry: LibraryView.

#include "typing/check/library_view.h"

#include <algorithm>
#include <utility>

#include "support/diagnostics.h"

namespace kjit {

LibraryView::LibraryView(std::vector<PathRow> names, std::span<const MethodRow> methods,
                         std::span<const Alternative> alternatives, const ArrayRules& arrays)
    : names_(std::move(names)), methods_(methods), alternatives_(alternatives), arrays_(arrays) {
  for (std::size_t i = 0; i < names_.size(); ++i) index_.emplace(names_[i].path, i);
}

const PathRow* LibraryView::find(std::string_view path) const {
  const auto found = index_.find(path);
  return found == index_.end() ? nullptr : &names_[found->second];
}

std::string LibraryView::canonical(std::string path) const {
  const PathRow* row = find(path);
  return row && row->category == PathCategory::Alias ? std::string(row->function) : std::move(path);
}

PathCategory LibraryView::category(std::string_view path) const {
  const PathRow* row = find(path);
  return row ? row->category : PathCategory::Unknown;
}

namespace {

bool is_receiver(Receiver receiver, const Type& type) {
  switch (receiver) {
    case Receiver::Array: return type.is_array();
    case Receiver::Str: return type.is(Kind::Str);
    case Receiver::Integer: return type.is_integer();
    case Receiver::Float: return type.is_float();
    case Receiver::Number: return type.is_scalar();
  }
  return false;
}

}  // namespace

const MethodRow* LibraryView::find_method(const Type& receiver, std::string_view name) const {
  const auto fits = [&](const MethodRow& row) { return row.name == name && is_receiver(row.receiver, receiver); };
  const auto found = std::find_if(methods_.begin(), methods_.end(), fits);
  return found == methods_.end() ? nullptr : &*found;
}

std::string_view LibraryView::alternative_to(std::string_view path) const {
  for (const Alternative& alternative : alternatives_) {
    if (alternative.path == path) return alternative.advice;
  }
  return {};
}

std::string LibraryView::suggest(std::string_view module, std::string_view name) const {
  std::string path = std::string(module) + "." + std::string(name);
  if (std::string_view advice = alternative_to(path); !advice.empty()) return std::string(advice);
  std::vector<std::string_view> inside;
  for (const PathRow& row : names_) {
    bool is_below = row.path.size() > module.size() && row.path.starts_with(module) && row.path[module.size()] == '.';
    if (is_below && row.path.find('.', module.size() + 1) == std::string_view::npos)
      inside.push_back(row.path.substr(module.size() + 1));
  }
  std::string_view near = did_you_mean(name, inside);
  if (!near.empty()) return "did you mean '" + std::string(near) + "'?";
  return "docs/language.md lists the functions of each module";
}

std::vector<std::string_view> LibraryView::builtin_function_names() const {
  constexpr std::string_view kPrefix = "builtins.";
  std::vector<std::string_view> functions;
  for (const PathRow& row : names_) {
    if (row.path.starts_with(kPrefix)) functions.push_back(row.path.substr(kPrefix.size()));
  }
  return functions;
}

std::string canonical_module(const std::string& name) { return name == "numba" ? "kjit" : name; }

}  // namespace kjit
