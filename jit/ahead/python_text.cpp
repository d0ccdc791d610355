// The Python package of a library. Entry: python_text. What does not depend on the kernels is module.py.

#include "ahead/python_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace kjit {

extern const char kPythonModule[];
extern const std::size_t kPythonModule_size;

namespace {

std::string literal(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n') {
      result += "\\n";
    } else {
      result += c;
    }
  }
  return result + "\"";
}

// A type as module.py reads it.
std::string type_literal(const Type& type, bool written) {
  if (type.is(Kind::None)) return "None";
  if (type.is_array())
    return fmt::format("[\"{}\", {}, {}, {}]", to_string(Type(type.dtype())), type.rank(),
                       type.is_contiguous() ? "True" : "False", written ? "True" : "False");
  if (!type.is_tuple()) return literal(to_string(type));
  std::string text;
  for (const Type& element : type.elements()) text += type_literal(element, written) + ", ";
  return "(" + text + ")";
}

std::string function_text(const AheadLibrary& library, const AheadKernel& kernel) {
  std::string parameters;
  for (const AheadParameter& parameter : kernel.parameters)
    parameters += fmt::format("({}, {}), ", literal(parameter.name), type_literal(parameter.type, parameter.written));
  return fmt::format("    _Function({}, {}, [{}], {}, {}),\n", literal(library.name + "_" + kernel.c_name),
                     literal(kernel.signature), parameters, type_literal(kernel.result, false), literal(kernel.comment));
}

// {0}: the library's name.
constexpr const char* kLibrary = R"(

_library = _ctypes.CDLL(_os.path.join(_os.path.dirname(_os.path.abspath(__file__)), "lib{0}.so"))
_library_error, _library_message, _library_traceback = _library.{0}_error, _library.{0}_message, _library.{0}_traceback
for _each in (_library_error, _library_message, _library_traceback):
    _each.restype = _ctypes.c_char_p
_release = _library.{0}_release
_release.argtypes, _release.restype = [_ctypes.c_void_p], None
)";

}  // namespace

std::string python_text(const AheadLibrary& library) {
  std::string text = std::string(kPythonModule, kPythonModule_size) + fmt::format(kLibrary, library.name);
  std::vector<std::string> names;
  for (const AheadKernel& kernel : library.kernels) {
    if (std::ranges::find(names, kernel.name) == names.end()) names.push_back(kernel.name);
  }
  std::string all;
  for (const std::string& name : names) {
    text += fmt::format("\n{} = _Kernel({}, [\n", name, literal(name));
    for (const AheadKernel& kernel : library.kernels) {
      if (kernel.name == name) text += function_text(library, kernel);
    }
    text += "])\n";
    all += literal(name) + ", ";
  }
  return text + "\n__all__ = [" + all + "]\n";
}

}  // namespace kjit
