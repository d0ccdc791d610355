#pragma once
// The state of type checking; private to jit/typing. The members of FunctionChecker are cut by language feature over check_*.cpp.
//
// Inference is a fixed point: FunctionChecker::run builds the typed body with the variable types known so far; assignments join
// their types into Specialisation::variables; if any grew, the body is thrown away and built again. Only the diagnostics of the
// last round count. Expressions whose type is not known yet (or that were wrong, and reported) have type Unknown and make what
// depends on them Unknown, silently.

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
#include "typing/check/builtin_names.h"
#include "typing/check/scope.h"
#include "typing/module_set.h"
#include "typing/promotion.h"
#include "typing/tree/typed_tree.h"
#include "typing/type.h"

namespace kjit {

// One function for one tuple of argument types: captured variables first, then the parameters.
struct Specialisation {
  typed::FunctionId id = 0;
  const Scope* scope = nullptr;
  bool is_stub = false;  // calls the function instead of being it
  std::vector<Type> arguments;
  std::map<std::string, Type> variables;
  std::map<std::string, Span> first_assignment;
  Type result;                           // join of the returns so far
  std::vector<Specialisation*> callees;  // of the last round, also those that turned out wrong
  bool changed = false;                  // this round widened a variable or the result
  bool returns_value = false;            // this round met a return with a value
  // Recursion, as in Tarjan's search for strongly connected components (SIAM J. Comput. 1(2), 1972): `depth` is the position on
  // the stack of checks, or -1; `low` the least depth whose unfinished result this check relied on. low < depth: to be checked
  // again before use.
  int depth = -1;
  int low = kFinal;
  static constexpr int kFinal = 1 << 30;
  bool is_checking() const { return depth >= 0; }
  bool is_provisional() const { return !is_checking() && low != kFinal; }
  Diagnostics diags;
  typed::Function function;
};

// A variable of the main module that functions read.
struct ModuleVariable {
  typed::GlobalId id = 0;
  Type type;
  Span span;
};

// All specialisations of one program.
class ProgramChecker {
 public:
  ProgramChecker(const ModuleSet& modules, const ScopeTree& scopes) : modules_(modules), scopes_(scopes) {}

  // Finds or makes the specialisation, and checks it unless it is being checked already. Null when there are too many.
  Specialisation* specialise(const Scope& scope, std::vector<Type> arguments);
  // The script as a specialisation without arguments.
  Specialisation& script();
  // A stub "<call>" with these arguments that calls the kernel, so that defaults and annotations mean what they mean in any other
  // call.
  Specialisation* specialise_entry(const Scope& kernel, std::vector<Type> arguments);
  // The kernel for the types that its annotations and defaults give; Unknown where there are none: then only what does not depend
  // on types is checked.
  Specialisation* specialise_declared(const Scope& kernel);
  bool is_specialised(const Scope& scope) const { return by_scope_.count(&scope) != 0; }

  const ModuleSet& modules() const { return modules_; }
  const ScopeTree& scopes() const { return scopes_; }
  std::string text(Span span) const { return std::string(modules_.sources.text(span)); }

  typed::SiteId new_site(typed::FunctionId function, Span span);
  // A variable that functions read; made at first sight. Null when the script is not what runs: then it does not exist.
  ModuleVariable* module_variable(const std::string& name, Span span);

  // Moves the diagnostics of `entry` and of all that it reaches, without repetitions, to the sink.
  void report_all(const std::vector<Specialisation*>& entries, Diagnostics& diags);
  // The program with this entry; nothing must have been wrong with it.
  typed::Program assemble(const std::vector<Specialisation*>& entries);
  void warn_unset() { warn_unset_ = true; }
  bool warns_unset() const { return warn_unset_; }

 private:
  void check(Specialisation& spec);
  std::vector<Specialisation*> reachable(const std::vector<Specialisation*>& entries) const;

  const ModuleSet& modules_;
  const ScopeTree& scopes_;
  std::deque<Specialisation> specialisations_;  // stable addresses; index == FunctionId
  std::map<const Scope*, std::vector<Specialisation*>> by_scope_;
  std::map<std::string, ModuleVariable> module_variables_;
  std::vector<typed::Site> sites_{typed::Site{}};
  int depth_ = 0;
  bool script_runs_ = false;
  bool warn_unset_ = false;
};

// A call as the handlers of builtins see it.
struct CallSite {
  const ast::Expr& expr;  // the whole call
  const ast::Call& call;
  std::string_view path;  // "numpy.zeros"
  std::string_view name;  // "zeros", for messages
  Span span() const { return expr.span; }
};

class FunctionChecker {
 public:
  FunctionChecker(ProgramChecker& program, Specialisation& spec);

  // One round: builds spec.function and refills spec.diags.
  void run();
  // What annotations and defaults say about the parameters of this specialisation's function.
  std::vector<Type> declared_types();

 private:
  friend struct HandlerTable;
  using ExprPtr = typed::ExprPtr;
  using BlockRef = const ast::Block&;

  // ---- check_function.cpp: parameters, decorators ----
  void run_function();
  void run_stub();
  void declare_parameters();
  typed::LocalId new_local(const std::string& name, const Type& type, Span span);
  typed::LocalId local_of(const std::string& name, Span span);
  void check_decorators(const ast::FunctionDef& definition);
  void apply_decorator(const ast::Expr& decorator);
  void apply_option(const std::string& decorator, const ast::Keyword& keyword);
  void apply_fastmath(const std::string& decorator, const ast::Keyword& keyword);
  void finish_result();
  void relied_on(Specialisation& callee);

  // ---- nodes (check_function.cpp) ----
  template <typename Node>
  ExprPtr make(Type type, Span span, Node node) {
    auto expr = std::make_unique<typed::Expr>();
    expr->type = std::move(type);
    expr->span = span;
    expr->site = program_.new_site(spec_.id, span);
    expr->node = std::move(node);
    return expr;
  }
  template <typename Node>
  void emit(Span span, Node node) {
    auto stmt = std::make_unique<typed::Stmt>();
    stmt->span = span;
    stmt->site = program_.new_site(spec_.id, span);
    stmt->node = std::move(node);
    out_->push_back(std::move(stmt));
  }
  ExprPtr invalid(Span span) { return make(Kind::Unknown, span, typed::Constant{}); }
  ExprPtr int_constant(std::int64_t value, Span span);
  ExprPtr float_constant(double value, Span span);
  ExprPtr bool_constant(bool value, Span span);
  ExprPtr str_constant(std::string value, Span span);
  ExprPtr none_constant(Span span);
  ExprPtr builtin_call(Builtin builtin, Type type, Span span, std::vector<ExprPtr> args, bool checked = false);
  // An expression that may be written twice because it has no effect and no cost.
  static bool is_trivial(const typed::Expr& expr);
  ExprPtr clone(const typed::Expr& trivial);
  typed::LocalId new_temp(const Type& type, Span span);
  ExprPtr read_temp(typed::LocalId temp, Span span);
  // Lets `use` read the value any number of times through clone(); wraps the result in a Let where that is needed.
  ExprPtr with_value(ExprPtr value, const std::function<ExprPtr(const typed::Expr&)>& use);
  // The same at statement level: assigns to a hidden local unless trivial.
  ExprPtr hold(ExprPtr value);
  typed::Block in_block(const std::function<void()>& build);

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
  struct RangeBounds {
    ExprPtr start, stop, step;
  };
  std::optional<RangeBounds> range_bounds(const CallSite& site, bool allow_keywords);
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
  std::optional<Sequence> sequence_of_range(const CallSite& site);
  ExprPtr range_length(ExprPtr start, ExprPtr stop, std::int64_t step, Span span);
  std::optional<Sequence> sequence_of_zip(const CallSite& site);
  std::optional<Sequence> sequence_of_enumerate(const CallSite& site);
  std::optional<Sequence> sequence_of_reversed(const CallSite& site);
  std::optional<Sequence> sequence_of_value(ExprPtr value);
  void for_sequence(const ast::Stmt& stmt, const ast::For& node, Sequence sequence);

  // ---- check_expr.cpp ----
  ExprPtr check(const ast::Expr& expr);
  ExprPtr check_name(const ast::Expr& expr, const ast::Name& name);
  ExprPtr bound_value(const Binding& binding, const std::string& name, Span span);
  ExprPtr check_attribute(const ast::Expr& expr, const ast::Attribute& attribute);
  ExprPtr check_bool_operation(const ast::Expr& expr, const ast::BoolOperation& node);
  ExprPtr check_conditional(const ast::Expr& expr, const ast::Conditional& node);
  ExprPtr check_tuple(const ast::Expr& expr, const std::vector<ast::ExprPtr>& elements);
  ExprPtr check_lambda(const ast::Expr& expr, const ast::Lambda& lambda);
  ExprPtr function_value(const Scope& function, Span span);
  ExprPtr read_variable(const std::string& name, Span span);
  ExprPtr path_value(std::string_view path, Span span);
  // A value where only its truth matters: Bool.
  ExprPtr check_condition(const ast::Expr& expr);
  ExprPtr truth(ExprPtr value);
  // The path of a name or attribute that leads outside, or "".
  std::string path_of(const ast::Expr& expr) const;
  std::string path_of_name(const std::string& name) const;

  // ---- check_convert.cpp ----
  ExprPtr convert(ExprPtr value, const Type& type);
  // As an explicit cast or for a parameter: false types are reported against `what`.
  ExprPtr convert_number(ExprPtr value, Kind kind, std::string_view what);
  ExprPtr fold_constant(const typed::Constant& constant, Kind from, Kind to, Span span);
  static std::optional<std::int64_t> int_value(const typed::Expr& expr);
  static std::optional<bool> bool_value(const typed::Expr& expr);
  static std::optional<double> float_value(const typed::Expr& expr);
  ExprPtr as_index(ExprPtr value, Span span);  // I64, or reported

  // ---- check_operator.cpp ----
  ExprPtr check_unary(const ast::Expr& expr, const ast::Unary& node);
  ExprPtr check_binary(const ast::Expr& expr, const ast::Binary& node);
  ExprPtr check_compare(const ast::Expr& expr, const ast::Compare& node);
  ExprPtr binary(typed::BinaryOp op, ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr power(ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr text_binary(typed::BinaryOp op, ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr concat_tuples(ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr bad_operands(std::string_view op, const Type& lhs, const Type& rhs, Span span);
  bool adapt_literal(ExprPtr& lhs, ExprPtr& rhs);  // an integer literal takes the unsigned type of its partner
  ExprPtr compare_two(const ast::Expr& expr, const ast::Compare& node);
  ExprPtr compare_pair(ast::CompareOp op, const typed::Expr& lhs, const typed::Expr& rhs, Span span);
  ExprPtr compare_values(typed::CompareOp op, ExprPtr lhs, ExprPtr rhs, Span span);
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
  ExprPtr negate(ExprPtr value, Span span);

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
  void report_no_member(Span span, std::string_view module, std::string_view name);
  bool captures_settled(const Scope& function) const;
  static bool is_constant_tree(const typed::Expr& expr);
  ExprPtr default_value(const ast::FunctionDef& callee, const ast::Parameter& parameter, const Scope& scope);
  ExprPtr check_argument(const ast::FunctionDef& callee, const ast::Parameter& parameter, ExprPtr value);
  std::vector<ExprPtr> captured_values(const Scope& callee, Span span);
  ExprPtr method_call(const ast::Expr& expr, const ast::Call& call, const ast::Attribute& attribute);

  // ---- check_annotation.cpp ----
  struct Annotation {
    enum class Kind { Exact, AtMost, AnyArray, Any } kind = Kind::Any;  // AtMost: `float` also takes an int, as in Python
    Type type;
  };
  std::optional<Annotation> read_annotation(const ast::Expr& expr);
  std::optional<Annotation> array_annotation(const ast::Subscript& subscript, kjit::Kind dtype);
  ExprPtr apply_annotation(const Annotation& annotation, const std::string& name, ExprPtr value, Span where);
  std::optional<Annotation> result_annotation_;  // what stands behind `->`
  // An expression that names an element type: np.float32, "float32", a.dtype, float, a parameter holding one.
  std::optional<kjit::Kind> dtype_of(const ast::Expr& expr);

  // ---- check_subscript.cpp ----
  ExprPtr check_subscript(const ast::Expr& expr, const ast::Subscript& node);
  ExprPtr subscript_tuple(const ast::Expr& expr, const ast::Subscript& node, ExprPtr tuple);
  ExprPtr subscript_array(const ast::Expr& expr, const ast::Subscript& node, ExprPtr array);
  ExprPtr subscript_string(const ast::Expr& expr, const ast::Subscript& node, ExprPtr text);
  struct ArrayPlace {  // an element (full indices) or a view
    ExprPtr array;
    std::vector<ExprPtr> indices;  // elements
    ExprPtr view;                  // set instead of the above
  };
  std::optional<ArrayPlace> array_place(const ast::Expr& expr, const ast::Subscript& node);
  std::optional<ArrayPlace> place_in(const ast::Expr& expr, const ast::Subscript& node, ExprPtr array);
  ExprPtr subscript_argv(const ast::Expr& expr, const ast::Subscript& node);
  ExprPtr slice_tuple(const ast::Expr& expr, const ast::Slice& slice, ExprPtr tuple);
  ExprPtr check_slice_part(const ast::ExprPtr& part);  // null: left out
  std::optional<ArrayPlace> extend_view(const ast::Expr& expr, const ast::Subscript& node, typed::View row);
  bool add_subscript(const ast::Expr& index, std::size_t left_out, std::vector<typed::Subscript>& subscripts);
  bool spread_index(const ast::Expr& index, ExprPtr tuple, std::vector<typed::Subscript>& subscripts);
  std::optional<ArrayPlace> make_place(Span span, ExprPtr array, std::vector<typed::Subscript> subscripts);
  static Layout view_layout(const Type& array, const std::vector<typed::Subscript>& subscripts);

  // ---- check_builtin.cpp and check_builtin_*.cpp: names with rules of their own ----
  ExprPtr call_signature(const CallSite& site, const PathRow& row);
  ExprPtr call_np_float(const CallSite& site, const PathRow& row);
  ExprPtr call_handler(const CallSite& site);
  ExprPtr cast(const CallSite& site, kjit::Kind kind);
  // Arguments in order; reports wrong counts and keywords not in `keywords`. Positions of missing ones are null.
  std::optional<std::vector<const ast::Expr*>> take_args(const CallSite& site, std::size_t least,
                                                         std::vector<std::string_view> names);
  std::optional<std::vector<ExprPtr>> check_args(const CallSite& site, std::size_t least, std::size_t most);
  ExprPtr bad_argument(const CallSite& site, std::string_view needed, const Type& given, Span span);
  ExprPtr argument_f64(const CallSite& site, ExprPtr value);
  ExprPtr argument_i64(const CallSite& site, ExprPtr value);

  ExprPtr call_len(const CallSite& site);
  ExprPtr call_abs(const CallSite& site);
  ExprPtr call_min_max(const CallSite& site);
  ExprPtr extremum_of_tuple(const CallSite& site, ExprPtr tuple);
  ExprPtr extremum(const CallSite& site, std::vector<ExprPtr> values);
  static std::optional<Type> numeric_join(const Type& a, const Type& b);
  ExprPtr call_sum(const CallSite& site);
  bool range_call(const ast::Expr* expr) const;
  ExprPtr sum_of_range(const ast::Expr& expr);
  ExprPtr call_round(const CallSite& site);
  ExprPtr call_int(const CallSite& site);
  ExprPtr call_float(const CallSite& site);
  ExprPtr call_bool(const CallSite& site);
  ExprPtr call_complex(const CallSite& site);
  ExprPtr call_str(const CallSite& site);
  ExprPtr call_format(const CallSite& site);
  ExprPtr call_divmod(const CallSite& site);
  ExprPtr call_pow(const CallSite& site);
  void check_print(const CallSite& site);
  ExprPtr call_ord_chr(const CallSite& site);
  ExprPtr call_tuple(const CallSite& site);
  ExprPtr call_any_all(const CallSite& site);
  ExprPtr call_out_of_place(const CallSite& site);
  ExprPtr call_exit(const CallSite& site);

  ExprPtr call_math_rounding(const CallSite& site);
  ExprPtr call_gcd_lcm(const CallSite& site);
  ExprPtr call_perm(const CallSite& site);
  ExprPtr call_log(const CallSite& site);
  ExprPtr call_isclose(const CallSite& site);
  ExprPtr call_split_float(const CallSite& site);
  ExprPtr call_array_reduction(const CallSite& site);
  ExprPtr call_cmath(const CallSite& site);

  ExprPtr test_parts(const CallSite& site, ExprPtr value);
  ExprPtr number_wins(Builtin builtin, std::vector<ExprPtr> args, const Type& type, Span span);

  ExprPtr call_np_test(const CallSite& site);
  ExprPtr call_np_extremum(const CallSite& site);
  ExprPtr call_np_arithmetic(const CallSite& site);
  ExprPtr call_np_complex(const CallSite& site);

  ExprPtr call_new_array(const CallSite& site);
  ExprPtr call_new_like(const CallSite& site);
  ExprPtr call_arange(const CallSite& site);
  ExprPtr call_linspace(const CallSite& site);
  ExprPtr call_array(const CallSite& site);
  ExprPtr call_eye(const CallSite& site);
  ExprPtr call_dot(const CallSite& site);
  ExprPtr call_array_query(const CallSite& site);
  ExprPtr array_of_tuple(const CallSite& site, ExprPtr tuple, std::optional<kjit::Kind> dtype);
  ExprPtr finish_literal(std::vector<std::int64_t> shape, std::vector<ExprPtr> elements, std::optional<kjit::Kind> dtype,
                         Span span);
  ExprPtr array_literal(const ast::Expr& expr, std::optional<kjit::Kind> dtype);
  bool collect_literal(const ast::Expr& expr, std::size_t depth, std::vector<std::int64_t>& shape,
                       std::vector<ExprPtr>& elements);
  std::optional<std::vector<ExprPtr>> check_shape(const ast::Expr& expr);
  ExprPtr new_array(typed::Fill fill, kjit::Kind dtype, std::vector<ExprPtr> shape, ExprPtr value, Span span);
  ExprPtr astype(ExprPtr array, kjit::Kind dtype, Span span);
  ExprPtr reduce_array(std::string_view function, ExprPtr array, Span span, ExprPtr ddof = nullptr);
  ExprPtr dot(ExprPtr a, ExprPtr b, Span span);
  ExprPtr array_method(const CallSite& site, ExprPtr array);
  ExprPtr string_method(const CallSite& site, ExprPtr text);
  ExprPtr number_method(const CallSite& site, ExprPtr number);
  ExprPtr whole_view(ExprPtr array, Span span);
  ExprPtr array_attribute(const std::string& name, ExprPtr array, Span span);  // null: no such attribute

  ExprPtr call_random(const CallSite& site);
  ExprPtr call_np_random(const CallSite& site);
  ExprPtr call_seed(const CallSite& site);
  ExprPtr call_randrange(const CallSite& site);
  ExprPtr call_rand(const CallSite& site);
  ExprPtr random_array(const CallSite& site, Builtin fill, kjit::Kind dtype, std::optional<std::vector<ExprPtr>> shape,
                       std::vector<ExprPtr> parameters);
  ExprPtr pick_element(const CallSite& site, ExprPtr sequence);

  ExprPtr call_atomic(const CallSite& site);
  std::optional<std::vector<ExprPtr>> atomic_place(const CallSite& site, const ast::Expr& array, const ast::Expr& index);
  ExprPtr atomic_value(const CallSite& site, const ast::Expr& value, const Type& dtype);
  ExprPtr call_threads(const CallSite& site);

  // ---- check_text.cpp ----
  ExprPtr check_fstring(const ast::Expr& expr, const ast::FString& node);
  bool check_format(const typed::Expr& value, const std::string& spec, char conversion, Span span);
  bool is_printable(const Type& type) const;

  template <DiagId Id, typename... Args>
  Diagnostic& report(Span span, const Args&... args) {
    return spec_.diags.report<Id>(span, args...);
  }

  ProgramChecker& program_;
  Specialisation& spec_;
  const Scope& scope_;
  typed::Function function_;
  typed::Block* out_ = nullptr;
  std::map<std::string, typed::LocalId> locals_;
  std::map<std::string, OptionalParameter> optional_;
  int loop_depth_ = 0;
  std::set<const Scope*> constants_in_progress_;
  const Scope* name_scope_;  // where names are looked up: scope_, or a module while its constant is expanded
};

// The typed operator of a syntactic one; nullopt for `@`.
std::optional<typed::BinaryOp> typed_operator(ast::BinaryOp op);

// Flow over the typed body (definite_assignment.cpp): marks reads that need a check, reports E0801, E0802 and W0801.
void check_definite_assignment(typed::Function& function, bool warn, Diagnostics& diags);
// Call graph facts (call_graph.cpp): is_recursive, draws_random.
void annotate_call_graph(typed::Program& program);

}  // namespace kjit
