#pragma once
// What a loop looks like.

#include <cstdint>
#include <optional>
#include <string>

#include "analysis/loops/loop_plan.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

struct PollingChoice {
  Polling polling;
  std::string reason;
  bool is_long = false;  // an iteration takes so long that bounds checks do not count
};
PollingChoice polling_of(const typed::Program& program, const typed::While& loop);
// `closed_forms`: LLVM will be asked for them.
PollingChoice polling_of(const typed::Program& program, const typed::Function& function, const typed::ForRange& loop,
                         bool closed_forms);

// The trip count where start, stop and step are constants.
std::optional<std::uint64_t> constant_trip_count(const typed::ForRange& loop);
std::optional<std::int64_t> constant_int(const typed::Expr& expr);

// No loop inside.
bool is_innermost(const typed::Block& body);
// Some statement inside can leave the iteration early. Errors do not count.
bool can_leave(const typed::Stmt& stmt);

}  // namespace kjit
