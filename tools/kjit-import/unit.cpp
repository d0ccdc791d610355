#include "unit.h"

#include <clang/AST/APValue.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/Basic/SourceManager.h>
#include <fmt/format.h>

#include <algorithm>

#include "c_types.h"
#include "facts.h"
#include "translator.h"
#include "value.h"

namespace kjit::import {

using namespace clang;

std::string place_of(SourceLocation where, const SourceManager& sources) {
  const PresumedLoc place = sources.getPresumedLoc(sources.getExpansionLoc(where));
  return place.isValid() ? fmt::format("{}:{}:{}", place.getFilename(), place.getLine(), place.getColumn()) : "?";
}

namespace {

// All functions with a body, in source order; instantiations of templates, not the templates.
class Functions : public RecursiveASTVisitor<Functions> {
 public:
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool VisitFunctionDecl(FunctionDecl* function) {
    if (function->doesThisDeclarationHaveABody() && !function->isDependentContext()) found.push_back(function);
    return true;
  }

  std::vector<const FunctionDecl*> found;
};

using FieldPath = std::vector<const FieldDecl*>;

// A number, or tuples of them; of records the field at the path. Empty if it is neither.
std::string constant_text(const APValue& value, QualType type, const FieldPath& path, std::size_t depth,
                          const ASTContext& context) {
  if (const auto* array = context.getAsConstantArrayType(type)) {
    std::string list;
    const unsigned size = static_cast<unsigned>(array->getSize().getZExtValue()), filled = value.getArrayInitializedElts();
    for (unsigned k = 0; k < size; ++k) {
      const APValue& element = k < filled ? value.getArrayInitializedElt(k) : value.getArrayFiller();
      const std::string text = constant_text(element, array->getElementType(), path, depth, context);
      if (text.empty()) return {};
      list += text + (k + 1 < size ? ", " : size == 1 ? "," : "");
    }
    return "(" + list + ")";
  }
  if (value.isStruct() && depth < path.size()) {
    const FieldDecl* field = path[depth];
    return constant_text(value.getStructField(field->getFieldIndex()), field->getType(), path, depth + 1, context);
  }
  const auto scalar = scalar_of(type, context);
  if (!scalar) return {};
  if (value.isFloat()) return float_constant(value.getFloat(), scalar->rep).text;
  if (!value.isInt()) return {};
  if (scalar->rep == Rep::U64) return fmt::format("u64({:#x})", value.getInt().getZExtValue());
  return fmt::format("{}", value.getInt().getExtValue());
}

// All scalar fields below the record, and the ends of their names.
void add_paths(const RecordDecl& record, const ASTContext& context, FieldPath path, const std::string& suffix,
               std::vector<std::pair<FieldPath, std::string>>& paths) {
  for (const FieldDecl* field : record.fields()) {
    FieldPath longer = path;
    longer.push_back(field);
    const std::string name = suffix + "_" + field->getNameAsString();
    const RecordDecl* inner = record_of(array_shape(field->getType(), context).element);
    if (inner) {
      add_paths(*inner, context, longer, name, paths);
    } else {
      paths.emplace_back(longer, name);
    }
  }
}

// The variable whose element or field the expression is.
const ValueDecl* base_of(const Expr* expr) {
  for (;;) {
    expr = expr->IgnoreParenImpCasts();
    if (const auto* subscript = dyn_cast<ArraySubscriptExpr>(expr))
      expr = subscript->getBase();
    else if (const auto* member = dyn_cast<MemberExpr>(expr))
      expr = member->getBase();
    else
      return named_variable(expr);
  }
}

// Is an element or field of it assigned, or its address passed to somebody who may write?
bool is_written_below(const Stmt* stmt, const VarDecl& variable) {
  if (!stmt) return false;
  const auto* assign = dyn_cast<BinaryOperator>(stmt);
  if (assign && assign->isAssignmentOp() && base_of(assign->getLHS()) == &variable) return true;
  const auto* step = dyn_cast<UnaryOperator>(stmt);
  if (step && (step->isIncrementDecrementOp() || step->getOpcode() == UO_AddrOf) && base_of(step->getSubExpr()) == &variable)
    return true;
  // An array that decays anywhere but in a subscript may be written through the pointer.
  const auto* decay = dyn_cast<ImplicitCastExpr>(stmt);
  if (decay && decay->getCastKind() == CK_ArrayToPointerDecay && named_variable(decay->getSubExpr()) == &variable) return true;
  for (const Stmt* child : stmt->children()) {
    const auto* subscript = dyn_cast<ArraySubscriptExpr>(stmt);
    const bool is_base = subscript && child == subscript->getBase() && base_of(subscript) == &variable;
    if (!is_base && is_written_below(child, variable)) return true;
  }
  return false;
}

}  // namespace

Unit::Unit(const std::vector<std::unique_ptr<ASTUnit>>& asts) {
  for (const auto& ast : asts) {
    ASTContext& context = ast->getASTContext();
    Functions functions;
    functions.TraverseDecl(context.getTranslationUnitDecl());
    functions_.insert(functions_.end(), functions.found.begin(), functions.found.end());
    comments_.emplace(&context, Comments(context));
    for (const Decl* declaration : context.getTranslationUnitDecl()->decls()) {
      const auto* variable = dyn_cast<VarDecl>(declaration);
      if (variable && variable->hasInit() && variable->hasExternalFormalLinkage())
        exported_constants_[variable->getNameAsString()] = variable;
    }
  }
  for (const FunctionDecl* function : functions_) {
    const bool is_global = function->getDeclContext()->getRedeclContext()->isTranslationUnit() && !function->isInlined();
    if (function->hasExternalFormalLinkage() && is_global) exported_[function->getNameAsString()] = function;
  }
}

namespace {

std::string_view operator_word(OverloadedOperatorKind kind) {
  switch (kind) {
    case OO_Plus: return "add";
    case OO_Minus: return "sub";
    case OO_Star: return "mul";
    case OO_Slash: return "div";
    case OO_Percent: return "mod";
    case OO_PlusEqual: return "iadd";
    case OO_MinusEqual: return "isub";
    case OO_StarEqual: return "imul";
    case OO_SlashEqual: return "idiv";
    case OO_EqualEqual: return "eq";
    case OO_ExclaimEqual: return "ne";
    case OO_Less: return "lt";
    case OO_Greater: return "gt";
    case OO_LessEqual: return "le";
    case OO_GreaterEqual: return "ge";
    case OO_Call: return "call";
    case OO_Subscript: return "at";
    case OO_Equal: return "assign";
    default: return "operator";
  }
}

// Vec_dot, Vec_new, Vec_add; of functions that are no members their own name.
std::string kernel_name(const FunctionDecl& function) {
  const bool is_operator = function.isOverloadedOperator();
  std::string name = is_operator ? std::string(operator_word(function.getOverloadedOperator())) : function.getNameAsString();
  const auto* method = dyn_cast<CXXMethodDecl>(&function);
  if (isa<CXXConstructorDecl>(function)) name = "new";
  if (function.getDeclName().getNameKind() == DeclarationName::CXXConversionFunctionName) name = "convert";
  if (method) return method->getParent()->getNameAsString() + "_" + name;
  const RecordDecl* first = is_operator && function.getNumParams() > 0
                                ? record_of(function.getParamDecl(0)->getType().getNonReferenceType().getUnqualifiedType())
                                : nullptr;
  return first ? first->getNameAsString() + "_" + name : name;
}

}  // namespace

std::string Unit::use(const FunctionDecl& function, SourceLocation where) {
  const FunctionDecl* definition = definition_of(function);
  if (!definition) refuse(where, fmt::format("a call of '{}', which has no body here", function.getNameAsString()));
  if (const auto* method = dyn_cast<CXXMethodDecl>(definition); method && method->isVirtual())
    refuse(where, fmt::format("a call of the virtual method '{}'", function.getNameAsString()));
  const std::string key =
      fmt::format("{} {} {}", place_of(definition->getLocation(), definition->getASTContext().getSourceManager()),
                  definition->getNameAsString(), definition->getType().getAsString());
  definition = first_of_.try_emplace(key, definition).first->second;
  called_.insert(definition);
  const auto [entry, is_new] = function_names_.try_emplace(definition);
  if (is_new) {
    entry->second = names_.take(kernel_name(*definition));
    queue_.push_back(definition);
  }
  return entry->second;
}

bool Unit::has_body(const FunctionDecl& function) const {
  return function.hasBody() || (function.getIdentifier() && exported_.contains(function.getNameAsString()));
}

const FunctionDecl* Unit::definition_of(const FunctionDecl& function) const {
  const FunctionDecl* definition = nullptr;
  const auto elsewhere = function.getIdentifier() ? exported_.find(function.getNameAsString()) : exported_.end();
  if (!function.hasBody(definition) && elsewhere != exported_.end()) definition = elsewhere->second;
  return definition;
}

bool Unit::only_reads_argument(const CallExpr& call, unsigned index, int depth) const {
  constexpr int kDeepest = 6;
  const FunctionDecl* callee = call.getDirectCallee() ? definition_of(*call.getDirectCallee()) : nullptr;
  if (!callee || depth > kDeepest || index >= callee->getNumParams() || isa<CXXMethodDecl>(callee)) return false;
  const ParmVarDecl& parameter = *callee->getParamDecl(index);
  return parameter.getType()->isPointerType() && only_read(callee->getBody(), parameter, depth + 1);
}

bool Unit::only_read(const Stmt* stmt, const ValueDecl& array, int depth) const {
  if (!stmt) return true;
  if (const auto* reference = dyn_cast<DeclRefExpr>(stmt)) return reference->getDecl() != &array;
  if (const auto* load = dyn_cast<ImplicitCastExpr>(stmt); load && load->getCastKind() == CK_LValueToRValue) {
    const Expr* place = load->getSubExpr()->IgnoreParens();
    if (isa<ArraySubscriptExpr>(place) && base_of(place) == &array && load->getType()->isArithmeticType()) {
      for (; const auto* element = dyn_cast<ArraySubscriptExpr>(place); place = element->getBase()->IgnoreParenImpCasts()) {
        if (!only_read(element->getIdx(), array, depth)) return false;
      }
      return true;
    }
  }
  const auto* call = dyn_cast<CallExpr>(stmt);
  for (unsigned k = 0; call && k < call->getNumArgs(); ++k) {
    const bool passes = call->getArg(k)->getType()->isPointerType() && base_of(call->getArg(k)) == &array;
    if (passes ? !only_reads_argument(*call, k, depth) : !only_read(call->getArg(k), array, depth)) return false;
  }
  if (call) return only_read(call->getCallee(), array, depth);
  const auto reads = [&](const Stmt* child) { return only_read(child, array, depth); };
  return std::all_of(stmt->child_begin(), stmt->child_end(), reads);
}

bool Unit::is_written_to(const VarDecl& variable) const {
  const auto writes = [&](const FunctionDecl* function) {
    return variable.getType()->isArrayType() ? !only_read(function->getBody(), variable, 0)
                                             : is_written_below(function->getBody(), variable);
  };
  return variable.hasExternalFormalLinkage() || std::any_of(functions_.begin(), functions_.end(), writes);
}

// Tables of records become a table for each field, `name_field`.
std::string Unit::table(const VarDecl& variable, const VarDecl& defined) {
  const ASTContext& context = defined.getASTContext();
  const APValue* value = defined.evaluateValue();
  QualType type = defined.getType();
  if (container_element(type) && value && value->isStruct() && value->getStructNumFields() == 1) {  // std::array: the array in it
    type = (*type->getAsCXXRecordDecl()->field_begin())->getType();
    value = &value->getStructField(0);
  }
  const RecordDecl* record = record_of(array_shape(type, context).element);
  std::vector<std::pair<FieldPath, std::string>> paths;
  if (record) {
    add_paths(*record, context, {}, "", paths);
  } else {
    paths.emplace_back();
  }
  std::vector<std::string> texts;
  for (const auto& [path, suffix] : paths) {
    texts.push_back(value ? constant_text(*value, type, path, 0, context) : std::string());
    if (texts.back().empty()) return {};
  }
  const auto clashes = [&](const std::string& base) {
    return record &&
           std::any_of(paths.begin(), paths.end(), [&](const auto& path) { return names_.is_taken(base + path.second); });
  };
  std::string name = names_.take(variable.getNameAsString());
  while (clashes(name)) name = names_.take(variable.getNameAsString());
  for (std::size_t k = 0; k < paths.size(); ++k) {
    if (record) names_.take(name + paths[k].second);
    constants_.push_back(fmt::format("{} = {}", name + paths[k].second, texts[k]));
  }
  return name;
}

std::string Unit::use_constant(const VarDecl& variable, SourceLocation where) {
  const auto elsewhere = exported_constants_.find(variable.getNameAsString());
  const VarDecl* defined = variable.getInitializingDeclaration();
  if (!defined && elsewhere != exported_constants_.end() && variable.hasExternalFormalLinkage()) defined = elsewhere->second;
  const VarDecl* key = defined ? defined : &variable;
  const auto found = constant_names_.find(key);
  if (found != constant_names_.end()) return found->second;
  const bool is_const =
      variable.getASTContext().getBaseElementType(variable.getType()).isConstQualified() || variable.isConstexpr();
  if (!is_const && (!defined || is_written_to(variable))) {
    refuse(where, fmt::format("the variable '{}', which keeps its value between calls", variable.getNameAsString()));
  }
  const std::string name = defined && defined->hasInit() ? table(variable, *defined) : std::string();
  if (name.empty()) refuse(where, fmt::format("the constant '{}', whose value is not known here", variable.getNameAsString()));
  return constant_names_[key] = name;
}

std::string Unit::use_constant(const EnumConstantDecl& constant) {
  const auto found = constant_names_.find(&constant);
  if (found != constant_names_.end()) return found->second;
  const std::string name = names_.take(constant.getNameAsString());
  constants_.push_back(fmt::format("{} = {}", name, constant.getInitVal().getExtValue()));
  return constant_names_[&constant] = name;
}

std::string Unit::use_macro(const std::string& name, const std::string& value) {
  const auto [entry, is_new] = macros_.try_emplace({name, value});
  if (is_new) {
    entry->second = names_.take(name);
    constants_.push_back(fmt::format("{} = {}", entry->second, value));
  }
  return entry->second;
}

std::string Unit::use(Helper helper) {
  const auto [entry, is_new] = helpers_.try_emplace(helper);
  if (is_new) entry->second = names_.take(helper_text(helper).name);
  return entry->second;
}

Outcome& Unit::outcome_of(const FunctionDecl& function) {
  const auto [entry, is_new] = outcome_indices_.try_emplace(&function, outcomes_.size());
  if (is_new) {
    const SourceManager& sources = function.getASTContext().getSourceManager();
    outcomes_.push_back({function.getNameAsString(), place_of(function.getLocation(), sources), false, ""});
  }
  return outcomes_[entry->second];
}

namespace {

// KJIT_IMPORT of kjit/import.h
bool is_marked(const FunctionDecl* function) {
  const auto* annotation = function->getAttr<AnnotateAttr>();
  return annotation && annotation->getAnnotation() == "kjit";
}

}  // namespace

// Without names: the marked functions, if there are any, else all of the main files.
void Unit::select(const std::vector<std::string>& wanted) {
  const bool only_marked = wanted.empty() && std::any_of(functions_.begin(), functions_.end(), is_marked);
  for (const FunctionDecl* function : functions_) {
    if (only_marked && !is_marked(function)) continue;
    const SourceManager& sources = function->getASTContext().getSourceManager();
    const std::string name = function->getNameAsString();
    const bool asked = std::find(wanted.begin(), wanted.end(), name) != wanted.end();
    const bool own = sources.isInMainFile(sources.getExpansionLoc(function->getLocation()));
    if (!(wanted.empty() ? own : asked) || function->isImplicit()) continue;
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    if (method && (method->getParent()->isLambda() || method->isDefaulted())) continue;
    if (function->isMain() || isa<CXXDestructorDecl>(function) || (method && method->isVirtual())) {
      outcome_of(*function).reason = function->isMain()                 ? "it is main"
                                     : isa<CXXDestructorDecl>(function) ? "it is a destructor"
                                                                        : "it is a virtual method";
      continue;
    }
    use(*function, function->getLocation());
  }
}

void Unit::translate_one(const FunctionDecl& function) {
  called_.clear();
  outcome_of(function);
  try {
    Written written;
    written.text = FunctionTranslator(*this, function, comments_.at(&function.getASTContext())).run();
    written.callees = called_;
    written_[&function] = std::move(written);
    outcome_of(function).translated = true;
  } catch (const Refusal& refusal) {
    outcome_of(function).place = place_of(refusal.where, function.getASTContext().getSourceManager());
    outcome_of(function).reason = refusal.reason;
  }
}

// All or nothing: what calls a refused function is refused itself.
void Unit::drop_callers_of_refused() {
  for (bool changed = true; changed;) {
    changed = false;
    for (auto entry = written_.begin(); entry != written_.end();) {
      const auto missing = std::find_if(entry->second.callees.begin(), entry->second.callees.end(),
                                        [&](const FunctionDecl* callee) { return !written_.contains(callee); });
      if (missing == entry->second.callees.end()) {
        ++entry;
        continue;
      }
      Outcome& outcome = outcome_of(*entry->first);
      outcome.translated = false;
      outcome.reason = fmt::format("it calls '{}', which was refused", (*missing)->getNameAsString());
      entry = written_.erase(entry);
      changed = true;
    }
  }
}

std::string Unit::translate(const std::vector<std::string>& wanted) {
  select(wanted);
  for (std::size_t next = 0; next < queue_.size(); ++next) translate_one(*queue_[next]);
  drop_callers_of_refused();
  return written_.empty() ? std::string() : file_text();
}

std::string Unit::file_text() const {
  std::string functions;
  for (const FunctionDecl* function : queue_) {
    const auto found = written_.find(function);
    if (found != written_.end()) functions += "\n\n" + found->second.text;
  }
  std::string helpers;
  for (const auto& [helper, name] : helpers_) {
    if (functions.find(name + "(") != std::string::npos)
      helpers += "\n\n@njit(inline=\"always\")\n" + std::string(helper_text(helper).text);
  }
  std::string constants;
  for (const std::string& line : constants_) constants += line + "\n";
  const auto used = [&](const char* name) { return (functions + constants).find(name) != std::string::npos; };

  std::string text;
  std::string names = "njit";
  for (const char* name : {"prange", "f32", "u64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "f64"}) {
    const std::string called = std::string(name) + "(", element = std::string(name) + "[", parameter = ": " + std::string(name);
    if (used(called.c_str()) || used(element.c_str()) || used((parameter + ",").c_str()) || used((parameter + ")").c_str())) {
      names += std::string(", ") + name;
    }
  }
  if (used("math.") || helpers.find("math.") != std::string::npos) text += "import math\n\n";
  if (used("np.") || helpers.find("np.") != std::string::npos) text += "import numpy as np\n\n";
  text += "from kjit import " + names + "\n";
  if (!constants.empty()) text += "\n" + constants;
  return text + helpers + functions;
}

}  // namespace kjit::import
