#pragma once
// One entry point in runnable form, and the cache of them: each is compiled once, however many threads ask for it first.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "driver/linked_kernel.h"
#include "driver/pipeline.h"

namespace kjit {

// Never changed once compiled, so that any number of threads may run it.
struct CompiledEntry {
  std::optional<LinkedKernel> kernel;              // nullopt: diags has errors
  std::optional<CheckedProgram> interpreted;       // only for a kernel without code
  std::function<void*(std::string_view)> foreign;  // for the interpreter: functions that are not kjit's
  Diagnostics diags;
  std::string note;  // why it is interpreted though machine code was asked for
};

class EntryCache {
 public:
  using Compile = std::function<bool(const EntryPoint&, CompiledEntry&)>;  // false: it was stopped

  // The specialisation of this entry point if it is compiled, else null. Never waits.
  std::shared_ptr<const CompiledEntry> find(const EntryPoint& entry);
  // The specialisation of this entry point. Its first caller compiles it; others who want the same one wait, those who want
  // another do not. `compiled` says whether this call did it. If `compile` throws or is stopped, the next call tries again. Null
  // if it was stopped, or if `stopped` said so (every few ms) to one that waited.
  std::shared_ptr<const CompiledEntry> get(const EntryPoint& entry, const Compile& compile, const std::function<bool()>& stopped,
                                           bool& compiled);

 private:
  // Not std::call_once: an exception would have to pass through C frames of the C library, which a statically linked unwinder
  // does not survive.
  struct Slot {
    std::timed_mutex compiling;     // held by the thread that compiles it
    std::atomic<bool> done{false};  // then `value` never changes again
    CompiledEntry value;
  };

  std::shared_ptr<Slot> find_slot(const EntryPoint& entry);

  std::mutex mutex_;  // of slots_; never held while anything compiles or runs
  std::map<std::string, std::shared_ptr<Slot>> slots_;
};

}  // namespace kjit
