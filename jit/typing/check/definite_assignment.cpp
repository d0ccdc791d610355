// Which variables are certainly set, possibly set, or certainly not set at each read (Java's definite assignment; JLS chapter
// 16), over the structured control flow of a typed body. Entry: check_definite_assignment.
//
// A read that nothing reaches is an error. A read that some path reaches unset gets a run-time check, and the variable a flag.

#include <vector>

#include "typing/check/checker.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

namespace {

using typed::LocalId;
using Set = std::vector<bool>;

struct State {
  Set certain;   // set on every path to here
  Set possible;  // set on some path to here
  bool reachable = true;
};

void meet(State& into, const State& other) {
  if (!other.reachable) return;
  if (!into.reachable) {
    into = other;
    return;
  }
  for (std::size_t i = 0; i < into.certain.size(); ++i) {
    into.certain[i] = into.certain[i] && other.certain[i];
    into.possible[i] = into.possible[i] || other.possible[i];
  }
}

class Flow {
 public:
  Flow(typed::Function& function, bool warn, Diagnostics& diags) : function_(function), warn_(warn), diags_(diags) {}

  void run() {
    state_.certain.assign(function_.locals.size(), false);
    state_.possible.assign(function_.locals.size(), false);
    for (std::uint32_t i = 0; i < function_.parameter_count; ++i) set(i);
    visit(function_.body);
    bool returns_value = !function_.result.is(Kind::None) && !function_.result.is_unknown();
    if (state_.reachable && returns_value) {
      diags_.report<DiagId::E0802>(function_.span, function_.name, to_string(function_.result))
          .suggest("add a return or a raise at the end; Python would return None there");
    }
  }

 private:
  struct Loop {
    State breaks;
    State continues;
  };

  void set(LocalId local) {
    state_.certain[local] = true;
    state_.possible[local] = true;
  }

  void visit(typed::Block& block) {
    for (typed::StmtPtr& stmt : block) visit(*stmt);
  }

  void visit(typed::Stmt& stmt) {
    if (auto* loop = std::get_if<typed::While>(&stmt.node)) return visit_while(*loop);
    if (auto* loop = std::get_if<typed::ForRange>(&stmt.node)) return visit_for(*loop);
    if (auto* branch = std::get_if<typed::If>(&stmt.node)) return visit_if(*branch);
    typed::for_each_child(stmt, [&](typed::Expr& expr) { read(expr); }, [](typed::Block&) {});
    if (auto* assign = std::get_if<typed::AssignLocal>(&stmt.node)) set(assign->local);
    if (std::holds_alternative<typed::Break>(stmt.node)) leave(loops_.back().breaks);
    if (std::holds_alternative<typed::Continue>(stmt.node)) leave(loops_.back().continues);
    bool ends = std::holds_alternative<typed::Return>(stmt.node) || std::holds_alternative<typed::Raise>(stmt.node);
    if (auto* evaluate = std::get_if<typed::Evaluate>(&stmt.node)) {
      const auto* call = std::get_if<typed::BuiltinCall>(&evaluate->value->node);
      ends = call && call->builtin == Builtin::Exit;
    }
    if (auto* assertion = std::get_if<typed::Assert>(&stmt.node)) ends = constant_condition(*assertion->condition) == false;
    if (ends) state_.reachable = false;
  }

  void leave(State& target) {
    meet(target, state_);
    state_.reachable = false;
  }

  static std::optional<bool> constant_condition(const typed::Expr& expr) {
    const auto* constant = std::get_if<typed::Constant>(&expr.node);
    const auto* value = constant ? std::get_if<bool>(&constant->value) : nullptr;
    return value ? std::optional<bool>(*value) : std::nullopt;
  }

  void visit_if(typed::If& node) {
    read(*node.condition);
    State before = state_;
    visit(node.body);
    State after_body = std::exchange(state_, std::move(before));
    visit(node.otherwise);
    meet(state_, after_body);
  }

  // What the body assigns may be set when the loop comes round again.
  void assume_body(const typed::Block& body) {
    typed::for_each_stmt(body, [&](const typed::Stmt& stmt) {
      if (const auto* assign = std::get_if<typed::AssignLocal>(&stmt.node)) state_.possible[assign->local] = true;
      if (const auto* loop = std::get_if<typed::ForRange>(&stmt.node)) state_.possible[loop->variable] = true;
    });
  }

  State unreachable() const {
    State state;
    state.certain.assign(function_.locals.size(), true);
    state.possible.assign(function_.locals.size(), false);
    state.reachable = false;
    return state;
  }

  void visit_while(typed::While& node) {
    assume_body(node.body);
    read(*node.condition);
    State exit = state_;
    loops_.push_back({unreachable(), unreachable()});
    visit(node.body);
    Loop loop = std::move(loops_.back());
    loops_.pop_back();
    meet(exit, state_);
    meet(exit, loop.continues);
    state_ = std::move(exit);
    if (constant_condition(*node.condition) == true) state_.reachable = false;
    visit(node.otherwise);
    meet(state_, loop.breaks);
  }

  void visit_for(typed::ForRange& node) {
    for (typed::ExprPtr* bound : {&node.start, &node.stop, &node.step}) read(**bound);
    if (node.parallel && node.parallel->chunk) read(*node.parallel->chunk);
    if (node.parallel && node.parallel->threads) read(*node.parallel->threads);
    State never = state_;  // no iteration at all
    assume_body(node.body);
    set(node.variable);
    loops_.push_back({unreachable(), unreachable()});
    visit(node.body);
    Loop loop = std::move(loops_.back());
    loops_.pop_back();
    meet(state_, loop.continues);
    if (!runs_at_least_once(node)) meet(state_, never);
    visit(node.otherwise);
    meet(state_, loop.breaks);
  }

  static std::optional<std::int64_t> constant(const typed::Expr& expr) {
    const auto* node = std::get_if<typed::Constant>(&expr.node);
    const auto* value = node ? std::get_if<std::int64_t>(&node->value) : nullptr;
    return value ? std::optional<std::int64_t>(*value) : std::nullopt;
  }

  static bool runs_at_least_once(const typed::ForRange& node) {
    std::optional<std::int64_t> start = constant(*node.start), stop = constant(*node.stop), step = constant(*node.step);
    if (!start || !stop || !step) return false;
    return *step > 0 ? *start < *stop : *step < 0 && *start > *stop;
  }

  // Only one arm of a Conditional is evaluated, but no expression assigns a user's variable, so the order does not matter here.
  void read(typed::Expr& expr) {
    typed::for_each_expr(expr, [&](typed::Expr& node) {
      if (auto* let = std::get_if<typed::Let>(&node.node)) set(let->local);
      if (auto* use = std::get_if<typed::ReadLocal>(&node.node)) check_read(node, *use);
    });
  }

  void check_read(const typed::Expr& expr, typed::ReadLocal& use) {
    typed::Local& local = function_.locals[use.local];
    if (local.name.empty() || local.type.is_unknown() || state_.certain[use.local] || !state_.reachable) return;
    if (!state_.possible[use.local]) {
      diags_.report<DiagId::E0801>(expr.span, local.name).suggest("assign a first value before this line");
      return;
    }
    use.check_set = true;
    local.needs_set_flag = true;
    if (warn_) {
      diags_.report<DiagId::W0801>(expr.span, local.name)
          .note(local.span, "assigned here, on some paths only")
          .suggest("give '" + local.name + "' a value before the branch or loop");
    }
  }

  typed::Function& function_;
  bool warn_;
  Diagnostics& diags_;
  State state_;
  std::vector<Loop> loops_;
};

}  // namespace

void check_definite_assignment(typed::Function& function, bool warn, Diagnostics& diags) { Flow(function, warn, diags).run(); }

}  // namespace kjit
