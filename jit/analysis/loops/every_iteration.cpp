// Which parts of a loop body are evaluated in every iteration. Entry: visit_body.

#include "analysis/loops/every_iteration.h"

#include "analysis/loops/loop_shape.h"
#include "typing/tree/typed_walk.h"

namespace kjit {
namespace {

using namespace typed;

class Walk {
 public:
  explicit Walk(const BodyVisitor& visitor) : visitor_(visitor) {}

  void block(const Block& statements, bool always) {
    for (const StmtPtr& s : statements) {
      stmt(*s, always);
      always = always && !can_leave(*s);
    }
  }

 private:
  void expr(const Expr& e, bool always) {
    visitor_.expr(e, always);
    auto* choice = std::get_if<Conditional>(&e.node);
    for_each_child(e, [&](const Expr& part) { this->expr(part, always && (!choice || &part == choice->condition.get())); });
  }

  void stmt(const Stmt& s, bool always) {
    visitor_.stmt(s, always);
    auto* assertion = std::get_if<Assert>(&s.node);
    auto own = [&](const Expr& part) {
      bool skipped = assertion && &part != assertion->condition.get();
      bool repeated = std::holds_alternative<While>(s.node);  // a condition is evaluated any number of times
      this->expr(part, always && !skipped && !repeated);
    };
    for_each_child(s, own, [&](const Block& inner) { block(inner, false); });
    if (visitor_.after_stmt) visitor_.after_stmt(s, always);
  }

  const BodyVisitor& visitor_;
};

}  // namespace

void visit_body(const Block& body, const BodyVisitor& visitor) { Walk(visitor).block(body, true); }

}  // namespace kjit
