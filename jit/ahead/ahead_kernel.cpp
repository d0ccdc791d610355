// Types and names at the border to C. Entry: exported_memory.

#include "ahead/ahead_kernel.h"

#include <algorithm>
#include <iterator>

#include "runtime/abi.h"
#include "typing/memory_layout.h"

namespace kjit {

namespace {

int dtype_code(Kind kind) { return static_cast<int>(kind) - static_cast<int>(Kind::Bool); }

// False if there is no such value outside of kernels.
bool add_values(const Type& type, std::int64_t offset, std::vector<ExportedValue>& values) {
  using Form = ExportedValue::Form;
  if (type.is(Kind::None)) return true;
  if (type.is_tuple()) {
    const std::vector<std::int64_t> offsets = element_offsets(type);
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      if (!add_values(type.elements()[i], offset + offsets[i], values)) return false;
    }
    return true;
  }
  ExportedValue value;
  value.offset = offset;
  if (type.is_array()) {
    value.form = Form::Array;
    value.dtype = dtype_code(type.dtype());
    value.rank = type.rank();
    value.contiguous = type.is_contiguous();
  } else if (type.is(Kind::Str)) {
    value.form = Form::Text;
  } else if (type.is_scalar()) {
    value.form = type.is_complex() ? Form::Complex : Form::Scalar;
    value.dtype = dtype_code(type.kind());
  } else {
    return false;
  }
  values.push_back(value);
  return true;
}

// Of C 23 and C++ 20, and what the headers themselves use.
constexpr std::string_view kTaken[] = {"alignas",      "alignof",    "and",
                                       "asm",          "auto",       "bitand",
                                       "bitor",        "bool",       "break",
                                       "case",         "catch",      "char",
                                       "char8_t",      "char16_t",   "char32_t",
                                       "class",        "co_await",   "co_return",
                                       "co_yield",     "compl",      "concept",
                                       "const",        "const_cast", "consteval",
                                       "constexpr",    "constinit",  "continue",
                                       "decltype",     "default",    "delete",
                                       "detail",       "do",         "double",
                                       "dynamic_cast", "else",       "enum",
                                       "explicit",     "export",     "extern",
                                       "false",        "float",      "for",
                                       "friend",       "goto",       "if",
                                       "inline",       "int",        "kjit",
                                       "long",         "main",       "mutable",
                                       "namespace",    "new",        "noexcept",
                                       "not",          "not_eq",     "nullptr",
                                       "operator",     "options",    "or",
                                       "or_eq",        "private",    "protected",
                                       "public",       "register",   "reinterpret_cast",
                                       "requires",     "restrict",   "result",
                                       "return",       "short",      "signed",
                                       "sizeof",       "static",     "static_assert",
                                       "static_cast",  "std",        "struct",
                                       "switch",       "template",   "this",
                                       "thread_local", "throw",      "true",
                                       "try",          "typedef",    "typeid",
                                       "typename",     "typeof",     "union",
                                       "unsigned",     "using",      "virtual",
                                       "void",         "volatile",   "wchar_t",
                                       "while",        "xor",        "xor_eq"};

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

std::string suffix_of(const Type& type) {
  if (type.is_array()) {
    std::string text = to_string(Type(type.dtype())) + "_" + std::to_string(type.rank()) + "d";
    return type.is_contiguous() ? text : text + "s";
  }
  return type.is_tuple() ? "t" + type_suffix(type.elements()) : c_identifier(to_string(type));
}

}  // namespace

Result<ExportedMemory> exported_memory(const Type& type) {
  const MemoryLayout layout = memory_layout(type);
  ExportedMemory memory{layout.size, layout.alignment, {}};
  if (!add_values(type, 0, memory.values)) return Error{to_string(type) + " has no value outside of kernels"};
  return memory;
}

std::string linker_word(const std::string& library) { return library.find('/') == std::string::npos ? "-l:" + library : library; }

std::string c_identifier(std::string_view text) {
  std::string name;
  for (const char c : text) name += is_word(c) ? c : '_';
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) name.insert(0, "_");
  if (std::find(std::begin(kTaken), std::end(kTaken), name) != std::end(kTaken)) name += "_";
  return name;
}

std::string type_suffix(const std::vector<Type>& types) {
  std::string text;
  for (const Type& type : types) text += (text.empty() ? "" : "_") + suffix_of(type);
  return text;
}

}  // namespace kjit
