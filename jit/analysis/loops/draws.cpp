// Random draws with a fixed place in the stream. Entry: fixed_draws.

#include "analysis/loops/draws.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/loops/every_iteration.h"
#include "analysis/loops/loop_shape.h"

namespace kjit {
namespace {

using namespace typed;

struct DrawCount {
  Builtin builtin;
  int draws;
};
constexpr DrawCount kInlined[] = {{Builtin::Random, 1}, {Builtin::Uniform, 1}, {Builtin::Gauss, 2}, {Builtin::Normalvariate, 2}};

class DrawCounter {
 public:
  explicit DrawCounter(const Program& program) : program_(program) {}

  FixedDraws count(const Block& body) {
    BodyVisitor visitor;
    visitor.stmt = [](const Stmt&, bool) {};
    visitor.expr = [&](const Expr& e, bool always) { add(e, always); };
    visit_body(body, visitor);
    const bool may_end_early = std::any_of(body.begin(), body.end(), [](const StmtPtr& s) { return can_leave(*s); });
    if (total_ % 2 != 0 && may_end_early) refuse("an odd number of draws, and iterations may end early");
    if (!found_.reason.empty() || total_ == 0) return found_;
    found_.count = total_;
    return found_;
  }

 private:
  void refuse(std::string reason) {
    if (found_.reason.empty()) found_.reason = std::move(reason);
  }

  void add(const Expr& e, bool always) {
    if (const auto* call = std::get_if<Call>(&e.node)) {
      const Function& callee = program_.functions[call->callee];
      if (callee.draws_random) refuse(fmt::format("{} draws, a call", callee.name));
    }
    const auto* builtin = std::get_if<BuiltinCall>(&e.node);
    if (!builtin || !draws(builtin->builtin)) return;
    const int count = draws_of(builtin->builtin);
    if (count == 0) refuse("the number of draws depends on their values");
    if (!always) refuse("some iterations skip a draw");
    total_ += count;
  }

  const Program& program_;
  int total_ = 0;
  FixedDraws found_;
};

}  // namespace

int draws_of(Builtin builtin) {
  const auto* row =
      std::find_if(std::begin(kInlined), std::end(kInlined), [&](const DrawCount& r) { return r.builtin == builtin; });
  return row == std::end(kInlined) ? 0 : row->draws;
}

bool draws(Builtin builtin) { return builtin_row(builtin).has(effect::draws); }

FixedDraws fixed_draws(const Program& program, const Block& body) { return DrawCounter(program).count(body); }

}  // namespace kjit
