#pragma once

#include <optional>
#include <string>

#include "support/diagnostics.h"

namespace kjit {

// The text of a source file, or nothing and one diagnostic: no such file, a directory, unreadable, too large, binary, not UTF-8.
// `where` is the import that names the file; by default the diagnostic has no place. SourceFile normalises the text further.
std::optional<std::string> read_source(const std::string& path, Diagnostics& diags, Span where = {});

// The same checks for text that did not come from a file; `name` is what the messages call it.
bool check_source_text(const std::string& name, std::string_view text, Diagnostics& diags, Span where = {});

}  // namespace kjit
