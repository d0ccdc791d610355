// Fusion of array loops across statements. Entry: fuse_arrays; how is in fusion.h.

#include "analysis/arrays/fusion.h"

#include <algorithm>
#include <iterator>

#include "analysis/arrays/array_definitions.h"
#include "analysis/arrays/array_origins.h"
#include "analysis/arrays/array_reader.h"
#include "analysis/arrays/loop_substitution.h"
#include "analysis/facts/walk.h"
#include "runtime/abi.h"
#include "typing/arrays/fusion_rules.h"

namespace kjit {

using namespace typed;

namespace {

constexpr std::size_t kMostOperands = 16;  // of a fused loop: each is a stream from memory, and an address in a register

// The variable that it is, or is a view of, or whatever else gives the array.
const Expr& viewed(const Expr& expr) {
  if (const auto* view = std::get_if<View>(&expr.node)) return viewed(*view->array);
  if (const auto* convert = std::get_if<Convert>(&expr.node)) return viewed(*convert->operand);
  return expr;  // NOLINT(bugprone-return-const-ref-from-parameter): of a tree, no temporary
}

bool never_fails(const Expr& body) {
  bool pure = true;
  for_each_expr(body, [&](const Expr& part) {
    const auto* call = std::get_if<BuiltinCall>(&part.node);
    pure = pure && !(call && !builtin_row(call->builtin).is_pure());
  });
  return pure;
}

// ---- one definition and its reader -------------------------------

// Why a loop has to stay; no reason: it can move.
struct Obstacle {
  std::string reason = {};
  std::optional<Span> cause = {};
};

class Candidate {
 public:
  Candidate(const Function& function, const ArrayOrigins& origins, const Block& block, std::size_t place,
            const ArrayReader& reader)
      : origins_(origins),
        block_(block),
        place_(place),
        reader_(reader),
        loop_(*assigned_loop(*block[place])),
        local_(std::get<AssignLocal>(block[place]->node).local),
        assigned_(function.locals.size(), false) {
    note_assignments();
  }

  Obstacle obstacle() const {
    if (assigned_[local_]) return {"it may be another array where it is read"};
    if (!never_fails(*loop_.body)) return {"computing an element may fail"};
    if (count_kept_arrays() > 1) return {"more than one array would be kept in place of it"};
    if (std::string reason = size_obstacle(); !reason.empty()) return {reason};
    for (std::size_t k = place_ + 1; k < reader_.statement; ++k) {
      if (may_change(*block_[k])) {
        return {"a statement between may change what it is computed from", block_[k]->span};
      }
    }
    if (changes_in_reader()) return {"the statement that reads it may change before what it is computed from"};
    return {};
  }

  bool can_move(const Expr& operand) const {
    return is_movable(operand, [&](const Expr& variable) { return is_stable(variable); });
  }

 private:
  // Is it a variable that nobody assigns before the loop of the reader runs?
  bool is_stable(const Expr& variable) const {
    const auto* read = std::get_if<ReadLocal>(&variable.node);
    if (read) return !assigned_[read->local];
    return std::holds_alternative<ReadGlobal>(variable.node) && !assigns_globals_;
  }

  // Arrays that nothing but the hidden variable for the operand holds.
  std::ptrdiff_t count_kept_arrays() const {
    return std::count_if(loop_.operands.begin(), loop_.operands.end(),
                         [&](const ExprPtr& operand) { return operand->type.is_array() && !is_stable(viewed(*operand)); });
  }

  void note_assignments() {
    for (std::size_t k = place_ + 1; k < reader_.statement; ++k) {
      for_each_stmt(*block_[k], [&](const Stmt& stmt) { note_assignment(stmt); });
      note_lets(*block_[k]);
    }
    note_lets(*block_[reader_.statement]);
  }

  static void for_each_stmt(const Stmt& stmt, const std::function<void(const Stmt&)>& visit) {
    visit(stmt);
    for_each_child(stmt, [](const Expr&) {}, [&](const Block& inner) { typed::for_each_stmt(inner, visit); });
  }

  void note_assignment(const Stmt& stmt) {
    if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) assigned_[n->local] = true;
    if (const auto* n = std::get_if<ForRange>(&stmt.node)) assigned_[n->variable] = true;
    assigns_globals_ = assigns_globals_ || std::holds_alternative<AssignGlobal>(stmt.node);
  }

  void note_lets(const Stmt& stmt) {
    const auto note = [&](const Expr& expr) {
      if (const auto* n = std::get_if<Let>(&expr.node)) assigned_[n->local] = true;
    };
    for_each_child(
        stmt, [&](const Expr& expr) { for_each_expr(expr, note); }, [&](const Block& inner) { for_each_expr(inner, note); });
  }

  std::string size_obstacle() const {
    if (reader_.kind != ArrayReader::Kind::Loop) return "";
    const auto& reader = std::get<ArrayLoop>(reader_.loop().node);
    if (!reader_.loop().type.is_contiguous()) return "what reads it is folded in an order that depends on it";
    if (reader_.loop().type.rank() != reader_.read().type.rank()) return "what reads it has more axes";
    const bool is_long = node_count(*loop_.body) + node_count(*reader.body) > kLargestBody ||
                         loop_.operands.size() + reader.operands.size() > kMostOperands;
    if (is_long) return "the loop that reads it would become too long";
    if (is_cheap(*loop_.body) || fills(reader)) return "";
    return "it is dear to compute, and what reads it may have more elements";
  }

  // Is the index space of the reader known to be that of the loop?
  bool fills(const ArrayLoop& reader) const {
    std::vector<const Expr*> own, others;
    for (const ExprPtr& operand : loop_.operands) {
      if (operand->type.is_array() && can_move(*operand)) own.push_back(operand.get());
    }
    for (const ExprPtr& operand : reader.operands) {
      const bool is_read = std::find(reader_.path.begin(), reader_.path.end(), operand.get()) != reader_.path.end();
      if (operand->type.is_array() && !is_read) others.push_back(operand.get());
    }
    return covers(own, others);
  }

  // Of a statement or an expression: elements of the operands.
  template <typename Part>
  bool may_change(const Part& part) const {
    if (!ArrayOrigins::may_write(part)) return false;
    ArrayOrigins::Set elements;
    for (const ExprPtr& operand : loop_.operands) elements.merge(origins_.of(*operand));
    return origins_.may_change(part, elements);
  }

  // What is around the read is evaluated behind it.
  bool changes_in_reader() const {
    bool changes = false;
    const std::function<void(const Expr&)> look = [&](const Expr& expr) {
      const bool is_around = std::find(reader_.path.begin(), reader_.path.end(), &expr) != reader_.path.end();
      if (!is_around) return void(changes = changes || may_change(expr));
      for_each_child(expr, look);
    };
    const Stmt& stmt = *block_[reader_.statement];
    for_each_child(stmt, look, [](const Block&) {});
    return changes;
  }

  const ArrayOrigins& origins_;
  const Block& block_;
  std::size_t place_;
  const ArrayReader& reader_;
  const ArrayLoop& loop_;
  LocalId local_;
  std::vector<bool> assigned_;  // between the definition and the moment when its reader's loop runs
  bool assigns_globals_ = false;
};

// ---- one function ------------------------------------------------

class FunctionFusion {
 public:
  FunctionFusion(const Program& program, Function& function, const std::vector<Summary>& summaries,
                 std::vector<ArrayTemporary>& result)
      : function_(function),
        definitions_(find_array_definitions(function)),
        origins_(program, function, summaries),
        result_(result) {}

  void run() { fuse_block(function_.body); }

 private:
  void fuse_block(Block& block) {
    for (std::size_t place = 0; place < block.size();) {
      for_each_child(*block[place], [](Expr&) {}, [&](Block& inner) { fuse_block(inner); });
      const auto definition = std::find_if(definitions_.begin(), definitions_.end(),
                                           [&](const ArrayDefinition& d) { return d.stmt == block[place].get(); });
      place += definition == definitions_.end() ? 1 : fuse_definition(block, place, *definition);
    }
  }

  // How many statements are there in place of it.
  std::size_t fuse_definition(Block& block, std::size_t place, ArrayDefinition& definition) {
    ArrayTemporary temporary{function_.id, definition.local, definition.stmt->span};
    if (definition.reads.size() != 1) {
      temporary.reason = definition.reads.empty() ? "nothing reads it" : "it is read in more than one place";
    } else {
      const ArrayReader reader = find_reader(block, place, *definition.reads[0]);
      temporary.reason = reader.reason;
      if (reader.kind != ArrayReader::Kind::None) {
        definition.stmt = nullptr;
        return fuse_into(block, place, reader, std::move(temporary));
      }
    }
    result_.push_back(std::move(temporary));
    return 1;
  }

  std::size_t fuse_into(Block& block, std::size_t place, const ArrayReader& reader, ArrayTemporary temporary) {
    const Candidate candidate(function_, origins_, block, place, reader);
    Obstacle obstacle = candidate.obstacle();
    temporary.reason = std::move(obstacle.reason);
    temporary.cause = obstacle.cause;
    const bool fused = temporary.reason.empty();
    if (fused) temporary.reader = block[reader.statement]->span;
    result_.push_back(std::move(temporary));
    if (!fused) return 1;
    SplitDefinition split =
        split_definition(function_, *block[place], [&](const Expr& operand) { return candidate.can_move(operand); });
    for (const StmtPtr& stmt : split.stays) {
      if (const auto* held = std::get_if<AssignLocal>(&stmt->node)) origins_.add_local(held->local, *held->value);
    }
    move_into_reader(function_, std::move(split.loop), reader, *block[reader.statement]);
    const std::size_t count = split.stays.size();
    block.erase(block.begin() + static_cast<std::ptrdiff_t>(place));
    block.insert(block.begin() + static_cast<std::ptrdiff_t>(place), std::make_move_iterator(split.stays.begin()),
                 std::make_move_iterator(split.stays.end()));
    return count;
  }

  Function& function_;
  std::vector<ArrayDefinition> definitions_;
  ArrayOrigins origins_;
  std::vector<ArrayTemporary>& result_;
};

bool has_array_definitions(const Function& function) {
  bool found = false;
  for_each_stmt(function.body, [&](const Stmt& stmt) { found = found || assigned_loop(stmt); });
  return found;
}

}  // namespace

std::vector<ArrayTemporary> fuse_arrays(Program& program) {
  std::vector<ArrayTemporary> result;
  if (std::none_of(program.functions.begin(), program.functions.end(), has_array_definitions)) return result;
  const std::vector<Summary> summaries = summarize(program);
  for (Function& function : program.functions) {
    if (has_array_definitions(function)) FunctionFusion(program, function, summaries, result).run();
  }
  return result;
}

bool is_sum_of_floats(const Expr& expr) {
  const auto* call = std::get_if<BuiltinCall>(&expr.node);
  if (!call || call->builtin != Builtin::ArrayCall || call->args.size() != 5 || !expr.type.is_float()) return false;
  const auto is = [&](std::size_t k, std::int64_t number) {
    const auto* constant = std::get_if<Constant>(&call->args[k]->node);
    const auto* value = constant ? std::get_if<std::int64_t>(&constant->value) : nullptr;
    return value && *value == number;
  };
  return is(4, KJIT_ARRAY_Fold) && is(1, KJIT_FOLD_SUM);
}

}  // namespace kjit
