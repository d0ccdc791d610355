// The header of a library. Entry: header_text.

#include "ahead/header_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "runtime/abi.h"

namespace kjit {

extern const char kRuntimeHeader[];
extern const std::size_t kRuntimeHeader_size;
extern const char kArrayHeader[];
extern const std::size_t kArrayHeader_size;
extern const char kExportHeader[];
extern const std::size_t kExportHeader_size;

namespace {

// Words of C for the element types, in the order of kjit_dtype; complex numbers in both languages, see the header's beginning.
constexpr const char* kWords[] = {"bool",     "int8_t",   "int16_t", "int32_t", "int64_t",   "uint8_t",   "uint16_t",
                                  "uint32_t", "uint64_t", "float",   "double",  "complex64", "complex128"};

std::string element_word(const std::string& library, Kind kind) {
  const std::string word = kWords[static_cast<int>(kind) - static_cast<int>(Kind::Bool)];
  return word.starts_with("complex") ? library + "_" + word : word;
}

std::string array_struct(const std::string& library, const Type& array) {
  return fmt::format("{}_{}_{}d", library, to_string(Type(array.dtype())), array.rank());
}

// The parts of a type that are no tuples, in order; `F(type, path)`, where path is "_0_1" inside tuples.
template <typename F>
void for_each_part(const Type& type, const std::string& path, const F& visit) {
  if (type.is(Kind::None)) return;
  if (!type.is_tuple()) return visit(type, path);
  for (std::size_t i = 0; i < type.elements().size(); ++i)
    for_each_part(type.elements()[i], path + "_" + std::to_string(i), visit);
}

// Names of C parameters: none twice.
class Names {
 public:
  std::string add(const std::string& wanted) {
    std::string name = c_identifier(wanted);
    while (!taken_.insert(name).second) name += "_";
    return name;
  }

 private:
  std::set<std::string> taken_;
};

// One kernel in both languages.
class KernelText {
 public:
  KernelText(const AheadLibrary& library, const AheadKernel& kernel) : library_(library.name), kernel_(kernel) {
    for (const AheadParameter& parameter : kernel.parameters) cpp_names_.push_back(names_.add(parameter.name));
    for (std::size_t i = 0; i < kernel.parameters.size(); ++i) add_parameter(kernel.parameters[i], cpp_names_[i]);
    for_each_part(kernel.result, "", [&](const Type& type, const std::string& path) { add_result(type, "result" + path); });
    c_parameters_.push_back("const kjit_rt_options* options");
    arguments_.push_back("options");
  }

  std::string c_function() const {
    return fmt::format("{}int32_t {}_{}({});\n", comment(), library_, kernel_.c_name, fmt::join(c_parameters_, ", "));
  }

  std::string cpp_function() const {
    std::string parameters;
    for (std::size_t i = 0; i < kernel_.parameters.size(); ++i) {
      const AheadParameter& parameter = kernel_.parameters[i];
      parameters += fmt::format("{} {}, ", cpp_parameter(parameter.type, parameter.written), cpp_names_[i]);
    }
    std::string text = fmt::format("/* {} */\ninline {} {}({}const kjit_rt_options* options = nullptr) {{\n", kernel_.signature,
                                   cpp_result(kernel_.result), c_identifier(kernel_.name), parameters);
    for (const std::string& line : locals_) text += "  " + line + "\n";
    text += fmt::format("  detail::check(::{}_{}({}));\n", library_, kernel_.c_name, fmt::join(arguments_, ", "));
    if (!kernel_.result.is(Kind::None)) text += fmt::format("  return {};\n", take(kernel_.result, ""));
    return text + "}\n";
  }

 private:
  void add_parameter(const AheadParameter& parameter, const std::string& name) {
    for_each_part(parameter.type, "", [&](const Type& type, const std::string& path) {
      const std::string part = path.empty() ? name : names_.add(name + path);
      add_words(type, part, parameter.written, access(parameter.type, name, path));
    });
  }

  // The C++ expression for the part of a tuple at `path`: std::get<1>(std::get<0>(x)).
  static std::string access(const Type& type, const std::string& expression, const std::string& path) {
    if (path.empty()) return expression;
    const std::size_t next = path.find('_', 1);
    const std::string index = path.substr(1, next == std::string::npos ? next : next - 1);
    const Type& element = type.elements()[std::stoul(index)];
    const std::string inner = fmt::format("std::get<{}>({})", index, expression);
    return next == std::string::npos ? inner : access(element, inner, path.substr(next));
  }

  void add_words(const Type& type, const std::string& name, bool written, const std::string& value) {
    if (type.is_array()) return add_array(type, name, written, value);
    if (type.is(Kind::Str)) {
      const std::string size = names_.add(name + "_size");
      c_parameters_.insert(c_parameters_.end(), {"const char* " + name, "int64_t " + size});
      arguments_.insert(arguments_.end(), {value + ".data()", fmt::format("static_cast<int64_t>({}.size())", value)});
      notes_.push_back(fmt::format("{}: text in UTF-8, {} bytes", name, size));
    } else if (type.is_complex()) {
      const char* part = type.is(Kind::C64) ? "float" : "double";
      for (const char* which : {"real", "imag"}) {
        c_parameters_.push_back(fmt::format("{} {}", part, names_.add(name + "_" + which)));
        arguments_.push_back(fmt::format("{}.{}()", value, which));
      }
    } else {
      c_parameters_.push_back(fmt::format("{} {}", element_word(library_, type.kind()), name));
      arguments_.push_back(value);
    }
  }

  void add_array(const Type& type, const std::string& name, bool written, const std::string& value) {
    const std::string element = element_word(library_, type.dtype());
    c_parameters_.push_back(fmt::format("{}{}* {}", written ? "" : "const ", element, name));
    const bool is_span = type.rank() == 1 && type.is_contiguous();
    arguments_.push_back(is_span || !type.is_contiguous() ? value + ".data()"
                                                          : fmt::format("kjit::rt::dense({}, \"{}\")", value, name));
    std::string shape;
    for (int axis = 0; axis < type.rank(); ++axis) {
      const std::string extent = names_.add(type.rank() == 1 ? name + "_size" : fmt::format("{}_size{}", name, axis));
      shape += (axis == 0 ? "" : " x ") + extent;
      c_parameters_.push_back("int64_t " + extent);
      arguments_.push_back(is_span ? fmt::format("static_cast<int64_t>({}.size())", value)
                                   : fmt::format("{}.shape()[{}]", value, axis));
    }
    for (int axis = 0; axis < type.rank() && !type.is_contiguous(); ++axis) {
      c_parameters_.push_back("int64_t " +
                              names_.add(type.rank() == 1 ? name + "_stride" : fmt::format("{}_stride{}", name, axis)));
      arguments_.push_back(fmt::format("{}.strides()[{}]", value, axis));
    }
    notes_.push_back(fmt::format("{}: {} elements of {}, {}; {}", name, shape, element,
                                 type.is_contiguous() ? "row-major without gaps" : "strides counted in elements",
                                 written ? "the kernel may change them" : "only read"));
  }

  void add_result(const Type& type, const std::string& name) {
    std::string word = "kjit_rt_text";
    if (type.is_array()) word = array_struct(library_, type);
    if (type.is_scalar()) word = element_word(library_, type.kind());
    c_parameters_.push_back(fmt::format("{}* {}", word, name));
    arguments_.push_back("&" + name);
    locals_.push_back(fmt::format("{} {}{{}};", type.is_scalar() ? word : "::" + word, name));
    if (!type.is_scalar()) notes_.push_back(fmt::format("{}: yours; free it with {}_release({}.owner)", name, library_, name));
  }

  std::string cpp_parameter(const Type& type, bool written) const {
    if (type.is(Kind::Str)) return "std::string_view";
    if (type.is(Kind::None)) return "std::nullptr_t";
    if (type.is_scalar()) return cpp_word(type.kind());
    if (type.is_array()) {
      const std::string element = (written ? "" : "const ") + cpp_word(type.dtype());
      return type.rank() == 1 && type.is_contiguous() ? fmt::format("std::span<{}>", element)
                                                      : fmt::format("kjit::ArrayView<{}, {}>", element, type.rank());
    }
    std::vector<std::string> elements;
    for (const Type& element : type.elements()) elements.push_back(cpp_parameter(element, written));
    return fmt::format("const std::tuple<{}>&", fmt::join(elements, ", "));
  }

  static std::string cpp_word(Kind kind) {
    if (kind == Kind::C64) return "std::complex<float>";
    if (kind == Kind::C128) return "std::complex<double>";
    return kWords[static_cast<int>(kind) - static_cast<int>(Kind::Bool)];
  }

  static std::string cpp_result(const Type& type) {
    if (type.is(Kind::None)) return "void";
    if (type.is(Kind::Str)) return "std::string";
    if (type.is_array()) return fmt::format("kjit::Array<{}, {}>", cpp_word(type.dtype()), type.rank());
    if (type.is_scalar()) return cpp_word(type.kind());
    std::vector<std::string> elements;
    for (const Type& element : type.elements())
      elements.push_back(element.is(Kind::None) ? "std::nullptr_t" : cpp_result(element));
    return fmt::format("std::tuple<{}>", fmt::join(elements, ", "));
  }

  std::string take(const Type& type, const std::string& path) const {
    if (type.is(Kind::None)) return "nullptr";
    if (type.is_tuple()) {
      std::vector<std::string> elements;
      elements.reserve(type.elements().size());
      for (std::size_t i = 0; i < type.elements().size(); ++i)
        elements.push_back(take(type.elements()[i], path + "_" + std::to_string(i)));
      return fmt::format("{}{{{}}}", cpp_result(type), fmt::join(elements, ", "));
    }
    std::string name = "result" + path;
    if (type.is(Kind::Str)) return fmt::format("kjit::rt::take({}, &::{}_release)", name, library_);
    if (!type.is_array()) return name;
    return fmt::format("kjit::rt::take<{}, {}>({}, &::{}_release)", type.rank(), cpp_word(type.dtype()), name, library_);
  }

  std::string comment() const {
    std::string text = fmt::format("/* {}    [{}]\n", kernel_.signature, kernel_.place);
    std::string_view rest = kernel_.comment;
    if (!rest.empty()) text += " *\n";
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      text += " * " + std::string(rest.substr(0, end)) + "\n";
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (!notes_.empty()) text += " *\n";
    for (const std::string& note : notes_) text += " * " + note + "\n";
    return text + " */\n";
  }

  const std::string& library_;
  const AheadKernel& kernel_;
  Names names_;
  std::vector<std::string> cpp_names_;
  std::vector<std::string> c_parameters_;
  std::vector<std::string> arguments_;  // of the C function, in the C++ one
  std::vector<std::string> locals_;     // likewise, for the results
  std::vector<std::string> notes_;
};

void add_arrays(const Type& type, std::set<std::pair<int, int>>& found) {
  for_each_part(type, "", [&](const Type& part, const std::string&) {
    if (part.is_array()) found.insert({static_cast<int>(part.dtype()), part.rank()});
  });
}

// The structs of arrays that kernels return.
std::string array_structs(const AheadLibrary& library) {
  std::set<std::pair<int, int>> found;
  for (const AheadKernel& kernel : library.kernels) add_arrays(kernel.result, found);
  std::string text;
  for (const auto& [dtype, rank] : found) {
    const Type array = Type::array(static_cast<Kind>(dtype), rank, Layout::C);
    text += fmt::format(
        "/* An array that a kernel returned, row-major without gaps; strides in bytes. Free it with {}_release(owner). */\n"
        "typedef struct {} {{\n  {}* data;\n  void* owner;\n  int64_t shape[{}];\n  int64_t strides[{}];\n}} {};\n\n",
        library.name, array_struct(library.name, array), element_word(library.name, array.dtype()), rank, rank,
        array_struct(library.name, array));
  }
  return text;
}

constexpr const char* kBegin = R"(#ifndef {1}_H
#define {1}_H
/* Kernels compiled ahead of time by kjit. Link lib{0}.a and libkjit_rt.a, or lib{0}.so; CMake: find_package({0}), {0}::{0}.
 *
 * Each C function returns 0, or the status of an error: {0}_error(), {0}_message() and {0}_traceback() say which. Results are
 * written to the places that the last pointers name, which must not be null, and only if the status is 0. `options` may be null.
 * Arrays that are passed are not copied. Any thread may call any function at any time; arrays that a kernel changes are the
 * caller's to guard. The C++ functions at the end throw kjit::rt::Error instead.{2}
 */

#include "kjit/rt.h"

#ifdef __cplusplus
#include <complex>
typedef std::complex<float> {0}_complex64;
typedef std::complex<double> {0}_complex128;
extern "C" {{
#else
#include <stdbool.h>
typedef float _Complex {0}_complex64;
typedef double _Complex {0}_complex128;
#endif

/* Of the last call on this thread that failed: Python's name of the exception, its message, and the traceback with both. They are
 * valid until the next one fails. */
const char* {0}_error(void);
const char* {0}_message(void);
const char* {0}_traceback(void);
/* Frees a returned array or text; null is nothing. */
void {0}_release(void* owner);

)";

constexpr const char* kMiddle = R"(
#ifdef __cplusplus
}} /* extern "C" */

namespace {0} {{
namespace detail {{
inline void check(int32_t status) {{
  if (status != 0) throw kjit::rt::Error(::{0}_error(), ::{0}_message(), ::{0}_traceback());
}}
}}  // namespace detail

)";

constexpr const char* kEnd = R"(
}}  // namespace {0}
#endif /* __cplusplus */

#endif /* {1}_H */
)";

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

}  // namespace

std::string header_text(const AheadLibrary& library) {
  const std::string guard = "KJIT_LIBRARY_" + upper(library.name);
  const std::string links = library.libraries.empty()
                                ? ""
                                : fmt::format("\n *\n * The kernels call functions of {}.", fmt::join(library.libraries, ", "));
  std::string text = fmt::format(kBegin, library.name, guard, links) + array_structs(library);
  std::string cpp;
  for (const AheadKernel& kernel : library.kernels) {
    const KernelText lines(library, kernel);
    text += lines.c_function() + "\n";
    cpp += lines.cpp_function() + "\n";
  }
  return text + fmt::format(kMiddle, library.name) + cpp + fmt::format(kEnd, library.name, guard);
}

std::vector<HeaderFile> common_headers() {
  return {{"kjit/rt.h", {kRuntimeHeader, kRuntimeHeader_size}},
          {"kjit/array.h", {kArrayHeader, kArrayHeader_size}},
          {"kjit/export.h", {kExportHeader, kExportHeader_size}}};
}

}  // namespace kjit
