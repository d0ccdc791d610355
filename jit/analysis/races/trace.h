#pragma once
// The symbolic evaluation behind collect_accesses(). Private to jit/analysis. trace_expr.cpp and trace_stmt.cpp hold its two
// halves.

#include <map>
#include <string>
#include <vector>

#include "analysis/races/accesses.h"
#include "analysis/races/views.h"

namespace kjit {

class Trace {
 public:
  Trace(const typed::Program& program, const std::vector<Summary>& summaries, const SourceMap& sources,
        const typed::ForRange& loop)
      : program_(program), summaries_(summaries), sources_(sources), target_(loop), globals_(program.globals.size()) {}

  LoopAccesses run(const typed::Function& function);

 private:
  // What holds when a condition is true, and when it is false.
  struct Condition {
    std::vector<Guard> when_true, when_false;
  };
  struct Frame {
    const typed::Function* function;
    std::vector<SymValue> locals;
    std::vector<SymValue> results;                   // of the returns reached, in a callee
    std::map<typed::LocalId, Condition> conditions;  // bools bound by a Let
  };

  // ---- statements (trace_stmt.cpp) ----
  void block(const typed::Block& block);
  void statement(const typed::Stmt& stmt);
  void assign(typed::LocalId local, const typed::Expr& value);
  void store_element(const typed::StoreElement& store, Span span);
  void update_element(const typed::UpdateElement& update, Span span);
  void assign_view(const typed::AssignView& assign, Span span);
  void if_statement(const typed::If& branch);
  void while_loop(const typed::Stmt& stmt, const typed::While& loop);
  void for_loop(const typed::Stmt& stmt, const typed::ForRange& loop);
  void target_loop(const typed::ForRange& loop);
  AtomId add_counter(const typed::ForRange& loop, const Poly& start, const Poly& stop, const Poly& step);
  void forget_assigned(const typed::Block& body, Span span);
  void guarded(const std::vector<Guard>& guards, const typed::Block& body);
  void attach_handles();

  // ---- expressions (trace_expr.cpp) ----
  SymValue eval(const typed::Expr& expr);
  Poly eval_integer(const typed::Expr& expr);
  SymValue node(const typed::Expr& expr, const typed::Let& n);
  SymValue node(const typed::Expr& expr, const typed::Conditional& n);
  SymValue node(const typed::Expr& expr, const typed::Convert& n);
  SymValue node(const typed::Expr& expr, const typed::Unary& n);
  SymValue node(const typed::Expr& expr, const typed::Binary& n);
  SymValue node(const typed::Expr& expr, const typed::Call& n);
  SymValue node(const typed::Expr& expr, const typed::BuiltinCall& n);
  SymValue node(const typed::Expr& expr, const typed::TupleElement& n);
  SymValue node(const typed::Expr& expr, const typed::TupleElementDynamic& n);
  SymValue node(const typed::Expr& expr, const typed::Element& n);
  SymValue node(const typed::Expr& expr, const typed::View& n);
  SymValue node(const typed::Expr& expr, const typed::NewArray& n);
  SymValue node(const typed::Expr& expr, const typed::ArrayDim& n);
  SymValue read_global(const typed::ReadGlobal& n);
  SymValue make_tuple(const typed::MakeTuple& n);
  SymValue fresh_array(const typed::Expr& expr, const std::vector<Poly>& dims);
  SymSubscript subscript(const typed::Subscript& subscript);
  Condition condition(const typed::Expr& expr);
  Condition comparison(const typed::Compare& compare);
  Condition choice(const typed::Conditional& n);

  // ---- calls (trace_call.cpp) ----
  bool should_walk(const typed::Call& call) const;
  SymValue walk_call(const typed::Call& call, std::vector<SymValue> args, Span span);
  SymValue summarized_call(const typed::Expr& expr, const typed::Call& call, const std::vector<SymValue>& args);
  SymValue any_of_arrays(const typed::Expr& expr, const std::vector<SymValue>& from);

  // ---- values ----
  // Nothing is known but the type; `opaque`: arrays may be any array.
  SymValue unknown(const Type& type, const std::string& name, bool opaque);
  SymValue unknown(const typed::Expr& expr);
  SymValue new_root(Root root, int rank);
  static SymValue integer(Poly value);
  SymValue merge(const SymValue& a, const SymValue& b, const Type& type, const std::string& name);
  void attach(SymValue& value, ArrayHandle handle);
  std::string words(Span span) const;

  // ---- accesses ----
  Facts facts() const;
  void add_access(AccessKind kind, const SymArray& array, std::vector<AxisIndex> indices, std::vector<AtomId> extra_counters,
                  bool certain, Span span);
  // Are the indices certainly in range?
  bool element_access(AccessKind kind, const SymValue& array, const std::vector<Poly>& indices,
                      const std::vector<bool>& in_bounds, Span span);
  // Of all elements: with `certain` false it may touch only some of them.
  void whole_access(AccessKind kind, const SymValue& value, bool certain, Span span);

  SymValue& local(typed::LocalId id) { return frames_.back().locals[id]; }

  const typed::Program& program_;
  const std::vector<Summary>& summaries_;
  const SourceMap& sources_;
  const typed::ForRange& target_;
  std::vector<SymValue> globals_;
  std::vector<bool> global_known_;
  std::vector<Frame> frames_;
  std::vector<Span> calls_;  // walked into, inside the loop
  std::vector<Guard> guards_;
  std::vector<AtomId> counters_;
  LoopAccesses result_;
  const typed::UpdateElement* update_ = nullptr;  // being recorded
  const typed::StoreElement* store_ = nullptr;
  std::optional<ReduceOp> atomic_op_;  // of the kjit.atomic_* being recorded
  bool inside_ = false;
  bool done_ = false;
  int steps_ = 0;
};

// Does control always leave the block early (continue, break, return, raise)? May it leave the statement's own loop body?
bool always_leaves(const typed::Block& block);
bool may_leave(const typed::Stmt& stmt);
// Is there a break that ends this loop?
bool may_break(const typed::Block& body);

}  // namespace kjit
