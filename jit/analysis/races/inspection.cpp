// The slice of a loop's body that computes subscripts. Entry: find_inspection().

#include "analysis/races/inspection.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "analysis/facts/walk.h"

namespace kjit {

using namespace typed;

namespace {

constexpr std::size_t kMaxArrays = 4;  // KJIT_MAX_INSPECTED

struct SpanOrder {
  bool operator()(const Span& a, const Span& b) const {
    return std::tie(a.file, a.begin, a.end) < std::tie(b.file, b.begin, b.end);
  }
};

template <typename Node, typename... Known>
constexpr bool is_one_of = (std::is_same_v<Node, Known> || ...);

class Slicer {
 public:
  Slicer(const Function& function, const std::vector<Summary>& summaries, const ForRange& loop, const LoopAccesses& accesses,
         const std::vector<RootId>& suspects)
      : summaries_(summaries),
        loop_(loop),
        accesses_(accesses),
        suspects_(suspects),
        needed_(function.locals.size(), false),
        bound_in_expressions_(function.locals.size(), false) {}

  InspectionFindings run() {
    find_arrays();
    if (obstacle_.empty()) find_marks();
    for (bool grows = obstacle_.empty(); grows && obstacle_.empty();) {
      grows_ = false;
      keep(loop_.body);
      grows = grows_;
    }
    if (obstacle_.empty()) check_needed();
    if (!obstacle_.empty()) return {std::nullopt, obstacle_};
    return {std::move(result_), {}};
  }

 private:
  void fail(std::string why) {
    if (obstacle_.empty()) obstacle_ = std::move(why);
  }

  // ---- what is inspected ----

  // A name by which each array is known before the loop, and where in the loop it is touched.
  void find_arrays() {
    if (suspects_.size() > kMaxArrays) return fail("too many arrays are in question");
    for (const Access& access : accesses_.accesses) {
      if (access.kind != AccessKind::Read) written_.insert(access.root);
      (access.loop_span == access.span ? place_of_ : in_callees_)[access.span].insert(access.root);
    }
    for (const RootId root : suspects_) {
      const ArrayHandle* handle = nullptr;
      for (const Access& access : accesses_.accesses) {
        if (access.root != root) continue;
        const std::string& name = accesses_.roots[root].name;
        if (!(access.loop_span == access.span)) return fail(fmt::format("a function that the loop calls touches '{}'", name));
        if (access.is_atomic) return fail(fmt::format("'{}' is also updated by kjit.atomic functions", name));
        if (!access.handle) return fail(fmt::format("'{}' is known only inside the iteration", name));
        if (access.handle_is_whole || !handle) handle = &*access.handle;
        open_[access.span].insert(root);
      }
      if (!handle) return fail("nothing names the array before the loop");
      result_.arrays.push_back(*handle);
    }
  }

  std::optional<std::uint32_t> suspect_at(const Span& span) {
    const auto found = open_.find(span);
    if (found == open_.end() || found->second.size() != 1) return std::nullopt;
    const auto place = std::find(suspects_.begin(), suspects_.end(), *found->second.begin());
    return static_cast<std::uint32_t>(place - suspects_.begin());
  }

  void mark(SiteId site, const Span& span) {
    const auto array = suspect_at(span);
    if (!array) return;
    result_.marks.emplace(site, *array);
    marked_.insert(span);
  }

  void find_marks() {
    for_each_stmt(loop_.body, [&](const Stmt& stmt) {
      const bool writes = std::holds_alternative<StoreElement>(stmt.node) || std::holds_alternative<UpdateElement>(stmt.node) ||
                          std::holds_alternative<AssignView>(stmt.node);
      if (writes) mark(stmt.site, stmt.span);
    });
    for_each_expr(loop_.body, [&](const Expr& expr) {
      if (const auto* let = std::get_if<Let>(&expr.node)) bound_in_expressions_[let->local] = true;
      if (!std::holds_alternative<Element>(expr.node)) return;
      const std::size_t before = result_.marks.size();
      mark(expr.site, expr.span);
      result_.reads = result_.reads || result_.marks.size() > before;
    });
    for (const auto& [span, roots] : open_) {
      if (!marked_.contains(span)) return fail("it is touched other than element by element");
    }
  }

  // ---- the slice ----

  // Does any statement in it run?
  bool keep(const Block& block) {
    bool any = false;
    for (const StmtPtr& stmt : block) any = keep(*stmt) || any;
    return any;
  }

  bool keep(const Stmt& stmt) {
    bool kept = keep_marks(stmt);
    if (const auto* n = std::get_if<AssignLocal>(&stmt.node); n && needed_[n->local]) {
      need(*n->value, "the value of a variable");
      kept = true;
    }
    const bool is_loop = std::holds_alternative<While>(stmt.node) || std::holds_alternative<ForRange>(stmt.node);
    if (is_loop && !matters(stmt)) return false;
    if (const auto* n = std::get_if<If>(&stmt.node)) kept = keep_if(stmt, *n) || kept;
    if (const auto* n = std::get_if<While>(&stmt.node)) kept = keep_while(*n) || kept;
    if (const auto* n = std::get_if<ForRange>(&stmt.node)) kept = keep_for(*n) || kept;
    if (std::holds_alternative<Break>(stmt.node) || std::holds_alternative<Continue>(stmt.node)) kept = true;
    if (kept && result_.statements.insert(stmt.site).second) grows_ = true;
    return kept;
  }

  // Of an inner loop, whose `break` and `continue` are its own affair.
  bool matters(const Stmt& loop) const {
    bool found = false;
    const auto look = [&](const Stmt& stmt) {
      const auto* assign = std::get_if<AssignLocal>(&stmt.node);
      const auto* inner = std::get_if<ForRange>(&stmt.node);
      found =
          found || result_.marks.contains(stmt.site) || (assign && needed_[assign->local]) || (inner && needed_[inner->variable]);
    };
    look(loop);
    const auto look_at = [&](const Expr& expr) { found = found || result_.marks.contains(expr.site); };
    for_each_child(
        loop, [&](const Expr& operand) { for_each_expr(operand, look_at); },
        [&](const Block& block) {
          for_each_stmt(block, look);
          for_each_expr(block, look_at);
        });
    return found;
  }

  bool keep_marks(const Stmt& stmt) {
    bool any = result_.marks.contains(stmt.site);
    if (any) need_place(stmt);
    for_each_child(
        stmt,
        [&](const Expr& operand) {
          for_each_expr(operand, [&](const Expr& expr) {
            const auto* element = std::get_if<Element>(&expr.node);
            if (!element || !result_.marks.contains(expr.site)) return;
            any = true;
            need(*element->array, "an array");
            for (const ExprPtr& index : element->indices) need(*index, "an index");
          });
        },
        [](const Block&) {});
    return any;
  }

  void need_place(const Stmt& stmt) {
    const auto need_element = [&](const auto& n) {
      need(*n.array, "an array");
      for (const ExprPtr& index : n.indices) need(*index, "an index");
    };
    if (const auto* n = std::get_if<StoreElement>(&stmt.node)) need_element(*n);
    if (const auto* n = std::get_if<UpdateElement>(&stmt.node)) need_element(*n);
    if (const auto* n = std::get_if<AssignView>(&stmt.node)) need(*n->view, "a view");
  }

  bool keep_if(const Stmt& stmt, const If& n) {
    const bool body = keep(n.body), otherwise = keep(n.otherwise);
    if (!body && !otherwise) return false;
    if (is_foreseeable(*n.condition)) {
      need(*n.condition, "a condition");
    } else {
      if (has_control(n.body) || has_control(n.otherwise))
        fail("a condition that depends on what the loop writes ends iterations");
      result_.both_ways.insert(stmt.site);
    }
    return true;
  }

  bool keep_while(const While& n) {
    const bool body = keep(n.body), otherwise = keep(n.otherwise);
    if (body || otherwise) need(*n.condition, "a condition");
    return body || otherwise;
  }

  bool keep_for(const ForRange& n) {
    const bool body = keep(n.body), otherwise = keep(n.otherwise);
    const bool kept = body || otherwise || needed_[n.variable];
    for (const ExprPtr* bound : {&n.start, &n.stop, &n.step}) {
      if (kept) need(**bound, "a range");
    }
    return kept;
  }

  // Statements of which it matters whether they run: control, and values that are needed.
  bool has_control(const Block& block) const {
    bool found = false;
    for_each_stmt(block, [&](const Stmt& stmt) {
      const auto* assign = std::get_if<AssignLocal>(&stmt.node);
      found = found || std::holds_alternative<Break>(stmt.node) || std::holds_alternative<Continue>(stmt.node) ||
              (assign && needed_[assign->local]);
    });
    return found;
  }

  void need(const Expr& expr, const char* what) {
    if (!is_foreseeable(expr)) fail(fmt::format("{} that its subscripts follow from cannot be known before the loop", what));
    std::vector<bool> own(needed_.size(), false);  // bound inside the expression itself
    for_each_expr(expr, [&](const Expr& part) {
      if (const auto* let = std::get_if<Let>(&part.node)) own[let->local] = true;
    });
    for_each_expr(expr, [&](const Expr& part) {
      const auto* read = std::get_if<ReadLocal>(&part.node);
      if (!read || own[read->local]) return;
      if (bound_in_expressions_[read->local]) return fail("a subscript uses a part of a larger expression");
      if (!needed_[read->local]) needed_[read->local] = grows_ = true;
    });
  }

  // ---- what is the same before the loop ----

  bool is_foreseeable(const Expr& expr) const {
    bool same = true;
    for_each_expr(expr, [&](const Expr& part) {
      same = same && std::visit([&](const auto& node) { return foreseeable(part, node); }, part.node);
    });
    return same;
  }

  bool foreseeable(const Expr& expr, const Element&) const {
    const auto found = place_of_.find(expr.span);
    return found != place_of_.end() &&
           std::none_of(found->second.begin(), found->second.end(), [&](RootId root) { return written_.contains(root); });
  }
  bool foreseeable(const Expr&, const Call& n) const {
    const Summary& callee = summaries_[n.callee];
    return !callee.has_effects && !callee.touches_arrays() && !callee.is_recursive;
  }
  bool foreseeable(const Expr& expr, const BuiltinCall& n) const {
    const bool takes_arrays =
        std::any_of(n.args.begin(), n.args.end(), [](const ExprPtr& arg) { return may_hold_array(arg->type); });
    return !takes_arrays && !may_hold_array(expr.type) && is_free_of_effects(expr, summaries_);
  }
  template <typename Node>
  bool foreseeable(const Expr&, const Node&) const {
    return is_one_of<Node, Constant, ReadLocal, ReadGlobal, Let, Conditional, Convert, Unary, Binary, Compare, MakeTuple,
                     TupleElement, TupleElementDynamic, View, ArrayDim>;
  }

  // A variable that iterations accumulate has no value of its own in an iteration.
  void check_needed() {
    for_each_stmt(loop_.body, [&](const Stmt& stmt) {
      const auto* assign = std::get_if<AssignLocal>(&stmt.node);
      if (assign && needed_[assign->local] && !result_.statements.contains(stmt.site)) fail("not all of its values are followed");
    });
  }

  const std::vector<Summary>& summaries_;
  const ForRange& loop_;
  const LoopAccesses& accesses_;
  const std::vector<RootId>& suspects_;
  std::set<RootId> written_;
  std::map<Span, std::set<RootId>, SpanOrder> place_of_, in_callees_;  // of accesses, by where they stand
  std::map<Span, std::set<RootId>, SpanOrder> open_;                   // of accesses to suspects
  std::set<Span, SpanOrder> marked_;
  std::vector<bool> needed_;  // by LocalId
  std::vector<bool> bound_in_expressions_;
  Inspection result_;
  std::string obstacle_;
  bool grows_ = false;
};

}  // namespace

InspectionFindings find_inspection(const Function& function, const std::vector<Summary>& summaries, const ForRange& loop,
                                   const LoopAccesses& accesses, const std::vector<RootId>& suspects) {
  return Slicer(function, summaries, loop, accesses, suspects).run();
}

}  // namespace kjit
