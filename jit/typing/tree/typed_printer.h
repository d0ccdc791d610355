#pragma once
// The typed tree as text: `kjit emit --stage typed`, and the text of golden tests. Deterministic: no addresses, no absolute
// paths.
//
// Python's notation, with what Python leaves implicit written out:
//   x: i64 = ...    assignment, with the type of the variable      f64(x)          conversion
//   %3              local number 3, hidden (without a name)        3:u8, 0.5:f32   constants that are neither i64 nor f64
//   x?              read that checks whether the variable is set   @x              variable of the module
//   a[i!, j]        `!`: index proved to be in bounds              t.0             tuple element
//   let %3 = v in e the hidden local is assigned, then e           Sin(x)          row of builtins.def; Sin!(x) is checked

#include <string>
#include <vector>

#include "support/code_line.h"
#include "support/source_file.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

std::string print_typed(const typed::Program& program, const SourceMap& sources);
// The same, with the lines of the main file that the statements come from.
std::vector<CodeLine> typed_lines(const typed::Program& program, const SourceMap& sources);

}  // namespace kjit
