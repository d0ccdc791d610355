#include "names.h"

#include <fmt/format.h>

namespace kjit::import {

namespace {

// Keywords of Python, and what the written kernels use themselves.
const std::set<std::string>& reserved() {
  static const std::set<std::string> words = {
      "False", "None",  "True",   "and",      "as",     "assert",  "async",   "await", "break",  "class", "continue",
      "def",   "del",   "elif",   "else",     "except", "finally", "for",     "from",  "global", "if",    "import",
      "in",    "is",    "lambda", "nonlocal", "not",    "or",      "pass",    "raise", "return", "try",   "while",
      "with",  "yield", "abs",    "bool",     "float",  "int",     "len",     "max",   "min",    "range", "prange",
      "njit",  "np",    "math",   "print",    "sum",    "str",     "complex", "tuple", "f32",    "f64",   "i8",
      "i16",   "i32",   "i64",    "u8",       "u16",    "u32",     "u64",     "round", "pow",    "kjit"};
  return words;
}

}  // namespace

bool Names::is_taken(const std::string& name) const {
  return reserved().contains(name) || taken_.contains(name) || (outer_ && outer_->is_taken(name));
}

std::string Names::take(std::string_view wanted) {
  std::string name(wanted.empty() ? "unnamed" : wanted);
  if (is_taken(name)) name += '_';
  const std::string base = name.ends_with('_') ? name : name + '_';
  for (int k = 2; is_taken(name); ++k) name = fmt::format("{}{}", base, k);
  taken_.insert(name);
  return name;
}

}  // namespace kjit::import
