// Arrays that are made, or not. Entries: find_allocations, find_array_loops, find_temporary.

#include <fmt/format.h>

#include <algorithm>

#include "explain/findings.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

using namespace typed;

namespace {

bool makes_array(const Expr& expr) {
  if (const auto* array = std::get_if<NewArray>(&expr.node)) return array->fill != Fill::Scratch;
  return std::holds_alternative<ArrayLiteral>(expr.node) || std::holds_alternative<ArrayLoop>(expr.node);
}

std::string first_line(const ProgramFacts& facts, Span span) {
  constexpr std::size_t kMost = 40;  // bytes
  std::string text(facts.sources.text(span));
  const bool is_cut = text.find('\n') != text.npos || text.size() > kMost;
  text = text.substr(0, std::min(text.find('\n'), kMost));
  while (is_cut && !text.empty() && (text.back() & 0x80) != 0) text.pop_back();  // not in the middle of a character
  return is_cut ? text + "..." : text;
}

// The loop of `out[:] = a + b` stores where it belongs, that of (a * b).sum() stores nothing.
const Expr* loop_without_array(const Stmt& stmt) {
  const auto* assign = std::get_if<AssignView>(&stmt.node);
  return assign && std::holds_alternative<ArrayLoop>(assign->value->node) ? assign->value.get() : nullptr;
}

struct ArrayLoops {
  std::int64_t loops = 0, arrays_made = 0;
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

// In the order of the source.
std::vector<Span> arrays_made_in(const Block& body) {
  std::vector<Span> made;
  for_each_stmt(body, [&](const Stmt& stmt) {
    const Expr* stored = loop_without_array(stmt);
    const auto look = [&](const Expr& expr) {
      if (makes_array(expr) && &expr != stored && std::find(made.begin(), made.end(), expr.span) == made.end())
        made.push_back(expr.span);
    };
    for_each_child(stmt, [&](const Expr& root) { for_each_expr(root, look); }, [](const Block&) {});
  });
  return made;
}

}  // namespace

void find_allocations(const ProgramFacts& facts, const Stmt& stmt, std::vector<Finding>& findings) {
  for (const Span& span : arrays_made_in(body_of(stmt))) {
    findings.push_back(
        {"memory",
         fmt::format("makes an array in each iteration: {} (line {})", first_line(facts, span), facts.sources.locate(span).line),
         "make it before the loop and fill it here: a[:] = ..."});
  }
}

void find_array_loops(const ProgramFacts& facts, const Stmt& stmt, std::vector<Finding>& findings) {
  const ArrayLoops found = loops_of(stmt);
  if (found.loops == 0) return;
  findings.push_back({"arrays", fmt::format("{} over the elements, {} made", counted(found.loops, "loop"),
                                            counted(found.arrays_made, "array"))});
  for (const Span& span : found.places) {
    const std::string shape = vector_shape(facts, span);
    add_once(findings, {"vectors", shape.empty() ? "no: of " + first_line(facts, span) : "yes: " + shape});
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
