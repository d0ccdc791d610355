// Ids of functions, loops and accesses. Entry: number_nodes().

#include "typing/tree/node_ids.h"

#include "typing/tree/typed_walk.h"

namespace kjit::typed {

namespace {

void number(Expr& expr, Program& program) {
  for_each_expr(expr, [&](Expr& part) {
    if (auto* element = std::get_if<Element>(&part.node)) element->id = program.access_count++;
  });
}

void number(Block& block, Program& program) {
  for (StmtPtr& stmt : block) {
    if (auto* loop = std::get_if<ForRange>(&stmt->node)) loop->id = program.loop_count++;
    if (auto* loop = std::get_if<While>(&stmt->node)) loop->id = program.loop_count++;
    if (auto* store = std::get_if<StoreElement>(&stmt->node)) store->id = program.access_count++;
    if (auto* update = std::get_if<UpdateElement>(&stmt->node)) update->id = program.access_count++;
    for_each_child(*stmt, [&](Expr& expr) { number(expr, program); }, [&](Block& inner) { number(inner, program); });
  }
}

}  // namespace

void number_nodes(Program& program) {
  program.loop_count = program.access_count = 0;
  for (FunctionId id = 0; id < program.functions.size(); ++id) {
    program.functions[id].id = id;
    number(program.functions[id].body, program);
  }
}

std::vector<const Stmt*> loops_by_id(const Program& program) {
  std::vector<const Stmt*> loops(program.loop_count);
  for (const Function& function : program.functions) {
    for_each_stmt(function.body, [&](const Stmt& stmt) {
      if (const auto* loop = std::get_if<ForRange>(&stmt.node)) loops[loop->id] = &stmt;
      if (const auto* loop = std::get_if<While>(&stmt.node)) loops[loop->id] = &stmt;
    });
  }
  return loops;
}

}  // namespace kjit::typed
