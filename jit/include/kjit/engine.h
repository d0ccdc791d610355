#pragma once
// The engine: loads kernel files, compiles their functions on demand and runs them.
//
//   kjit::Engine engine;
//   kjit::Module module = engine.open_file("kernel.k");
//   if (!module.ok()) std::cerr << module.render_diagnostics();
//   kjit::CallResult result = module.call("add", {kjit::Value{2}, kjit::Value{3}});
//
// No function here prints, exits or aborts. Mistakes of the kernel's author are diagnostics of the module or of the CallResult; a
// kernel that fails at run time gives a CallResult with a RunError. InternalError (a std::logic_error) is thrown for bugs of kjit
// only. Thread rules: an Engine and its Modules may be used from any number of threads at once; concurrent first calls of one
// specialisation compile it once, and compiled kernels run at the same time. A host with a lock of its own: see HostLock. A
// Module keeps its Engine's state alive.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "kjit/export.h"
#include "kjit/result.h"
#include "kjit/value.h"

namespace kjit::inline KJIT_ABI {

template <typename Signature>
class Function;
class AnyFunction;
class Module;

namespace detail {
struct Compiled;
struct HostFunction;
struct ParameterText;
struct TypedEntry;
Result<Compiled> compile_for(const Module& module, std::string_view name, const std::vector<std::string>& types);
Result<TypedEntry> find_function(const Module& module, std::string_view name, const std::vector<ParameterText>& parameters,
                                 const std::string& result);
}  // namespace detail

// A lock that the host's threads hold while they call kernels: Python's global lock, or an application's own. With it, a kernel
// compiled with nogil=True runs without the lock, so that such calls run at the same time; any other kernel, and the script,
// keeps it while it runs, so that the host's own lock lets one of them run at a time. The rules:
//  * A thread that calls Module::call or Module::run_script holds the lock, and holds it again when they return or throw.
//  * What else they do without it: compile, and wait for another thread that compiles the same. A call that finds its kernel
//  compiled
//    and not nogil touches the lock not at all.
//  * CallOptions::write and progress are called with the lock held, also by a kernel that runs without it.
//  * Both functions are called on the thread that calls the kernel, in turn, beginning with `release`, and with no lock of the
//    engine's held. They must not throw: if `acquire` does, the process ends, as the thread could not go on in any other way.
//  * While a nogil kernel runs, other threads may get at its arguments: arrays that two calls change are the host's to guard.
struct HostLock {
  std::function<void()> release;  // gives the lock up
  std::function<void()> acquire;  // waits for it and takes it back
};

// Threads of the host's for parallel loops, in place of OpenMP's: calls share(0) .. share(count - 1) on threads of its choice, in
// any order, at best each on its own. It may return before they have ended, and without having called all: the kernel waits
// for those that have begun, and runs the others on its own thread. Results are the same bits as ever. What it throws reaches the
// caller, as with CallOptions::write. Called on the thread that calls the kernel, for loops that no other one contains, without
// the HostLock if the kernel has given it up. Thread rule: several calls may be in it at once.
using LoopExecutor = std::function<void(int count, const std::function<void(int index)>& share)>;

struct EngineOptions {
  int opt_level = 3;         // 0..3, as -O. Default: 3
  bool interpret = false;    // run the reference interpreter instead of machine code. Default: no
  bool checked = false;      // integer overflow raises OverflowError instead of wrapping. Default: no
  bool bounds_check = true;  // subscripts raise IndexError; off: out-of-range access is undefined. Default: on
  bool strict = false;       // parallel loops whose iterations may meet are errors, not warnings. Default: no
  // Keeps compiled kernels in the user's cache folder, where later processes find them (docs/architecture.md). Default: yes, but
  // for the environment variable KJIT_CACHE=0
  bool disk_cache = true;
  bool verify = false;         // run the verifiers between all stages (always on in debug builds). Default: no
  HostLock host_lock;          // both functions or none. Default: the host has no such lock, every kernel runs at once
  LoopExecutor loop_executor;  // Default: OpenMP's threads
};

enum class Rng { Philox, CPython };

// How the iterations of parallel loops are dealt out to threads. No result depends on it.
enum class Schedule { Static, Dynamic, Guided, Auto };

// Set by another thread or a signal handler to stop a running call: it ends with KeyboardInterrupt, Cancelled or TimeoutError.
enum class Stop : int { None = 0, Interrupt = 1, Cancel = 2, Deadline = 3 };

// How far a parallel loop is.
struct LoopProgress {
  std::string_view file;   // where the loop stands; valid during the call
  std::uint32_t line = 0;  // 1-based
  std::int64_t done = 0;   // iterations, in no particular order
  std::int64_t total = 0;
  double seconds = 0;  // since the loop began
};

struct CallOptions {
  std::vector<std::string> argv;        // sys.argv, [0] is the file name
  std::uint64_t seed = 0;               // of the random streams
  std::optional<std::uint64_t> stream;  // default: the next of the module, beginning with 0
  Rng rng = Rng::Philox;
  int threads = 0;                   // for parallel loops; 0: the engine's budget
  std::optional<Schedule> schedule;  // instead of what the loops say
  // Receives what the kernel prints; default: discarded. Called on the calling thread, so never twice at once for one call; a
  // sink that several calls share is the host's to guard, unless it has a HostLock. What it throws reaches the caller when the
  // kernel has ended; nothing more is written then.
  std::function<void(std::string_view)> write;
  // Told, at most every 50 ms, how far a parallel loop is that no other one contains; default: nobody asks. On the calling
  // thread, which takes part in the loop: a slow function slows the loop down. Not told while this thread has nothing left to do
  // and waits for others. The host's lock, and what it throws: as `write`.
  std::function<void(const LoopProgress&)> progress;
  const std::atomic<int>* stop = nullptr;  // a Stop; polled before the kernel begins and while it runs
  // The call ends with TimeoutError that much after it began, compiling included. It costs a thread for the call; that thread
  // looks at `stop` once a millisecond.
  std::optional<std::chrono::nanoseconds> timeout;
};

// One level of the traceback.
struct Frame {
  std::string kernel;  // "<module>" for the script
  std::string file;
  std::uint32_t line = 0;    // 1-based
  std::uint32_t column = 0;  // 1-based
  std::string source;        // the line's text, without indentation
};

// A variable of a parallel loop.
struct LoopVariable {
  std::string name;
  std::int64_t value = 0;
};

// How a kernel failed. `kind` is Python's exception name ("IndexError"), or Cancelled.
struct KJIT_EXPORT RunError {
  std::string kind;
  std::string message;                  // empty for sys.exit(n), whose number is the exit code
  std::vector<Frame> traceback;         // outermost first, as Python prints it
  std::uint32_t omitted_frames = 0;     // calls of a deep recursion that were not kept; they belong before the last frame
  std::vector<LoopVariable> iteration;  // of the parallel loop in which it happened; several for nested loops, outermost first
  int exit_code = 1;  // what a process should exit with: sys.exit's argument, 130 for an interrupt, 124 for a deadline

  // "Traceback (most recent call last):\n  ...\nIndexError: ..." without a final line end.
  std::string render() const;
};

struct Timing {
  double compile_ms = 0;  // everything before the first instruction of the kernel ran; 0 if it had been compiled before
  double run_ms = 0;
};

struct CallResult {
  enum class Status { Ok, RunError, CompileError };
  Status status = Status::Ok;
  Value value;              // Ok
  RunError error;           // RunError
  std::string diagnostics;  // CompileError: rendered without colour
  std::string note;  // what the host may want to tell the user: that the interpreter ran because machine code is not possible
  Timing timing;

  bool ok() const { return status == Status::Ok; }
};

struct BuildOptions;  // kjit/build.h
struct BuildReport;

struct KernelInfo {
  std::string name;
  std::vector<std::string> parameters;
  std::uint32_t line = 0;
};

class KJIT_EXPORT Module {
 public:
  struct [[gnu::visibility("hidden")]] Impl;
  explicit Module(std::shared_ptr<Impl> impl);

  // False if the text has errors that do not depend on argument types; then nothing can be called.
  bool ok() const;
  bool has_warnings() const;
  // All diagnostics found so far, as text or as a JSON array.
  std::string render_diagnostics(bool color = false) const;
  std::string diagnostics_json() const;
  // Type-checks the script, every annotated kernel, and whatever they reach. True without errors; see render_diagnostics.
  bool check();
  // Functions of the file that the last check() knew no argument types for: nothing calls them, and not all parameters have
  // annotations.
  std::vector<std::string> unchecked() const;
  std::vector<KernelInfo> kernels() const;

  // Executes the top-level statements as Python would.
  CallResult run_script(const CallOptions& options = {});
  // Calls one kernel; it is specialised for the types of the arguments. Arrays are passed by reference: the kernel sees and
  // changes the caller's elements.
  CallResult call(std::string_view kernel, const std::vector<Value>& args, const CallOptions& options = {});

  // One kernel as a C++ function, compiled for these types: module.function<double(std::span<const double>)>("f"). An error if
  // there is no such kernel, if it has errors for these arguments, returns another type, or writes to what is const. Needs
  // kjit/function.h, which says what the types may be.
  template <typename Signature>
  Result<Function<Signature>> function(std::string_view name) const;

  // Likewise with types that are known at run time only, as text: {"f64[:, ::1]", "i64"}. Needs kjit/any_function.h.
  Result<AnyFunction> function(std::string_view name, const std::vector<std::string>& types) const;

  // The text of one stage for the script, or for one kernel with these arguments: tokens, ast, typed, parallel, llvm, llvm-opt,
  // asm; obj gives the bytes. "explain", "explain-json" and "explain-html" tell what became of its loops. nullopt when there are
  // errors (see render_diagnostics) or no such stage.
  std::optional<std::string> emit(std::string_view stage);
  std::optional<std::string> emit(std::string_view stage, std::string_view kernel, const std::vector<Value>& args);

  // Compiles kernels ahead of time into a library in `folder`, with a header for C and C++; see kjit/build.h. An error has the
  // diagnostics, or says which file could not be written; files that were written before stay.
  Result<BuildReport> build(const std::string& folder, const BuildOptions& options) const;

 private:
  friend Result<detail::Compiled> detail::compile_for(const Module&, std::string_view, const std::vector<std::string>&);
  friend Result<detail::TypedEntry> detail::find_function(const Module&, std::string_view,
                                                          const std::vector<detail::ParameterText>&, const std::string&);
  std::shared_ptr<Impl> impl_;
};

struct HostFunctionOptions {
  bool thread_safe = false;  // any thread may call it, several at once, without the HostLock: also in parallel loops
};

// A kernel file in memory. `module` is the name by which other files import it, `name` what messages call it.
struct SourceText {
  std::string module;
  std::string name;
  std::string text;
};

class KJIT_EXPORT Engine {
 public:
  struct [[gnu::visibility("hidden")]] Impl;
  // Throws std::invalid_argument if the HostLock has one function without the other.
  explicit Engine(const EngineOptions& options = {});

  // The error of a text with mistakes that do not depend on argument types has the diagnostics. `name` is what messages call the
  // text. Imports are searched beside the file.
  Result<Module> load_file(const std::string& path);
  Result<Module> load_source(std::string text, std::string name);
  // Files in memory that may import each other: the functions of the first one are called. What they import and is not among them
  // is searched beside the first.
  Result<Module> load_sources(std::vector<SourceText> sources);

  // Likewise, but mistakes are diagnostics of the module.
  Module open_file(const std::string& path);
  Module load_text(std::string text, std::string name);

  // A function of the host that kernels call by this name, in files that are loaded afterwards: see kjit/host_function.h, which
  // has to be included. The signature is that of the function, or the one that is given: register_function<double(double)>("f",
  // ...). An error if the name is taken, or if kernels could not write it.
  template <typename F>
    requires(!std::is_function_v<F>)
  [[nodiscard]] std::optional<Error> register_function(std::string name, F function, HostFunctionOptions options = {});
  template <typename Signature, typename F>
    requires std::is_function_v<Signature>
  [[nodiscard]] std::optional<Error> register_function(std::string name, F function, HostFunctionOptions options = {});

 private:
  std::optional<Error> add_function(detail::HostFunction function);

  std::shared_ptr<Impl> impl_;
};

}  // namespace kjit::inline KJIT_ABI
