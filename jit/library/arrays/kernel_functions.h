#pragma once
// Calls of functions that are written in the kernel language (library/prelude), for those who make such calls themselves. Private
// to library/arrays.

#include <functional>
#include <string_view>
#include <vector>

#include "library/arrays/array_forms.h"

namespace kjit {

// A function of the prelude with these arguments, one for each of its parameters.
ExprPtr call_prelude_function(FunctionChecker& c, std::string_view function, std::vector<ExprPtr> args, Span span);
// A value; a list is an array.
ExprPtr value_or_list(FunctionChecker& c, const ast::Expr& expr);
// What `use` makes once all the values are trivial: others are computed first, and named.
ExprPtr with_trivial(FunctionChecker& c, std::vector<ExprPtr>& values, const std::function<ExprPtr()>& use,
                     std::size_t first = 0);
// The view in which axis `from` is at `to`.
ExprPtr with_axis_moved(FunctionChecker& c, ExprPtr array, int from, int to, Span span);
// What was folded along the axis of an array of this rank (-1: along all of them) with an axis of length 1 for it.
ExprPtr keep_folded_axis(FunctionChecker& c, ExprPtr result, int rank, int axis, Span span);

}  // namespace kjit
