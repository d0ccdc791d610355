#pragma once
// Expressions of the typed tree as text; private to the printer (typed_printer.h explains the notation).

#include <string>

#include "typing/tree/typed_tree.h"

namespace kjit::typed {

std::string expression_text(const Program& program, const Function& function, const Expr& expr);
std::string list_text(const Program& program, const Function& function, const std::vector<ExprPtr>& exprs);
std::string index_text(const Program& program, const Function& function, const std::vector<ExprPtr>& indices,
                       const std::vector<bool>& in_bounds);
std::string pieces_text(const Program& program, const Function& function, const std::vector<FormatPiece>& pieces);

// "x", "x.4" where an earlier local has the same name, "%4" without a name.
std::string local_text(const Function& function, LocalId id);
std::string_view operator_text(BinaryOp op);
std::string_view schedule_text(Schedule schedule);  // "static"

}  // namespace kjit::typed
