#pragma once
// What a counted loop looks like, and so how it is to be compiled.

#include <cstdint>
#include <optional>

#include "typing/tree/typed_tree.h"

namespace kjit {

// How a running loop notices that it is to stop. A poll in each iteration would keep LLVM from vectorising.
enum class Polling {
  Never,          // the loop is short, or has a closed form: LLVM computes its results without running it
  Strips,         // once in every kStripLength iterations: cheap bodies
  EveryIteration  // bodies that take long themselves
};

constexpr std::int64_t kStripLength = 1 << 14;

// A `while` loop with a cheap body polls once in so many iterations.
constexpr std::int32_t kWhileStride = 1 << 10;
bool polls_seldom(const typed::Program& program, const typed::While& loop);

Polling polling_of(const typed::Program& program, const typed::Function& function, const typed::ForRange& loop, bool checked);

// The trip count where start, stop and step are constants.
std::optional<std::uint64_t> constant_trip_count(const typed::ForRange& loop);
std::optional<std::int64_t> constant_int(const typed::Expr& expr);

// No loop inside.
bool is_innermost(const typed::Block& body);
// Some statement inside can leave the iteration early. Errors do not count.
bool can_leave(const typed::Stmt& stmt);

}  // namespace kjit
