// Signatures as text. Entry: to_string.

#include "image/kernel_image.h"

namespace kjit {

std::string to_string(const Signature& signature) {
  std::string text = signature.name + "(";
  for (const Parameter& parameter : signature.parameters) {
    if (text.back() != '(') text += ", ";
    text += parameter.name + ": " + parameter.type;
  }
  return text + ") -> " + signature.result;
}

}  // namespace kjit
