#pragma once
// Runs a specialisation once: sets up the context, passes the arguments, takes the result or the error.

#include <cstdint>
#include <optional>
#include <vector>

#include "driver/entry_cache.h"
#include "kjit/engine.h"

namespace kjit {

// `stream` numbers the random stream of this call. Fills everything of the result but its timing. Exceptions of options.write
// and options.progress are passed on when the kernel has ended.
CallResult invoke(const CompiledEntry& entry, const EngineOptions& engine, const std::vector<Value>& args,
                  const CallOptions& options, std::uint64_t stream);

// The same for arguments and a result in their memory layouts (runtime/abi.h); the result is written only if there is no error.
std::optional<RunError> run_in_memory(const CompiledEntry& entry, const EngineOptions& engine, void* const* args, void* result,
                                      const CallOptions& options, std::uint64_t stream);

// What a call ends with whose options.stop was set while it was being compiled.
CallResult stopped_before_start(const CallOptions& options);

}  // namespace kjit
