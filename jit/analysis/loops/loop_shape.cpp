// What a counted loop looks like. Entry: polling_of.

#include "analysis/loops/loop_shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/facts/recursion_guard.h"
#include "analysis/facts/summaries.h"
#include "analysis/facts/walk.h"
#include "analysis/loops/every_iteration.h"
#include "typing/tree/typed_walk.h"

namespace kjit {
namespace {

using namespace typed;

constexpr std::uint64_t kShortLoop = 16;  // iterations of an inner loop that counts as straight-line code

bool is_loop(const Stmt& stmt) { return std::holds_alternative<While>(stmt.node) || std::holds_alternative<ForRange>(stmt.node); }

bool is_short_loop(const Stmt& stmt) {
  auto* loop = std::get_if<ForRange>(&stmt.node);
  std::optional<std::uint64_t> trips = loop ? constant_trip_count(*loop) : std::nullopt;
  return trips && *trips <= kShortLoop && !loop->parallel;
}

// ---- cheap bodies --------------------------------------------------------------------------------------------------------

// A bounded number of instructions, in all functions that it calls. The answers are what is not so, empty if there is nothing.
class Cheapness {
 public:
  explicit Cheapness(const Program& program) : program_(program) {}

  std::string why_not(const While& loop) {
    look_at(loop.body);
    for_each_expr(*loop.condition, [&](const Expr& e) { look_at(e); });
    return std::move(found_);
  }

  std::string why_not(const Block& block) {
    look_at(block);
    return std::move(found_);
  }

  // After why_not: something in it takes long itself.
  bool is_long() const { return is_long_; }

 private:
  static constexpr int kCallDepth = 4;

  void note(std::string text, bool is_long = true) {
    if (found_.empty()) found_ = std::move(text);
    is_long_ = is_long_ || is_long;
  }

  void look_at(const Block& block) {
    for_each_stmt(block, [&](const Stmt& s) { look_at(s); });
    for_each_expr(block, [&](const Expr& e) { look_at(e); });
  }

  void look_at(const Stmt& s) {
    if (std::holds_alternative<Print>(s.node)) note("the body prints");
    if (std::holds_alternative<AssignView>(s.node)) note("the body assigns whole parts of arrays");
    if (is_loop(s) && (!is_short_loop(s) || depth_ > 0)) note("the body has a loop");
  }

  void look_at(const Expr& e) {
    const bool is_read = std::holds_alternative<ReadLocal>(e.node);
    if (e.type.is_array() && !is_read && !std::holds_alternative<ReadGlobal>(e.node))
      return note("the body makes arrays or views", false);
    if (e.type.is(Kind::Str) && !is_read && !std::holds_alternative<Constant>(e.node)) return note("the body makes text");
    if (e.type.is_array() || e.type.is(Kind::Str)) return;
    if (const auto* compare = std::get_if<Compare>(&e.node); compare && is_text(compare->lhs)) note("the body compares texts");
    if (const auto* call = std::get_if<BuiltinCall>(&e.node)) look_at(*call);
    if (const auto* call = std::get_if<Call>(&e.node)) look_at(program_.functions[call->callee]);
  }

  void look_at(const BuiltinCall& call) {
    const bool takes_array =
        std::any_of(call.args.begin(), call.args.end(), [](const ExprPtr& arg) { return arg->type.is_array(); });
    if (takes_array && !is_atomic_builtin(call.builtin)) note("the body calls functions of whole arrays");
    if (std::any_of(call.args.begin(), call.args.end(), is_text)) note("the body calls functions of whole texts");
  }

  static bool is_text(const ExprPtr& expr) { return expr->type.is(Kind::Str); }

  void look_at(const Function& callee) {
    if (callee.is_recursive) return note(fmt::format("{} is recursive", callee.name));
    if (depth_ == kCallDepth) return note("calls are nested deep");
    if (!found_.empty()) return;
    ++depth_;
    look_at(callee.body);
    --depth_;
    if (!found_.empty() && depth_ == 0) found_ = fmt::format("it calls {}: {}", callee.name, found_);
  }

  const Program& program_;
  int depth_ = 0;
  std::string found_;
  bool is_long_ = false;
};

// ---- closed forms --------------------------------------------------------------------------------------------------------

// Loops that only add up integer polynomials of the loop variable (`x += i * i`). LLVM's scalar evolution replaces them by a
// formula.
class ClosedForm {
 public:
  ClosedForm(const Function& function, const ForRange& loop)
      : loop_(loop), assigned_(assigned_locals(loop.body, function.locals.size())) {}

  bool applies() {
    if (assigned_times(loop_.variable) > 0) return false;
    return std::all_of(loop_.body.begin(), loop_.body.end(), [&](const StmtPtr& s) { return is_sum(*s); });
  }

 private:
  static constexpr int kMaxProducts = 3;

  int assigned_times(LocalId local) const {
    int times = 0;
    for_each_stmt(loop_.body, [&](const Stmt& s) {
      if (auto* assign = std::get_if<AssignLocal>(&s.node)) times += assign->local == local;
    });
    return times;
  }

  bool is_sum(const Stmt& stmt) {
    auto* assign = std::get_if<AssignLocal>(&stmt.node);
    if (!assign || !assign->value->type.is_integer() || assigned_times(assign->local) != 1) return false;
    products_ = 0;
    auto* sum = std::get_if<Binary>(&assign->value->node);
    if (!sum || (sum->op != BinaryOp::Add && sum->op != BinaryOp::Sub)) return is_polynomial(*assign->value);
    if (is_read_of(*sum->lhs, assign->local)) return is_polynomial(*sum->rhs);
    if (sum->op == BinaryOp::Add && is_read_of(*sum->rhs, assign->local)) return is_polynomial(*sum->lhs);
    return is_polynomial(*assign->value);
  }

  static bool is_read_of(const Expr& expr, LocalId local) {
    auto* read = std::get_if<ReadLocal>(&expr.node);
    return read && read->local == local && !read->check_set;
  }

  bool is_polynomial(const Expr& e) {
    if (!e.type.is_integer()) return false;
    if (std::holds_alternative<Constant>(e.node)) return true;
    if (auto* read = std::get_if<ReadLocal>(&e.node)) {
      bool bound = std::find(bound_.begin(), bound_.end(), read->local) != bound_.end();
      return !read->check_set && (bound || read->local == loop_.variable || !assigned_[read->local]);
    }
    if (auto* let = std::get_if<Let>(&e.node)) return is_polynomial(*let->value) && bind(let->local) && is_polynomial(*let->body);
    auto* binary = std::get_if<Binary>(&e.node);
    if (!binary) return false;
    if (binary->op == BinaryOp::Mul && ++products_ > kMaxProducts) return false;
    bool ring = binary->op == BinaryOp::Add || binary->op == BinaryOp::Sub || binary->op == BinaryOp::Mul;
    return ring && is_polynomial(*binary->lhs) && is_polynomial(*binary->rhs);
  }

  bool bind(LocalId local) {
    bound_.push_back(local);
    return true;
  }

  const ForRange& loop_;
  std::vector<bool> assigned_;
  std::vector<LocalId> bound_;  // by a Let
  int products_ = 0;
};

}  // namespace

std::optional<std::int64_t> constant_int(const Expr& expr) {
  auto* constant = std::get_if<Constant>(&expr.node);
  auto* value = constant ? std::get_if<std::int64_t>(&constant->value) : nullptr;
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::uint64_t> constant_trip_count(const ForRange& loop) {
  auto start = constant_int(*loop.start), stop = constant_int(*loop.stop), step = constant_int(*loop.step);
  if (!start || !stop || !step || *step == 0) return std::nullopt;
  if (*step > 0 ? *start >= *stop : *start <= *stop) return 0;
  auto low = static_cast<std::uint64_t>(*step > 0 ? *start : *stop),
       high = static_cast<std::uint64_t>(*step > 0 ? *stop : *start);
  auto stride = *step > 0 ? static_cast<std::uint64_t>(*step) : 0 - static_cast<std::uint64_t>(*step);
  return (high - low - 1) / stride + 1;
}

namespace {

// Recursive functions poll when they begin, unless they only do so in front of calls. One that each iteration calls, if any.
const Function* always_polls(const Program& program, const Block& body) {
  const Function* found = nullptr;
  BodyVisitor visitor;
  visitor.stmt = [](const Stmt&, bool) {};
  visitor.expr = [&](const Expr& e, bool always) {
    const auto* call = std::get_if<Call>(&e.node);
    if (call && always && guards_each_activation(program.functions[call->callee])) found = &program.functions[call->callee];
  };
  visit_body(body, visitor);
  return found;
}

}  // namespace

PollingChoice polling_of(const Program& program, const While& loop) {
  if (const Function* polls = always_polls(program, loop.body))
    return {Polling::Never, fmt::format("each iteration calls {}, which polls itself", polls->name)};
  const std::string expensive = Cheapness(program).why_not(loop);
  if (expensive.empty()) return {Polling::Countdown, "the body is short"};
  return {Polling::EveryIteration, expensive};
}

PollingChoice polling_of(const Program& program, const Function& function, const ForRange& loop, bool closed_forms) {
  Cheapness cheapness(program);
  const std::string expensive = cheapness.why_not(loop.body);
  const Function* polls = loop.parallel ? nullptr : always_polls(program, loop.body);
  if (polls)
    return {Polling::Never, fmt::format("each iteration calls {}, which polls itself", polls->name), cheapness.is_long()};
  if (!expensive.empty()) return {Polling::EveryIteration, expensive, cheapness.is_long()};
  const std::optional<std::uint64_t> trips = constant_trip_count(loop);
  if (trips && *trips <= static_cast<std::uint64_t>(kStripLength))
    return {Polling::Never, fmt::format("{} short iterations", *trips)};
  if (closed_forms && ClosedForm(function, loop).applies()) return {Polling::Never, "its results have a formula"};
  return {Polling::Strips, "the body is short"};
}

bool is_innermost(const Block& body) {
  bool innermost = true;
  for_each_stmt(body, [&](const Stmt& s) { innermost = innermost && !is_loop(s); });
  return innermost;
}

bool can_leave(const Stmt& stmt) {
  const auto& node = stmt.node;
  if (std::holds_alternative<Break>(node) || std::holds_alternative<Continue>(node) || std::holds_alternative<Return>(node))
    return true;
  bool leaves = false;
  auto inside = [&](const Block& block) {
    for (const StmtPtr& inner : block) leaves = leaves || can_leave(*inner);
  };
  for_each_child(stmt, [](const Expr&) {}, inside);
  return leaves;
}

}  // namespace kjit
