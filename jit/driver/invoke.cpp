// One call of a kernel or script. Entry: invoke.

#include "driver/invoke.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "driver/host_lock.h"
#include "driver/loop_shares.h"
#include "driver/marshal.h"
#include "driver/run_error.h"
#include "driver/run_kernel.h"
#include "interpret/interpret.h"
#include "runtime/runtime.h"
#include "support/assert.h"
#include "typing/memory_layout.h"

namespace kjit {

namespace {

static_assert(sizeof(std::atomic<int>) == sizeof(std::int32_t) && std::atomic<int>::is_always_lock_free,
              "kernels poll CallOptions::stop as a plain int32");
static_assert(static_cast<int>(Stop::Interrupt) == KJIT_INTERRUPT && static_cast<int>(Stop::Cancel) == KJIT_CANCEL &&
              static_cast<int>(Stop::Deadline) == KJIT_DEADLINE);

static_assert(static_cast<int>(Schedule::Static) == KJIT_STATIC && static_cast<int>(Schedule::Auto) == KJIT_AUTO);

// What the kernel asks of its host: output, progress and sys.argv.
class Host {
 public:
  // `given_up` is the lock that the kernel runs without; null: it runs with it.
  Host(const CallOptions& options, const LoopExecutor& loops, const HostLock* given_up, const SiteTable& sites)
      : options_(options), loops_(loops), given_up_(given_up), sites_(sites) {
    for (const std::string& arg : options.argv) argv_.push_back({arg.data(), static_cast<std::int64_t>(arg.size()), nullptr});
    host_.user = this;
    host_.write = write;
    if (options.progress) host_.progress = progress;
    if (given_up != nullptr) host_.lock = lock;
    host_.executor = loops_.get();
    host_.argc = static_cast<std::int32_t>(argv_.size());
    host_.argv = argv_.data();
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  const kjit_host* get() const { return &host_; }
  // The first exception of the host, or null.
  std::exception_ptr take_failure() { return failure_ ? failure_ : loops_.take_failure(); }

 private:
  static void write(void* user, const char* data, std::int64_t size) {
    auto* self = static_cast<Host*>(user);
    if (!self->options_.write) return;
    self->enter_host([&] { self->options_.write({data, static_cast<std::size_t>(size)}); });
  }

  static void progress(void* user, std::uint32_t site, std::int64_t done, std::int64_t total, double seconds) {
    auto* self = static_cast<Host*>(user);
    self->enter_host([&] {
      const SiteText* loop = self->sites_.find(site);
      KJIT_ASSERT(loop != nullptr, "a loop reports a site that the image does not have");
      self->options_.progress({self->sites_.text(loop->file), loop->line, done, total, seconds});
    });
  }

  static void lock(void* user, std::int32_t take) {
    const HostLock& given_up = *static_cast<Host*>(user)->given_up_;
    take != 0 ? given_up.acquire() : given_up.release();
  }

  // No exception may cross the kernel's frames; after the first one the host is not called any more.
  template <typename F>
  void enter_host(F call) {
    if (failure_) return;
    const Locked locked(given_up_);
    try {
      call();
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  const CallOptions& options_;
  HostLoops loops_;
  const HostLock* given_up_;
  const SiteTable& sites_;
  std::vector<kjit_str> argv_;
  kjit_host host_{};
  std::exception_ptr failure_;
};

class Context {
 public:
  Context(const Host& host, const CallOptions& options, std::uint64_t stream) {
    const auto* stop = reinterpret_cast<const volatile std::int32_t*>(options.stop);
    kjit_context_init(&context_, host.get(), stop, options.threads);
    kjit_rng_init(&context_.rng, options.seed, stream);
    if (options.schedule) context_.schedule = 1 + static_cast<std::int32_t>(*options.schedule);
    // CPython's generator has no streams: the seed alone decides.
    const bool twister = options.rng == Rng::CPython;
    if (twister && kjit_rng_use_twister(&context_.rng, static_cast<std::int64_t>(options.seed)) == 0) throw std::bad_alloc();
  }
  ~Context() { kjit_context_destroy(&context_); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  kjit_context& get() { return context_; }

 private:
  kjit_context context_;
};

using Unit = std::max_align_t;

std::size_t units_of(const Type& type) {
  const MemoryLayout layout = memory_layout(type);
  KJIT_ASSERT(layout.alignment <= static_cast<std::int64_t>(alignof(Unit)), "an over-aligned value");
  return (static_cast<std::size_t>(layout.size) + sizeof(Unit) - 1) / sizeof(Unit);
}

// The arguments as the kernel sees them; holds a reference to each array until the call is over.
class Arguments {
 public:
  explicit Arguments(const std::vector<Type>& types) : types_(types) {
    std::size_t units = 0;
    for (const Type& type : types) units += units_of(type);
    memory_ = std::make_unique<Unit[]>(units);
    pointers_.reserve(types.size());
    units = 0;
    for (const Type& type : types) {
      pointers_.push_back(memory_.get() + units);
      units += units_of(type);
    }
  }
  ~Arguments() {
    for (std::size_t i = 0; i < stored_; ++i) release_value(types_[i], pointers_[i]);
  }
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  // The next argument.
  std::optional<Error> add(const Value& value) {
    auto error = store_value(value, types_[stored_], pointers_[stored_]);
    if (!error) ++stored_;
    return error;
  }
  void* const* pointers() const { return pointers_.data(); }

 private:
  const std::vector<Type>& types_;
  std::unique_ptr<Unit[]> memory_;
  std::vector<void*> pointers_;  // into it
  std::size_t stored_ = 0;
};

bool is_read_only(const Value& value) {
  if (const auto* array = std::get_if<ArrayValue>(&value.data)) return array->read_only;
  const auto* tuple = std::get_if<TupleValue>(&value.data);
  return tuple != nullptr && std::ranges::any_of(tuple->elements, is_read_only);
}

CallResult type_error(std::string message) {
  CallResult result;
  result.status = CallResult::Status::RunError;
  result.error.kind = "TypeError";
  result.error.message = std::move(message);
  return result;
}

}  // namespace

kjit_status run_kernel(const CompiledEntry& entry, const EngineOptions& engine, const HostLock* given_up, kjit_context& context,
                       void* const* args, void* result) {
  if (kjit_poll(&context, 0) != KJIT_OK) return KJIT_FAILED;
  const Unlocked unlocked(given_up);
  if (entry.kernel->code) return entry.kernel->entry(&context, args, result);
  InterpretOptions options;
  options.checked = engine.checked;
  options.bounds_check = engine.bounds_check;
  options.foreign = entry.foreign;
  return interpret(entry.interpreted->program, entry.interpreted->plans, options, context, args, result);
}

std::optional<RunError> run_in_memory(const CompiledEntry& entry, const EngineOptions& engine, void* const* args, void* result,
                                      const CallOptions& options, std::uint64_t stream) {
  const KernelImage& image = entry.kernel->image;
  const HostLock* given_up = image.nogil ? lock_of(engine) : nullptr;
  Host host(options, engine.loop_executor, given_up, image.sites);
  Context context(host, options, stream);
  std::optional<RunError> error;
  const kjit_status status = run_kernel(entry, engine, given_up, context.get(), args, result);
  if (status != KJIT_OK) error = make_run_error(context.get().error, image.sites);
  if (std::exception_ptr failure = host.take_failure()) {
    if (!error) release_value(*entry.kernel->result, result);
    std::rethrow_exception(std::move(failure));
  }
  return error;
}

CallResult invoke(const CompiledEntry& entry, const EngineOptions& engine, const std::vector<Value>& args,
                  const CallOptions& options, std::uint64_t stream) {
  const LinkedKernel& kernel = *entry.kernel;
  const Signature& signature = kernel.image.signature;
  KJIT_ASSERT(kernel.parameters.size() == args.size(), "the entry was specialised for another number of arguments");
  if (!kernel.result) return type_error(signature.name + "() returns " + signature.result + ", which has no value outside");

  Arguments arguments(kernel.parameters);
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (signature.parameters[i].written && is_read_only(args[i]))
      return type_error("argument " + std::to_string(i + 1) + " is read-only, but " + to_string(signature) + " writes to " +
                        signature.parameters[i].name);
    if (auto error = arguments.add(args[i])) {
      return type_error("argument " + std::to_string(i + 1) + ": " + error->message);
    }
  }

  const auto memory = std::make_unique<Unit[]>(units_of(*kernel.result));
  CallResult result;
  result.note = entry.note;
  if (auto error = run_in_memory(entry, engine, arguments.pointers(), memory.get(), options, stream)) {
    result.status = CallResult::Status::RunError;
    result.error = std::move(*error);
  } else {
    result.value = take_value(*kernel.result, memory.get());
  }
  return result;
}

CallResult stopped_before_start(const CallOptions& options) {
  const SiteTable no_sites;
  const LoopExecutor no_loops;
  const Host host(options, no_loops, nullptr, no_sites);
  Context context(host, options, 0);
  KJIT_ASSERT(kjit_poll(&context.get(), 0) != KJIT_OK, "compiling stopped though nothing stopped it");
  CallResult result;
  result.status = CallResult::Status::RunError;
  result.error = make_run_error(context.get().error, no_sites);
  return result;
}

}  // namespace kjit
