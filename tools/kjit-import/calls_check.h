#pragma once
// Uses of kjit's C++ interface against the kernel files that they load, without running the program.

#include <clang/Frontend/ASTUnit.h>

#include <memory>
#include <string>
#include <vector>

namespace kjit::import {

struct SignatureReport {
  std::vector<std::string> messages;  // "main.cpp:7:12: error: ..."
  std::size_t checked = 0, wrong = 0, unknown = 0;
};

// Each `module->function<R(A...)>("name")` whose module comes from `engine.load_file("FILE.k")` with literals; others are noted
// as unknown. `kjit check FILE.k --signature` decides whether it fits.
SignatureReport check_calls(const std::vector<std::unique_ptr<clang::ASTUnit>>& asts, const std::string& kjit);

// The kjit beside this program, or the one on the PATH.
std::string default_kjit(const char* own_path);

}  // namespace kjit::import
