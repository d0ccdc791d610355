// Calls of the symbolic evaluation: walked into as if the callee's body stood in the loop, or taken by their summary.

#include "analysis/facts/walk.h"
#include "analysis/races/trace.h"

namespace kjit {

using namespace typed;

namespace {

// Deep call chains and their products are taken by summary beyond these.
constexpr std::size_t kMaxCallDepth = 12;
constexpr int kMaxSteps = 50000;

}  // namespace

// A call matters by the elements it touches and by the subscript that it may compute.
bool Trace::should_walk(const Call& call) const {
  if (calls_.size() >= kMaxCallDepth || steps_ > kMaxSteps) return false;
  const Function& callee = program_.functions[call.callee];
  if (callee.is_recursive) return false;
  const bool matters_inside = inside_ && summaries_[call.callee].touches_arrays();
  return matters_inside || callee.result.is_integer() || may_hold_array(callee.result) || callee.result.is_tuple();
}

SymValue Trace::node(const Expr& expr, const Call& n) {
  std::vector<SymValue> args;
  for (const ExprPtr& arg : n.args) args.push_back(eval(*arg));
  return should_walk(n) ? walk_call(n, std::move(args), expr.span) : summarized_call(expr, n, args);
}

SymValue Trace::walk_call(const Call& call, std::vector<SymValue> args, Span span) {
  const Function& callee = program_.functions[call.callee];
  TraceState entry;
  entry.path = at_->path;
  for (SymValue& arg : args) entry.locals.push_back(std::make_shared<const SymValue>(std::move(arg)));
  entry.locals.resize(callee.locals.size());
  const std::vector<SymValue> results = walk_body(callee, std::move(entry), span);
  if (results.empty()) return unknown(callee.result, words(span), true);
  SymValue result = results[0];
  for (std::size_t k = 1; k < results.size(); ++k) result = merge(result, results[k], callee.result, words(span));
  return result;
}

// The values that it returns.
std::vector<SymValue> Trace::walk_body(const Function& callee, TraceState entry, Span span) {
  Frame frame{&callee, {}, {}};
  Frame* caller = std::exchange(frame_, &frame);
  TraceState* place = at_;
  calls_.push_back(span);
  FlowWalk<Trace>(*this).run(callee.body, std::move(entry));
  calls_.pop_back();
  frame_ = caller;
  at_ = place;
  return std::move(frame.results);
}

SymValue Trace::summarized_call(const Expr& expr, const Call& call, const std::vector<SymValue>& args) {
  const Summary& summary = summaries_[call.callee];
  for (std::size_t k = 0; k < args.size(); ++k) {
    SymValue blurred = args[k];
    for (SymArray& array : blurred.arrays) array = blur(array);
    if (summary.reads[k]) whole_access(AccessKind::Read, blurred, false, expr.span);
    if (summary.writes[k]) whole_access(AccessKind::Write, blurred, false, expr.span);
  }
  for (GlobalId id = 0; id < program_.globals.size(); ++id) {
    if (!may_hold_array(program_.globals[id].type)) continue;
    const SymValue global = read_global(ReadGlobal{id});
    if (summary.reads_globals) whole_access(AccessKind::Read, global, false, expr.span);
    if (summary.writes_globals) whole_access(AccessKind::Write, global, false, expr.span);
  }
  if (!may_hold_array(expr.type)) return unknown(expr);
  return summary.reads_globals || summary.has_effects ? unknown(expr) : any_of_arrays(expr, args);
}

// One of the arrays in `from`, or a view of it, or a new array.
SymValue Trace::any_of_arrays(const Expr& expr, const std::vector<SymValue>& from) {
  if (!expr.type.is_array()) return unknown(expr);
  SymValue result;
  std::vector<const SymValue*> open;
  for (const SymValue& value : from) open.push_back(&value);
  while (!open.empty()) {
    const SymValue* value = open.back();
    open.pop_back();
    for (const SymValue& element : value->elements) open.push_back(&element);
    for (const SymArray& array : value->arrays) {
      SymArray other = blur(array);
      other.extents.assign(static_cast<std::size_t>(expr.type.rank()), Poly::invalid());
      result.arrays.push_back(std::move(other));
    }
  }
  if (result.arrays.empty()) return fresh_array(expr, {});
  if (result.arrays.size() == 1) result.arrays.push_back(result.arrays[0]);  // "maybe": no access is certain
  return result;
}

}  // namespace kjit
