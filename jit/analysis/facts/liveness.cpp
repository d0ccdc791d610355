// Backward liveness over the structured tree. Entry: live_after().

#include "analysis/facts/liveness.h"

#include <set>

#include "analysis/facts/walk.h"

namespace kjit {

using namespace typed;

namespace {

using Live = std::vector<bool>;

bool add(Live& into, const Live& from) {
  bool changed = false;
  for (std::size_t k = 0; k < into.size(); ++k) {
    if (from[k] && !into[k]) into[k] = changed = true;
  }
  return changed;
}

class Liveness {
 public:
  Liveness(std::size_t locals, const ForRange& target) : none_(locals, false), result_(locals, false), target_(target) {}

  Live run(const Function& function) {
    block(function.body, none_, {none_, none_});
    return result_;
  }

 private:
  struct Exits {
    Live at_break, at_continue;
  };

  // A local that a Let in the expression binds gets its value there.
  void use(const Expr& expr, Live& live) const {
    std::set<LocalId> bound;
    for_each_expr(expr, [&](const Expr& part) {
      if (const auto* let = std::get_if<Let>(&part.node)) bound.insert(let->local);
      const auto* read = std::get_if<ReadLocal>(&part.node);
      if (read && !bound.contains(read->local)) live[read->local] = true;
    });
  }

  Live block(const Block& block, Live live, const Exits& exits) {
    for (auto stmt = block.rbegin(); stmt != block.rend(); ++stmt) live = statement(**stmt, std::move(live), exits);
    return live;
  }

  Live statement(const Stmt& stmt, Live after, const Exits& exits) {
    Live live = std::move(after);
    if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) live[n->local] = false;
    if (std::holds_alternative<Break>(stmt.node)) live = exits.at_break;
    if (std::holds_alternative<Continue>(stmt.node)) live = exits.at_continue;
    if (std::holds_alternative<Return>(stmt.node) || std::holds_alternative<Raise>(stmt.node)) live = none_;
    if (const auto* n = std::get_if<If>(&stmt.node)) {
      Live otherwise = block(n->otherwise, live, exits);
      live = block(n->body, std::move(live), exits);
      add(live, otherwise);
    }
    if (const auto* n = std::get_if<While>(&stmt.node)) return while_loop(*n, live, exits);
    if (const auto* n = std::get_if<ForRange>(&stmt.node)) live = for_loop(*n, live, exits);
    for_each_child(stmt, [&](const Expr& operand) { use(operand, live); }, [](const Block&) {});
    return live;
  }

  Live while_loop(const While& loop, const Live& after, const Exits& exits) {
    Live head = block(loop.otherwise, after, exits);
    use(*loop.condition, head);
    while (add(head, block(loop.body, head, {after, head}))) {
    }
    return head;
  }

  Live for_loop(const ForRange& loop, const Live& after, const Exits& exits) {
    const Live exit = block(loop.otherwise, after, exits);
    if (&loop == &target_) add(result_, exit);
    Live head = exit;
    for (bool changed = true; changed;) {
      Live body = block(loop.body, head, {after, head});
      body[loop.variable] = false;
      changed = add(head, body);
    }
    return head;
  }

  const Live none_;
  Live result_;
  const ForRange& target_;
};

}  // namespace

std::vector<bool> live_after(const Function& function, const ForRange& loop) {
  return Liveness(function.locals.size(), loop).run(function);
}

}  // namespace kjit
