#pragma once
// What a function does with its variables, found before a line of it is translated.

#include <clang/AST/Decl.h>
#include <clang/AST/Expr.h>

#include <map>
#include <vector>

namespace kjit::import {

struct VariableFacts {
  int modifications = 0;             // assignments, ++, --; not the initialiser
  bool address_taken = false;        // &x of a scalar or record, or bound to a reference
  bool is_written_in_parts = false;  // (T*)&x: its bits are read or written as another type
  // Pointers: what is assigned to it other than steps of its own (p++, p += n, p = p + n).
  std::vector<const clang::Expr*> sources;
  bool moves = false;                      // p++, p += n, p = p + n
  const clang::Expr* only_move = nullptr;  // if there is one
};

struct FunctionFacts {
  std::map<const clang::ValueDecl*, VariableFacts> variables;
  std::map<const clang::LabelDecl*, int> gotos;
  bool divides_floats = false;
  bool has_parallel_loop = false;

  const VariableFacts& of(const clang::ValueDecl* variable) const;
};

FunctionFacts find_facts(const clang::FunctionDecl& function);

// Is the variable assigned, stepped, or its address taken below this statement?
bool is_modified_in(const clang::Stmt* below, const clang::ValueDecl* variable);
// Does it contain an assignment, ++ or --? (Calls keep their order on their own.)
bool has_side_effects(const clang::Expr* expr);
// Is there a place that a goto or switch may lead to?
bool has_label(const clang::Stmt* below);
// How often the variable occurs.
int count_uses(const clang::Stmt* below, const clang::ValueDecl* variable);
// The variable that the expression names, through parentheses and implicit casts; null for anything else.
const clang::ValueDecl* named_variable(const clang::Expr* expr);

}  // namespace kjit::import
