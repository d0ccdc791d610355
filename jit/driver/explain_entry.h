#pragma once
// `kjit explain`: what became of a program's loops.

#include <optional>
#include <string>
#include <string_view>

#include "driver/pipeline.h"

namespace kjit {

// "explain" (text), "explain-json" or "explain-html"?
bool is_explanation(std::string_view form);

// The program is compiled for this machine, with the passes' remarks, and thrown away. nullopt, with a text in `error`, if
// machine code cannot be had here.
std::optional<std::string> explain_entry(const CheckedProgram& checked, const EntryPoint& entry, const SourceMap& sources,
                                         const EngineOptions& options, const CompilerTools& tools, std::string_view form,
                                         std::string& error);

}  // namespace kjit
