// Compiled forms by key. Entry: Specialisations::find.

#include "specialisations.h"

#include <algorithm>
#include <utility>

namespace kjit::python {

const std::shared_ptr<const Specialisation>* Specialisations::find(std::span<const Word> key) const {
  for (const auto& candidate : all_) {
    if (std::ranges::equal(candidate->key, key)) return &candidate;
  }
  return nullptr;
}

const std::shared_ptr<const Specialisation>& Specialisations::add(Specialisation made) {
  all_.push_back(std::make_shared<const Specialisation>(std::move(made)));
  return all_.back();
}

Specialisation make_specialisation(std::span<const Word> key, const Module& module, MemoryFunction function) {
  Specialisation made{{key.begin(), key.end()}, std::move(function), {}, module, 0};
  const KernelSignature& signature = made.function.signature();
  parse_layout(signature.result, made.result);  // memory_function has made sure that the result is a value
  for (std::size_t i = 0; i < signature.parameters.size(); ++i) {
    if (signature.parameters[i].written) made.written |= std::uint64_t{1} << std::min<std::size_t>(i, 63);
  }
  return made;
}

}  // namespace kjit::python
