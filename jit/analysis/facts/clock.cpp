// Entry: clock_readers. Repeats over the call graph until nothing changes.

#include "analysis/facts/clock.h"

#include "typing/tree/builtins.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

namespace {

bool reads_clock(const typed::Expr& expr, const std::vector<bool>& readers) {
  if (const auto* call = std::get_if<typed::Call>(&expr.node)) return readers[call->callee];
  const auto* builtin = std::get_if<typed::BuiltinCall>(&expr.node);
  return builtin && kjit::reads_clock(builtin->builtin);
}

bool reads_clock(const typed::Function& function, const std::vector<bool>& readers) {
  bool reads = false;
  typed::for_each_expr(function.body, [&](const typed::Expr& expr) { reads = reads || reads_clock(expr, readers); });
  return reads;
}

}  // namespace

bool reads_clock(Builtin builtin) { return builtin_row(builtin).has(effect::reads_clock); }

std::vector<bool> clock_readers(const typed::Program& program) {
  std::vector<bool> readers(program.functions.size(), false);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t id = 0; id < readers.size(); ++id) {
      if (readers[id] || !reads_clock(program.functions[id], readers)) continue;
      readers[id] = changed = true;
    }
  }
  return readers;
}

}  // namespace kjit
