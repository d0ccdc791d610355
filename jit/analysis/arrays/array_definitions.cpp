// Reads of arrays that variables hold. Entry: find_array_definitions.
//
// Forward: the definitions whose values the locals may hold; a read of a local belongs to those of them that are its own.

#include "analysis/arrays/array_definitions.h"

#include <algorithm>
#include <map>

#include "analysis/facts/held.h"
#include "analysis/facts/walk.h"
#include "typing/tree/control_flow.h"

namespace kjit {

using namespace typed;

namespace {

// Numbers are those of the definitions.
class ReadSearch : public FlowDomain<Held> {
 public:
  explicit ReadSearch(std::vector<ArrayDefinition>& definitions) : definitions_(definitions) {}

  void run(const Function& function) { FlowWalk<ReadSearch>(*this).run(function.body, Held(definitions_.size(), false)); }

  void join(Held& into, const Held& other) { add(into, other); }

  void run(const Stmt& stmt, Held& held) {
    for_each_child(stmt, [&](const Expr& operand) { evaluate(operand, held); }, [](const Block&) {});
    const auto* assign = std::get_if<AssignLocal>(&stmt.node);
    if (!assign) return;
    for (std::size_t k = 0; k < definitions_.size(); ++k) {
      if (definitions_[k].local == assign->local) held[k] = definitions_[k].stmt == &stmt;
    }
  }

  Held decide(const Expr& condition, Held& held) {
    evaluate(condition, held);
    return held;
  }

  void evaluate(const Expr& expr, Held& held) {
    if (const auto* read = std::get_if<ReadLocal>(&expr.node)) note(expr, read->local, held);
    for_each_child(expr, [&](const Expr& operand) { evaluate(operand, held); });
  }

  void evaluate_range(ForRange& loop, Held& held) {
    for (const Expr* operand : range_operands(loop)) evaluate(*operand, held);
  }

  // What was found in one walk of a loop is kept for the next one, so that nests cost a walk for each loop and not two to the
  // power of their depth.
  Held begin_loop(const Stmt& stmt, const Held& entry) {
    Held& head = heads_.try_emplace(loop_id(stmt), definitions_.size(), false).first->second;
    add(head, entry);
    return head;
  }
  bool repeat(const Stmt& stmt, Held& head, const Held& back) {
    if (!add(head, back)) return false;
    add(heads_.at(loop_id(stmt)), back);
    return true;
  }

 private:
  void note(const Expr& expr, LocalId local, const Held& held) {
    for (std::size_t k = 0; k < definitions_.size(); ++k) {
      if (!held[k] || definitions_[k].local != local) continue;
      std::vector<const Expr*>& reads = definitions_[k].reads;
      if (std::find(reads.begin(), reads.end(), &expr) == reads.end()) reads.push_back(&expr);
    }
  }

  std::vector<ArrayDefinition>& definitions_;
  std::map<LoopId, Held> heads_;
};

}  // namespace

const ArrayLoop* assigned_loop(const Stmt& stmt) {
  const auto* assign = std::get_if<AssignLocal>(&stmt.node);
  return assign ? std::get_if<ArrayLoop>(&strip_converts(*assign->value).node) : nullptr;
}

std::vector<ArrayDefinition> find_array_definitions(const Function& function) {
  std::vector<ArrayDefinition> definitions;
  for_each_stmt(function.body, [&](const Stmt& stmt) {
    if (assigned_loop(stmt)) definitions.push_back({&stmt, std::get<AssignLocal>(stmt.node).local, {}});
  });
  if (!definitions.empty()) ReadSearch(definitions).run(function);
  return definitions;
}

}  // namespace kjit
