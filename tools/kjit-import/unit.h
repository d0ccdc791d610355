#pragma once
// The source files: which functions are translated, what they need at the top of the kernel file, and what was refused.

#include <clang/AST/Decl.h>
#include <clang/Frontend/ASTUnit.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "helpers.h"
#include "names.h"
#include "refusal.h"
#include "writer.h"

namespace kjit::import {

// file:line:column, of the expansion for what stands in a macro.
std::string place_of(clang::SourceLocation where, const clang::SourceManager& sources);

struct Outcome {
  std::string name;
  std::string place;  // file:line:column of the function, or of what was refused
  bool translated = false;
  std::string reason;  // why not
};

class Unit {
 public:
  // Functions and constants that one file declares may be defined in another.
  explicit Unit(const std::vector<std::unique_ptr<clang::ASTUnit>>& asts);

  bool has_body(const clang::FunctionDecl& function) const;
  // Is a variable that is not const ever assigned?
  bool is_written_to(const clang::VarDecl& variable) const;
  // The kernel's name for a function that has a body here; it is translated as well. Refuses functions without a body.
  std::string use(const clang::FunctionDecl& function, clang::SourceLocation where);
  // A constant of the file: const variables, tables and enumerators, written at the top. Of records the beginning of the fields'
  // names.
  std::string use_constant(const clang::VarDecl& variable, clang::SourceLocation where);
  std::string use_constant(const clang::EnumConstantDecl& constant);
  // A number that the source calls by a macro's name.
  std::string use_macro(const std::string& name, const std::string& value);
  std::string use(Helper helper);

  // Translates `wanted` (all functions of the main file if empty) and what they call. The text of the kernel file.
  std::string translate(const std::vector<std::string>& wanted);
  // In the order in which functions were asked for.
  const std::vector<Outcome>& outcomes() const { return outcomes_; }
  Names& names() { return names_; }

 private:
  struct Written {
    std::string text;
    std::set<const clang::FunctionDecl*> callees;
  };

  const clang::FunctionDecl* definition_of(const clang::FunctionDecl& function) const;
  // Are the array's elements only read below, also by the functions that get it?
  bool only_read(const clang::Stmt* stmt, const clang::ValueDecl& array, int depth) const;
  bool only_reads_argument(const clang::CallExpr& call, unsigned index, int depth) const;
  void select(const std::vector<std::string>& wanted);
  void translate_one(const clang::FunctionDecl& function);
  Outcome& outcome_of(const clang::FunctionDecl& function);
  std::string table(const clang::VarDecl& variable, const clang::VarDecl& defined);
  void drop_callers_of_refused();
  std::string file_text() const;

  std::vector<const clang::FunctionDecl*> functions_;           // with a body, of all files
  std::map<std::string, const clang::FunctionDecl*> exported_;  // by name: what other files may call
  std::map<std::string, const clang::VarDecl*> exported_constants_;
  std::map<const clang::ASTContext*, Comments> comments_;
  Names names_;
  std::map<std::string, const clang::FunctionDecl*> first_of_;  // of a header that several files include, by place and type
  std::map<const clang::FunctionDecl*, std::string> function_names_;
  std::vector<const clang::FunctionDecl*> queue_;  // in the order in which they were asked for
  std::map<const clang::FunctionDecl*, Written> written_;
  std::map<const clang::Decl*, std::string> constant_names_;
  std::map<std::pair<std::string, std::string>, std::string> macros_;  // by name and value
  std::vector<std::string> constants_;                                 // lines
  std::map<Helper, std::string> helpers_;
  std::set<const clang::FunctionDecl*> called_;  // by the function that is being translated
  std::vector<Outcome> outcomes_;
  std::map<const clang::FunctionDecl*, std::size_t> outcome_indices_;
};

}  // namespace kjit::import
