#pragma once
// The one walk of structured control flow: if, while, for, else, break, continue, return, raise. Facts that flow forward along it
// (which variables are set, which values are still around, what an index is) are domains, and know nothing of control flow.
//
// A Domain derives from FlowDomain<State> and hides what it needs otherwise. A State is what is known at one place; the walk
// copies it where ways part, joins it where they meet, and visits no statement that control cannot come to.
//
// Where ways meet: after an if, both arms. At the head of a loop, the entry and the ends of rounds, by falling off the body or by
// continue. In a loop's else, the end of the range or the false condition, but not break. After the loop, the else and each
// break.

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit::typed {

// None: control cannot come here.
template <typename State>
using Flow = std::optional<State>;

template <typename State>
struct Rounds {
  const State& entry;       // before the loop, its range evaluated
  const Flow<State>& back;  // at the end of a round
  bool is_complete;         // no round was left by break, return or raise
};

// What a domain may leave to the walk. `run`, `decide` and `join` are its own:
//   void join(State& into, const State& other);
//   void run(Stmt&, State&);                a statement without blocks; the value of Return and the message of Raise with it
//   State decide(Expr& condition, State&);  evaluates; the argument becomes the state if it is true, the result that if it is not
//   void evaluate(Expr&, State&);
//   void evaluate_range(ForRange&, State&); range_operands(), once
template <typename S>
struct FlowDomain {
  using State = S;

  // What holds before each round, whatever the number of rounds. A domain whose state
  // at the end of a round may say less than the state before it forgets here what the body changes, or repeats.
  State begin_loop(Stmt&, State& entry) { return entry; }
  // At the head of a ForRange: its variable gets the next value.
  void begin_round(ForRange&, State&) {}
  // Joins the end of a round to its beginning; true if that changed it: the body is walked once more.
  bool repeat(Stmt&, State& /*head*/, const State& /*back*/) { return false; }
  bool makes_a_round(const ForRange& loop);
  // The range is used up, or the condition is false.
  void end_rounds(Stmt&, const Rounds<State>&, Flow<State>& /*exit*/) {}
  // Behind an if or loop; `left`: some way out of it leads elsewhere (return, raise, break or continue of a loop around it).
  void meet(const State& /*before*/, State&, bool /*left*/) {}
  // Has the domain seen enough?
  bool is_done() const { return false; }
};

// What the tree itself says of a condition and of a range; without it both ways are open.
std::optional<bool> constant_condition(const Expr& condition);
bool makes_a_round(const ForRange& loop);
// Start, stop, step and the options of prange, in the order of evaluation.
std::vector<Expr*> range_operands(ForRange& loop);
// Of a While or ForRange.
LoopId loop_id(const Stmt& loop);
const Block& loop_body(const Stmt& loop);
// Does control never come behind this statement (return, raise, sys.exit(), break, continue)?
bool ends_control(const Stmt& stmt);

template <typename S>
bool FlowDomain<S>::makes_a_round(const ForRange& loop) {
  return typed::makes_a_round(loop);
}

template <typename Domain>
class FlowWalk {
 public:
  using State = typename Domain::State;

  explicit FlowWalk(Domain& domain) : domain_(domain) {}

  // The state where control falls off the end of the body.
  Flow<State> run(const Block& body, State entry) { return block(body, std::move(entry)); }
  // Likewise for the body of a loop, walked once: where control falls off its end or comes to a continue of it.
  Flow<State> run_round(const Block& body, State entry) {
    loops_.emplace_back();
    Flow<State> end = block(body, std::move(entry));
    join(end, loops_.back().at_continue);
    loops_.pop_back();
    return end;
  }

 private:
  struct Exits {
    Flow<State> at_break, at_continue;
  };
  static constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

  void join(Flow<State>& into, const Flow<State>& other) {
    if (!other) return;
    if (into) return domain_.join(*into, *other);
    into = other;
  }

  Flow<State> block(const Block& block, Flow<State> flow) {
    for (const StmtPtr& stmt : block) {
      if (!flow || domain_.is_done()) break;
      flow = statement(*stmt, std::move(*flow));
    }
    return flow;
  }

  Flow<State> statement(Stmt& stmt, State state) {
    if (auto* branch = std::get_if<If>(&stmt.node)) return structured([&] { return if_statement(*branch, std::move(state)); });
    if (auto* loop = std::get_if<While>(&stmt.node)) {
      return structured([&] { return while_loop(stmt, *loop, std::move(state)); });
    }
    if (auto* loop = std::get_if<ForRange>(&stmt.node)) {
      return structured([&] { return for_loop(stmt, *loop, std::move(state)); });
    }
    if (auto* check = std::get_if<Assert>(&stmt.node)) return assertion(*check, std::move(state));
    domain_.run(stmt, state);
    if (!ends_control(stmt)) return state;
    leave(stmt, std::move(state));
    return std::nullopt;
  }

  // Control goes on elsewhere.
  void leave(const Stmt& stmt, State state) {
    const bool breaks = std::holds_alternative<Break>(stmt.node), continues = std::holds_alternative<Continue>(stmt.node);
    left_to_ = std::min(left_to_, breaks || continues ? loops_.size() : 0);
    if (!breaks && !continues) return;
    join(breaks ? loops_.back().at_break : loops_.back().at_continue, std::move(state));
  }

  // The state behind a statement with blocks, and the one before its blocks.
  struct Behind {
    State before;
    Flow<State> after;
  };

  template <typename Walk>
  Flow<State> structured(Walk walk) {
    const std::size_t outer = std::exchange(left_to_, kNowhere);
    Behind behind = walk();
    if (behind.after) domain_.meet(behind.before, *behind.after, left_to_ <= loops_.size());
    left_to_ = std::min(left_to_, outer);
    return std::move(behind.after);
  }

  Flow<State> assertion(Assert& check, State state) {
    State failed = domain_.decide(*check.condition, state);
    if (check.message) domain_.evaluate(*check.message, failed);
    if (constant_condition(*check.condition) == false) return std::nullopt;
    return state;
  }

  Behind if_statement(If& branch, State state) {
    State before = state;
    State otherwise = domain_.decide(*branch.condition, state);
    Flow<State> after = block(branch.body, std::move(state));
    join(after, block(branch.otherwise, std::move(otherwise)));
    return {std::move(before), std::move(after)};
  }

  // One round from `head`: where it ends to begin another one, and where it breaks.
  Exits round(const Block& body, State head) {
    loops_.emplace_back();
    Flow<State> end = block(body, std::move(head));
    Exits exits = std::move(loops_.back());
    loops_.pop_back();
    join(end, exits.at_continue);
    return {std::move(exits.at_break), std::move(end)};
  }

  bool is_complete(const Exits& exits) const { return !exits.at_break && left_to_ > loops_.size(); }

  Behind while_loop(Stmt& stmt, While& loop, State entry) {
    State head = domain_.begin_loop(stmt, entry);
    Flow<State> exit;
    Exits exits;
    do {
      State body = head;
      exit = domain_.decide(*loop.condition, body);
      if (constant_condition(*loop.condition) == true) exit.reset();
      exits = round(loop.body, std::move(body));
    } while (exits.at_continue && domain_.repeat(stmt, head, *exits.at_continue));
    domain_.end_rounds(stmt, {entry, exits.at_continue, is_complete(exits)}, exit);
    return {std::move(entry), behind_loop(loop.otherwise, std::move(exit), exits)};
  }

  Behind for_loop(Stmt& stmt, ForRange& loop, State entry) {
    domain_.evaluate_range(loop, entry);
    State head = domain_.begin_loop(stmt, entry);
    Exits exits;
    do {
      State body = head;
      domain_.begin_round(loop, body);
      exits = round(loop.body, std::move(body));
    } while (exits.at_continue && domain_.repeat(stmt, head, *exits.at_continue));
    Flow<State> exit = exits.at_continue;
    if (!domain_.makes_a_round(loop)) join(exit, entry);
    domain_.end_rounds(stmt, {entry, exits.at_continue, is_complete(exits)}, exit);
    return {std::move(entry), behind_loop(loop.otherwise, std::move(exit), exits)};
  }

  Flow<State> behind_loop(const Block& otherwise, Flow<State> exit, const Exits& exits) {
    Flow<State> end = block(otherwise, std::move(exit));
    join(end, exits.at_break);
    return end;
  }

  Domain& domain_;
  std::vector<Exits> loops_;  // around the statement, innermost last
  // How many loops stay around the place that control leaves the current statement for, at most: break and continue count their
  // own loop, return and raise none.
  std::size_t left_to_ = kNowhere;
};

}  // namespace kjit::typed
