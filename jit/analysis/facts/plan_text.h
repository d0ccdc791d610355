#pragma once
// How the texts of plans name places of the source.

#include <string>

#include "support/source_file.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

// Without its folders: the texts are compared by tests.
std::string file_name_of(Span span, const SourceMap& sources);

// "t = a * b": the line in which it begins, without indentation.
std::string source_line(Span span, const SourceMap& sources);

// "file.k:3: t = a * b"
std::string heading(Span span, const SourceMap& sources);

// "a[i + 1]": of a SubscriptPlan's span.
std::string subscript_text(Span span, const SourceMap& sources);

// "f" or "the script"
std::string function_name(const typed::Function& function);

}  // namespace kjit
