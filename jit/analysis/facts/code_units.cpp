// The cut into units. Entry: plan_units.

#include "analysis/facts/code_units.h"

#include <algorithm>

#include "typing/tree/typed_walk.h"

namespace kjit {

namespace {

using typed::FunctionId;

// In nodes of the typed tree, which take some 50 microseconds each to compile. A unit of its own costs about 2 ms.
constexpr std::size_t kTinyProgram = 150;
constexpr std::size_t kSmallProgram = 600;
constexpr std::size_t kTinyFunction = 12;   // `return max(0, min(i, n - 1))`
constexpr std::size_t kSmallFunction = 40;  // three lines of arithmetic

struct Calls {
  std::vector<FunctionId> all;      // in the order of the source, each once
  std::vector<FunctionId> in_loop;  // those made in a loop
};

struct Facts {
  std::size_t weight = 0;
  bool has_loop = false;
  Calls calls;
};

void add_once(std::vector<FunctionId>& list, FunctionId id) {
  if (std::ranges::find(list, id) == list.end()) list.push_back(id);
}

class FactCollector {
 public:
  Facts run(const typed::Function& function) {
    visit(function.body);
    return std::move(facts_);
  }

 private:
  void visit(const typed::Block& block) {
    for (const typed::StmtPtr& stmt : block) visit(*stmt);
  }

  void visit(const typed::Stmt& stmt) {
    const bool loop = std::holds_alternative<typed::ForRange>(stmt.node) || std::holds_alternative<typed::While>(stmt.node);
    ++facts_.weight;
    facts_.has_loop |= loop;
    depth_ += loop ? 1 : 0;
    typed::for_each_child(
        stmt, [this](const typed::Expr& expr) { visit(expr); }, [this](const typed::Block& block) { visit(block); });
    depth_ -= loop ? 1 : 0;
  }

  void visit(const typed::Expr& expr) {
    ++facts_.weight;
    if (const auto* call = std::get_if<typed::Call>(&expr.node)) {
      add_once(facts_.calls.all, call->callee);
      if (depth_ > 0) add_once(facts_.calls.in_loop, call->callee);
    }
    typed::for_each_child(expr, [this](const typed::Expr& child) { visit(child); });
  }

  Facts facts_;
  int depth_ = 0;  // of loops
};

class UnitPlanner {
 public:
  explicit UnitPlanner(const typed::Program& program)
      : program_(program), hot_(program.functions.size()), planned_(program.functions.size()) {
    for (const typed::Function& function : program.functions) facts_.push_back(FactCollector().run(function));
    for (const Facts& facts : facts_) total_ += facts.weight;
    for (const Facts& facts : facts_) {
      for (const FunctionId callee : facts.calls.in_loop) heat(callee);
    }
  }

  std::vector<CodeUnit> run() {
    plan(0);
    return std::move(units_);
  }

 private:
  // What runs in a loop, its callees run in the loop as well.
  void heat(FunctionId id) {
    std::vector<FunctionId> pending{id};
    while (!pending.empty()) {
      const FunctionId next = pending.back();
      pending.pop_back();
      if (hot_[next]) continue;
      hot_[next] = true;
      const auto& callees = facts_[next].calls.all;
      pending.insert(pending.end(), callees.begin(), callees.end());
    }
  }

  // The entry of a kernel, which only calls it, is nothing to compile on its own.
  bool is_all_of_the_entry(FunctionId id) const { return facts_[0].calls.all == std::vector<FunctionId>{id}; }

  // A recursive function stays with those that call it, as units cannot call each other in a circle.
  bool is_apart(FunctionId id) const {
    const typed::Function& function = program_.functions[id];
    const Facts& facts = facts_[id];
    if (total_ <= kTinyProgram || function.is_recursive) return false;
    if (function.options.inlining == typed::FunctionOptions::Inline::Always) return false;
    if (total_ <= kSmallProgram)
      return facts.has_loop && !is_all_of_the_entry(id) && (!hot_[id] || facts.weight > kSmallFunction);
    if (facts.has_loop || facts.weight > kSmallFunction) return true;
    return !hot_[id] && facts.weight > kTinyFunction;
  }

  // As deep as the chain of units that call each other.
  void plan(FunctionId root) {
    planned_[root] = true;
    CodeUnit unit{{root}, {}};
    for (std::size_t i = 0; i < unit.bodies.size(); ++i) {
      for (const FunctionId callee : facts_[unit.bodies[i]].calls.all) {
        add_once(callee != root && is_apart(callee) ? unit.calls : unit.bodies, callee);
      }
    }
    for (const FunctionId callee : unit.calls) {
      if (!planned_[callee]) plan(callee);
    }
    units_.push_back(std::move(unit));
  }

  const typed::Program& program_;
  std::vector<Facts> facts_;
  std::size_t total_ = 0;
  std::vector<bool> hot_, planned_;
  std::vector<CodeUnit> units_;
};

}  // namespace

std::vector<CodeUnit> plan_units(const typed::Program& program) { return UnitPlanner(program).run(); }

}  // namespace kjit
