// Walking the typed tree. Entries: for_each_operand, visit_expressions, visit_statements; see walk.h.

#include "analysis/walk.h"

namespace kjit {

using namespace typed;

namespace {

template <typename... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Match(Cases...) -> Match<Cases...>;

void each(const std::vector<ExprPtr>& exprs, const ExprVisitor& visit) {
  for (const ExprPtr& expr : exprs) visit(*expr);
}

void maybe(const ExprPtr& expr, const ExprVisitor& visit) {
  if (expr) visit(*expr);
}

void each_piece(const std::vector<FormatPiece>& pieces, const ExprVisitor& visit) {
  for (const FormatPiece& piece : pieces) maybe(piece.value, visit);
}

void each_subscript(const std::vector<Subscript>& subscripts, const ExprVisitor& visit) {
  for (const Subscript& subscript : subscripts) {
    maybe(subscript.index, visit);
    maybe(subscript.lower, visit);
    maybe(subscript.upper, visit);
    maybe(subscript.step, visit);
  }
}

}  // namespace

void for_each_operand(const Expr& expr, const ExprVisitor& visit) {
  std::visit(Match{
                 [](const Constant&) {}, [](const ReadLocal&) {}, [](const ReadGlobal&) {},
                 [&](const Let& n) { visit(*n.value), visit(*n.body); },
                 [&](const Conditional& n) { visit(*n.condition), visit(*n.then), visit(*n.otherwise); },
                 [&](const Convert& n) { visit(*n.operand); },
                 [&](const Unary& n) { visit(*n.operand); },
                 [&](const Binary& n) { visit(*n.lhs), visit(*n.rhs); },
                 [&](const Compare& n) { visit(*n.lhs), visit(*n.rhs); },
                 [&](const Call& n) { each(n.args, visit); },
                 [&](const BuiltinCall& n) { each(n.args, visit); },
                 [&](const MakeTuple& n) { each(n.elements, visit); },
                 [&](const TupleElement& n) { visit(*n.tuple); },
                 [&](const TupleElementDynamic& n) { visit(*n.tuple), visit(*n.index); },
                 [&](const Element& n) { visit(*n.array), each(n.indices, visit); },
                 [&](const View& n) { visit(*n.array), each_subscript(n.subscripts, visit); },
                 [&](const NewArray& n) { each(n.shape, visit), maybe(n.value, visit); },
                 [&](const ArrayLiteral& n) { each(n.elements, visit); },
                 [&](const ArrayDim& n) { visit(*n.array); },
                 [&](const Format& n) { each_piece(n.pieces, visit); },
             },
             expr.node);
}

void for_each_operand(const Stmt& stmt, const ExprVisitor& visit) {
  std::visit(Match{
                 [&](const AssignLocal& n) { visit(*n.value); },
                 [&](const AssignGlobal& n) { visit(*n.value); },
                 [&](const StoreElement& n) { visit(*n.value), visit(*n.array), each(n.indices, visit); },
                 [&](const UpdateElement& n) { visit(*n.array), each(n.indices, visit), visit(*n.value); },
                 [&](const AssignView& n) { visit(*n.value), visit(*n.view); },
                 [&](const Evaluate& n) { visit(*n.value); },
                 [&](const If& n) { visit(*n.condition); },
                 [&](const While& n) { visit(*n.condition); },
                 [&](const ForRange& n) {
                   visit(*n.start), visit(*n.stop), visit(*n.step);
                   if (n.parallel) maybe(n.parallel->chunk, visit), maybe(n.parallel->threads, visit);
                 },
                 [](const Break&) {}, [](const Continue&) {},
                 [&](const Return& n) { maybe(n.value, visit); },
                 [&](const Raise& n) { maybe(n.message, visit); },
                 [&](const Assert& n) { visit(*n.condition), maybe(n.message, visit); },
                 [&](const Print& n) { each_piece(n.pieces, visit); },
             },
             stmt.node);
}

void for_each_block(const Stmt& stmt, const std::function<void(const Block&)>& visit) {
  const auto both = [&](const auto& n) { visit(n.body), visit(n.otherwise); };
  std::visit(Match{[&](const If& n) { both(n); }, [&](const While& n) { both(n); }, [&](const ForRange& n) { both(n); },
                   [](const auto&) {}},
             stmt.node);
}

void visit_expressions(const Expr& expr, const ExprVisitor& visit) {
  visit(expr);
  for_each_operand(expr, [&](const Expr& operand) { visit_expressions(operand, visit); });
}

void visit_expressions(const Block& block, const ExprVisitor& visit) {
  visit_statements(block, [&](const Stmt& stmt) {
    for_each_operand(stmt, [&](const Expr& operand) { visit_expressions(operand, visit); });
  });
}

void visit_statements(const Block& block, const StmtVisitor& visit) {
  for (const StmtPtr& stmt : block) {
    visit(*stmt);
    for_each_block(*stmt, [&](const Block& inner) { visit_statements(inner, visit); });
  }
}

std::vector<bool> assigned_locals(const Block& block, std::size_t local_count) {
  std::vector<bool> assigned(local_count, false);
  visit_statements(block, [&](const Stmt& stmt) {
    if (const auto* assign = std::get_if<AssignLocal>(&stmt.node)) assigned[assign->local] = true;
    if (const auto* loop = std::get_if<ForRange>(&stmt.node)) assigned[loop->variable] = true;
  });
  visit_expressions(block, [&](const Expr& expr) {
    if (const auto* let = std::get_if<Let>(&expr.node)) assigned[let->local] = true;
  });
  return assigned;
}

// ---- equality ----------------------------------------------------------------------------------------------------------

namespace {

// Do the nodes agree in everything but their operands? Let is compared by its value and body, with its local renamed by the caller's nesting:
// the k-th Let on the path of `a` stands for the k-th on the path of `b`.
using LetPairs = std::vector<std::pair<LocalId, LocalId>>;

bool same_local(LocalId a, LocalId b, const LetPairs& lets) {
  for (auto pair = lets.rbegin(); pair != lets.rend(); ++pair) {
    if (pair->first == a || pair->second == b) return pair->first == a && pair->second == b;
  }
  return a == b;
}

bool is_pure(const BuiltinCall& call) {
  const Convention convention = builtin_row(call.builtin).convention;
  return convention == Convention::Inline || convention == Convention::Libm || convention == Convention::LibmOverflow ||
         convention == Convention::Pure;
}

bool same_head(const Expr& a, const Expr& b, const LetPairs& lets) {
  if (!(a.type == b.type) || a.node.index() != b.node.index()) return false;
  return std::visit(Match{
                        [&](const Constant& n) { return n.value == std::get<Constant>(b.node).value; },
                        [&](const ReadLocal& n) { return same_local(n.local, std::get<ReadLocal>(b.node).local, lets); },
                        [&](const ReadGlobal& n) { return n.global == std::get<ReadGlobal>(b.node).global; },
                        [&](const Unary& n) { return n.op == std::get<Unary>(b.node).op; },
                        [&](const Binary& n) { return n.op == std::get<Binary>(b.node).op; },
                        [&](const Compare& n) { return n.op == std::get<Compare>(b.node).op; },
                        [&](const TupleElement& n) { return n.index == std::get<TupleElement>(b.node).index; },
                        [&](const ArrayDim& n) { return n.axis == std::get<ArrayDim>(b.node).axis; },
                        [&](const BuiltinCall& n) { return n.builtin == std::get<BuiltinCall>(b.node).builtin && is_pure(n); },
                        [](const Let&) { return true; }, [](const Conditional&) { return true; },
                        [](const Convert&) { return true; }, [](const MakeTuple&) { return true; },
                        [](const TupleElementDynamic&) { return true; }, [](const Element&) { return true; },
                        [](const auto&) { return false; },
                    },
                    a.node);
}

std::vector<const Expr*> operands(const Expr& expr) {
  std::vector<const Expr*> result;
  for_each_operand(expr, [&](const Expr& operand) { result.push_back(&operand); });
  return result;
}

bool same_value(const Expr& a, const Expr& b, LetPairs& lets) {
  if (!same_head(a, b, lets)) return false;
  const std::vector<const Expr*> left = operands(a), right = operands(b);
  if (left.size() != right.size()) return false;
  const auto* let = std::get_if<Let>(&a.node);
  for (std::size_t k = 0; k < left.size(); ++k) {
    if (let && k == 1) lets.emplace_back(let->local, std::get<Let>(b.node).local);
    if (!same_value(*left[k], *right[k], lets)) return false;
  }
  if (let) lets.pop_back();
  return true;
}

}  // namespace

bool same_value(const Expr& a, const Expr& b) {
  LetPairs lets;
  return same_value(a, b, lets);
}

std::string variable_name(const Function& function, const ForRange& loop) {
  const std::string& name = function.locals[loop.variable].name;
  if (!name.empty() || loop.body.empty()) return name;
  const auto* assign = std::get_if<AssignLocal>(&loop.body[0]->node);
  return assign && reads_local(*assign->value, loop.variable) ? function.locals[assign->local].name : name;
}

const Expr& strip_converts(const Expr& expr) {
  const Expr* inner = &expr;
  while (const auto* convert = std::get_if<Convert>(&inner->node)) inner = convert->operand.get();
  return *inner;
}

bool reads_local(const Expr& expr, LocalId local) {
  const auto* read = std::get_if<ReadLocal>(&strip_converts(expr).node);
  return read && read->local == local;
}

}  // namespace kjit
