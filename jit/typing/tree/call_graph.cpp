// Facts about the call graph of a program: which functions are recursive, and which draw random numbers. Entry:
// annotate_call_graph.

#include "typing/tree/call_graph.h"

#include <vector>

#include "typing/tree/typed_walk.h"

namespace kjit {

namespace {

using typed::FunctionId;

bool draws(Builtin builtin) { return builtin_row(builtin).has(effect::draws); }

struct Edges {
  std::vector<std::vector<FunctionId>> callees;
  std::vector<bool> draws_itself;
};

Edges collect(typed::Program& program) {
  Edges edges{std::vector<std::vector<FunctionId>>(program.functions.size()), std::vector<bool>(program.functions.size())};
  for (FunctionId id = 0; id < program.functions.size(); ++id) {
    typed::for_each_expr(program.functions[id].body, [&](typed::Expr& expr) {
      if (const auto* call = std::get_if<typed::Call>(&expr.node)) edges.callees[id].push_back(call->callee);
      if (const auto* call = std::get_if<typed::BuiltinCall>(&expr.node); call && draws(call->builtin))
        edges.draws_itself[id] = true;
    });
  }
  return edges;
}

std::vector<bool> reachable_from(FunctionId start, const Edges& edges) {
  std::vector<bool> seen(edges.callees.size());
  std::vector<FunctionId> work = edges.callees[start];
  while (!work.empty()) {
    FunctionId id = work.back();
    work.pop_back();
    if (seen[id]) continue;
    seen[id] = true;
    work.insert(work.end(), edges.callees[id].begin(), edges.callees[id].end());
  }
  return seen;
}

}  // namespace

void annotate_call_graph(typed::Program& program) {
  Edges edges = collect(program);
  for (FunctionId id = 0; id < program.functions.size(); ++id) {
    std::vector<bool> reached = reachable_from(id, edges);
    typed::Function& function = program.functions[id];
    function.is_recursive = reached[id];
    function.draws_random = edges.draws_itself[id];
    for (FunctionId callee = 0; callee < reached.size(); ++callee) {
      if (reached[callee] && edges.draws_itself[callee]) function.draws_random = true;
    }
  }
}

}  // namespace kjit
