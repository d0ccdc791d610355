#pragma once
// The symbolic evaluation behind collect_accesses(): a domain of the walk of control flow. Private to jit/analysis.
// trace_flow.cpp holds the domain, trace_stmt.cpp and trace_expr.cpp what statements and expressions do.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analysis/races/accesses.h"
#include "analysis/races/views.h"
#include "typing/tree/control_flow.h"

namespace kjit {

using GuardId = std::uint32_t;

// What is known at one place of a function.
struct TraceState {
  std::vector<std::shared_ptr<const SymValue>> locals;  // null: not set. Values are shared by the states that agree on them
  std::vector<GuardId> path;                            // conditions that hold here, outermost first
};

class Trace : public typed::FlowDomain<TraceState> {
 public:
  Trace(const typed::Program& program, const std::vector<Summary>& summaries, const SourceMap& sources,
        const typed::ForRange& loop)
      : program_(program), summaries_(summaries), sources_(sources), target_(loop), globals_(program.globals.size()) {}

  LoopAccesses run(const typed::Function& function);

  // ---- the domain (trace_flow.cpp) ----
  void join(TraceState& into, const TraceState& other);
  void run(const typed::Stmt& stmt, TraceState& state);
  TraceState decide(const typed::Expr& condition, TraceState& state);
  void evaluate(const typed::Expr& expr, TraceState& state);
  void evaluate_range(const typed::ForRange& loop, TraceState& state);
  TraceState begin_loop(const typed::Stmt& stmt, TraceState& entry);
  void begin_round(const typed::ForRange& loop, TraceState& state);
  void end_rounds(const typed::Stmt& stmt, const typed::Rounds<TraceState>& rounds, typed::Flow<TraceState>& exit);
  void meet(const TraceState& before, TraceState& after, bool left);
  bool is_done() const { return done_; }

 private:
  // What holds when a condition is true, and when it is false.
  struct Condition {
    std::vector<Guard> when_true, when_false;
  };
  struct Frame {
    const typed::Function* function;
    std::vector<SymValue> results;                   // of the returns reached, in a callee
    std::map<typed::LocalId, Condition> conditions;  // bools bound by a Let
  };
  struct OpenLoop {
    Poly start, stop, step;
    AtomId counter = 0;
    bool has_induction = false;    // a while loop with a counter of its own
    std::size_t first_access = 0;  // the first one recorded in it
  };

  void begin_counted_loop(const typed::ForRange& loop, TraceState& entry);
  void begin_target(TraceState& entry);
  AtomId add_counter(const typed::ForRange& loop, const OpenLoop& range);
  Poly reached_stop(const OpenLoop& range) const;
  void forget_assigned(const typed::Stmt& loop);
  std::shared_ptr<const SymValue> merged(const std::shared_ptr<const SymValue>& a, const std::shared_ptr<const SymValue>& b,
                                         const typed::Local& variable, const std::optional<Guard>& when_a);
  // What holds from here on, on this path.
  void assume(const std::vector<Guard>& guards);
  void assume(const Guard& guard, TraceState& state);
  std::vector<Guard> guards() const;

  // ---- statements (trace_stmt.cpp) ----
  void assign(typed::LocalId local, const typed::Expr& value);
  void store_element(const typed::StoreElement& store, Span span);
  void update_element(const typed::UpdateElement& update, Span span);
  void assign_view(const typed::AssignView& assign, Span span);
  void return_value(const typed::Return& node);
  // trace_induction.cpp: the variable that the loop advances, as a polynomial in a counter of rounds
  struct InductionValue {
    typed::LocalId variable;
    AtomId counter;
    Poly value;
  };
  void begin_induction(const InductionValue& induction);
  std::optional<InductionValue> find_induction(const typed::While& loop);
  std::optional<InductionValue> make_induction(typed::LocalId variable, typed::CompareOp op, const Poly& start, const Poly& stop,
                                               const Poly& step);
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
  SymValue array_of_builtin(const typed::Expr& expr, const typed::BuiltinCall& n, const std::vector<SymValue>& args);
  std::vector<Poly> lengths(const SymArray& array);
  SymSubscript subscript(const typed::Subscript& subscript);
  Condition condition(const typed::Expr& expr);
  Condition comparison(const typed::Compare& compare);
  Condition choice(const typed::Conditional& n);

  // ---- calls (trace_call.cpp) ----
  bool should_walk(const typed::Call& call) const;
  SymValue walk_call(const typed::Call& call, std::vector<SymValue> args, Span span);
  std::vector<SymValue> walk_body(const typed::Function& callee, TraceState entry, Span span);
  SymValue summarized_call(const typed::Expr& expr, const typed::Call& call, const std::vector<SymValue>& args);
  SymValue any_of_arrays(const typed::Expr& expr, const std::vector<SymValue>& from);

  // ---- values ----
  // Nothing is known but the type; `opaque`: arrays may be any array.
  SymValue unknown(const Type& type, const std::string& name, bool opaque);
  SymValue unknown(const typed::Expr& expr);
  SymValue new_root(Root root, int rank);
  static SymValue integer(Poly value);
  // `when_a`: it is `a` where the condition holds, else `b`.
  SymValue merge(const SymValue& a, const SymValue& b, const Type& type, const std::string& name,
                 const std::optional<Guard>& when_a = {});
  Poly choose(const Guard& when_a, const Poly& a, const Poly& b, const std::string& name);
  void attach(SymValue& value, const ArrayHandle& handle);
  void note_start_value(const Poly& poly, const StartValue& value);
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

  SymValue local(typed::LocalId id) const { return at_->locals[id] ? *at_->locals[id] : SymValue{}; }
  void set_local(typed::LocalId id, SymValue value) { at_->locals[id] = std::make_shared<const SymValue>(std::move(value)); }

  const typed::Program& program_;
  const std::vector<Summary>& summaries_;
  const SourceMap& sources_;
  const typed::ForRange& target_;
  std::vector<SymValue> globals_;
  std::vector<bool> global_known_;
  TraceState* at_ = nullptr;  // the place that is being evaluated, in the function of frame_
  Frame* frame_ = nullptr;
  std::vector<Guard> guards_;  // by GuardId
  std::vector<Span> calls_;    // walked into
  std::vector<OpenLoop> loops_;
  std::vector<AtomId> counters_;  // of the counted loops around the place
  LoopAccesses result_;
  const typed::UpdateElement* update_ = nullptr;  // being recorded
  const typed::StoreElement* store_ = nullptr;
  std::optional<ReduceOp> atomic_op_;  // of the kjit.atomic_* being recorded
  bool inside_ = false;
  bool done_ = false;
  int steps_ = 0;
};

}  // namespace kjit
