#pragma once
// One C or C++ function -> one kernel. Entry: FunctionTranslator::run(). What cannot be translated throws a Refusal.
//
// Statements write lines; expressions give a Value and may write lines before the statement that they are part of (side effects),
// or ask for lines behind it (`a[k++] = v`). A Place is an lvalue: a variable, an element, a field. Pointers are places, too: the
// element that they point at, whose last index moves.

#include <clang/AST/ASTContext.h>
#include <clang/AST/Expr.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/Stmt.h>
#include <clang/AST/StmtOpenMP.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "c_types.h"
#include "facts.h"
#include "names.h"
#include "refusal.h"
#include "unit.h"
#include "value.h"
#include "writer.h"

namespace kjit::import {

// Where a variable lives in the kernel.
//   Scalar: a variable.   Cell: an array of one element, as its address is taken.   Array: an array of its own.   Record: a
//   variable for each field.   RecordCells: an array for each field, element 0.   Pointer: an array (for records: one for each
//   field) and a position in it.   Table: a pointer to the beginning of one of several constant tables, which are tuples.
enum class Home { Scalar, Cell, Array, Record, RecordCells, Pointer, Table, Function };

struct Variable {
  Home home = Home::Scalar;
  std::string name;      // of the variable or array; of records the beginning of the fields' names
  Rep rep = Rep::Int;    // Scalar; a loop variable of type size_t is an Int
  Range range;           // Scalar, Int
  std::string position;  // Pointer: the variable that holds its position; empty: it stays at `fixed`
  std::int64_t fixed = 0;
};

// Part of a number's bits, read as another type: a member of a union, *(int*)&x. See bits.cpp.
struct Window {
  Scalar stored;            // the number itself
  Value position;           // counts elements of the place's type
  std::int64_t offset = 0;  // of element 0, in bits
};

struct Place {
  std::string base;
  std::vector<Value> indices;
  clang::QualType type;
  Rep rep = Rep::None;  // a Scalar variable: how it is held; else by the type
  Range range;
  bool is_variable = false;
  bool is_table = false;  // a constant tuple of tuples: one subscript behind the other, and never passed on
  std::optional<Window> window = std::nullopt;
};

// The type of a lambda.
bool is_closure(clang::QualType type);

Prec precedence(clang::BinaryOperatorKind op);

// Sets a flag for the time of a block.
class Setting {
 public:
  Setting(bool& flag, bool value) : flag_(flag), before_(std::exchange(flag, value)) {}
  ~Setting() { flag_ = before_; }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

 private:
  bool& flag_;
  bool before_;
};

class FunctionTranslator {
 public:
  FunctionTranslator(Unit& unit, const clang::FunctionDecl& function, Comments& comments);

  std::string run();

 private:
  // What is written as a Python loop: a loop of C, a switch whose cases fall through (`break` of C ends it), or a block with
  // labels.
  enum class LoopKind { Loop, Switch, Jump };
  struct Exit {  // a way out that does not end behind the loop
    std::string key;
    std::function<void()> again;  // writes the rest of the way, behind the loop
  };
  struct Loop {
    LoopKind kind = LoopKind::Loop;
    std::function<void()> on_continue;  // writes what C does between `continue` and the next round
    std::string flag;                   // tells which exit was taken
    std::vector<Exit> exits;
  };
  struct Target {
    int segment = 0;
    std::string entry;  // of a label inside of an if: the variable that says where to go on in there, and what it says
    int inner = 0;
  };
  struct Jump {            // a block with labels
    std::string selector;  // variable with the number of the segment that runs next
    std::map<const clang::LabelDecl*, Target> segments;
    std::size_t loops = 0;  // loops_.size() inside the block
  };

  // ---- declarations.cpp ----
  void declare_parameter(const clang::ParmVarDecl& parameter, std::vector<std::string>& list);
  void declare_fields(const std::string& base, const clang::RecordDecl& record, int outer_rank, std::vector<std::string>& list,
                      clang::SourceLocation where);
  void declare_local(const clang::VarDecl& variable);
  void declare_reference(const clang::VarDecl& variable);
  void keep_index(Value& index, const clang::VarDecl& variable);
  void declare_window(const clang::VarDecl& variable, Place target);
  void declare_container(const clang::VarDecl& variable);
  bool points_at_tables(const clang::VarDecl& variable) const;
  void declare_pointer(const clang::VarDecl& variable);
  void declare_array(const clang::VarDecl& variable);
  void declare_record(const clang::VarDecl& variable);
  void make_fields(const std::string& base, const clang::RecordDecl& record, bool cells, clang::SourceLocation where);
  void unpack(const Place& to, const clang::RecordDecl& record, const std::string& tuple, clang::SourceLocation where);
  void add_field_names(const std::string& base, const clang::RecordDecl& record, std::vector<std::string>& names);
  void initialise(const Place& place, const clang::Expr& init);
  std::string unique_record_name(const std::string& wanted, const clang::RecordDecl& record);

  // ---- statements.cpp ----
  void statement(const clang::Stmt& stmt);
  void compound(const clang::CompoundStmt& block);
  void expression_statement(const clang::Expr& expr);
  void if_statement(const clang::IfStmt& branch);
  void return_statement(const clang::ReturnStmt& result);
  // Each gives the place that it wrote, so that the target is evaluated once; an empty one for pointers and records.
  Place assignment(const clang::BinaryOperator& assign);
  Place compound_assignment(const clang::CompoundAssignOperator& assign);
  Place increment(const clang::UnaryOperator& step);
  void step_pointer(const clang::Expr& pointer, const Value& by, bool forward);
  void assign_pointer(const clang::Expr& pointer, const clang::Expr& value);
  void assign_record(const Place& to, const Place& from, const clang::RecordDecl& record, clang::SourceLocation where);
  void store(const Place& to, const Value& value, clang::SourceLocation where);
  void flush_after();
  void leading_comments(clang::SourceLocation until);

  // ---- loops.cpp ----
  struct Counted;
  std::optional<Counted> counted_loop(const clang::ForStmt& loop) const;
  void for_statement(const clang::ForStmt& loop, const std::string& keyword, const std::string& options);
  void write_counted(const clang::ForStmt& loop, const Counted& counted, const std::string& keyword, const std::string& options);
  void while_statement(const clang::Expr* condition, const clang::Stmt& body, std::function<void()> step);
  void do_statement(const clang::DoStmt& loop);
  void range_for(const clang::CXXForRangeStmt& loop);
  void atomic_update(const clang::OMPAtomicDirective& directive);
  void parallel_loop(const clang::OMPLoopDirective& directive);
  bool is_read_after(const clang::ValueDecl* variable, const clang::Stmt& loop) const;

  // ---- jumps.cpp ----
  // `otherwise`, if given, writes the loop's else.
  void loop_lines(const std::string& head, Loop context, const std::function<void()>& body,
                  const std::function<void()>& otherwise = {});
  void leave_through(const std::string& key, std::function<void()> again);
  void break_statement(clang::SourceLocation where);
  void continue_statement(clang::SourceLocation where);
  std::string case_test(const Value& value, const std::vector<const clang::Expr*>& cases);
  void switch_statement(const clang::SwitchStmt& choice);
  void add_entries(const clang::Stmt* stmt, Jump& jump, int segment);
  bool labelled_block(const clang::CompoundStmt& block);
  void goto_statement(const clang::GotoStmt& jump);

  // ---- expressions.cpp ----
  Value expression(const clang::Expr* expr);
  Value condition(const clang::Expr* expr);
  std::optional<Value> macro_constant(const clang::Expr& expr);
  std::optional<bool> known_condition(const clang::Expr* condition) const;
  Value conditional(const clang::ConditionalOperator& choice);
  Value zero_remainder(const clang::BinaryOperator& op);
  Value logical(const clang::BinaryOperator& op);
  Value literal(const clang::Expr* expr);
  Value reference(const clang::DeclRefExpr& reference);
  Value cast(const clang::CastExpr& cast);
  Value side_effect_value(const clang::Expr& expr);
  Value load(const Place& place, clang::SourceLocation where);
  Value read_only_index(const clang::Expr* expr);  // in a subscript: no wrapping, as an index that wraps is out of range anyway

  // ---- operators.cpp ----
  Value unary(const clang::UnaryOperator& op);
  Value binary(const clang::BinaryOperator& op);
  Value arithmetic(clang::BinaryOperatorKind op, Value lhs, Value rhs, clang::QualType type, clang::SourceLocation where);
  Value float_arithmetic(clang::BinaryOperatorKind op, const Value& lhs, const Value& rhs, Rep rep, clang::SourceLocation where);
  Value int_arithmetic(clang::BinaryOperatorKind op, const Value& lhs, const Value& rhs, const Scalar& scalar);
  Value divide(bool remainder, const Value& lhs, const Value& rhs, const Scalar& scalar);
  Value shift(bool left, const Value& lhs, const Value& rhs, const Scalar& scalar);
  Value compare(clang::BinaryOperatorKind op, const Value& lhs, const Value& rhs);
  Value wrapped(Value value, const Scalar& scalar);
  Value converted(Value value, const Scalar& to);
  Value as_bool(const Value& value);

  // ---- places.cpp ----
  Place place(const clang::Expr* expr);
  std::optional<Place> new_record(const clang::Expr& written);
  std::optional<Place> container_end(const clang::CXXMemberCallExpr& call);
  Place variable_place(const clang::ValueDecl& variable, clang::SourceLocation where);
  Place pointer(const clang::Expr* expr);
  Place chosen_pointer(const clang::ConditionalOperator& choice);
  Place decayed(Place array);
  Place field(const Place& record, const clang::FieldDecl& field);
  Place moved(Place pointer, const Value& by, bool forward);
  std::string text_of(const Place& place);
  std::string array_of_table(const Place& table);
  std::string view_of(const Place& pointer);  // the array that begins where the pointer points
  Scalar scalar_at(const Place& place, clang::SourceLocation where);

  // ---- classes.cpp ----
  void declare_object(std::vector<std::string>& list);
  Place object_place(clang::SourceLocation where);
  void construct();
  void return_object(clang::SourceLocation where);
  void add_object(const clang::CallExpr& call, const clang::CXXMethodDecl& method, std::vector<std::string>& list);
  Place object_of(const clang::CallExpr& call);
  std::optional<Place> object_result(const clang::CallExpr& call);
  bool construct_into(const Place& to, const clang::RecordDecl& record, const clang::Expr& init);
  std::string function_name(const clang::Expr& expr);
  void declare_closure(const clang::VarDecl& variable);
  void capture(const clang::LambdaExpr& lambda, std::map<const clang::ValueDecl*, Variable>& outer);
  std::string define_lambda(const std::string& wanted, const clang::LambdaExpr& lambda);

  // ---- bits.cpp ----
  Value to_bits(const Value& value, const Scalar& scalar);
  Value from_bits(const Value& bits, const Scalar& scalar);
  Value reinterpreted(const Value& value, const Scalar& from, const Scalar& to, clang::SourceLocation where);
  Place member_bits(const Place& record, const clang::FieldDecl& field);
  void fold_position(Place& place, clang::QualType element, clang::SourceLocation where);
  Place window_on(Place pointer, clang::QualType to, clang::SourceLocation where);
  std::pair<Place, Value> stored_at(const Place& place, const Scalar& part, clang::SourceLocation where);
  Value load_bits(const Place& place, clang::SourceLocation where);
  Value load_stored(const Place& whole, const Scalar& stored);
  void store_bits(const Place& to, const Value& value, clang::SourceLocation where);
  Value union_value(const clang::InitListExpr& list, const Scalar& stored);
  Place value_place(const Value& value, clang::QualType type);
  Place address(const clang::Expr* expr);

  // ---- calls.cpp ----
  Value call(const clang::CallExpr& call);
  bool memory_call(const clang::CallExpr& call);  // memset and memcpy of whole arrays or of count * sizeof(type)
  bool copy_whole(const Place& to, const Place& from, clang::SourceLocation where);
  std::optional<Value> method_call(const clang::CXXMemberCallExpr& call);
  std::optional<Value> bit_call(const clang::CallExpr& call, std::string_view name);
  std::optional<Value> library_call(const clang::CallExpr& call, const std::string& name);
  std::string container_text(const clang::Expr& written);
  std::string part_of(const Place& place, const Value& count);
  std::vector<std::string> arguments(const clang::CallExpr& call, const clang::FunctionDecl& callee);
  void add_arguments(llvm::ArrayRef<const clang::Expr*> given, const clang::FunctionDecl& callee, std::vector<std::string>& list,
                     clang::SourceLocation where);
  void add_record_arguments(const Place& place, const clang::RecordDecl& record, bool by_value, std::vector<std::string>& list,
                            clang::SourceLocation where);
  bool is_allocation(const clang::Expr* expr) const;
  void allocate(const clang::VarDecl& variable, const clang::Expr& call);

  std::string take_local(const clang::VarDecl& variable, const Variable& kind);
  void open_scope() { scopes_.emplace_back(); }
  void close_scope();

  Variable& variable(const clang::ValueDecl& declaration, clang::SourceLocation where);
  std::string temporary(const char* wanted) { return names_.take(wanted); }
  const clang::SourceManager& sources() const { return context_.getSourceManager(); }

  Unit& unit_;
  const clang::FunctionDecl& function_;
  clang::ASTContext& context_;
  Comments& comments_;
  FunctionFacts facts_;
  Names names_;
  Writer out_;
  std::map<const clang::ValueDecl*, Variable> variables_;
  std::map<const clang::ValueDecl*, Place> aliases_;                    // local references
  std::vector<std::vector<const clang::VarDecl*>> scopes_;              // scalars declared in the blocks around
  std::multimap<std::pair<std::string, Rep>, std::string> free_names_;  // of scalars whose block has ended
  std::vector<Loop> loops_;
  std::vector<Jump> jumps_;
  std::map<const clang::Stmt*, std::string> entries_;  // ifs, and their blocks, that a goto leads into: Target::entry
  std::set<const clang::Expr*> rebases_;               // moves of pointers that are folded into their subscripts
  std::vector<std::string> after_;                     // lines behind the statement
  std::optional<Variable> self_;                       // the object of a method
  clang::QualType result_type_;                        // of the function, or of the lambda that is being written
  bool in_lambda_ = false;
  const clang::Expr* statement_ = nullptr;  // the full expression that is being written
  // In a subscript or the bound of a loop: sums and products of signed integers are not wrapped, as an index that does not fit is
  // out of range anyway. Not where the value decides something else: comparisons, quotients, calls, side effects.
  bool in_subscript_ = false;
  clang::SourceLocation commented_;  // comments up to here are written
};

}  // namespace kjit::import
