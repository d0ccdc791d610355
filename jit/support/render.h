#pragma once
// Diagnostics as text for people and as JSON for programs. Nothing else in the library formats them.

#include <string>
#include <vector>

#include "support/diagnostics.h"
#include "support/source_file.h"

namespace kjit {

struct RenderOptions {
  bool color = false;  // ANSI escape sequences; the caller knows whether it writes to a terminal
};

// Several lines, the last of them ended:
//
//   kernel.k:3:9: error[E0110]: '(' was never closed
//     3 |     x = (1 + 2
//       |         ^
//   help: add the missing ')'
//
// Notes follow in the same form. A place outside of `sources` (a file that could not be read) is left out. Characters that would
// control the terminal are shown as escapes.
std::string render(const Diagnostic& diagnostic, const SourceMap& sources, const RenderOptions& options = {});

// All of them in the order of their places, each followed by an empty line, and a last line with the count of errors that were
// dropped, if any.
std::string render_all(const Diagnostics& diagnostics, const SourceMap& sources, const RenderOptions& options = {});

// A JSON array of {id, severity, message, file, line, column, end_line, end_column, notes, help}. Lines and columns count from 1
// and columns in code points; the end is exclusive.
std::string render_json(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources);

}  // namespace kjit
