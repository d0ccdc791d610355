#pragma once
// Questions about parts of the typed tree that several analyses ask.

#include <string>
#include <vector>

#include "typing/tree/typed_walk.h"

namespace kjit {

// Locals that the statements assign: AssignLocal, loop variables, and the hidden locals of Let.
std::vector<bool> assigned_locals(const typed::Block& block, std::size_t local_count);

// Equal to the last bit: 0.0 is not -0.0.
bool same_constant(const typed::Constant& a, const typed::Constant& b);

// True if both compute the same value when evaluated one after the other. Knows the pure nodes only; false for all others.
bool same_value(const typed::Expr& a, const typed::Expr& b);

// As in the source. A variable that also holds floats, or that is an array element, is set from a hidden counter by the first
// statement.
std::string variable_name(const typed::Function& function, const typed::ForRange& loop);

// The expression under conversions, or itself.
const typed::Expr& strip_converts(const typed::Expr& expr);
// Is it a read of this local (under conversions)?
bool reads_local(const typed::Expr& expr, typed::LocalId local);
// The read itself; null if it is none.
const typed::Expr* read_of(const typed::Expr& expr, typed::LocalId local);
// Does it read the local anywhere?
bool mentions(const typed::Expr& expr, typed::LocalId local);
// The value of a constant bool, else null.
const bool* constant_bool(const typed::Expr& expr);

}  // namespace kjit
