// Renaming of sites and functions. Entry: give_stable_names.

#include "driver/stable_names.h"

#include <set>
#include <utility>
#include <vector>

#include "typing/tree/typed_walk.h"

namespace kjit {

namespace {

std::string signature_text(const typed::Function& function) {
  std::string text = function.name + "(";
  for (std::uint32_t i = 0; i < function.parameter_count; ++i) {
    const Type& type = function.locals[i].type;
    text += (i == 0 ? "" : ", ") + to_string(type) + (type.is_numpy_scalar() ? " of numpy" : "");
  }
  return text + ")";
}

// Functions of one name and types, from several files or several scopes, are numbered.
void rename_functions(typed::Program& program) {
  std::set<std::string> taken;
  for (typed::Function& function : program.functions) {
    const std::string wanted = signature_text(function);
    function.symbol = wanted;
    for (int copy = 2; !taken.insert(function.symbol).second; ++copy) function.symbol = wanted + "#" + std::to_string(copy);
  }
}

class SiteRenumbering {
 public:
  SiteRenumbering(typed::Program& program, SiteNumbers& numbers)
      : program_(program), numbers_(numbers), renumbered_(program.sites.size()) {}

  void run() {
    for (typed::Function& function : program_.functions) {
      typed::for_each_stmt(function.body, [this](typed::Stmt& stmt) { stmt.site = stable(stmt.site); });
      typed::for_each_expr(function.body, [this](typed::Expr& expr) { expr.site = stable(expr.site); });
    }
    program_.sites = std::move(sites_);
  }

 private:
  std::uint32_t stable(typed::SiteId site) {
    std::uint32_t& number = renumbered_[site];
    if (number != 0 || site == 0) return number;
    const typed::Site& place = program_.sites[site];
    number = numbers_.of(program_.functions[place.function].symbol, place.span);
    if (sites_.size() <= number) sites_.resize(number + 1, {kNoFunction, {}});
    sites_[number] = place;
    return number;
  }

  typed::Program& program_;
  SiteNumbers& numbers_;
  std::vector<std::uint32_t> renumbered_;  // by old number; 0: not met yet
  std::vector<typed::Site> sites_{typed::Site{}};
};

}  // namespace

std::uint32_t SiteNumbers::of(const std::string& symbol, Span span) {
  const std::lock_guard lock(mutex_);
  const auto next = static_cast<std::uint32_t>(numbers_.size() + 1);
  return numbers_.try_emplace({symbol, span.file, span.begin, span.end}, next).first->second;
}

void give_stable_names(typed::Program& program, SiteNumbers& numbers) {
  rename_functions(program);
  SiteRenumbering(program, numbers).run();
}

}  // namespace kjit
