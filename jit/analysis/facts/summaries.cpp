// Summaries of functions. Entry: summarize().

#include "analysis/facts/summaries.h"

#include <algorithm>

#include "analysis/facts/walk.h"
#include "typing/tree/foreign_call.h"

namespace kjit {

using namespace typed;

bool Summary::touches_arrays() const {
  const auto any = [](const std::vector<bool>& flags) { return std::find(flags.begin(), flags.end(), true) != flags.end(); };
  return any(reads) || any(writes) || reads_globals || writes_globals;
}

bool may_hold_array(const Type& type) {
  if (type.is_array()) return true;
  if (!type.is_tuple() && !type.is_function()) return false;
  return std::any_of(type.elements().begin(), type.elements().end(), may_hold_array);
}

bool is_atomic_builtin(Builtin builtin) { return builtin_row(builtin).has(effect::atomic); }

bool writes_argument(const BuiltinCall& call, std::size_t k) {
  if (is_foreign_call(call.builtin)) return may_write(call, k);
  return k == 0 && builtin_row(call.builtin).has(effect::writes | effect::atomic);
}

namespace {

// Where an array may come from: bit p for parameter p, the last bit for globals.
using Origins = std::vector<bool>;

bool merge_into(Origins& into, const Origins& from) {
  bool changed = false;
  for (std::size_t k = 0; k < into.size(); ++k) {
    if (from[k] && !into[k]) into[k] = changed = true;
  }
  return changed;
}

bool has_own_effect(const Expr& expr, const std::vector<Summary>& summaries) {
  if (const auto* n = std::get_if<Call>(&expr.node)) return summaries[n->callee].has_effects;
  const auto* n = std::get_if<BuiltinCall>(&expr.node);
  return n && !builtin_row(n->builtin).is_repeatable();
}

class FunctionSummarizer {
 public:
  FunctionSummarizer(const Function& function, const std::vector<Summary>& known, Summary& result)
      : function_(function), known_(known), result_(result), origins_(function.locals.size(), none()) {}

  void run() {
    for (std::uint32_t p = 0; p < function_.parameter_count; ++p) {
      if (may_hold_array(function_.locals[p].type)) origins_[p][p] = true;
    }
    while (propagate()) {
    }
    for_each_stmt(function_.body, [&](const Stmt& stmt) { note_stores(stmt); });
    for_each_expr(function_.body, [&](const Expr& expr) {
      note_reads(expr);
      result_.has_effects = result_.has_effects || has_own_effect(expr, known_);
    });
    const bool writes =
        result_.writes_globals || std::find(result_.writes.begin(), result_.writes.end(), true) != result_.writes.end();
    result_.has_effects = result_.has_effects || writes || function_.draws_random;
  }

 private:
  Origins none() const { return Origins(function_.parameter_count + 1, false); }

  bool propagate() {
    bool changed = false;
    const auto assign = [&](LocalId local, const Expr& value) {
      if (may_hold_array(value.type)) changed |= merge_into(origins_[local], origins_of(value));
    };
    for_each_stmt(function_.body, [&](const Stmt& stmt) {
      if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) assign(n->local, *n->value);
    });
    for_each_expr(function_.body, [&](const Expr& expr) {
      if (const auto* n = std::get_if<Let>(&expr.node)) assign(n->local, *n->value);
    });
    return changed;
  }

  // All arrays that occur in the expression as such, not in a part that gives something else (the length in np.zeros(len(x))): a
  // call may return any of its arguments, but only those that hold arrays.
  Origins origins_of(const Expr& expr) const {
    Origins origins = none();
    add_origins(expr, origins);
    return origins;
  }

  void add_origins(const Expr& expr, Origins& origins) const {
    if (!may_hold_array(expr.type) || std::holds_alternative<ArrayLoop>(expr.node)) return;  // what a loop makes is new
    if (const auto* n = std::get_if<ReadLocal>(&expr.node)) merge_into(origins, origins_[n->local]);
    if (std::holds_alternative<ReadGlobal>(expr.node)) origins.back() = true;
    if (const auto* n = std::get_if<Call>(&expr.node)) origins.back() = origins.back() || known_[n->callee].reads_globals;
    for_each_child(expr, [&](const Expr& part) { add_origins(part, origins); });
  }

  void read(const Expr& array) { mark(result_.reads, result_.reads_globals, origins_of(array)); }
  void write(const Expr& array) { mark(result_.writes, result_.writes_globals, origins_of(array)); }
  void mark(std::vector<bool>& parameters, bool& globals, const Origins& origins) const {
    for (std::uint32_t p = 0; p < function_.parameter_count; ++p) parameters[p] = parameters[p] || origins[p];
    globals = globals || origins.back();
  }

  void note_stores(const Stmt& stmt) {
    if (const auto* n = std::get_if<StoreElement>(&stmt.node)) write(*n->array);
    if (const auto* n = std::get_if<AssignView>(&stmt.node)) write(*n->view), read(*n->value);
    if (const auto* n = std::get_if<UpdateElement>(&stmt.node)) write(*n->array), read(*n->array);
    if (const auto* n = std::get_if<Print>(&stmt.node)) note_pieces(n->pieces), result_.has_effects = true;
    if (std::holds_alternative<AssignGlobal>(stmt.node)) result_.has_effects = true;
  }

  void note_pieces(const std::vector<FormatPiece>& pieces) {
    for (const FormatPiece& piece : pieces) {
      if (piece.value && may_hold_array(piece.value->type)) read(*piece.value);
    }
  }

  void note_reads(const Expr& expr) {
    if (const auto* n = std::get_if<Element>(&expr.node)) read(*n->array);
    if (const auto* n = std::get_if<ArrayLoop>(&expr.node)) note_loop(*n);
    if (const auto* n = std::get_if<Format>(&expr.node)) note_pieces(n->pieces);
    if (const auto* n = std::get_if<BuiltinCall>(&expr.node)) note_builtin(*n);
    if (const auto* n = std::get_if<Call>(&expr.node)) note_call(*n);
  }

  void note_loop(const ArrayLoop& loop) {
    for (const ExprPtr& operand : loop.operands) {
      if (operand->type.is_array()) read(*operand);
    }
  }

  void note_builtin(const BuiltinCall& call) {
    for (std::size_t k = 0; k < call.args.size(); ++k) {
      if (!may_hold_array(call.args[k]->type)) continue;
      read(*call.args[k]);
      if (writes_argument(call, k)) write(*call.args[k]);
    }
    if (is_foreign_call(call.builtin) && !is_thread_safe(call)) result_.calls_one_thread = true;
  }

  void note_call(const Call& call) {
    const Summary& callee = known_[call.callee];
    result_.calls_one_thread = result_.calls_one_thread || callee.calls_one_thread;
    for (std::size_t k = 0; k < call.args.size(); ++k) {
      if (callee.reads[k]) read(*call.args[k]);
      if (callee.writes[k]) write(*call.args[k]);
    }
    result_.reads_globals = result_.reads_globals || callee.reads_globals;
    result_.writes_globals = result_.writes_globals || callee.writes_globals;
  }

  const Function& function_;
  const std::vector<Summary>& known_;
  Summary& result_;
  std::vector<Origins> origins_;
};

Summary empty_summary(const Function& function) {
  Summary summary;
  summary.reads.assign(function.parameter_count, false);
  summary.writes.assign(function.parameter_count, false);
  summary.is_recursive = function.is_recursive;
  return summary;
}

bool same(const Summary& a, const Summary& b) {
  return a.reads == b.reads && a.writes == b.writes && a.reads_globals == b.reads_globals &&
         a.writes_globals == b.writes_globals && a.has_effects == b.has_effects && a.calls_one_thread == b.calls_one_thread;
}

}  // namespace

bool is_free_of_effects(const Expr& expr, const std::vector<Summary>& summaries) {
  bool is_free = true;
  for_each_expr(expr, [&](const Expr& part) { is_free = is_free && !has_own_effect(part, summaries); });
  return is_free;
}

std::vector<Summary> summarize(const Program& program) {
  std::vector<Summary> summaries;
  summaries.reserve(program.functions.size());
  for (const Function& function : program.functions) summaries.push_back(empty_summary(function));
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t f = program.functions.size(); f-- > 0;) {  // callees mostly come after their callers
      Summary summary = summaries[f];
      FunctionSummarizer(program.functions[f], summaries, summary).run();
      if (!same(summary, summaries[f])) summaries[f] = summary, changed = true;
    }
  }
  return summaries;
}

}  // namespace kjit
