#include "calls_check.h"

#include <clang/AST/DeclTemplate.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/RecursiveASTVisitor.h>
#include <fmt/format.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Program.h>

#include <filesystem>
#include <optional>
#include <sstream>

#include "c_types.h"
#include "facts.h"
#include "unit.h"

namespace kjit::import {

using namespace clang;

namespace {

// ---- C++ types as kjit/border.h hands them over ----

struct BorderType {
  std::string text;  // as kernels write it; empty: no type of the interface
  bool is_const = true;
};

std::string number_name(QualType type, const ASTContext& context) {
  const auto scalar = scalar_of(type, context);
  return scalar && !type->isUnionType() && !type->isEnumeralType() ? element_name(*scalar) : std::string();
}

const ClassTemplateSpecializationDecl* instance_of(QualType type) {
  const auto* record = type.getNonReferenceType().getCanonicalType()->getAs<RecordType>();
  return record ? dyn_cast<ClassTemplateSpecializationDecl>(record->getDecl()) : nullptr;
}

std::string axes(std::int64_t rank, bool contiguous) {
  std::string text;
  for (std::int64_t axis = 0; axis < rank; ++axis)
    text += (axis > 0 ? ", " : "") + std::string(axis + 1 == rank && contiguous ? "::1" : ":");
  return "[" + text + "]";
}

BorderType border_type(QualType type, const ASTContext& context);

BorderType instance_type(const ClassTemplateSpecializationDecl& instance, QualType type, const ASTContext& context) {
  const std::string name = instance.getQualifiedNameAsString();
  const TemplateArgumentList& arguments = instance.getTemplateArgs();
  if (name == "std::tuple") {
    std::string list;
    for (const TemplateArgument& argument : arguments[0].pack_elements()) {
      const BorderType element = border_type(argument.getAsType(), context);
      if (element.text.empty()) return {};
      list += (list.empty() ? "" : ", ") + element.text;
    }
    return {"(" + list + ")", true};
  }
  if (name.find("basic_string") != std::string::npos && name.starts_with("std::")) return {"str", true};
  if (arguments.size() == 0 || arguments[0].getKind() != TemplateArgument::Type) return {};
  const QualType element = arguments[0].getAsType();
  if (name == "std::complex") return {context.getTypeSize(element) == 32 ? "c64" : "c128", true};
  const std::string number = number_name(element, context);
  if (number.empty()) return {};
  if (name == "std::span") return {number + axes(1, true), element.isConstQualified()};
  if (name == "std::vector")
    return {number + axes(1, true), !type->isReferenceType() || type.getNonReferenceType().isConstQualified()};
  const bool is_own = name.starts_with("kjit::") && arguments.size() == 2 && arguments[1].getKind() == TemplateArgument::Integral;
  if (!is_own) return {};
  const std::int64_t rank = arguments[1].getAsIntegral().getExtValue();
  if (name.ends_with("::ArrayView")) return {number + axes(rank, false), element.isConstQualified()};
  if (name.ends_with("::Array")) return {number + axes(rank, true), false};
  return {};
}

BorderType border_type(QualType type, const ASTContext& context) {
  if (type->isVoidType()) return {"None", true};
  if (const auto* pointer = type->getAs<PointerType>(); pointer && pointer->getPointeeType()->isCharType()) return {"str", true};
  if (const auto* instance = instance_of(type)) return instance_type(*instance, type, context);
  return {type->isReferenceType() ? std::string() : number_name(type, context), true};
}

// "name(f64[::1] const, i64) -> f64"; empty if a type has no place in the interface.
std::string signature_text(const std::string& name, const FunctionProtoType& type, const ASTContext& context) {
  std::string list;
  for (const QualType parameter : type.param_types()) {
    const BorderType given = border_type(parameter, context);
    if (given.text.empty()) return {};
    const bool is_array = given.text.find('[') != std::string::npos;
    list += (list.empty() ? "" : ", ") + given.text + (is_array && given.is_const ? " const" : "");
  }
  const BorderType result = border_type(type.getReturnType(), context);
  return result.text.empty() ? std::string() : fmt::format("{}({}) -> {}", name, list, result.text);
}

// ---- where modules come from ----

bool is_of_kjit(const Decl* declaration, const char* record) {
  const auto* owner = declaration ? dyn_cast<CXXRecordDecl>(declaration->getDeclContext()) : nullptr;
  return owner && owner->getName() == record && owner->getQualifiedNameAsString().starts_with("kjit::");
}

std::optional<std::string> literal_of(const Expr* expr) {
  expr = expr->IgnoreImplicit();
  for (const auto* made = dyn_cast<CXXConstructExpr>(expr); made && made->getNumArgs() >= 1;
       made = dyn_cast<CXXConstructExpr>(expr))
    expr = made->getArg(0)->IgnoreImplicit();
  const auto* text = dyn_cast<StringLiteral>(expr->IgnoreParenImpCasts());
  return text ? std::optional(text->getString().str()) : std::nullopt;
}

const Expr* source_of(const Expr* expr);

// `engine.load_file("x.k")` behind *module, module.value(), module->..., auto module = ...; null if it is something else.
const Expr* unwrapped(const Expr* expr) {
  expr = expr->IgnoreParenImpCasts();
  if (const auto* wrapper = dyn_cast<ExprWithCleanups>(expr)) return source_of(wrapper->getSubExpr());
  if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(expr)) return source_of(temporary->getSubExpr());
  if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(expr)) return source_of(bound->getSubExpr());
  if (const auto* op = dyn_cast<CXXOperatorCallExpr>(expr); op && op->getNumArgs() == 1) return source_of(op->getArg(0));
  if (const auto* made = dyn_cast<CXXConstructExpr>(expr); made && made->getNumArgs() == 1) return source_of(made->getArg(0));
  if (const auto* moved = dyn_cast<CallExpr>(expr); moved && !isa<CXXMemberCallExpr>(expr) && moved->isCallToStdMove())
    return source_of(moved->getArg(0));
  return nullptr;
}

const Expr* source_of(const Expr* expr) {
  expr = expr->IgnoreParenImpCasts();
  if (const auto* call = dyn_cast<CXXMemberCallExpr>(expr)) {
    if (is_of_kjit(call->getMethodDecl(), "Engine")) return call;
    if (is_of_kjit(call->getMethodDecl(), "Result")) return source_of(call->getImplicitObjectArgument());
    return nullptr;
  }
  if (const auto* variable = dyn_cast_or_null<VarDecl>(named_variable(expr)); variable && isa<DeclRefExpr>(expr)) {
    return variable->hasInit() ? source_of(variable->getInit()) : nullptr;
  }
  return unwrapped(expr);
}

struct Use {
  std::string place;
  std::string kernel;
  std::string signature;                  // empty: `problem`
  std::optional<std::string> file, text;  // of load_file, load_source
  std::string problem;
};

class Uses : public RecursiveASTVisitor<Uses> {
 public:
  explicit Uses(const ASTContext& context) : context_(context) {}
  bool shouldVisitTemplateInstantiations() const { return true; }

  bool VisitCXXMemberCallExpr(CXXMemberCallExpr* call) {
    const CXXMethodDecl* method = call->getMethodDecl();
    if (!method || !method->getIdentifier() || method->getName() != "function" || !is_of_kjit(method, "Module")) return true;
    const TemplateArgumentList* arguments = method->getTemplateSpecializationArgs();
    if (!arguments || call->getNumArgs() < 1 || call->getExprLoc().isInvalid()) return true;
    Use use;
    use.place = place_of(call->getExprLoc(), context_.getSourceManager());
    const auto name = literal_of(call->getArg(0));
    const auto* type = arguments->get(0).getAsType()->getAs<FunctionProtoType>();
    if (name) use.kernel = *name;
    if (name && type) use.signature = signature_text(*name, *type, context_);
    const auto* source = dyn_cast_or_null<CXXMemberCallExpr>(source_of(call->getImplicitObjectArgument()));
    const auto first = source && source->getNumArgs() > 0 ? literal_of(source->getArg(0)) : std::nullopt;
    const bool is_file = source && source->getMethodDecl()->getName().ends_with("_file");
    (is_file ? use.file : use.text) = first;
    if (!name)
      use.problem = "the name of the kernel is no literal";
    else if (use.signature.empty())
      use.problem = "its signature has a type that kernels do not have";
    else if (!first)
      use.problem = "where its module comes from is not known here";
    found.push_back(std::move(use));
    return true;
  }

  std::vector<Use> found;

 private:
  const ASTContext& context_;
};

// ---- kjit check ----

struct Outcome {
  int status = 0;
  std::string output;
};

Outcome run(const std::string& kjit, const std::vector<std::string>& words) {
  llvm::SmallString<128> output;
  if (llvm::sys::fs::createTemporaryFile("kjit-check", "txt", output)) return {70, "no temporary file"};
  std::vector<llvm::StringRef> arguments{kjit};
  arguments.insert(arguments.end(), words.begin(), words.end());
  const std::optional<llvm::StringRef> redirects[] = {std::nullopt, output.str(), output.str()};
  Outcome outcome;
  outcome.status = llvm::sys::ExecuteAndWait(kjit, arguments, std::nullopt, redirects);
  if (const auto text = llvm::MemoryBuffer::getFile(output)) outcome.output = (*text)->getBuffer().str();
  llvm::sys::fs::remove(output);
  return outcome;
}

std::string indented(const std::string& text) {
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) result += "\n    " + line;
  return result;
}

// As the program finds it: in the folder it is run in, else beside the source file.
std::string file_of(const Use& use) {
  namespace fs = std::filesystem;
  if (fs::exists(*use.file)) return *use.file;
  const fs::path beside = fs::path(use.place.substr(0, use.place.find(':'))).parent_path() / *use.file;
  return fs::exists(beside) ? beside.string() : *use.file;
}

void check_use(const Use& use, const std::string& kjit, SignatureReport& report) {
  if (!use.problem.empty()) {
    ++report.unknown;
    report.messages.push_back(fmt::format("{}: note: kernel '{}' is not checked: {}", use.place, use.kernel, use.problem));
    return;
  }
  std::string file = use.file ? file_of(use) : "";
  llvm::SmallString<128> scratch;
  if (!use.file) {
    int handle = -1;
    if (llvm::sys::fs::createTemporaryFile("kjit-source", "k", handle, scratch)) return;
    llvm::raw_fd_ostream(handle, true) << *use.text;
    file = scratch.str().str();
  }
  const Outcome outcome = run(kjit, {"check", file, "--signature", use.signature});
  if (!use.file) llvm::sys::fs::remove(scratch);
  ++report.checked;
  if (outcome.status == 0) return;
  ++report.wrong;
  report.messages.push_back(
      fmt::format("{}: error: kernel '{}' does not fit '{}'{}", use.place, use.kernel, use.signature, indented(outcome.output)));
}

}  // namespace

SignatureReport check_calls(const std::vector<std::unique_ptr<ASTUnit>>& asts, const std::string& kjit) {
  SignatureReport report;
  for (const auto& ast : asts) {
    Uses uses(ast->getASTContext());
    uses.TraverseDecl(ast->getASTContext().getTranslationUnitDecl());
    for (const Use& use : uses.found) check_use(use, kjit, report);
  }
  return report;
}

std::string default_kjit(const char* own_path) {
  std::error_code ignored;
  std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", ignored);
  if (ignored) own = own_path;
  const std::filesystem::path beside = own.parent_path() / "kjit";
  if (std::filesystem::exists(beside)) return beside.string();
  const auto found = llvm::sys::findProgramByName("kjit");
  return found ? *found : "kjit";
}

}  // namespace kjit::import
