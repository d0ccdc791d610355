#pragma once
// The command line as values. What the words mean is decided in cli.cpp, and nowhere else; it is the only file that knows CLI11.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kjit/build.h"
#include "kjit/engine.h"

namespace kjit::cli {

// What run and emit share: which entry point of which file, compiled how.
struct Target {
  std::string file;                   // "-": standard input
  std::optional<std::string> kernel;  // nullopt: the script
  std::vector<std::string> args;      // of the kernel, as written: Python literals or @file.npy
  EngineOptions engine;
};

enum class Progress { None, OnTerminal, Always };

struct RunOptions {
  Target target;
  std::vector<std::string> argv;     // the words after `--`
  int threads = 0;                   // 0: as many as the machine and its limits give
  std::optional<Schedule> schedule;  // instead of what the loops say
  std::uint64_t seed = 0;
  bool random_seed = false;  // draw one
  Rng rng = Rng::Philox;
  std::optional<double> timeout;  // seconds
  int repeat = 0;                 // calls of the kernel; 0: one, without a queue. See jobs.h
  std::string map;                // file with the arguments of many calls, .csv or .npy; empty: none
  bool as_completed = false;      // with it: print results as they come
  int jobs = 0;                   // host threads that make them; 1 or more if repeat is
  Progress progress = Progress::None;
  bool time = false;
  bool json = false;
  std::string out;  // .npy file for the result; empty: print it
};

struct CheckOptions {
  std::vector<std::string> files;
  bool json = false;
  bool strict = false;                  // warnings fail as well
  std::vector<std::string> signatures;  // "f(f64[::1] const, i64) -> f64": kernels of the file that must be callable so
};

struct EmitOptions {
  Target target;
  std::string stage = "llvm-opt";
  std::string out;  // empty: standard output
};

struct ExplainOptions {
  Target target;
  bool json = false;
  std::string html;  // empty: no page
};

// kjit build.
struct BuildCommand {
  std::string file;
  std::string folder;
  EngineOptions engine;
  BuildOptions build;
};

struct GraphOptions {
  std::string file;
  bool svg = false;
  std::string out;  // empty: standard output
};

struct BenchOptions {
  Target target;
  int threads = 0;                   // the most; 0: as many as the machine and its limits give
  double seconds = 1;                // for each row of the report
  std::vector<std::string> against;  // FILE.py:function
  std::string against_command;
  std::string python;   // empty: KJIT_PYTHON, else python3; "none": no CPython
  std::string save;     // file for the figures
  std::string compare;  // such a file
  std::string html;
  bool json = false;
};

struct DoctorOptions {
  bool json = false;
};

struct CacheOptions {
  std::string action;
  std::string file;  // of `why`
  EngineOptions engine;
};

// The words belong to kjit-import.
struct ImportOptions {
  std::vector<std::string> words;
};

// Nothing to do but to print: help and version on stdout, wrong usage on stderr.
struct Message {
  std::string text;
  int exit_code = 0;
};

using Command = std::variant<RunOptions, CheckOptions, EmitOptions, ExplainOptions, BuildCommand, GraphOptions, BenchOptions,
                             DoctorOptions, CacheOptions, ImportOptions, Message>;

// `words` are those after the program's name.
Command parse_command_line(const std::vector<std::string>& words);

}  // namespace kjit::cli
