#pragma once
// Python names for what C names. One scope for a file, one below it for each function.

#include <set>
#include <string>
#include <string_view>

namespace kjit::import {

class Names {
 public:
  explicit Names(const Names* outer = nullptr) : outer_(outer) {}

  // The name itself if it is free and no word of the language; else with `_`, then `_2`, `_3`, ... behind it.
  std::string take(std::string_view wanted);
  bool is_taken(const std::string& name) const;

 private:
  const Names* outer_;
  std::set<std::string> taken_;
};

}  // namespace kjit::import
