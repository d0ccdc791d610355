#pragma once
// The state of type checking: FunctionChecker for expressions, BodyChecker for statements; their members are cut by language
// feature over check_*.cpp.
//
// The check of one function. Private to jit/typing, but for the public part, which is what the handlers of jit/library see.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/assert.h"
#include "support/diagnostics.h"
#include "syntax/ast.h"
#include "typing/check/library_view.h"
#include "typing/check/scope.h"
#include "typing/check/specialisation.h"
#include "typing/check/tree_builder.h"
#include "typing/module_set.h"
#include "typing/promotion.h"
#include "typing/tree/typed_tree.h"
#include "typing/type.h"

namespace kjit {

// A call as the handlers of builtins see it.
struct CallSite {
  const ast::Expr& expr;  // the whole call
  const ast::Call& call;
  std::string_view path;         // "numpy.zeros"
  std::string_view name;         // "zeros", for messages
  const PathRow* row = nullptr;  // of the path; null for methods
  Span span() const { return expr.span; }
};

// Expressions in the scope of one function.
class FunctionChecker : public TreeBuilder {
 public:
  FunctionChecker(ProgramChecker& program, Specialisation& spec);

  bool is_script() const { return scope_.is_module(); }

  // ---- what handlers take apart the syntax of their call with ----
  ExprPtr check(const ast::Expr& expr);
  ExprPtr check_tuple(const ast::Expr& expr, const std::vector<ast::ExprPtr>& elements);
  // A value where only its truth matters: Bool.
  ExprPtr check_condition(const ast::Expr& expr);
  // The path of a name or attribute that leads outside, or "".
  std::string path_of(const ast::Expr& expr) const;
  // An expression that names an element type: np.float32, "float32", a.dtype, float, a parameter holding one.
  std::optional<kjit::Kind> dtype_of(const ast::Expr& expr);
  bool add_subscript(const ast::Expr& index, std::size_t left_out, std::vector<typed::Subscript>& subscripts);
  ExprPtr array_attribute(const std::string& name, ExprPtr array, Span span);  // null: no such attribute
  struct RangeBounds {
    ExprPtr start, stop, step;
  };
  std::optional<RangeBounds> range_bounds(const CallSite& site, bool allow_keywords);
  // A question about range(a, b, step), or its number at a position: RangeLength, RangeLast, RangeItem.
  ExprPtr range_function(Builtin builtin, ExprPtr a, ExprPtr b, std::int64_t step, Span span);
  bool check_format(const typed::Expr& value, const std::string& spec, char conversion, Span span);
  // Arguments in order; reports wrong counts and keywords not in `keywords`. Positions of missing ones are null.
  std::optional<std::vector<const ast::Expr*>> take_args(const CallSite& site, std::size_t least,
                                                         std::vector<std::string_view> names);
  std::optional<std::vector<ExprPtr>> check_args(const CallSite& site, std::size_t least, std::size_t most);
  ExprPtr bad_argument(const CallSite& site, std::string_view needed, const Type& given, Span span);
  ExprPtr argument_f64(const CallSite& site, ExprPtr value);
  ExprPtr argument_i64(const CallSite& site, ExprPtr value);

  // What is checked ahead of the place that asks for it, which takes it by check(). Null: nothing is kept.
  void keep(const ast::Expr& expr, ExprPtr value) { checked_[&expr] = std::move(value); }
  bool refuse_function_from_below(const Binding& binding, const std::string& name, Span use);
  const typed::Expr* kept(const ast::Expr& expr) const;
  const LibraryView& library() const { return program_.library(); }

  // ---- what the files of typing/check share ----

  // ---- names and variables (check_function.cpp) ----
  typed::LocalId local_of(const std::string& name, Span span);
  void relied_on(Specialisation& callee);

  // ---- check_expr.cpp ----
  ExprPtr check_name(const ast::Expr& expr, const ast::Name& name);
  ExprPtr bound_value(const Binding& binding, const std::string& name, Span span);
  ExprPtr check_attribute(const ast::Expr& expr, const ast::Attribute& attribute);
  ExprPtr check_bool_operation(const ast::Expr& expr, const ast::BoolOperation& node);
  ExprPtr check_conditional(const ast::Expr& expr, const ast::Conditional& node);
  ExprPtr check_lambda(const ast::Expr& expr, const ast::Lambda& lambda);
  ExprPtr function_value(const Scope& function, Span span);
  // np.finfo(float).eps, np.iinfo(np.int32).max (check_limits.cpp).
  ExprPtr limit_of_type(const ast::Expr& expr, const ast::Call& call, const std::string& function,
                        const ast::Attribute& attribute);
  ExprPtr read_variable(const std::string& name, Span span);
  ExprPtr path_value(std::string_view path, Span span);
  std::string path_of_name(const std::string& name) const;

  // ---- check_operator.cpp ----
  ExprPtr check_unary(const ast::Expr& expr, const ast::Unary& node);
  ExprPtr check_binary(const ast::Expr& expr, const ast::Binary& node);
  ExprPtr check_compare(const ast::Expr& expr, const ast::Compare& node);
  ExprPtr compare_two(const ast::Expr& expr, const ast::Compare& node);
  ExprPtr compare_pair(ast::CompareOp op, const typed::Expr& lhs, const typed::Expr& rhs, Span span);
  ExprPtr compare_elements(typed::CompareOp op, ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr compare_tuples(typed::CompareOp op, const typed::Expr& lhs, const typed::Expr& rhs, Span span);
  ExprPtr compare_identity(bool same, const typed::Expr& lhs, const typed::Expr& rhs, Span span);
  // A parameter that was left out (None) and that the body assigns: `is_none` is a bool variable that says whether it is None
  // still.
  struct OptionalParameter {
    typed::LocalId is_none;
    bool assigned = false;  // somewhere above the present place
  };
  const OptionalParameter* reassigned_optional(const typed::Expr& expr) const;
  ExprPtr check_membership(const ast::Expr& expr, const ast::Expr& item, const ast::Expr& container, bool negate);

  // ---- check_call.cpp ----
  ExprPtr check_call(const ast::Expr& expr, const ast::Call& call);
  ExprPtr call_path(const CallSite& site);
  ExprPtr call_function(const ast::Expr& expr, const ast::Call& call, const Scope& callee, std::vector<ExprPtr> captured);
  ExprPtr call_specialised(const Scope& callee, std::vector<ExprPtr> args, Span span);
  ExprPtr call_value(const ast::Expr& expr, const ast::Call& call, ExprPtr callee);
  struct HeldArgument {
    typed::LocalId temp;
    ExprPtr value;
  };
  std::optional<std::vector<ExprPtr>> bind_arguments(const ast::Expr& expr, const ast::Call& call, const ast::FunctionDef& callee,
                                                     std::vector<HeldArgument>& held);
  static bool keywords_out_of_order(const ast::Call& call, const ast::FunctionDef& callee);
  void report_no_member(const ast::Expr& owner, Span span, std::string_view module, std::string_view name);
  bool captures_settled(const Scope& function) const;
  static bool is_constant_tree(const typed::Expr& expr);
  ExprPtr default_value(const ast::FunctionDef& callee, const ast::Parameter& parameter, const Scope& scope);
  ExprPtr check_argument(const ast::FunctionDef& callee, const ast::Parameter& parameter, ExprPtr value);
  std::vector<ExprPtr> captured_values(const Scope& callee, Span span);
  ExprPtr method_call(const ast::Expr& expr, const ast::Call& call, const ast::Attribute& attribute);

  // ---- check_foreign.cpp: functions of the host and of C libraries ----
  const HostSignature* host_function(const ast::Expr& callee) const;  // null: the name means something else, or nothing
  ExprPtr call_host(const ast::Expr& expr, const ast::Call& call, const std::string& name, const HostSignature& signature);
  ExprPtr foreign_call(Builtin builtin, std::string name, std::string modes, const Type& result, std::vector<ExprPtr> args,
                       Span span);

  // ---- check_annotation.cpp ----
  struct Annotation {
    enum class Kind { Exact, AtMost, AnyArray, Any } kind = Kind::Any;  // AtMost: `float` also takes an int, as in Python
    Type type;
  };
  std::optional<Annotation> read_annotation(const ast::Expr& expr);
  std::optional<Annotation> array_annotation(const ast::Subscript& subscript, kjit::Kind dtype);
  ExprPtr apply_annotation(const Annotation& annotation, const std::string& name, ExprPtr value, Span where);

  // ---- check_subscript.cpp ----
  ExprPtr check_subscript(const ast::Expr& expr, const ast::Subscript& node);
  struct ArrayPlace {  // an element (full indices) or a view
    ExprPtr array;
    std::vector<ExprPtr> indices;  // elements
    ExprPtr view;                  // set instead of the above
  };
  std::optional<ArrayPlace> array_place(const ast::Expr& expr, const ast::Subscript& node);

  // ---- check_builtin.cpp: calls of the library ----
  ExprPtr call_signature(const CallSite& site, const PathRow& row);
  ExprPtr argument_as(const CallSite& site, kjit::Kind kind, ExprPtr value);
  ExprPtr call_element(const CallSite& site, const PathRow& row);
  // The arguments of an element function, promoted together: their common type, or none (reported).
  std::optional<kjit::Kind> common_kind(const CallSite& site, std::vector<ExprPtr>& args);
  const Scope& prelude_function(std::string_view name) const;
  bool is_in_prelude(const Scope& scope) const { return program_.modules().prelude == scope.module; }
  ExprPtr cast(const CallSite& site, kjit::Kind kind);

  // ---- check_text.cpp ----
  ExprPtr check_fstring(const ast::Expr& expr, const ast::FString& node);
  bool is_printable(const Type& type) const;
  // The text of an array's dtype, which has a value of no representation; null: it is something else.
  ExprPtr shown_dtype(const ast::Expr& expr, const typed::Expr& value, bool repr);

  const Scope& scope_;
  std::map<std::string, typed::LocalId> locals_;
  std::map<std::string, OptionalParameter> optional_;
  int loop_depth_ = 0;
  Span assignment_;                              // the statement, while its targets are assigned; else empty
  bool loops_unchecked_ = false;                 // each prange of the function is `unchecked`
  std::map<const ast::Expr*, ExprPtr> checked_;  // see keep(); each is taken once
  std::set<const Scope*> constants_in_progress_;
  const Scope* name_scope_;  // where names are looked up: scope_, or a module while its constant is expanded
};

// The statements of the function, and the function as a whole.
class BodyChecker : public FunctionChecker {
 public:
  using FunctionChecker::FunctionChecker;

  // One round: builds spec.function and refills spec.diags.
  void run();
  // What annotations and defaults say about the parameters of this specialisation's function.
  std::vector<Type> declared_types();

 private:
  using BlockRef = const ast::Block&;

  // ---- check_function.cpp: parameters, decorators ----
  void run_function();
  void run_stub();
  void declare_parameters();
  void check_decorators(const ast::FunctionDef& definition);
  void apply_decorator(const ast::Expr& decorator);
  void apply_option(const std::string& decorator, const ast::Keyword& keyword);
  void apply_fastmath(const std::string& decorator, const ast::Keyword& keyword);
  void finish_result();
  // ---- check_foreign.cpp ----
  bool is_extern(const ast::FunctionDef& definition) const;
  void run_extern(const ast::FunctionDef& definition);
  void check_print(const CallSite& site);

  // ---- check_stmt.cpp ----
  void check_block(BlockRef block);
  void check_stmt(const ast::Stmt& stmt);
  void check_if(const ast::Stmt& stmt, const ast::If& node);
  void check_while(const ast::Stmt& stmt, const ast::While& node);
  void check_return(const ast::Stmt& stmt, const ast::Return& node);
  void check_assert(const ast::Stmt& stmt, const ast::Assert& node);
  void check_raise(const ast::Stmt& stmt, const ast::Raise& node);
  void check_expression_statement(const ast::Stmt& stmt, const ast::ExpressionStatement& node);

  // ---- check_assign.cpp ----
  void check_assign(const ast::Stmt& stmt, const ast::Assign& node);
  void check_ann_assign(const ast::Stmt& stmt, const ast::AnnAssign& node);
  void check_aug_assign(const ast::Stmt& stmt, const ast::AugAssign& node);
  void aug_assign_element(const ast::Stmt& stmt, const ast::AugAssign& node, const ast::Subscript& target);
  void assign_target(const ast::Expr& target, ExprPtr value);
  void assign_name(const ast::Name& name, Span span, ExprPtr value);
  ExprPtr array_elements(const ast::Expr& target, std::size_t count, ExprPtr array);
  void assign_elements(const ast::Expr& target, const std::vector<ast::ExprPtr>& targets, ExprPtr value);
  void assign_subscript(const ast::Expr& target, const ast::Subscript& subscript, ExprPtr value);
  // Joins a type into a variable; false (reported) when they do not fit together.
  bool join_variable(const std::string& name, const Type& type, Span span);
  void mark_assigned(const std::string& name, Span span);

  // ---- check_loop.cpp ----
  void check_for(const ast::Stmt& stmt, const ast::For& node);
  void for_range(const ast::Stmt& stmt, const ast::For& node, const CallSite& site, bool parallel, bool reversed);
  void parallel_options(const CallSite& site, typed::ParallelLoop& loop);
  // A sequence that a loop can walk: how many elements, and the one at a position.
  struct Sequence {
    ExprPtr length;  // I64
    std::function<ExprPtr(const typed::Expr& position)> element;
    std::optional<Type> element_type;
  };
  std::optional<Sequence> sequence_of(const ast::Expr& iterable);
  std::optional<Sequence> sequence_of_call(const CallSite& site);
  std::optional<Sequence> sequence_of_range(const CallSite& site, bool backwards);
  std::function<ExprPtr(const typed::Expr& position)> range_item(ExprPtr start, std::int64_t step, Span span);
  std::optional<Sequence> sequence_of_zip(const CallSite& site);
  std::optional<Sequence> sequence_of_enumerate(const CallSite& site);
  std::optional<Sequence> sequence_of_reversed(const CallSite& site);
  std::optional<Sequence> sequence_of_value(ExprPtr value);
  void for_sequence(const ast::Stmt& stmt, const ast::For& node, Sequence sequence);

  std::optional<Annotation> result_annotation_;  // what stands behind `->`
};

// The layout of a view of an array.
Layout view_layout(const Type& array, const std::vector<typed::Subscript>& subscripts);

// The typed operator of a syntactic one; nullopt for `@`.
std::optional<typed::BinaryOp> typed_operator(ast::BinaryOp op);

// Flow over the typed body (definite_assignment.cpp): marks reads that need a check, reports E0801, E0802 and W0801.
void check_definite_assignment(typed::Function& function, bool warn, Diagnostics& diags);

}  // namespace kjit
