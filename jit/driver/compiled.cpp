// Specialisations for types that are given as text. Entry: detail::compile_for.

#include "driver/compiled.h"

#include <utility>

#include "driver/compile_entry.h"
#include "support/render.h"
#include "typing/type_text.h"

namespace kjit::inline KJIT_ABI::detail {

namespace {

// With the blanks of to_string(Type): "f64[:,::1]" is "f64[:, ::1]".
std::string canonical(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ') continue;
    result += text[i];
    const std::size_t next = text.find_first_not_of(' ', i + 1);
    if (text[i] == ',' && next != text.npos && text[next] != ')') result += ' ';
  }
  return result;
}

Result<EntryPoint> entry_point(std::string_view name, const std::vector<std::string>& types) {
  EntryPoint entry{std::string(name), {}};
  for (const std::string& text : types) {
    auto type = parse_type(canonical(text));
    if (!type) return Error{"kernels have no type " + text};
    entry.arguments.push_back(std::move(*type));
  }
  return entry;
}

}  // namespace

std::string call_text(std::string_view name, const std::vector<std::string>& types) {
  std::string text = std::string(name) + "(";
  for (const std::string& type : types) text += (text.back() == '(' ? "" : ", ") + type;
  return text + ")";
}

Result<Compiled> compile_for(const Module& module, std::string_view name, const std::vector<std::string>& types) {
  Module::Impl& impl = *module.impl_;
  if (!impl.loaded) return Error{"the source text has errors", render_all(impl.diagnostics(), impl.modules.sources)};
  const Result<EntryPoint> entry = entry_point(name, types);
  if (!entry) return entry.error();
  bool fresh = false;
  Compiled code{module.impl_, compiled_entry_of(impl, *entry, nullptr, fresh)};
  if (fresh) impl.add(code.entry->diags);
  if (code.entry->kernel) return code;
  return Error{"no kernel " + call_text(name, types), render_all(code.entry->diags, impl.modules.sources)};
}

}  // namespace kjit::inline KJIT_ABI::detail
