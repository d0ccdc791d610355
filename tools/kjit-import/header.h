#pragma once
// A C header -> a kernel file with a declaration for each function of a library that kernels can call, and the header's
// constants.

#include <string>
#include <vector>

#include "parse.h"

namespace kjit::import {

struct HeaderOptions {
  ParseOptions parse;   // one file
  std::string library;  // what @extern names
  bool all = false;     // also what the header includes from elsewhere
};

struct LeftOut {
  std::string name;
  std::string place;  // file:line:column
  std::string reason;
};

struct HeaderText {
  std::string text;
  std::size_t functions = 0, constants = 0;
  std::vector<LeftOut> left_out;
};

// Empty text and a problem, or Clang's messages on stderr, if the header does not compile.
HeaderText import_header(const HeaderOptions& options, std::string& problem);

}  // namespace kjit::import
