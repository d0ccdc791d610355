// What keeps a loop from vectors. Entry: review_vectors.

#include "analysis/loops/vectors.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/facts/walk.h"
#include "analysis/loops/draws.h"
#include "analysis/loops/every_iteration.h"
#include "analysis/loops/linear_index.h"
#include "typing/tree/typed_walk.h"

namespace kjit {
namespace {

using namespace typed;

constexpr std::size_t kMostReasons = 6;  // of each kind; more help nobody

bool is_number_other_than_zero(const Expr& expr) {
  const auto* constant = std::get_if<Constant>(&strip_converts(expr).node);
  if (!constant) return false;
  if (const auto* integer = std::get_if<std::int64_t>(&constant->value)) return *integer != 0;
  const auto* real = std::get_if<double>(&constant->value);
  return real && *real != 0;
}

class Reviewer {
 public:
  Reviewer(const Program& program, const ParallelPlans& parallel, const Function& function, const ForRange& loop,
           const LoopPlan& plan)
      : program_(program),
        parallel_(parallel),
        function_(function),
        loop_(loop),
        plan_(plan),
        assigned_(assigned_locals(loop.body, function.locals.size())),
        forms_(loop.variable, assigned_, false) {}

  VectorReview run() {
    if (plan_.polling == Polling::EveryIteration) obstacle("it polls for a stop in each iteration: " + plan_.polling_reason);
    for (const SubscriptPlan& subscript : plan_.subscripts) {
      if (subscript.check == SubscriptPlan::Check::EachTime && bounds_are_checked())
        obstacle("subscripts are checked in each iteration (see above)");
    }
    if (plan_.draws_reason.empty() == false) obstacle("random draws are calls (see above)");
    BodyVisitor visitor;
    visitor.stmt = [&](const Stmt& s, bool always) { look_at(s, always); };
    visitor.expr = [&](const Expr& e, bool) { look_at(e); };
    visitor.after_stmt = [&](const Stmt& s, bool always) { forms_.after(s, always); };
    visit_body(loop_.body, visitor);
    return std::move(review_);
  }

 private:
  static void add(std::vector<Hindrance>& list, Hindrance hindrance) {
    const auto is_same = [&](const Hindrance& other) { return other.reason == hindrance.reason; };
    if (list.size() < kMostReasons && std::none_of(list.begin(), list.end(), is_same)) list.push_back(std::move(hindrance));
  }
  void obstacle(std::string reason, std::string edit = {}) { add(review_.obstacles, {std::move(reason), std::move(edit)}); }
  void cost(std::string reason, std::string edit = {}) { add(review_.costs, {std::move(reason), std::move(edit)}); }

  bool bounds_are_checked() const { return function_.options.boundscheck.value_or(true); }
  bool quiet_division() const { return function_.options.numpy_error_model || function_.options.fastmath.any(); }
  std::string name(LocalId local) const {
    const std::string& written = function_.locals[local].name;
    return written.empty() ? "a hidden variable" : fmt::format("'{}'", written);
  }

  // ---- statements ----

  void look_at(const Stmt& s, bool always) {
    if (std::holds_alternative<Break>(s.node) || std::holds_alternative<Return>(s.node))
      obstacle("it may be left early", "a loop that runs to its end can use vectors");
    if (std::holds_alternative<Raise>(s.node))
      obstacle("it may raise an exception", "a flag that is tested after the loop does not hinder");
    if (std::holds_alternative<Assert>(s.node)) obstacle("an assertion may fail");
    if (std::holds_alternative<Print>(s.node))
      obstacle("it prints", "keep what is to be printed in an array, and print after the loop");
    if (const auto* assign = std::get_if<AssignLocal>(&s.node)) look_at(*assign, always);
    if (const auto* store = std::get_if<StoreElement>(&s.node)) {
      if (parallel_.is_atomic(store->id)) obstacle("stores that other threads may make as well are indivisible");
      look_at(*store->array, store->indices, true);
    }
    if (const auto* update = std::get_if<UpdateElement>(&s.node)) {
      if (parallel_.is_atomic(update->id)) obstacle("updates of elements that other threads update too are indivisible steps");
      look_at(*update->array, update->indices, true);
    }
  }

  // A value that goes from one iteration to the next. Integer sums and the like can be reordered, floats only under fastmath.
  void look_at(const AssignLocal& assign, bool always) {
    const bool reads_itself = reads(*assign.value, assign.local) && !set_before_[assign.local];
    if (always) set_before_[assign.local] = true;
    if (!reads_itself || assign.value->type.is_array()) return;
    const auto* binary = std::get_if<Binary>(&assign.value->node);
    const bool is_sum = binary && (binary->op == BinaryOp::Add || binary->op == BinaryOp::Sub || binary->op == BinaryOp::Mul) &&
                        reads_local(*binary->lhs, assign.local) != reads_local(*binary->rhs, assign.local);
    const bool rounds = assign.value->type.is_float() || assign.value->type.is_complex();
    if (is_sum && rounds && !function_.options.fastmath.reassoc) {
      obstacle(fmt::format("the order in which {} is accumulated is kept", name(assign.local)), "fastmath=True lets it change");
    } else if (!is_sum && rounds) {
      obstacle(fmt::format("{} depends on its value in the iteration before", name(assign.local)));
    }
  }

  static bool reads(const Expr& expr, LocalId local) {
    bool found = false;
    for_each_expr(expr, [&](const Expr& part) {
      const auto* read = std::get_if<ReadLocal>(&part.node);
      found = found || (read && read->local == local);
    });
    return found;
  }

  // ---- expressions ----

  void look_at(const Expr& e) {
    if (const auto* read = std::get_if<ReadLocal>(&e.node); read && read->check_set) {
      obstacle(fmt::format("{} may be unset", name(read->local)), "assign it before the loop");
    }
    if (const auto* element = std::get_if<Element>(&e.node)) look_at(*element->array, element->indices, false);
    if (const auto* binary = std::get_if<Binary>(&e.node)) look_at(e, *binary);
    if (const auto* call = std::get_if<Call>(&e.node)) {
      add(review_.obstacles, {fmt::format("it calls {}", program_.functions[call->callee].name), {}, call->callee});
    }
    if (const auto* call = std::get_if<BuiltinCall>(&e.node)) look_at(*call);
    if (const auto* convert = std::get_if<Convert>(&e.node)) {
      if (convert->operand->type.is_float() && e.type.is_integer()) obstacle("the conversion of a float to an integer may fail");
    }
    const bool makes = std::holds_alternative<View>(e.node) || std::holds_alternative<NewArray>(e.node) ||
                       std::holds_alternative<ArrayLiteral>(e.node);
    if (makes) obstacle("it makes arrays or views", "make them before the loop, or name the elements: a[i, j]");
  }

  void look_at(const Expr& e, const Binary& binary) {
    const bool divides = binary.op == BinaryOp::TrueDiv || binary.op == BinaryOp::FloorDiv || binary.op == BinaryOp::Mod;
    const bool is_float = binary.lhs->type.is_float();
    if (divides && !is_number_other_than_zero(*binary.rhs) && !(is_float && quiet_division())) {
      is_float ? obstacle("a divisor may be zero", "error_model='numpy' takes that for inf or nan")
               : obstacle("an integer divisor may be zero", "a constant divisor needs no test");
    }
    if (binary.op == BinaryOp::Pow && !e.type.is_float()) obstacle("an integer power is a loop", "x * x is none");
    if (binary.op == BinaryOp::Pow && e.type.is_float())
      obstacle("a power is a call for each element", "np.power is a vector function");
  }

  void look_at(const BuiltinCall& call) {
    const BuiltinRow& row = builtin_row(call.builtin);
    if (draws(call.builtin)) return;
    if (row.convention == Convention::Libm || row.convention == Convention::LibmOverflow) {
      if (!function_.options.fastmath.afn) {
        obstacle(fmt::format("{} is a call for each element", row.symbol),
                 fmt::format("np.{} and fastmath=True have vector functions", row.symbol));
      } else if (call.checked) {
        obstacle(fmt::format("{} may fail", row.symbol));
      }
    } else if (row.convention != Convention::Inline && row.convention != Convention::Vector &&
               row.convention != Convention::Pure) {
      obstacle(fmt::format("{} is a call that may fail", row.name));
    }
  }

  // ---- where the elements of successive iterations lie ----

  void look_at(const Expr& array, const std::vector<ExprPtr>& indices, bool is_store) {
    const char* access = is_store ? "scatters" : "gathers";
    const auto* read = std::get_if<ReadLocal>(&array.node);
    const std::string what = read ? name(read->local) : "an array";
    for (std::size_t axis = 0; axis < indices.size(); ++axis) {
      const std::optional<LinearIndex> index = forms_.of(*indices[axis]);
      const bool is_last = axis + 1 == indices.size();
      if (!index) return cost(fmt::format("{} {}: an index of it is not linear in the loop variable", access, what));
      if (index->of_variable == 0) continue;
      if (!is_last) return cost(fmt::format("{} {}: iterations move along an axis that is not its last", access, what));
      if (index->of_variable != 1) cost(fmt::format("{} {}: iterations are {} elements apart", access, what, index->of_variable));
      if (!array.type.is_contiguous()) cost(fmt::format("{}: its elements may lie apart (a strided array)", what));
    }
  }

  const Program& program_;
  const ParallelPlans& parallel_;
  const Function& function_;
  const ForRange& loop_;
  const LoopPlan& plan_;
  std::vector<bool> assigned_;
  std::vector<bool> set_before_ = std::vector<bool>(assigned_.size(), false);  // in this iteration
  LinearForms forms_;
  VectorReview review_;
};

}  // namespace

VectorReview review_vectors(const Program& program, const ParallelPlans& parallel, const Function& function, const ForRange& loop,
                            const LoopPlan& plan) {
  return Reviewer(program, parallel, function, loop, plan).run();
}

}  // namespace kjit
