// Readers of arrays. Entry: find_reader.

#include "analysis/arrays/array_reader.h"

#include <algorithm>

#include "analysis/arrays/fusion.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

using namespace typed;

namespace {

constexpr std::size_t kFarthestReader = 64;  // statements; so that long scripts are compiled in linear time

bool find_path(Expr& from, const Expr& to, std::vector<Expr*>& path) {
  path.push_back(&from);
  if (&from == &to) return true;
  bool found = false;
  for_each_child(from, [&](Expr& child) { found = found || find_path(child, to, path); });
  if (!found) path.pop_back();
  return found;
}

bool contains(const Stmt& stmt, const Expr& wanted) {
  bool found = false;
  const auto look = [&](const Expr& expr) { found = found || &expr == &wanted; };
  for_each_child(
      stmt, [&](const Expr& expr) { for_each_expr(expr, look); }, [&](const Block& block) { for_each_expr(block, look); });
  return found;
}

// Is it evaluated each time, and once?
std::string irregular_evaluation(const Stmt& stmt, const std::vector<Expr*>& path) {
  if (std::holds_alternative<While>(stmt.node)) return "it is read in the condition of a loop";
  const auto* check = std::get_if<Assert>(&stmt.node);
  bool branches = check && check->message.get() == path.front();
  for (std::size_t k = 0; k + 1 < path.size(); ++k) {
    const auto* choice = std::get_if<Conditional>(&path[k]->node);
    branches = branches || (choice && choice->condition.get() != path[k + 1]);
  }
  return branches ? "it is read in a branch" : "";
}

// Of a statement whose whole value it is.
std::string use_of_value(const Stmt& stmt) {
  if (std::holds_alternative<Return>(stmt.node)) return "it is returned";
  if (std::holds_alternative<Print>(stmt.node)) return "it is printed";
  const bool assigned = std::holds_alternative<AssignLocal>(stmt.node) || std::holds_alternative<AssignGlobal>(stmt.node);
  return assigned ? "another variable gets it" : "what reads it is no loop over elements";
}

std::string use_in(const Expr& parent) {
  if (std::holds_alternative<Call>(parent.node)) return "it is passed to a function";
  if (std::holds_alternative<BuiltinCall>(parent.node)) return "a function takes the whole array";
  if (std::holds_alternative<View>(parent.node)) return "a view of it is taken";
  if (std::holds_alternative<Element>(parent.node)) return "single elements of it are read";
  if (std::holds_alternative<ArrayDim>(parent.node)) return "its shape is read";
  return "what reads it is no loop over elements";
}

void classify(const Stmt& stmt, ArrayReader& reader) {
  reader.reason = irregular_evaluation(stmt, reader.path);
  if (!reader.reason.empty()) return;
  std::size_t above = reader.path.size() - 1;
  while (above > 0 && std::holds_alternative<Convert>(reader.path[above - 1]->node)) --above;  // to another layout
  if (above > 0) {
    const Expr& parent = *reader.path[above - 1];
    if (std::holds_alternative<ArrayLoop>(parent.node)) reader.kind = ArrayReader::Kind::Loop;
    if (is_sum_of_floats(parent)) reader.kind = ArrayReader::Kind::Sum;
    if (reader.kind == ArrayReader::Kind::None) reader.reason = use_in(parent);
    return;
  }
  const auto* assign = std::get_if<AssignView>(&stmt.node);
  if (assign && assign->value.get() == reader.path.front()) {
    reader.kind = ArrayReader::Kind::Assignment;
  } else {
    reader.reason = use_of_value(stmt);
  }
}

}  // namespace

Expr& ArrayReader::loop() const {
  std::size_t above = path.size() - 1;
  while (!std::holds_alternative<ArrayLoop>(path[above]->node)) --above;
  return *path[above];
}

ArrayReader find_reader(const Block& block, std::size_t definition, const Expr& read) {
  ArrayReader reader;
  const std::size_t end = std::min(block.size(), definition + 1 + kFarthestReader);
  for (std::size_t k = definition + 1; k < end; ++k) {
    bool found = false;
    for_each_child(*block[k], [&](Expr& expr) { found = found || find_path(expr, read, reader.path); }, [](Block&) {});
    reader.statement = k;
    if (found) {
      classify(*block[k], reader);
      return reader;
    }
    if (contains(*block[k], read)) break;
  }
  reader.reason = "it is read in another block (of a loop, a branch, or around one), or far behind";
  return reader;
}

}  // namespace kjit
