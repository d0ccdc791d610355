// Bounds checks of a whole loop at once. Entry: find_range_tests.

#include "analysis/loops/range_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "analysis/facts/walk.h"
#include "analysis/loops/every_iteration.h"
#include "analysis/loops/linear_index.h"
#include "analysis/loops/loop_shape.h"
#include "typing/tree/typed_walk.h"

namespace kjit {
namespace {

using namespace typed;
using Check = SubscriptPlan::Check;

constexpr std::size_t kMaxTests = 24;
constexpr int kMaxBodyNodes = 400;  // a larger body is not worth compiling twice

// What an access of the tree says.
struct Access {
  AccessId id;
  const Expr& array;
  const std::vector<ExprPtr>& indices;
  const std::vector<bool>& in_bounds;
};

template <typename Node>
Access access_of(const Node& node) {
  return {node.id, *node.array, node.indices, node.in_bounds};
}

// From the array to the last index: "a[i, j". Subscripts of loops over arrays have no text of their own.
Span span_of(const Access& access) {
  const Span first = access.array.span, last = access.indices.back()->span;
  return last.file == first.file && last.end > first.end ? Span{first.file, first.begin, last.end} : first;
}

bool is_proved(const Access& access) {
  return access.in_bounds.size() == access.indices.size() &&
         std::all_of(access.in_bounds.begin(), access.in_bounds.end(), [](bool proved) { return proved; });
}

template <typename Visit>
void for_each_access(const Block& body, Visit visit, std::function<void(const Stmt&, bool)> after_stmt = {}) {
  BodyVisitor visitor;
  visitor.after_stmt = std::move(after_stmt);
  visitor.expr = [&](const Expr& e, bool always) {
    if (const auto* element = std::get_if<Element>(&e.node)) visit(access_of(*element), always);
  };
  visitor.stmt = [&](const Stmt& s, bool always) {
    if (const auto* store = std::get_if<StoreElement>(&s.node)) visit(access_of(*store), always);
    if (const auto* update = std::get_if<UpdateElement>(&s.node)) visit(access_of(*update), always);
  };
  visit_body(body, visitor);
}

int count_nodes(const Block& body) {
  int nodes = 0;
  for_each_expr(body, [&](const Expr&) { ++nodes; });
  return nodes;
}

// Does `between` follow from `low` and `high`? They differ in nothing but their constants, and by less than 2**63 in these; so
// low's value, an extent being less than 2**63 as well, reaches high's in each iteration without wrapping around, past between's.
bool lies_between(const RangeTest& between, const RangeTest& low, const RangeTest& high) {
  const std::int64_t lowest = low.index.constant, highest = high.index.constant;
  if (lowest >= between.index.constant || between.index.constant >= highest) return false;
  if (std::int64_t distance = 0; __builtin_sub_overflow(highest, lowest, &distance)) return false;
  RangeTest moved = between;
  moved.index.constant = lowest;
  if (moved != low) return false;
  moved.index.constant = highest;
  return moved == high;
}

// The neighbours of a stencil need two tests: a[i - 1] and a[i + 1] leave nothing to test for a[i].
std::vector<RangeTest> without_those_between(const std::vector<RangeTest>& tests) {
  std::vector<RangeTest> kept;
  std::copy_if(tests.begin(), tests.end(), std::back_inserter(kept), [&](const RangeTest& test) {
    return std::none_of(tests.begin(), tests.end(), [&](const RangeTest& low) {
      return std::any_of(tests.begin(), tests.end(), [&](const RangeTest& high) { return lies_between(test, low, high); });
    });
  });
  return kept;
}

class Finder {
 public:
  Finder(const Function& function, const ForRange& loop, bool checked)
      : function_(function),
        loop_(loop),
        assigned_(assigned_locals(loop.body, function.locals.size())),
        forms_(loop.variable, assigned_, checked) {}

  RangeTests find() {
    for_each_access(
        loop_.body, [&](const Access& access, bool always) { add(access, always); },
        [&](const Stmt& stmt, bool always) { forms_.after(stmt, always); });
    for (const Candidate& candidate : candidates_) found_.subscripts.push_back(verdict(candidate));
    found_.tests = without_those_between(found_.tests);
    if (found_.tests.size() > kMaxTests) {
      return without_range_tests(loop_.body, fmt::format("more than {} range tests would be needed", kMaxTests));
    }
    if (found_.tests.empty()) found_.reason = why_no_tests();
    return std::move(found_);
  }

 private:
  struct Candidate {
    SubscriptPlan plan;
    std::vector<RangeTest> needs;  // empty: cannot be tested, or need not
  };

  void add(const Access& access, bool always) {
    Candidate candidate{{access.id, span_of(access), is_proved(access) ? Check::Proved : Check::EachTime, {}}, {}};
    candidate.plan.reason = add_needs(access, candidate.needs);
    if (always) {
      for (const RangeTest& need : candidate.needs) require(need);
    }
    candidates_.push_back(std::move(candidate));
  }

  // The reason why not.
  std::string add_needs(const Access& access, std::vector<RangeTest>& needs) {
    if (is_proved(access)) return {};
    const std::optional<RangeTest> array = fixed_array(access.array);
    if (!array) return "the array is not the same variable in all iterations";
    for (std::uint32_t axis = 0; axis < access.indices.size(); ++axis) {
      if (axis < access.in_bounds.size() && access.in_bounds[axis]) continue;
      RangeTest need = *array;
      need.axis = axis;
      std::optional<LinearIndex> index = forms_.to_test(*access.indices[axis]);
      if (!index) {
        needs.clear();
        return forms_.reason();
      }
      need.index = std::move(*index);
      needs.push_back(std::move(need));
    }
    return {};
  }

  // An array that is the same in all iterations.
  std::optional<RangeTest> fixed_array(const Expr& array) const {
    if (const auto* read = std::get_if<ReadLocal>(&array.node)) {
      if (!read->check_set && !assigned_[read->local]) return RangeTest{false, read->local, 0, {}};
    }
    if (const auto* read = std::get_if<ReadGlobal>(&array.node)) {
      if (!function_.is_script()) return RangeTest{true, read->global, 0, {}};
    }
    return std::nullopt;
  }

  std::string why_no_tests() const {
    if (candidates_.empty()) return "it has no subscripts";
    const bool all_proved =
        std::all_of(candidates_.begin(), candidates_.end(), [](const Candidate& c) { return c.plan.check == Check::Proved; });
    return all_proved ? "all subscripts are proved to be in range"
                      : "no subscript of every iteration is linear in the loop variable";
  }

  bool is_required(const RangeTest& need) const {
    return std::find(found_.tests.begin(), found_.tests.end(), need) != found_.tests.end();
  }
  void require(const RangeTest& need) {
    if (!is_required(need)) found_.tests.push_back(need);
  }

  // Also those that some iterations skip, if they need nothing more than what is tested.
  SubscriptPlan verdict(const Candidate& candidate) const {
    SubscriptPlan plan = candidate.plan;
    if (!candidate.needs.empty()) {
      const bool covered =
          std::all_of(candidate.needs.begin(), candidate.needs.end(), [&](const RangeTest& n) { return is_required(n); });
      if (covered && plan.check != Check::Proved) plan.check = Check::Tested;
      if (!covered) plan.reason = "only some iterations come to it";
    }
    return plan;
  }

  const Function& function_;
  const ForRange& loop_;
  std::vector<bool> assigned_;
  LinearForms forms_;
  RangeTests found_;
  std::vector<Candidate> candidates_;
};

}  // namespace

RangeTests find_range_tests(const Function& function, const ForRange& loop, const LoopPlanOptions& options) {
  const auto refuse = [&](const char* reason) { return without_range_tests(loop.body, reason); };
  if (options.opt_level < 2) return refuse("below -O2 each loop has one version");
  if (!function.options.boundscheck.value_or(options.bounds_check)) return refuse("subscripts are not checked");
  if (!constant_int(*loop.step)) return refuse("the step is not a constant");
  if (assigned_locals(loop.body, function.locals.size())[loop.variable]) return refuse("the body assigns the loop variable");
  if (count_nodes(loop.body) > kMaxBodyNodes) return refuse("the body is too large to be compiled twice");
  return Finder(function, loop, options.checked).find();
}

RangeTests without_range_tests(const Block& body, const std::string& reason) {
  RangeTests none;
  none.reason = reason;
  for_each_access(body, [&](const Access& access, bool) {
    const bool proved = is_proved(access);
    none.subscripts.push_back({access.id, span_of(access), proved ? Check::Proved : Check::EachTime, proved ? "" : reason});
  });
  return none;
}

}  // namespace kjit
