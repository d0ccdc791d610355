#pragma once
// A line of code in some notation, and the line of the source that it comes from.

#include <cstdint>
#include <string>

namespace kjit {

struct CodeLine {
  std::string text;
  std::uint32_t line = 0;  // of the main file; 0: of none
};

}  // namespace kjit
