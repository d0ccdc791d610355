// break, continue, switch and goto. Python has no jumps: a block with labels, and a switch whose cases fall through, become a
// loop that runs once, with the number of the segment to begin with. Whoever leaves several loops at once sets a flag and breaks;
// behind each loop the flag is looked at.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "translator.h"

namespace kjit::import {

using namespace clang;

namespace {

// Does control never come to what stands behind it?
bool ends(const Stmt* stmt) {
  if (const auto* block = dyn_cast_or_null<CompoundStmt>(stmt)) return !block->body_empty() && ends(block->body_back());
  return stmt && isa<BreakStmt, ReturnStmt, ContinueStmt, GotoStmt>(stmt);
}

}  // namespace

void FunctionTranslator::loop_lines(const std::string& head, Loop context, const std::function<void()>& body,
                                    const std::function<void()>& otherwise) {
  const std::size_t first = out_.size();
  loops_.push_back(std::move(context));
  out_.block(head, body);
  const Loop left = std::move(loops_.back());
  loops_.pop_back();
  if (otherwise) out_.block("else", otherwise);
  if (left.exits.empty()) return;
  const std::vector<std::string> lines = out_.cut(first);
  out_.line(fmt::format("{} = 0", left.flag));
  out_.paste(lines);
  for (std::size_t k = 0; k < left.exits.size(); ++k) {
    out_.block(fmt::format("if {} == {}", left.flag, k + 1), left.exits[k].again);
  }
}

// Leaves the innermost loop; `again` goes on from there.
void FunctionTranslator::leave_through(const std::string& key, std::function<void()> again) {
  Loop& loop = loops_.back();
  if (loop.flag.empty()) loop.flag = temporary("leaves");
  auto found = std::find_if(loop.exits.begin(), loop.exits.end(), [&](const Exit& exit) { return exit.key == key; });
  if (found == loop.exits.end()) {
    loop.exits.push_back({key, std::move(again)});
    found = std::prev(loop.exits.end());
  }
  out_.line(fmt::format("{} = {}", loop.flag, found - loop.exits.begin() + 1));
  out_.line("break");
}

void FunctionTranslator::break_statement(SourceLocation where) {
  if (loops_.empty()) refuse(where, "a break here");
  if (loops_.back().kind != LoopKind::Jump) return out_.line("break");
  leave_through("break", [this, where] { break_statement(where); });
}

void FunctionTranslator::continue_statement(SourceLocation where) {
  if (loops_.empty()) refuse(where, "a continue here");
  if (loops_.back().kind != LoopKind::Loop) return leave_through("continue", [this, where] { continue_statement(where); });
  if (loops_.back().on_continue) loops_.back().on_continue();
  out_.line("continue");
}

// ---- goto
// ----------------------------------------------------------------------------------------------------------------------

namespace {

// A block cut where a label stands that a goto leads to.
struct Segments {
  std::vector<std::vector<const Stmt*>> statements = std::vector<std::vector<const Stmt*>>(1);
  std::map<const LabelDecl*, int> labels;
};

Segments cut_at_labels(const CompoundStmt& block, const FunctionFacts& facts) {
  Segments result;
  for (const Stmt* stmt : block.body()) {
    while (const auto* label = dyn_cast<LabelStmt>(stmt)) {
      if (facts.gotos.contains(label->getDecl())) {
        result.labels[label->getDecl()] = static_cast<int>(result.statements.size());
        result.statements.emplace_back();
      }
      stmt = label->getSubStmt();
    }
    result.statements.back().push_back(stmt);
  }
  return result;
}

int count_gotos(const Stmt* stmt, const LabelDecl* label) {
  if (!stmt) return 0;
  const auto* jump = dyn_cast<GotoStmt>(stmt);
  int count = jump && jump->getLabel() == label ? 1 : 0;
  for (const Stmt* child : stmt->children()) count += count_gotos(child, label);
  return count;
}

// if (...) { ... label: ... } with a goto from outside.
const CompoundStmt* entered_block(const Stmt* stmt, const FunctionFacts& facts) {
  const auto* branch = dyn_cast<IfStmt>(stmt);
  const auto* block = branch ? dyn_cast<CompoundStmt>(branch->getThen()) : nullptr;
  if (!block) return nullptr;
  for (const auto& [label, segment] : cut_at_labels(*block, facts).labels) {
    if (count_gotos(block, label) < facts.gotos.at(label)) return block;
  }
  return nullptr;
}

}  // namespace

// A goto to a label inside of this if goes to the if, whose condition then counts for nothing, and from its block on to the
// label.
void FunctionTranslator::add_entries(const Stmt* stmt, Jump& jump, int segment) {
  const CompoundStmt* block = entered_block(stmt, facts_);
  const std::string entry = temporary("into");
  for (const auto& [label, inner] : cut_at_labels(*block, facts_).labels) jump.segments[label] = {segment, entry, inner};
  entries_[stmt] = entries_[block] = entry;
  out_.line(entry + " = 0");
}

bool FunctionTranslator::labelled_block(const CompoundStmt& block) {
  Jump jump;
  Segments cut = cut_at_labels(block, facts_);
  std::vector<std::vector<const Stmt*>> segments(1);
  std::size_t next_label = 0;
  for (const std::vector<const Stmt*>& between : cut.statements) {
    if (next_label > 0) segments.emplace_back();
    for (const auto& [label, index] : cut.labels) {
      if (index == static_cast<int>(next_label)) jump.segments[label] = {static_cast<int>(segments.size()) - 1, "", 0};
    }
    for (const Stmt* stmt : between) {
      if (entered_block(stmt, facts_)) {
        segments.emplace_back();
        add_entries(stmt, jump, static_cast<int>(segments.size()) - 1);
      }
      segments.back().push_back(stmt);
    }
    ++next_label;
  }
  if (jump.segments.empty()) return false;
  jump.selector = temporary("at");
  jump.loops = loops_.size() + 1;
  const auto entry = entries_.find(&block);
  out_.line(fmt::format("{} = {}", jump.selector, entry == entries_.end() ? "0" : entry->second));
  if (entry != entries_.end()) out_.line(entry->second + " = 0");
  jumps_.push_back(jump);
  Loop context;
  context.kind = LoopKind::Jump;
  loop_lines("while True", std::move(context), [&] {
    for (std::size_t k = 0; k + 1 < segments.size(); ++k) {
      if (segments[k].empty()) continue;
      out_.block(fmt::format("if {} <= {}", jump.selector, k), [&] {
        for (const Stmt* stmt : segments[k]) statement(*stmt);
      });
    }
    for (const Stmt* stmt : segments.back()) statement(*stmt);  // whoever comes here runs it
    if (segments.back().empty() || !ends(segments.back().back())) out_.line("break");
  });
  jumps_.pop_back();
  return true;
}

void FunctionTranslator::goto_statement(const GotoStmt& jump) {
  const LabelDecl* label = jump.getLabel();
  const auto target =
      std::find_if(jumps_.rbegin(), jumps_.rend(), [&](const Jump& block) { return block.segments.contains(label); });
  if (target == jumps_.rend()) refuse(jump.getGotoLoc(), "a goto into a block");
  if (loops_.size() > target->loops) {
    return leave_through("goto " + label->getNameAsString(), [this, &jump] { goto_statement(jump); });
  }
  const Target& place = target->segments.at(label);
  if (!place.entry.empty()) out_.line(fmt::format("{} = {}", place.entry, place.inner));
  out_.line(fmt::format("{} = {}", target->selector, place.segment));
  out_.line("continue");
}

// ---- switch
// ----------------------------------------------------------------------------------------------------------------------

namespace {

struct Segment {
  std::vector<const Expr*> values;
  bool is_default = false;
  std::vector<const Stmt*> body;
};

const Stmt* take_labels(const Stmt* stmt, Segment& segment) {
  while (const auto* label = dyn_cast<SwitchCase>(stmt)) {
    if (const auto* value = dyn_cast<CaseStmt>(label)) segment.values.push_back(value->getLHS());
    if (isa<DefaultStmt>(label)) segment.is_default = true;
    stmt = label->getSubStmt();
  }
  return stmt;
}

std::vector<Segment> segments_of(const SwitchStmt& choice) {
  const auto* block = dyn_cast<CompoundStmt>(choice.getBody());
  if (!block) refuse(choice.getSwitchLoc(), "a switch without a block");
  std::vector<Segment> segments;
  for (const Stmt* stmt : block->body()) {
    if (isa<SwitchCase>(stmt)) segments.emplace_back();
    if (segments.empty()) refuse(stmt->getBeginLoc(), "a statement in front of the first case");
    segments.back().body.push_back(take_labels(stmt, segments.back()));
  }
  return segments;
}

// A break of the switch itself, other than as the last statement of a case.
bool breaks_inside(const Stmt* stmt, const Stmt* last) {
  if (!stmt || isa<ForStmt, WhileStmt, DoStmt, SwitchStmt>(stmt)) return false;
  if (isa<BreakStmt>(stmt)) return stmt != last;
  for (const Stmt* child : stmt->children()) {
    if (breaks_inside(child, last)) return true;
  }
  return false;
}

const Stmt* last_of(const Segment& segment) {
  const Stmt* last = segment.body.back();
  while (const auto* block = dyn_cast<CompoundStmt>(last)) {
    if (block->body_empty()) break;
    last = block->body_back();
  }
  return last;
}

bool is_chain(const std::vector<Segment>& segments) {
  for (std::size_t k = 0; k < segments.size(); ++k) {
    if (k + 1 < segments.size() && !ends(segments[k].body.back())) return false;
    if (segments[k].is_default && k + 1 < segments.size()) return false;
    for (const Stmt* stmt : segments[k].body) {
      if (breaks_inside(stmt, last_of(segments[k]))) return false;
    }
  }
  return true;
}

}  // namespace

std::string FunctionTranslator::case_test(const Value& value, const std::vector<const Expr*>& cases) {
  std::vector<std::string> texts;
  for (const Expr* expr : cases) texts.push_back(expression(expr).text);
  if (texts.size() == 1) return fmt::format("{} == {}", operand(value, Prec::BitOr), texts[0]);
  return fmt::format("{} in ({})", operand(value, Prec::BitOr), fmt::join(texts, ", "));
}

void FunctionTranslator::switch_statement(const SwitchStmt& choice) {
  const std::vector<Segment> segments = segments_of(choice);
  Value value = expression(choice.getCond());
  if (value.text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") != std::string::npos ||
      !is_chain(segments)) {
    const std::string kept = temporary("selected");
    out_.line(fmt::format("{} = {}", kept, value.text));
    value = atom(kept, value.rep, value.range);
  }
  const auto body = [&](const Segment& segment, const Stmt* leave_out) {
    for (const Stmt* stmt : segment.body) {
      if (stmt == leave_out) continue;
      const auto* block = dyn_cast<CompoundStmt>(stmt);
      if (!block || !leave_out || block->body_empty() || block->body_back() != leave_out) {
        statement(*stmt);
        continue;
      }
      for (const Stmt* inner : block->body()) {
        if (inner != leave_out) statement(*inner);
      }
    }
  };
  if (is_chain(segments)) {
    bool first = true;
    for (const Segment& segment : segments) {
      leading_comments(segment.body.front()->getBeginLoc());
      const Stmt* last = last_of(segment);
      std::string head = first ? "if " : "elif ";
      head = segment.is_default ? (first ? "if True" : "else") : head + case_test(value, segment.values);
      out_.block(head, [&] { body(segment, isa<BreakStmt>(last) ? last : nullptr); });
      first = false;
    }
    return;
  }
  const std::string at = temporary("at");
  std::string start = fmt::format("{}", segments.size());
  for (std::size_t k = segments.size(); k-- > 0;) {
    if (segments[k].is_default) start = fmt::format("{}", k);
  }
  for (std::size_t k = segments.size(); k-- > 0;) {
    if (!segments[k].values.empty()) start = fmt::format("{} if {} else {}", k, case_test(value, segments[k].values), start);
  }
  out_.line(fmt::format("{} = {}", at, start));
  Loop context;
  context.kind = LoopKind::Switch;
  loop_lines("while True", std::move(context), [&] {
    for (std::size_t k = 0; k < segments.size(); ++k) {
      out_.block(fmt::format("if {} <= {}", at, k), [&] { body(segments[k], nullptr); });
    }
    out_.line("break");
  });
}

}  // namespace kjit::import
