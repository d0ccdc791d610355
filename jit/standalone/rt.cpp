// The runtime's part of libraries that `kjit build` made: calls kernels, and keeps the last error of each thread. Called by the
// glue (codegen/export_glue.cpp) only. No LLVM, no typed tree. Entry: kjit_rt_call.

#include <exception>
#include <string>
#include <string_view>

#include "codegen/exported_kernel.h"
#include "driver/own_array.h"
#include "driver/run_error.h"
#include "image/kernel_image.h"
#include "kjit/rt.h"
#include "runtime/runtime.h"

namespace kjit {

namespace {

struct LastError {
  std::string kind;
  std::string message;
  std::string traceback;
};

thread_local LastError last_error;

void remember(std::string kind, std::string message) {
  std::string traceback = kind + ": " + message;
  last_error = {std::move(kind), std::move(message), std::move(traceback)};
}

// What this CPU can run, as ExportedVersion::cpu: of x86-64 the level of the psABI.
int cpu_level() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return 4;
  if (__builtin_cpu_supports("x86-64-v3")) return 3;
  if (__builtin_cpu_supports("x86-64-v2")) return 2;
#endif
  return 1;
}

// Null if this machine can run none.
kjit_entry choose(ExportedKernel& kernel) {
  if (kjit_entry chosen = __atomic_load_n(&kernel.chosen, __ATOMIC_ACQUIRE)) return chosen;
  static const int level = cpu_level();
  for (std::int64_t i = 0; i < kernel.version_count; ++i) {
    if (kernel.versions[i].cpu > level) continue;
    __atomic_store_n(&kernel.chosen, kernel.versions[i].entry, __ATOMIC_RELEASE);
    return kernel.versions[i].entry;
  }
  return nullptr;
}

// The thread's context, kept from call to call; a call from inside a kernel (kjit_rt_options::write) has one of its own.
class Context {
 public:
  Context() : kept_(!busy_), context_(kept_ ? &thread_context() : &own_) {
    if (!kept_) kjit_context_init(&own_, nullptr, nullptr, 0);
    busy_ = true;
  }
  ~Context() {
    if (kept_) busy_ = false;
    if (!kept_) kjit_context_destroy(&own_);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  kjit_context& get() { return *context_; }

 private:
  struct Kept {
    kjit_context context;
    Kept() { kjit_context_init(&context, nullptr, nullptr, 0); }
    ~Kept() { kjit_context_destroy(&context); }
  };
  static kjit_context& thread_context() {
    static thread_local Kept kept;
    return kept.context;
  }

  static thread_local bool busy_;
  bool kept_;
  kjit_context own_;
  kjit_context* context_;
};
thread_local bool Context::busy_ = false;

void discard(void*, const char*, std::int64_t) {}

constexpr volatile std::int32_t kNever = 0;

void prepare(kjit_context& context, kjit_host& host, const ExportedKernel& kernel, const kjit_rt_options& options) {
  host.user = options.user;
  host.write = options.write ? options.write : discard;
  context.host = &host;
  context.threads = options.threads;
  context.interrupt = options.stop ? options.stop : &kNever;
  if (kernel.draws == 0) return;
  const std::int64_t stream =
      options.stream > 0 ? options.stream - 1 : __atomic_fetch_add(kernel.next_stream, 1, __ATOMIC_RELAXED);
  kjit_rng_init(&context.rng, options.seed, static_cast<std::uint64_t>(stream));
}

void keep_error(const ExportedKernel& kernel, kjit_context& context) {
  const Result<KernelImage> image = image_from_bytes({kernel.image, static_cast<std::size_t>(kernel.image_bytes)});
  if (!image) return remember("SystemError", image.error().message);
  RunError error = make_run_error(context.error, image->sites);
  std::string traceback = error.render();
  last_error = {std::move(error.kind), std::move(error.message), std::move(traceback)};
}

int fail(const ExportedKernel& kernel, kjit_context& context) {
  const int status = context.error.kind;
  try {
    keep_error(kernel, context);
  } catch (const std::exception&) {
    last_error = {};  // no memory for the text; the status remains
  }
  kjit_error_clear(&context);
  return status != 0 ? status : KJIT_FAILED;
}

int refuse(const char* message) {
  try {
    remember("SystemError", message);
  } catch (const std::exception&) {
    last_error = {};
  }
  return KJIT_FAILED;
}

}  // namespace

}  // namespace kjit

extern "C" {

// The status is a kjit_error_kind, or KJIT_OK.
__attribute__((visibility("default"))) int32_t kjit_rt_call(kjit::ExportedKernel* kernel, const kjit_rt_options* options,
                                                            void* const* args, void* result) {
  using namespace kjit;
  if (kernel->abi != kExportedAbi) return refuse("the library was built for another release of kjit's runtime");
  const kjit_entry entry = choose(*kernel);
  if (entry == nullptr) return refuse("the library was built for processors that can do more than this one");
  Context context;
  kjit_host host{};
  const kjit_rt_options defaults{};
  prepare(context.get(), host, *kernel, options ? *options : defaults);
  const bool stopped = kjit_poll(&context.get(), 0) != KJIT_OK;
  const kjit_status status = stopped ? KJIT_FAILED : entry(&context.get(), args, result);
  const int code = status == KJIT_OK ? KJIT_OK : fail(*kernel, context.get());
  context.get().host = nullptr;
  return code;
}

__attribute__((visibility("default"))) int32_t kjit_rt_own_array(int32_t dtype, int32_t rank, kjit_array* array) {
  if (kjit::own_array(array, dtype, rank)) return KJIT_OK;
  kjit::refuse("no memory for the copy of a returned array");
  return KJIT_MemoryError;
}

__attribute__((visibility("default"))) const char* kjit_rt_error() { return kjit::last_error.kind.c_str(); }
__attribute__((visibility("default"))) const char* kjit_rt_message() { return kjit::last_error.message.c_str(); }
__attribute__((visibility("default"))) const char* kjit_rt_traceback() { return kjit::last_error.traceback.c_str(); }
__attribute__((visibility("default"))) void kjit_rt_release(void* owner) { kjit_release(static_cast<kjit_buffer*>(owner)); }

}  // extern "C"
