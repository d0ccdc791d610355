// Entry: foreign_name.

#include "typing/tree/foreign_call.h"

#include "support/assert.h"

namespace kjit {

namespace {

const std::string& text_of(const typed::BuiltinCall& call, std::size_t k) {
  const auto* constant = std::get_if<typed::Constant>(&call.args[k]->node);
  const auto* text = constant ? std::get_if<std::string>(&constant->value) : nullptr;
  KJIT_ASSERT(text != nullptr, "a foreign call does not name its function");
  return *text;
}

}  // namespace

std::string_view foreign_name(const typed::BuiltinCall& call) { return text_of(call, 0); }

std::optional<ExternFunction> extern_function(std::string_view foreign_name) {
  constexpr std::string_view kExtern = "extern ";
  if (!foreign_name.starts_with(kExtern)) return std::nullopt;
  foreign_name.remove_prefix(kExtern.size());
  const std::size_t space = foreign_name.find(' ');
  return ExternFunction{std::string(foreign_name.substr(0, space)), std::string(foreign_name.substr(space + 1))};
}

bool is_thread_safe(const typed::BuiltinCall& call) { return text_of(call, 1)[0] == 't'; }

bool may_write(const typed::BuiltinCall& call, std::size_t k) {
  return k >= kForeignArguments && text_of(call, 1).at(k - kForeignArguments + 1) == 'w';
}

}  // namespace kjit
