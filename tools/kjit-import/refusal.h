#pragma once
// What ends the translation of one function: thrown where it is found, reported by the caller. Nothing of the function is written
// then.

#include <clang/Basic/SourceLocation.h>

#include <string>

namespace kjit::import {

struct Refusal {
  clang::SourceLocation where;
  std::string reason;  // a noun phrase for the table: "goto into a block"
};

[[noreturn]] inline void refuse(clang::SourceLocation where, std::string reason) { throw Refusal{where, std::move(reason)}; }

}  // namespace kjit::import
