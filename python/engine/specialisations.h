#pragma once
// The compiled forms of one kernel, by the types of their arguments.

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "kjit/memory_call.h"
#include "types.h"

namespace kjit::python {

struct Specialisation {
  std::vector<Word> key;
  MemoryFunction function;
  Layout result;
  Module module;
  std::uint64_t written = 0;  // bit i: the kernel may write to argument i (63: or one beyond)
};

class Specialisations {
 public:
  // Null: there is none yet.
  const std::shared_ptr<const Specialisation>* find(std::span<const Word> key) const;
  const std::shared_ptr<const Specialisation>& add(Specialisation made);
  const std::vector<std::shared_ptr<const Specialisation>>& all() const { return all_; }
  void clear() { all_.clear(); }

 private:
  std::vector<std::shared_ptr<const Specialisation>> all_;
};

Specialisation make_specialisation(std::span<const Word> key, const Module& module, MemoryFunction function);

}  // namespace kjit::python
