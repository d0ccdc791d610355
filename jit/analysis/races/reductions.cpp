// Reductions over the iterations of a loop. Entry: match_reduction().
//
// A local is reduced if every occurrence of it in the body belongs to an update by one operator. The updates found are checked
// off against all reads and assignments of the local, so that what is not recognised is never overlooked.

#include "analysis/races/reductions.h"

#include <algorithm>
#include <complex>
#include <limits>
#include <set>

#include "analysis/facts/walk.h"
#include "analysis/races/choices.h"
#include "analysis/races/failures.h"
#include "support/assert.h"

namespace kjit {

using namespace typed;

std::optional<ReduceOp> accumulating_op(BinaryOp op) {
  switch (op) {
    case BinaryOp::Add:
    case BinaryOp::Sub: return ReduceOp::Add;
    case BinaryOp::Mul: return ReduceOp::Mul;
    case BinaryOp::BitAnd: return ReduceOp::BitAnd;
    case BinaryOp::BitOr: return ReduceOp::BitOr;
    case BinaryOp::BitXor: return ReduceOp::BitXor;
    default: return std::nullopt;
  }
}

namespace {

struct Update {
  ReduceOp op;
  bool ties_to_later = false;
  bool depends_on_order = false;
  std::vector<const Expr*> reads;       // of the local, by this update
  std::vector<const Expr*> optional{};  // evaluated only while the local allows it
  bool is_choice = false;               // by a comparison with the local
};

std::optional<ReduceOp> extreme_op(Builtin builtin) {
  switch (builtin) {
    case Builtin::Min: return ReduceOp::Min;
    case Builtin::Max: return ReduceOp::Max;
    case Builtin::Minimum: return ReduceOp::Minimum;
    case Builtin::Maximum: return ReduceOp::Maximum;
    default: return std::nullopt;
  }
}

// ---- x + e, e + x, (x + a) - b -----------------------------------------------------------------------------------------

std::optional<Update> match_arithmetic(const Expr& value, LocalId local) {
  const auto* binary = std::get_if<Binary>(&strip_converts(value).node);
  if (!binary) return std::nullopt;
  const auto op = accumulating_op(binary->op);
  if (!op) return std::nullopt;
  for (const Expr* side : {binary->lhs.get(), binary->rhs.get()}) {
    if (side == binary->rhs.get() && binary->op == BinaryOp::Sub) continue;
    if (const Expr* read = read_of(*side, local)) return Update{*op, false, false, {read}};
    auto inner = match_arithmetic(*side, local);
    if (inner && inner->op == *op) return inner;
  }
  return std::nullopt;
}

// ---- min(x, e) ---------------------------------------------------------------------------------------------------------

std::optional<Update> match_extreme(const Expr& value, LocalId local) {
  const Expr& stripped = strip_converts(value);
  const auto* call = std::get_if<BuiltinCall>(&stripped.node);
  const auto op = call ? extreme_op(call->builtin) : std::nullopt;
  if (!op) return std::nullopt;
  for (std::size_t k = 0; k < call->args.size(); ++k) {
    const Expr* read = read_of(*call->args[k], local);
    if (!read) continue;
    const bool is_later = k != 0 && !stripped.type.is_integer() && !stripped.type.is(Kind::Bool);
    const bool passes_nans = *op == ReduceOp::Minimum || *op == ReduceOp::Maximum;
    return Update{*op, is_later && passes_nans, is_later && !passes_nans, {read}};
  }
  return std::nullopt;
}

// ---- flag or e, flag and e ---------------------------------------------------------------------------------------------

// Both are Conditionals; typing may first bind the tested operand to a hidden local.
std::optional<Update> match_logic(const Expr& value, LocalId local) {
  const Expr* expr = &strip_converts(value);
  std::optional<LocalId> bound;  // stands for the first operand
  const Expr* bound_value = nullptr;
  if (const auto* let = std::get_if<Let>(&expr->node)) {
    bound = let->local;
    bound_value = let->value.get();
    expr = &strip_converts(*let->body);
  }
  const auto* choice = std::get_if<Conditional>(&expr->node);
  if (!choice || !expr->type.is(Kind::Bool)) return std::nullopt;
  std::vector<const Expr*> reads;
  if (bound_value && read_of(*bound_value, local)) reads.push_back(read_of(*bound_value, local));
  const auto stands_for_flag = [&](const Expr& part) {
    if (bound && !reads.empty() && reads_local(part, *bound)) return true;
    const Expr* read = read_of(part, local);
    if (read) reads.push_back(read);
    return read != nullptr;
  };
  const auto keeps_first = [&](const Expr& part, bool constant) {  // `a` of `a or e` when a decides
    const bool* fixed = constant_bool(part);
    return (fixed && *fixed == constant) || (bound && reads_local(part, *bound)) || read_of(part, local);
  };
  const Expr &test = *choice->condition, &then = *choice->then, &otherwise = *choice->otherwise;
  if (stands_for_flag(test)) {
    const auto decided = [&](const Expr& part) {
      if (const Expr* read = read_of(part, local)) reads.push_back(read);
    };
    if (keeps_first(then, true) && !mentions(otherwise, local))
      return decided(then), Update{ReduceOp::Or, false, false, reads, {&otherwise}};
    if (keeps_first(otherwise, false) && !mentions(then, local))
      return decided(otherwise), Update{ReduceOp::And, false, false, reads, {&then}};
    return std::nullopt;
  }
  // `e or flag`; a variable in the place of e is tested and taken without a hidden local
  const auto is_first = [&](const Expr& part, bool constant) {
    return !read_of(part, local) && (keeps_first(part, constant) || same_value(part, test));
  };
  if (is_first(then, true) && stands_for_flag(otherwise)) return Update{ReduceOp::Or, false, false, reads};
  if (is_first(otherwise, false) && stands_for_flag(then)) return Update{ReduceOp::And, false, false, reads};
  return std::nullopt;
}

// ---- if e < x: x = e ---------------------------------------------------------------------------------------------------

std::optional<Update> match_comparison(const Expr& condition, const Expr& value, LocalId local) {
  const std::optional<Choice> choice = match_choice(condition, value, local);
  if (!choice) return std::nullopt;
  const ReduceOp op = choice->takes_smaller ? ReduceOp::Min : ReduceOp::Max;
  return Update{op, choice->takes_equal, false, {choice->read}, choice->optional, true};
}

std::optional<Update> match_value(const Expr& value, LocalId local) {
  if (const bool* flag = constant_bool(value)) return Update{*flag ? ReduceOp::Or : ReduceOp::And, false, false, {}};
  if (auto update = match_arithmetic(value, local)) return update;
  if (auto update = match_extreme(value, local)) return update;
  if (const auto* choice = std::get_if<Conditional>(&strip_converts(value).node)) {  // x = e if e < x else x
    const Expr* kept = read_of(*choice->otherwise, local);
    auto update = kept ? match_comparison(*choice->condition, *choice->then, local) : std::nullopt;
    if (update) return update->reads.push_back(kept), update;
  }
  return match_logic(value, local);
}

// Identities must be exact on the local's own type.
bool is_reducible(ReduceOp op, const Type& type) {
  switch (op) {
    case ReduceOp::Add: return type.is_number();
    case ReduceOp::Mul: return type.is_integer() || type.is_float();  // (1+0j) * z is not z for infinite z
    case ReduceOp::BitAnd:
    case ReduceOp::BitOr:
    case ReduceOp::BitXor: return type.is_integer() || type.is(Kind::Bool);
    case ReduceOp::And:
    case ReduceOp::Or: return type.is(Kind::Bool);
    default: return type.is_integer() || type.is_float();
  }
}

class Matcher {
 public:
  Matcher(const Function& function, const std::vector<Summary>& summaries, const LoopAccesses& accesses, LocalId local)
      : function_(function), type_(function.locals[local].type), summaries_(summaries), accesses_(accesses), local_(local) {}

  ReductionMatch run(const Block& body) {
    for_each_stmt(body, [&](const Stmt& stmt) { visit(stmt); });
    for_each_expr(body, [&](const Expr& expr) {
      if (const auto* let = std::get_if<Let>(&expr.node); let && let->local == local_) use_otherwise(expr.span);
      if (reads_directly(expr) && !explained_.contains(&expr)) use_otherwise(expr.span);
    });
    for (const auto& [stmt, span] : assignments_) {
      if (!updates_.contains(stmt)) use_otherwise(span);
    }
    if (!result_.other_use && result_.update && op_ && !result_.depends_on_order && is_reducible(*op_, type_)) {
      result_.reduction = Reduction{local_, *op_, type_, ties_to_later_, {}, *result_.update, site_};
    }
    if (op_) result_.operation = operator_text(*op_);
    return std::move(result_);
  }

 private:
  bool reads_directly(const Expr& expr) const {
    const auto* read = std::get_if<ReadLocal>(&expr.node);
    return read && read->local == local_;
  }

  void use_otherwise(Span span) {
    if (!result_.other_use || span.begin < result_.other_use->begin) result_.other_use = span;
  }

  void visit(const Stmt& stmt) {
    if (const auto* loop = std::get_if<ForRange>(&stmt.node); loop && loop->variable == local_) use_otherwise(stmt.span);
    if (const auto* branch = std::get_if<If>(&stmt.node)) visit_branch(*branch);
    const auto* assign = std::get_if<AssignLocal>(&stmt.node);
    if (!assign || assign->local != local_) return;
    assignments_.emplace_back(assign, stmt.span);
    if (updates_.contains(assign)) return;
    if (is_division(*assign->value) && !result_.divided) result_.divided = stmt.span;
    if (const auto update = match_value(*assign->value, local_)) accept_if_evaluable(*assign, stmt.span, *update);
  }

  // What Python evaluates only while the local allows it is evaluated more often here.
  void accept_if_evaluable(const AssignLocal& assign, Span span, const Update& update) {
    const auto blocked = std::find_if_not(update.optional.begin(), update.optional.end(),
                                          [&](const Expr* part) { return may_be_evaluated(*part); });
    if (blocked == update.optional.end()) return accept(assign, span, update);
    if (!is_free_of_effects(**blocked, summaries_)) return;
    result_.may_fail = (*blocked)->span;
    result_.fails_beside_comparison = update.is_choice;
    result_.operation = update.is_choice ? "and" : operator_text(update.op);
  }

  bool is_division(const Expr& value) const {
    const auto* binary = std::get_if<Binary>(&strip_converts(value).node);
    return binary && (binary->op == BinaryOp::TrueDiv || binary->op == BinaryOp::FloorDiv) && read_of(*binary->lhs, local_);
  }

  // Though Python does not.
  bool may_be_evaluated(const Expr& expr) const {
    return is_free_of_effects(expr, summaries_) && !may_fail(expr, function_, accesses_);
  }

  void visit_branch(const If& branch) {
    const std::optional<Branch> found = branch.otherwise.empty() ? read_branch(branch.body, function_, local_) : std::nullopt;
    const auto update = found ? match_comparison(*branch.condition, *found->value, local_) : std::nullopt;
    if (!update) return;
    std::vector<LocalId> others;
    for (const Branch::Other& other : found->others) {
      const bool is_harmless = may_be_evaluated(*other.value);
      if (is_harmless) others.push_back(other.local);
      result_.decided.push_back({other.local, is_harmless, other.span});
    }
    accept_if_evaluable(*found->own, found->span, *update);
    if (update->ties_to_later) result_.set_with_ties = others;
    result_.set_with = updates_.size() == 1 && !update->ties_to_later ? std::move(others) : std::vector<LocalId>{};
  }

  void accept(const AssignLocal& assign, Span span, const Update& update) {
    const bool fits = !op_ || (*op_ == update.op && ties_to_later_ == update.ties_to_later);
    if (!fits) return use_otherwise(span);
    op_ = update.op;
    ties_to_later_ = update.ties_to_later;
    result_.depends_on_order = result_.depends_on_order || update.depends_on_order;
    if (!result_.update) result_.update = span, site_ = strip_converts(*assign.value).site;
    updates_.insert(&assign);
    if (updates_.size() > 1) result_.set_with.clear();
    explained_.insert(update.reads.begin(), update.reads.end());
  }

  const Function& function_;
  const Type& type_;
  const std::vector<Summary>& summaries_;
  const LoopAccesses& accesses_;
  LocalId local_;
  ReductionMatch result_;
  std::optional<ReduceOp> op_;
  bool ties_to_later_ = false;
  SiteId site_ = 0;
  std::set<const AssignLocal*> updates_;
  std::vector<std::pair<const AssignLocal*, Span>> assignments_;
  std::set<const Expr*> explained_;
};

// ---- identities --------------------------------------------------------------------------------------------------------

std::int64_t signed_minimum(const Type& type) {
  return std::numeric_limits<std::int64_t>::min() >> (64 - bit_width(type.kind()));
}

std::uint64_t unsigned_maximum(const Type& type) {
  return std::numeric_limits<std::uint64_t>::max() >> (64 - bit_width(type.kind()));
}

Constant integer_constant(const Type& type, std::int64_t value) {
  if (type.is(Kind::Bool)) return {value != 0};
  if (type.is_unsigned()) return {static_cast<std::uint64_t>(value) & unsigned_maximum(type)};
  return {value};
}

Constant extreme_constant(const Type& type, bool largest) {
  const double infinity = std::numeric_limits<double>::infinity();
  if (type.is_float()) return {largest ? infinity : -infinity};
  if (type.is_unsigned()) return {largest ? unsigned_maximum(type) : std::uint64_t{0}};
  return {largest ? ~signed_minimum(type) : signed_minimum(type)};
}

}  // namespace

Constant reduction_identity(ReduceOp op, const Type& type) {
  switch (op) {
    case ReduceOp::Add:  // -0.0 + x is x for both zeros
      if (type.is_float()) return {-0.0};
      if (type.is_complex()) return {std::complex<double>(-0.0, -0.0)};
      return integer_constant(type, 0);
    case ReduceOp::Mul: return type.is_float() ? Constant{1.0} : integer_constant(type, 1);
    case ReduceOp::BitAnd: return integer_constant(type, -1);
    case ReduceOp::BitOr:
    case ReduceOp::BitXor: return integer_constant(type, 0);
    case ReduceOp::Min:
    case ReduceOp::Minimum: return extreme_constant(type, true);
    case ReduceOp::Max:
    case ReduceOp::Maximum: return extreme_constant(type, false);
    case ReduceOp::And: return {true};
    case ReduceOp::Or: return {false};
  }
  KJIT_UNREACHABLE("no such reduction");
}

kjit_accumulation accumulation_of(ReduceOp op) {
  switch (op) {
    case ReduceOp::Add: return KJIT_ADD;
    case ReduceOp::Mul: return KJIT_MULTIPLY;
    case ReduceOp::BitAnd: return KJIT_BIT_AND;
    case ReduceOp::BitOr: return KJIT_BIT_OR;
    case ReduceOp::BitXor: return KJIT_BIT_XOR;
    default: KJIT_UNREACHABLE("not an operator of array reductions");
  }
}

std::string operator_text(ReduceOp op) {
  switch (op) {
    case ReduceOp::Add: return "+";
    case ReduceOp::Mul: return "*";
    case ReduceOp::BitAnd: return "&";
    case ReduceOp::BitOr: return "|";
    case ReduceOp::BitXor: return "^";
    case ReduceOp::Min: return "min";
    case ReduceOp::Max: return "max";
    case ReduceOp::Minimum: return "np.minimum";
    case ReduceOp::Maximum: return "np.maximum";
    case ReduceOp::And: return "and";
    case ReduceOp::Or: return "or";
  }
  return {};
}

ReductionMatch match_reduction(const Function& function, const std::vector<Summary>& summaries, const LoopAccesses& accesses,
                               const Block& body, LocalId local) {
  return Matcher(function, summaries, accesses, local).run(body);
}

}  // namespace kjit
