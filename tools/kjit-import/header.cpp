#include "header.h"

#include <clang/AST/Decl.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Lex/MacroInfo.h>
#include <clang/Lex/Preprocessor.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <set>

#include "c_types.h"
#include "names.h"
#include "unit.h"
#include "value.h"

namespace kjit::import {

using namespace clang;

namespace {

// What the header declares itself, or includes from its own folder or below.
class OwnFiles {
 public:
  OwnFiles(const SourceManager& sources, bool all) : sources_(sources), all_(all) {
    const auto main = sources.getFileEntryRefForID(sources.getMainFileID());
    if (main) folder_ = std::filesystem::absolute(main->getName().str()).parent_path().lexically_normal().string() + "/";
  }

  bool has(SourceLocation where) const {
    const SourceLocation place = sources_.getExpansionLoc(where);
    if (place.isInvalid() || sources_.isWrittenInBuiltinFile(place) || sources_.isWrittenInCommandLineFile(place)) return false;
    if (sources_.isInMainFile(place)) return true;
    const auto file = sources_.getFileEntryRefForID(sources_.getFileID(place));
    if (!file) return false;  // the command line, the compiler itself
    if (all_) return true;
    return std::filesystem::absolute(file->getName().str()).lexically_normal().string().starts_with(folder_);
  }

 private:
  const SourceManager& sources_;
  bool all_;
  std::string folder_;
};

// The annotation of a parameter or result; empty and the reason if kernels have no such type.
std::string type_text(QualType type, const ASTContext& context, std::string& reason) {
  if (const auto scalar = scalar_of(type, context); scalar && !record_of(type) && !type->isUnionType())
    return element_name(*scalar);
  const auto* pointer = type->getAs<PointerType>();
  if (!pointer) {
    reason = type->isRecordType() ? fmt::format("'{}' is a struct or union", type.getAsString())
                                  : fmt::format("kernels have no '{}'", type.getAsString());
    return {};
  }
  const ArrayShape shape = array_shape(pointer->getPointeeType(), context);
  const auto element = scalar_of(shape.element, context);
  if (element && !shape.element->isUnionType() && !shape.element->isAnyCharacterType()) {
    std::string axes;
    for (int axis = 0; axis < shape.rank; ++axis) axes += ":, ";
    return fmt::format("{}[{}::1]", element_name(*element), axes);
  }
  reason = shape.element->isAnyCharacterType() ? "a pointer to text"
           : shape.element->isFunctionType()   ? "a pointer to a function"
           : shape.element->isVoidType()       ? "a pointer to something unknown"
           : shape.element->isPointerType()    ? "a pointer to pointers"
                                               : fmt::format("a pointer to '{}'", shape.element.getAsString());
  return {};
}

// Empty: the function can be declared in `text`.
std::string declaration_of(const FunctionDecl& function, std::string& text) {
  const ASTContext& context = function.getASTContext();
  if (function.getStorageClass() == SC_Static || function.isInlined()) return "it is inline, so the library has no such name";
  if (!function.isExternC()) return "a C++ function, whose name in the library is another one";
  if (function.isVariadic()) return "a variable number of arguments";
  if (function.isInvalidDecl()) return "it is not complete";
  std::string reason, result = "None";
  if (!function.getReturnType()->isVoidType()) {
    result = function.getReturnType()->isPointerType() ? "" : type_text(function.getReturnType(), context, reason);
    if (result.empty()) return reason.empty() ? "its result is a pointer" : "its result: " + reason;
  }
  Names names(nullptr);
  std::vector<std::string> parameters;
  for (const ParmVarDecl* parameter : function.parameters()) {
    const std::string type = type_text(parameter->getType(), context, reason);
    const std::string name = parameter->getNameAsString();
    if (type.empty()) return fmt::format("parameter {}: {}", name.empty() ? std::to_string(parameters.size() + 1) : name, reason);
    parameters.push_back(names.take(name.empty() ? fmt::format("x{}", parameters.size() + 1) : name) + ": " + type);
  }
  text = fmt::format("def {}({}) -> {}: ...", function.getNameAsString(), fmt::join(parameters, ", "), result);
  return {};
}

// "12", "0.5", or empty.
std::string number_text(const APValue& value, QualType type, const ASTContext& context) {
  const auto scalar = scalar_of(type, context);
  if (!scalar) return {};
  if (value.isFloat()) return float_constant(value.getFloat(), scalar->rep).text;
  if (!value.isInt()) return {};
  const llvm::APSInt& number = value.getInt();
  if (scalar->rep == Rep::U64 && number.getActiveBits() > 63) return fmt::format("{:#x}", number.getZExtValue());
  return fmt::format("{}", number.getExtValue());
}

// Object-like macros of the header's own files that may be numbers: only literals, operators and names.
std::vector<std::string> macros_of(ASTUnit& ast, const OwnFiles& own) {
  std::set<std::string> names;
  Preprocessor& preprocessor = ast.getPreprocessor();
  for (const auto& [identifier, state] : preprocessor.macros()) {
    const MacroInfo* macro = preprocessor.getMacroInfo(identifier);
    if (!macro || !macro->isObjectLike() || macro->isBuiltinMacro() || macro->getNumTokens() == 0) continue;
    if (!own.has(macro->getDefinitionLoc()) || identifier->getName().starts_with("__")) continue;
    const auto may_be_number = [](const Token& token) {
      return token.isLiteral() ? !tok::isStringLiteral(token.getKind())
                               : token.isAnyIdentifier() || tok::getPunctuatorSpelling(token.getKind());
    };
    if (std::all_of(macro->tokens_begin(), macro->tokens_end(), may_be_number)) names.insert(identifier->getName().str());
  }
  return {names.begin(), names.end()};
}

// The values of macros: each becomes the initialiser of a constant, and those that are no constant expression are passed over.
std::vector<std::pair<std::string, std::string>> macro_values(const HeaderOptions& options,
                                                              const std::vector<std::string>& macros) {
  std::string text = fmt::format("#include \"{}\"\n", std::filesystem::absolute(options.parse.files[0]).string());
  for (std::size_t k = 0; k < macros.size(); ++k)
    text += fmt::format("static const __typeof__({0}) _kjit_macro_{1} = ({0});\n", macros[k], k);
  ParseOptions parse_options = options.parse;
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& ast : parse_text(parse_options, text)) {
    for (const Decl* declaration : ast->getASTContext().getTranslationUnitDecl()->decls()) {
      const auto* variable = dyn_cast<VarDecl>(declaration);
      if (!variable || !variable->getIdentifier() || !variable->getName().starts_with("_kjit_macro_")) continue;
      if (variable->isInvalidDecl() || !variable->hasInit()) continue;
      const APValue* value = variable->evaluateValue();
      const std::string number = value ? number_text(*value, variable->getType(), ast->getASTContext()) : std::string();
      const auto index = static_cast<std::size_t>(std::stoul(variable->getNameAsString().substr(12)));
      if (!number.empty()) values.emplace_back(macros[index], number);
    }
  }
  return values;
}

std::string import_line(const std::string& body, const char* first) {
  std::string names = first;
  for (const char* name : {"f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"}) {
    const std::string used = std::string(": ") + name, result = std::string("-> ") + name;
    if (body.find(used) != std::string::npos || body.find(result) != std::string::npos ||
        body.find(std::string(name) + "(") != std::string::npos)
      names += std::string(", ") + name;
  }
  return "from kjit import " + names + "\n";
}

}  // namespace

HeaderText import_header(const HeaderOptions& options, std::string& problem) {
  HeaderText result;
  const auto asts = parse(options.parse, problem);
  if (asts.empty()) return result;
  ASTUnit& ast = *asts[0];
  const SourceManager& sources = ast.getSourceManager();
  const OwnFiles own(sources, options.all);
  std::string constants, functions;
  std::set<std::string> seen;
  const auto constant = [&](const std::string& name, const std::string& value) {
    if (value.empty() || Names(nullptr).is_taken(name) || !seen.insert(name).second) return;
    constants += fmt::format("{} = {}\n", name, value);
    ++result.constants;
  };
  const auto visit = [&](const auto& self, const DeclContext& context) -> void {
    for (const Decl* declaration : context.decls()) {
      if (!own.has(declaration->getLocation())) continue;
      if (const auto* block = dyn_cast<LinkageSpecDecl>(declaration)) self(self, *block);
      if (const auto* choice = dyn_cast<EnumDecl>(declaration)) {
        for (const EnumConstantDecl* value : choice->enumerators())
          constant(value->getNameAsString(), fmt::format("{}", value->getInitVal().getExtValue()));
      }
      if (const auto* variable = dyn_cast<VarDecl>(declaration);
          variable && variable->getType().isConstQualified() && variable->hasInit()) {
        const APValue* value = variable->evaluateValue();
        if (value) constant(variable->getNameAsString(), number_text(*value, variable->getType(), ast.getASTContext()));
      }
      const auto* function = dyn_cast<FunctionDecl>(declaration);
      if (!function || !function->getIdentifier() || !seen.insert(function->getNameAsString()).second) continue;
      std::string text;
      std::string reason = declaration_of(*function, text);
      if (reason.empty() && Names(nullptr).is_taken(function->getNameAsString()))
        reason = "Python or kernels have this name already";
      if (!reason.empty()) {
        result.left_out.push_back({function->getNameAsString(), place_of(function->getLocation(), sources), reason});
        continue;
      }
      functions += fmt::format("\n\n@extern(\"{}\")\n{}\n", options.library, text);
      ++result.functions;
    }
  };
  visit(visit, *ast.getASTContext().getTranslationUnitDecl());
  for (const auto& [name, value] : macro_values(options, macros_of(ast, own))) constant(name, value);
  std::string notes;
  for (const LeftOut& left : result.left_out) notes += fmt::format("# {}: left out: {}\n", left.name, left.reason);
  const std::string file = std::filesystem::path(options.parse.files[0]).filename().string();
  result.text = fmt::format("\"\"\"{} as kernels see it: functions of {}.\"\"\"\n\n", file, options.library);
  if (functions.find("np.") != std::string::npos || constants.find("np.") != std::string::npos)
    result.text += "import numpy as np\n\n";
  result.text += import_line(functions + constants, "extern") + (constants.empty() ? "" : "\n" + constants) + functions;
  if (!notes.empty()) result.text += "\n\n" + notes;
  return result;
}

}  // namespace kjit::import
