#pragma once
// Names of sites and functions that are the same in every program of one module, so that code compiled for one entry point can be
// used by another.

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "typing/tree/typed_tree.h"

namespace kjit {

// Numbers the places of one set of source files; a number once given stays. Thread rule: any member from any thread.
class SiteNumbers {
 public:
  // The number of this place in the specialisation with that symbol.
  std::uint32_t of(const std::string& symbol, Span span);

 private:
  std::mutex mutex_;
  std::map<std::tuple<std::string, std::uint32_t, std::uint32_t, std::uint32_t>, std::uint32_t> numbers_;
};

// Symbols become "f(i64, f64[::1])", sites those of `numbers`. Sites that no node has are dropped, and entries of Program::sites
// that belong to other programs have kNoFunction.
void give_stable_names(typed::Program& program, SiteNumbers& numbers);

constexpr typed::FunctionId kNoFunction = ~typed::FunctionId{0};

}  // namespace kjit
