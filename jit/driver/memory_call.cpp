// Calls of arguments in memory. Entry: memory_function, MemoryFunction::call.

#include "kjit/memory_call.h"

#include <exception>
#include <utility>

#include "driver/compiled.h"
#include "driver/host_lock.h"
#include "driver/loop_shares.h"
#include "driver/marshal.h"
#include "driver/run_error.h"
#include "driver/run_kernel.h"
#include "runtime/runtime.h"

namespace kjit::inline KJIT_ABI {

struct CallFrame::State {
  State(Write write_function, void* user_data, const std::atomic<int>* stop) : write(write_function), user(user_data) {
    host.user = this;
    host.write = write_text;
    host.lock = lock;
    kjit_context_init(&context, &host, reinterpret_cast<const volatile std::int32_t*>(stop), 0);
  }
  ~State() { kjit_context_destroy(&context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  static void write_text(void* user, const char* data, std::int64_t size) {
    auto* self = static_cast<State*>(user);
    if (self->write == nullptr) return;
    const Locked locked(self->given_up);
    self->write(self->user, data, size);
  }
  static void lock(void* user, std::int32_t take) {
    const HostLock* given_up = static_cast<State*>(user)->given_up;
    if (given_up == nullptr) return;
    take != 0 ? given_up->acquire() : given_up->release();
  }

  const Write write;
  void* const user;
  const HostLock* given_up = nullptr;  // of the running call; null: it runs with the lock
  kjit_host host{};
  kjit_context context;
};

CallFrame::CallFrame(Write write, void* user, const std::atomic<int>* stop)
    : state_(std::make_unique<State>(write, user, stop)) {}
CallFrame::~CallFrame() = default;

void CallFrame::set_stream(std::uint64_t seed, std::uint64_t stream) { kjit_rng_init(&state_->context.rng, seed, stream); }
void CallFrame::set_threads(int threads) { state_->context.threads = threads; }

MemoryFunction::MemoryFunction(std::shared_ptr<const detail::Compiled> code)
    : signature_(AnyFunction(code).signature()),
      code_(std::move(code)),
      note_(code_->entry->note),
      draws_(code_->entry->kernel->image.draws),
      nogil_(code_->entry->kernel->image.nogil) {}

bool MemoryFunction::call(CallFrame& frame, void* const* args, void* result) const {
  CallFrame::State& state = *frame.state_;
  if (state.context.error.kind != KJIT_NO_ERROR) kjit_error_clear(&state.context);  // which nobody has asked for
  const EngineOptions& options = code_->module->engine->options;
  state.given_up = nogil_ ? lock_of(options) : nullptr;
  HostLoops loops(options.loop_executor);
  state.host.executor = loops.get();
  const bool succeeded = run_kernel(*code_->entry, options, state.given_up, state.context, args, result) == KJIT_OK;
  if (std::exception_ptr failure = loops.take_failure()) {
    if (succeeded) release_value(*code_->entry->kernel->result, result);
    kjit_error_clear(&state.context);
    std::rethrow_exception(std::move(failure));
  }
  return succeeded;
}

RunError MemoryFunction::take_error(CallFrame& frame) const {
  kjit_context& context = frame.state_->context;
  RunError error = make_run_error(context.error, code_->entry->kernel->image.sites);
  kjit_error_clear(&context);
  return error;
}

Result<MemoryFunction> memory_function(const Module& module, std::string_view name, const std::vector<std::string>& types) {
  Result<detail::Compiled> code = detail::compile_for(module, name, types);
  if (!code) return code.error();
  const Signature& signature = code->entry->kernel->image.signature;
  if (!code->entry->kernel->result) return Error{to_string(signature) + " has no value outside of kernels"};
  return MemoryFunction(std::make_shared<const detail::Compiled>(std::move(*code)));
}

}  // namespace kjit::inline KJIT_ABI
