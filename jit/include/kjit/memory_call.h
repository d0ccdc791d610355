#pragma once
// Calls whose arguments already lie in memory as kernels expect them (the layouts of kjit/border.h): for bindings of other
// languages, which know types at run time only and have no time for Values. Who calls from C++ wants function.h or
// any_function.h.
//
//   auto f = kjit::memory_function(module, "f", {"f64[::1]", "i64"});
//   kjit::CallFrame frame;                               // one for each thread, used again and again
//   kjit::detail::Descriptor<1> x{data, nullptr, {n}, {8}};
//   std::int64_t k = 3;
//   void* args[] = {&x, &k};
//   double y;
//   if (!f->call(frame, args, &y)) std::puts(f->take_error(frame).render().c_str());

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kjit/any_function.h"
#include "kjit/border.h"
#include "kjit/engine.h"
#include "kjit/export.h"
#include "kjit/result.h"

namespace kjit::inline KJIT_ABI {

// The state of one thread's calls. Thread rule: belongs to the thread that made it. A kernel that calls the host, which calls a
// kernel again, needs another frame for that.
class KJIT_EXPORT CallFrame {
 public:
  struct [[gnu::visibility("hidden")]] State;

  // Receives what kernels print, with the HostLock held; must not throw.
  using Write = void (*)(void* user, const char* data, std::int64_t size);

  // `stop` holds a Stop, is polled while kernels run and must outlive the frame; null: nobody stops them.
  explicit CallFrame(Write write = nullptr, void* user = nullptr, const std::atomic<int>* stop = nullptr);
  ~CallFrame();
  CallFrame(const CallFrame&) = delete;
  CallFrame& operator=(const CallFrame&) = delete;

  // For kernels that draw random numbers, before each call: a call begins where the one before it ended, else.
  void set_stream(std::uint64_t seed, std::uint64_t stream);
  // Of parallel loops; 0: the engine's budget.
  void set_threads(int threads);

 private:
  friend class MemoryFunction;
  std::unique_ptr<State> state_;
};

// Thread rule: may be called from any number of threads at once. Keeps the code alive, also when module and engine are gone.
class KJIT_EXPORT MemoryFunction {
 public:
  const KernelSignature& signature() const { return signature_; }
  bool draws() const { return draws_; }              // random numbers: see CallFrame::set_stream
  bool nogil() const { return nogil_; }              // runs without the HostLock
  const std::string& note() const { return note_; }  // why the interpreter runs, what was not optimised; or empty

  // args[i] points to the i-th argument, borrowed for the call: arrays and texts without owner. `result` has space for what the
  // kernel returns, which belongs to the caller (release_buffer). Nothing is checked: types are those of the signature. False: it
  // failed, take_error says how, until the frame's next call, and `result` is undefined. Throws only what an
  // EngineOptions::loop_executor threw.
  bool call(CallFrame& frame, void* const* args, void* result) const;
  RunError take_error(CallFrame& frame) const;

  // For memory_function.
  explicit MemoryFunction(std::shared_ptr<const detail::Compiled> code);

 private:
  KernelSignature signature_;
  std::shared_ptr<const detail::Compiled> code_;
  std::string note_;
  bool draws_ = false;
  bool nogil_ = false;
};

// The kernel compiled for these types; errors as of Module::function.
KJIT_EXPORT Result<MemoryFunction> memory_function(const Module& module, std::string_view name,
                                                   const std::vector<std::string>& types);

}  // namespace kjit::inline KJIT_ABI
