// Which variables are certainly set, possibly set, or certainly not set at each read (Java's definite assignment; JLS chapter
// 16), over the structured control flow of a typed body. Entry: check_definite_assignment.
//
// A read that nothing reaches is an error. A read that some path reaches unset gets a run-time check, and the variable a flag.

#include <vector>

#include "typing/check/checker.h"
#include "typing/tree/control_flow.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

namespace {

using typed::LocalId;

struct Assigned {
  std::vector<bool> certain;   // set on every path to here
  std::vector<bool> possible;  // set on some path to here
};

// Loops only add to what is certain, so that their entry is their head; what the body assigns is possible from the second round
// on.
class DefiniteAssignment : public typed::FlowDomain<Assigned> {
 public:
  DefiniteAssignment(typed::Function& function, bool warn, Diagnostics& diags)
      : function_(function), warn_(warn), diags_(diags) {}

  void run() {
    const std::size_t locals = function_.locals.size();
    Assigned entry{std::vector<bool>(locals, false), std::vector<bool>(locals, false)};
    for (std::uint32_t i = 0; i < function_.parameter_count; ++i) set(entry, i);
    const bool falls_off = typed::FlowWalk<DefiniteAssignment>(*this).run(function_.body, std::move(entry)).has_value();
    const bool returns_value = !function_.result.is(Kind::None) && !function_.result.is_unknown();
    if (falls_off && returns_value) {
      diags_.report<DiagId::E0802>(function_.span, function_.name, to_string(function_.result))
          .suggest("add a return or a raise at the end; Python would return None there");
    }
  }

  void join(Assigned& into, const Assigned& other) {
    for (std::size_t i = 0; i < into.certain.size(); ++i) {
      into.certain[i] = into.certain[i] && other.certain[i];
      into.possible[i] = into.possible[i] || other.possible[i];
    }
  }

  void run(typed::Stmt& stmt, Assigned& state) {
    typed::for_each_child(stmt, [&](typed::Expr& expr) { evaluate(expr, state); }, [](typed::Block&) {});
    if (const auto* assign = std::get_if<typed::AssignLocal>(&stmt.node)) set(state, assign->local);
  }

  Assigned decide(typed::Expr& condition, Assigned& state) {
    evaluate(condition, state);
    return state;
  }

  // Only one arm of a Conditional is evaluated, but no expression assigns a user's variable, so the order does not matter here.
  void evaluate(typed::Expr& expr, Assigned& state) {
    typed::for_each_expr(expr, [&](typed::Expr& node) {
      if (auto* let = std::get_if<typed::Let>(&node.node)) set(state, let->local);
      if (auto* use = std::get_if<typed::ReadLocal>(&node.node)) check_read(node, *use, state);
    });
  }

  void evaluate_range(typed::ForRange& loop, Assigned& state) {
    for (typed::Expr* operand : typed::range_operands(loop)) evaluate(*operand, state);
  }
  Assigned begin_loop(const typed::Stmt& stmt, const Assigned& entry) {
    Assigned head = entry;
    typed::for_each_stmt(typed::loop_body(stmt), [&](const typed::Stmt& inner) {
      if (const auto* assign = std::get_if<typed::AssignLocal>(&inner.node)) head.possible[assign->local] = true;
      if (const auto* loop = std::get_if<typed::ForRange>(&inner.node)) head.possible[loop->variable] = true;
    });
    return head;
  }
  void begin_round(const typed::ForRange& loop, Assigned& state) { set(state, loop.variable); }

 private:
  static void set(Assigned& state, LocalId local) {
    state.certain[local] = true;
    state.possible[local] = true;
  }

  void check_read(const typed::Expr& expr, typed::ReadLocal& use, const Assigned& state) {
    typed::Local& local = function_.locals[use.local];
    if (local.name.empty() || local.type.is_unknown() || state.certain[use.local]) return;
    if (!state.possible[use.local]) {
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
};

}  // namespace

void check_definite_assignment(typed::Function& function, bool warn, Diagnostics& diags) {
  DefiniteAssignment(function, warn, diags).run();
}

}  // namespace kjit
