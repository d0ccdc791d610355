// Entry: quick_functions. From the script along calls that stand in no loop.

#include "analysis/facts/quick_functions.h"

#include "typing/tree/typed_walk.h"

namespace kjit {

namespace {

using typed::FunctionId;

struct Calls {
  bool has_loop = false;
  std::vector<FunctionId> once;
  std::vector<FunctionId> in_loop;
};

class CallCollector {
 public:
  Calls run(const typed::Function& function) {
    visit(function.body);
    return std::move(calls_);
  }

 private:
  void visit(const typed::Block& block) {
    for (const typed::StmtPtr& stmt : block) visit(*stmt);
  }

  void visit(const typed::Stmt& stmt) {
    const bool loop = std::holds_alternative<typed::ForRange>(stmt.node) || std::holds_alternative<typed::While>(stmt.node);
    calls_.has_loop |= loop;
    depth_ += loop ? 1 : 0;
    typed::for_each_child(
        stmt, [this](const typed::Expr& expr) { visit(expr); }, [this](const typed::Block& block) { visit(block); });
    depth_ -= loop ? 1 : 0;
  }

  void visit(const typed::Expr& expr) {
    const bool loop = std::holds_alternative<typed::ArrayLoop>(expr.node);
    depth_ += loop ? 1 : 0;
    if (const auto* call = std::get_if<typed::Call>(&expr.node)) {
      (depth_ > 0 ? calls_.in_loop : calls_.once).push_back(call->callee);
    }
    typed::for_each_child(expr, [this](const typed::Expr& child) { visit(child); });
    depth_ -= loop ? 1 : 0;
  }

  Calls calls_;
  int depth_ = 0;  // of loops
};

}  // namespace

std::vector<bool> quick_functions(const typed::Program& program) {
  std::vector<bool> quick(program.functions.size(), program.functions[0].is_script());
  std::vector<Calls> calls;
  calls.reserve(program.functions.size());
  for (const typed::Function& function : program.functions) calls.push_back(CallCollector().run(function));
  std::vector<FunctionId> often;
  for (FunctionId id = 0; id < calls.size(); ++id) {
    often.insert(often.end(), calls[id].in_loop.begin(), calls[id].in_loop.end());
    if (program.functions[id].is_recursive) often.push_back(id);
  }
  while (!often.empty()) {
    const FunctionId id = often.back();
    often.pop_back();
    if (!quick[id]) continue;
    quick[id] = false;
    often.insert(often.end(), calls[id].once.begin(), calls[id].once.end());
  }
  for (FunctionId id = 0; id < calls.size(); ++id) quick[id] = quick[id] && !calls[id].has_loop;
  return quick;
}

}  // namespace kjit
