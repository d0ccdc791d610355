// Data flow between the statements of a script. Entry: script_graph.

#include "driver/script_graph.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "analysis/facts/summaries.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

namespace {

using namespace typed;

// "l3" and "g0" for variables, "print" and "random" for what has an order of its own. Arrays that may be one have one name.
using Resource = std::string;

class Resources {
 public:
  Resource name_of(const Resource& variable) const {
    const auto found = same_as_.find(variable);
    return found == same_as_.end() ? variable : name_of(found->second);
  }
  void unite(const Resource& a, const Resource& b) {
    const Resource x = name_of(a), y = name_of(b);
    if (x != y) same_as_[x] = y;
  }

 private:
  std::map<Resource, Resource> same_as_;
};

struct Uses {
  std::uint32_t line = 0;
  std::string text;
  bool calls = false;
  std::set<Resource> reads, writes;
};

class ScriptWalk {
 public:
  ScriptWalk(const Program& program, const SourceMap& sources)
      : program_(program), sources_(sources), summaries_(summarize(program)) {}

  std::vector<Uses> run() {
    for (const StmtPtr& stmt : program_.functions[0].body) add(*stmt);
    for (Uses& uses : all_) unify(uses);
    return std::move(all_);
  }

 private:
  void add(const Stmt& stmt) {
    const LineColumn at = sources_.locate(stmt.span);
    if (all_.empty() || all_.back().line != at.line) {
      std::string_view text = sources_.file(stmt.span.file).line_text(at.line);
      text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
      all_.push_back({at.line, std::string(text.substr(0, kLongest)), false, {}, {}});
    }
    visit(stmt);
  }

  Uses& now() { return all_.back(); }
  static Resource local(LocalId id) { return "l" + std::to_string(id); }
  static Resource global(GlobalId id) { return "g" + std::to_string(id); }

  void visit(const Stmt& stmt) {
    if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) assign(local(n->local), *n->value);
    if (const auto* n = std::get_if<AssignGlobal>(&stmt.node)) assign(global(n->global), *n->value);
    if (const auto* n = std::get_if<StoreElement>(&stmt.node)) write(*n->array);
    if (const auto* n = std::get_if<UpdateElement>(&stmt.node)) write(*n->array);
    if (const auto* n = std::get_if<AssignView>(&stmt.node)) write(*n->view);
    if (const auto* n = std::get_if<ForRange>(&stmt.node)) now().writes.insert(local(n->variable));
    if (std::holds_alternative<Print>(stmt.node)) now().writes.insert("print");
    for_each_child(
        stmt, [&](const Expr& expr) { for_each_expr(expr, [&](const Expr& part) { visit(part); }); },
        [&](const Block& block) {
          for (const StmtPtr& inner : block) visit(*inner);
        });
  }

  void visit(const Expr& expr) {
    if (const auto* n = std::get_if<ReadLocal>(&expr.node)) now().reads.insert(local(n->local));
    if (const auto* n = std::get_if<ReadGlobal>(&expr.node)) now().reads.insert(global(n->global));
    if (const auto* n = std::get_if<Let>(&expr.node)) assign(local(n->local), *n->value);
    if (const auto* n = std::get_if<Call>(&expr.node)) visit_call(*n);
    if (const auto* n = std::get_if<BuiltinCall>(&expr.node)) visit_builtin(*n);
  }

  void visit_call(const Call& call) {
    now().calls = true;
    const Summary& callee = summaries_[call.callee];
    bool writes_arrays = callee.writes_globals;
    for (std::size_t k = 0; k < call.args.size(); ++k) {
      writes_arrays = writes_arrays || callee.writes[k];
      if (callee.writes[k]) write(*call.args[k]);
    }
    for (GlobalId id = 0; id < program_.globals.size(); ++id) {
      now().reads.insert(global(id));  // of which it reads some
      if (callee.writes_globals) now().writes.insert(global(id));
    }
    const bool draws = program_.functions[call.callee].draws_random;
    if (draws) now().writes.insert("random");
    if (callee.has_effects && !draws && !writes_arrays) now().writes.insert("print");
  }

  void visit_builtin(const BuiltinCall& call) {
    const BuiltinRow& row = builtin_row(call.builtin);
    if (row.has(effect::draws)) now().writes.insert("random");
    if (row.has(effect::host | effect::reads_clock)) now().writes.insert("print");
    if (row.has(effect::writes | effect::atomic) && !call.args.empty()) write(*call.args[0]);
  }

  // An array that is assigned may be any that the value mentions.
  void assign(const Resource& target, const Expr& value) {
    now().writes.insert(target);
    if (!may_hold_array(value.type)) return;
    for_each_variable(value, [&](const Resource& source) { resources_.unite(target, source); });
  }
  void write(const Expr& array) {
    for_each_variable(array, [&](const Resource& variable) { now().writes.insert(variable); });
  }
  template <typename F>
  void for_each_variable(const Expr& value, const F& visit_variable) {
    for_each_expr(value, [&](const Expr& part) {
      if (!may_hold_array(part.type)) return;
      if (const auto* n = std::get_if<ReadLocal>(&part.node)) visit_variable(local(n->local));
      if (const auto* n = std::get_if<ReadGlobal>(&part.node)) visit_variable(global(n->global));
    });
  }

  void unify(Uses& uses) const {
    for (std::set<Resource>* set : {&uses.reads, &uses.writes}) {
      std::set<Resource> named;
      for (const Resource& variable : *set) named.insert(resources_.name_of(variable));
      *set = std::move(named);
    }
  }

  static constexpr std::size_t kLongest = 24;  // of a label, in bytes

  const Program& program_;
  const SourceMap& sources_;
  const std::vector<Summary> summaries_;
  Resources resources_;
  std::vector<Uses> all_;
};

bool share(const std::set<Resource>& a, const std::set<Resource>& b) {
  return std::any_of(a.begin(), a.end(), [&](const Resource& resource) { return b.contains(resource); });
}

bool meet(const Uses& a, const Uses& b) {
  return share(a.writes, b.writes) || share(a.writes, b.reads) || share(a.reads, b.writes);
}

}  // namespace

std::vector<PictureNode> script_graph(const Program& program, const SourceMap& sources) {
  const std::vector<Uses> all = ScriptWalk(program, sources).run();
  std::vector<PictureNode> nodes;
  for (std::size_t later = 0; later < all.size(); ++later) {
    PictureNode node{all[later].text, "line " + std::to_string(all[later].line), all[later].calls ? "#ffffff" : "#eeeeee", {}};
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      if (meet(all[earlier], all[later])) node.waits_for.push_back(earlier);
    }
    nodes.push_back(std::move(node));
  }
  return nodes;
}

}  // namespace kjit
