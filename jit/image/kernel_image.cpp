// Names of parts, and signatures as text. Entry: part_symbol, to_string.

#include "image/kernel_image.h"

namespace kjit {

namespace {

constexpr std::string_view kPartPrefix = "kjit.part.";

}  // namespace

std::string part_symbol(const std::string& key) { return std::string(kPartPrefix) + key; }
std::string part_key(const std::string& symbol) { return symbol.substr(kPartPrefix.size()); }

std::string to_string(const Signature& signature) {
  std::string text = signature.name + "(";
  for (const Parameter& parameter : signature.parameters) {
    if (text.back() != '(') text += ", ";
    text += parameter.name + ": " + parameter.type;
  }
  return text + ") -> " + signature.result;
}

}  // namespace kjit
