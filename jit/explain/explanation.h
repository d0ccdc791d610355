#pragma once
// What `kjit explain` tells about a program: for each loop, and each statement with whole arrays, what became of it, why it is
// not faster, and what its author could change. Values without pointers, made by explain(), printed by to_text(), to_json() and
// to_page().

#include <cstdint>
#include <string>
#include <vector>

#include "support/code_line.h"

namespace kjit {

struct Finding {
  std::string label;  // "parallel", "vectors", "bounds", ...: one word
  std::string text;
  std::string edit = {};  // a change that would help, as a sentence; may be empty
};

// A statement of the source.
struct ExplainedPlace {
  enum class Kind : std::uint8_t { Loop, Arrays } kind;
  std::string file;  // as the user named it
  std::uint32_t line = 0, column = 0;
  std::string source;    // the line, without its indentation
  std::string function;  // with the types that it was compiled for: "f(f64[::1])"
  std::vector<Finding> findings;
};

struct Explanation {
  std::string file;                    // as the user named it
  std::string kernel;                  // empty: the script
  std::string target;                  // CPU
  std::vector<ExplainedPlace> places;  // in the order of the source
};

// The program as the stages see it, for the page; each line knows which line of the main file it came from.
struct CodeViews {
  std::vector<CodeLine> source, typed, llvm, assembly;
};

std::string to_text(const Explanation& explanation);
std::string to_json(const Explanation& explanation);
// One self-contained HTML page.
std::string to_page(const Explanation& explanation, const CodeViews& views);

}  // namespace kjit
