#pragma once
// Which arrays of a function may have elements in common, and what may change elements of an array. Does not follow control: a
// variable is all that is assigned to it anywhere.

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "analysis/facts/summaries.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

class ArrayOrigins {
 public:
  // Where an array may come from: 0 is whatever was there before the call (parameters and globals, any two of which may be one
  // array), other numbers stand for expressions that make arrays.
  using Set = std::set<std::uint32_t>;

  // `summaries` must outlive this.
  ArrayOrigins(const typed::Program& program, const typed::Function& function, const std::vector<Summary>& summaries);

  Set of(const typed::Expr& expr) const;
  bool may_overlap(const Set& a, const Set& b) const;
  // A local that was added to the function since, and holds this.
  void add_local(typed::LocalId local, const typed::Expr& value);

  // May evaluating or running it change elements of arrays of these origins?
  bool may_change(const typed::Expr& expr, const Set& elements) const;
  bool may_change(const typed::Stmt& stmt, const Set& elements) const;
  // Of any array at all? (The sets of a long function are large; most statements need none.)
  static bool may_write(const typed::Expr& expr);
  static bool may_write(const typed::Stmt& stmt);

 private:
  void assign(typed::LocalId local, const typed::Expr& value);
  void find_known_outside(const typed::Expr& expr);
  void number_makers(const typed::Expr& expr);
  void add_origins(const typed::Expr& expr, Set& origins) const;
  bool is_outside(const Set& origins) const;
  bool changes(const typed::Expr& expr, const Set& elements) const;  // itself, without its parts

  const std::vector<Summary>& summaries_;
  const bool has_globals_;
  std::vector<Set> locals_;
  std::map<const typed::Expr*, std::uint32_t> makers_;
  Set known_outside_;  // in globals, or with the host
  bool grew_ = false;
};

}  // namespace kjit
