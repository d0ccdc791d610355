#pragma once
// A specialisation that the host holds, and how it gets one.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "driver/engine_impl.h"
#include "driver/entry_cache.h"
#include "kjit/engine.h"

namespace kjit::inline KJIT_ABI::detail {

// Keeps module and engine alive, which own what the code needs.
struct Compiled {
  std::shared_ptr<Module::Impl> module;
  std::shared_ptr<const CompiledEntry> entry;  // with a kernel
};

// The kernel for these types of arguments; compiles it at its first use. An error if there is no such type or kernel, or if it
// has mistakes for these types.
Result<Compiled> compile_for(const Module& module, std::string_view name, const std::vector<std::string>& types);

// "f(f64[::1], i64)"
std::string call_text(std::string_view name, const std::vector<std::string>& types);

}  // namespace kjit::inline KJIT_ABI::detail
