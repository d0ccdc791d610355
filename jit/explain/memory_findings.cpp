// Arrays that are made, or not. Entries: find_allocations, find_array_loops, find_temporary.

#include <fmt/format.h>

#include <algorithm>

#include "explain/findings.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

using namespace typed;

namespace {

bool makes_array(const Expr& expr) {
  return std::holds_alternative<NewArray>(expr.node) || std::holds_alternative<ArrayLiteral>(expr.node) ||
         std::holds_alternative<ArrayLoop>(expr.node);
}

std::string first_line(const ProgramFacts& facts, Span span) {
  constexpr std::size_t kMost = 40;  // characters
  std::string text(facts.sources.text(span));
  const bool is_cut = text.find('\n') != text.npos || text.size() > kMost;
  text = text.substr(0, std::min(text.find('\n'), kMost));
  return is_cut ? text + "..." : text;
}

// The loop of `out[:] = a + b` stores where it belongs, that of (a * b).sum() stores nothing.
const Expr* loop_without_array(const Stmt& stmt) {
  const auto* assign = std::get_if<AssignView>(&stmt.node);
  return assign && std::holds_alternative<ArrayLoop>(assign->value->node) ? assign->value.get() : nullptr;
}

struct ArrayLoops {
  std::size_t loops = 0, arrays_made = 0;
  std::vector<Span> places;
};

ArrayLoops loops_of(const Stmt& stmt) {
  ArrayLoops found;
  const Expr* stored = loop_without_array(stmt);
  const auto look = [&](const Expr& root) {
    std::vector<const Expr*> summed;
    for_each_expr(root, [&](const Expr& expr) {
      if (const auto* call = std::get_if<BuiltinCall>(&expr.node); call && is_sum_of_floats(expr) && !call->args.empty())
        summed.push_back(call->args[0].get());
    });
    for_each_expr(root, [&](const Expr& expr) {
      if (!std::holds_alternative<ArrayLoop>(expr.node)) return;
      found.loops++;
      found.places.push_back(expr.span);
      const bool is_summed = std::find(summed.begin(), summed.end(), &expr) != summed.end();
      if (&expr != stored && !is_summed) found.arrays_made++;
    });
  };
  for_each_child(stmt, look, [](const Block&) {});
  return found;
}

std::string count(std::size_t number, const char* what) {
  return fmt::format("{} {}{}", number == 0 ? "no" : std::to_string(number), what, number == 1 ? "" : "s");
}

}  // namespace

void find_allocations(const ProgramFacts& facts, const Stmt& stmt, std::vector<Finding>& findings) {
  std::vector<Span> told;
  for_each_stmt(body_of(stmt), [&](const Stmt& inner) {
    const Expr* stored = loop_without_array(inner);
    for_each_child(
        inner,
        [&](const Expr& root) {
          for_each_expr(root, [&](const Expr& expr) {
            const bool is_scratch =
                std::holds_alternative<NewArray>(expr.node) && std::get<NewArray>(expr.node).fill == Fill::Scratch;
            if (!makes_array(expr) || &expr == stored || is_scratch ||
                std::find(told.begin(), told.end(), expr.span) != told.end())
              return;
            told.push_back(expr.span);
          });
        },
        [](const Block&) {});
  });
  for (const Span& span : told) {
    findings.push_back(
        {"memory",
         fmt::format("makes an array in each iteration: {} (line {})", first_line(facts, span), facts.sources.locate(span).line),
         "make it before the loop and fill it here: a[:] = ..."});
  }
}

void find_array_loops(const ProgramFacts& facts, const Stmt& stmt, std::vector<Finding>& findings) {
  const ArrayLoops found = loops_of(stmt);
  if (found.loops == 0) return;
  findings.push_back(
      {"arrays", fmt::format("{} over the elements, {} made", count(found.loops, "loop"), count(found.arrays_made, "array"))});
  for (const Span& span : found.places) {
    const std::string shape = vector_shape(facts, span);
    Finding note{"vectors", shape.empty() ? "no: of " + first_line(facts, span) : "yes: " + shape};
    const auto is_same = [&](const Finding& other) { return other.label == note.label && other.text == note.text; };
    if (std::none_of(findings.begin(), findings.end(), is_same)) findings.push_back(std::move(note));
  }
}

void find_temporary(const ProgramFacts& facts, const ArrayTemporary& temporary, std::vector<Finding>& findings) {
  const std::string& variable = facts.program.functions[temporary.function].locals[temporary.local].name;
  if (temporary.reader) {
    findings.push_back({"fused", fmt::format("no array is made for '{}': its elements are computed in the loop of line {}",
                                             variable, facts.sources.locate(*temporary.reader).line)});
    return;
  }
  const std::string where = temporary.cause ? fmt::format(" (line {})", facts.sources.locate(*temporary.cause).line) : "";
  findings.push_back({"fused", fmt::format("an array is made for '{}': {}{}", variable, temporary.reason, where)});
}

}  // namespace kjit
