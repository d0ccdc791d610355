// Words of the command line -> options. Entry: parse_command_line.

#include "cli.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <string_view>
#include <thread>

#include "driver/about.h"
#include "driver/stage.h"
#include "exit_code.h"
#include "support/diagnostics.h"

namespace kjit::cli {

namespace {

// Wrong usage, thrown only inside this file.
struct UsageError {
  std::string message;
};

// ---- numbers -----------------------------------------------------------------------------------------------------------

// CLI11 takes `-3` for an option and splits `[1, 2]` at its commas. Negative numbers and lists carry this mark while it reads
// them.
constexpr char kMark = '\x1f';

bool needs_mark(std::string_view word) {
  if (word.starts_with('[')) return true;
  if (word.size() < 2 || word[0] != '-') return false;
  const char c = word[1];
  return (c >= '0' && c <= '9') || c == '.' || c == '(' || word == "-inf" || word == "-nan";
}

std::string unmarked(std::string word) {
  if (!word.empty() && word[0] == kMark) word.erase(0, 1);
  return word;
}

template <typename T>
T parse_number(std::string word, std::string_view option, std::string_view wanted) {
  word = unmarked(std::move(word));
  T value{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size())
    throw UsageError{fmt::format("{} wants {}, not '{}'", option, wanted, word)};
  return value;
}

int parse_count(const std::string& word, std::string_view option, std::string_view wanted, int most) {
  const auto count = parse_number<int>(word, option, wanted);
  if (count < 1 || count > most) throw UsageError{fmt::format("{} wants 1 to {}, not {}", option, most, count)};
  return count;
}

int parse_threads(const std::string& word) { return parse_count(word, "--threads", "a number of threads", 65536); }
// As n_jobs of joblib: -1 is all processors.
int parse_jobs(const std::string& word) {
  if (unmarked(word) == "-1") return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return parse_count(word, "--jobs", "a number of threads", 1024);
}
int parse_repeat(const std::string& word) { return parse_count(word, "--repeat", "a number of calls", 1'000'000'000); }

double parse_timeout(const std::string& word) {
  const auto seconds = parse_number<double>(word, "--timeout", "a number of seconds");
  if (!(seconds > 0) || seconds > 1e9)
    throw UsageError{fmt::format("--timeout wants a positive number of seconds, not '{}'", unmarked(word))};
  return seconds;
}

double parse_seconds(const std::string& word) {
  const auto seconds = parse_number<double>(word, "--seconds", "a number of seconds");
  if (!(seconds > 0) || seconds > 3600)
    throw UsageError{fmt::format("--seconds wants more than 0 and up to 3600, not '{}'", unmarked(word))};
  return seconds;
}

void parse_seed(const std::string& word, RunOptions& options) {
  options.random_seed = word == "random";
  if (!options.random_seed) options.seed = parse_number<std::uint64_t>(word, "--seed", "a number from 0 to 2**64 - 1, or random");
}

void need_file_name(const std::string& word) {
  if (unmarked(word).empty()) throw UsageError{"--out wants the name of a file"};
}

int parse_level(const std::string& word) {
  if (word.size() != 1 || word[0] < '0' || word[0] > '3')
    throw UsageError{fmt::format("-O wants 0, 1, 2 or 3, not '{}'", unmarked(word))};
  return word[0] - '0';
}

Rng parse_rng(const std::string& word) {
  if (word == "philox") return Rng::Philox;
  if (word == "cpython") return Rng::CPython;
  throw UsageError{fmt::format("--rng wants philox or cpython, not '{}'", word)};
}

Schedule parse_schedule(const std::string& word) {
  constexpr std::string_view names[] = {"static", "dynamic", "guided", "auto"};
  const auto found = std::find(std::begin(names), std::end(names), word);
  if (found == std::end(names)) throw UsageError{fmt::format("--schedule wants static, dynamic, guided or auto, not '{}'", word)};
  return static_cast<Schedule>(found - std::begin(names));
}

Progress parse_progress(const std::string& word) {
  if (word == "true") return Progress::OnTerminal;  // CLI11's value of a flag that has none
  if (word == "always") return Progress::Always;
  throw UsageError{fmt::format("--progress wants nothing or =always, not '{}'", word)};
}

constexpr std::string_view kCacheActions[] = {"dir", "list", "stats", "why", "verify", "gc", "clear"};

// ---- options that several subcommands have -----------------------------------------------------------------------------

void add_target(CLI::App& app, Target& target) {
  app.add_option("FILE", target.file, "kernel file; - reads standard input")->required()->type_name("");
  app.add_option_function<std::string>(
         "KERNEL", [&](const std::string& name) { target.kernel = name; }, "kernel to call; without it the script runs")
      ->type_name("");
  app.add_option("ARG", target.args, "its arguments: Python literals, or @file.npy")->type_name("");
}

void add_engine(CLI::App& app, EngineOptions& engine) {
  app.add_option_function<std::string>(
         "-O", [&](const std::string& word) { engine.opt_level = parse_level(word); }, "optimisation, -O0 to -O3 (default -O3)")
      ->type_name("LEVEL");
  app.add_flag("--interpret", engine.interpret, "run the reference interpreter instead of machine code");
  app.add_flag("--checked", engine.checked, "integer overflow is an error");
  app.add_flag("--strict", engine.strict, "parallel loops whose iterations may meet are errors");
  app.add_flag_callback(
      "--no-bounds-check", [&] { engine.bounds_check = false; }, "do not check subscripts: an index out of range is undefined");
  app.add_flag_callback(
      "--no-cache", [&] { engine.disk_cache = false; }, "neither look for the code in the disk cache nor keep it there");
}

void add_run(CLI::App& app, RunOptions& options) {
  add_target(app, options.target);
  add_engine(app, options.target.engine);
  const auto word = [&app](const char* name, std::function<void(const std::string&)> use, const char* text, const char* type) {
    app.add_option_function<std::string>(name, std::move(use), text)->type_name(type);
  };
  word("--threads", [&](const std::string& w) { options.threads = parse_threads(w); }, "threads of parallel loops", "N");
  word(
      "--schedule", [&](const std::string& w) { options.schedule = parse_schedule(w); },
      "how parallel loops deal out iterations, whatever they say: static, dynamic, guided, auto", "NAME");
  word(
      "--repeat", [&](const std::string& w) { options.repeat = parse_repeat(w); },
      "call the kernel K times and print each result; call k draws from random stream k", "K");
  word(
      "--jobs", [&](const std::string& w) { options.jobs = parse_jobs(w); },
      "make these calls (default N) on N threads; only kernels with nogil=True run at the same time", "N");
  app.add_option(
         "--map", options.map,
         "call the kernel for each line of a .csv file (Python literals) or each row of a .npy file, on --jobs threads "
         "(default 1; -1: all processors); arguments on the command line come behind the row's; item k draws from stream k")
      ->type_name("ARGS.csv|.npy");
  app.add_flag("--as-completed", options.as_completed, "with --map: print `item: result` as results come, instead of in order");
  word(
      "--seed", [&](const std::string& w) { parse_seed(w, options); },
      "of the random streams (default 0); random draws one and says which", "N|random");
  word(
      "--rng", [&](const std::string& w) { options.rng = parse_rng(w); },
      "philox (default), or cpython: the numbers of Python's random module", "NAME");
  word(
      "--timeout", [&](const std::string& w) { options.timeout = parse_timeout(w); },
      "stop after that many seconds, with exit code 124", "SECONDS");
  const std::string progress = "show on stderr how far a parallel loop is; --progress=always: also if that is no terminal";
  app.add_flag("--progress", progress)->each([&](const std::string& w) { options.progress = parse_progress(w); });
  app.add_flag("--time", options.time, "say on stderr how long compiling and running took");
  app.add_flag("--json", options.json, "print one JSON object: result, output, error, diagnostics and times");
  app.add_option("--out", options.out, "write the result, an array or a number, to this file instead of printing it")
      ->type_name("FILE.npy")
      ->each(need_file_name);
}

void add_check(CLI::App& app, CheckOptions& options) {
  app.add_option("FILE", options.files, "kernel files")->required()->type_name("");
  app.add_flag("--json", options.json, "print one JSON object");
  app.add_flag("--strict", options.strict, "warnings fail as well");
  app.add_option(
         "--signature", options.signatures,
         "a kernel must take and return these types: 'f(f64[::1] const, i64) -> f64', const where it must not write (repeatable)")
      ->type_name("SIGNATURE");
}

void add_emit(CLI::App& app, EmitOptions& options) {
  add_target(app, options.target);
  add_engine(app, options.target.engine);
  app.add_option("--stage", options.stage, fmt::format("{} (default llvm-opt)", fmt::join(stage_names(), ", ")))
      ->type_name("STAGE");
  app.add_option("-o,--out", options.out, "write to this file instead of stdout")->type_name("FILE")->each(need_file_name);
}

void add_explain(CLI::App& app, ExplainOptions& options) {
  add_target(app, options.target);
  add_engine(app, options.target.engine);
  app.add_flag("--json", options.json, "print one JSON object");
  app.add_option("--html", options.html, "also write a page: findings, source, typed tree, LLVM IR and assembly side by side")
      ->type_name("FILE.html")
      ->each(need_file_name);
}

// "static,object"
void parse_targets(const std::string& words, BuildOptions& build) {
  build.static_library = false;
  for (const std::string& word : CLI::detail::split(words, ',')) {
    if (word == "static")
      build.static_library = true;
    else if (word == "shared")
      build.shared_library = true;
    else if (word == "object")
      build.objects = true;
    else if (word == "python")
      build.python_package = true;
    else
      throw UsageError{fmt::format("--target wants static, shared, object or python, not '{}'", unmarked(word))};
  }
}

void add_build(CLI::App& app, BuildCommand& options) {
  app.add_option("FILE", options.file, "kernel file; - reads standard input")->required()->type_name("");
  app.add_option("-o,--out", options.folder, "folder for the library, its header and its CMake package")
      ->required()
      ->type_name("DIR");
  app.add_option("--types", options.build.kernels,
                 "kernels with their argument types, as \"f(f64[::1], i64)\"; without it those whose parameters have annotations")
      ->type_name("KERNEL(TYPES)...");
  app.add_option("--name", options.build.name, "name of the library and prefix of its C functions (default: the file's)")
      ->type_name("NAME");
  app.add_option_function<std::string>(
         "--target", [&](const std::string& words) { parse_targets(words, options.build); },
         "static (default), shared, object, python (a package for NumPy), or several with commas")
      ->type_name("WHAT");
  app.add_option_function<std::string>(
         "--cpu", [&](const std::string& words) { options.build.cpus = CLI::detail::split(words, ','); },
         "levels of x86-64, chosen at load: x86-64,v2,v3,v4 (default x86-64,v3); or one CPU of LLVM's, or native")
      ->type_name("CPUS");
  app.add_option("--triple", options.build.triple, "build for another machine: aarch64-linux-gnu")->type_name("TRIPLE");
  app.add_option("--runtime", options.build.runtime, "libkjit_rt.a (default: the one of this installation)")->type_name("FILE");
  add_engine(app, options.engine);
}

void add_graph(CLI::App& app, GraphOptions& options) {
  app.add_option("FILE", options.file, "kernel file; - reads standard input")->required()->type_name("");
  app.add_flag("--svg", options.svg, "draw it, instead of writing DOT for Graphviz");
  app.add_option("-o,--out", options.out, "write to this file instead of stdout")->type_name("FILE")->each(need_file_name);
}

void add_bench(CLI::App& app, BenchOptions& options) {
  add_target(app, options.target);
  add_engine(app, options.target.engine);
  app.add_option_function<std::string>(
         "--threads", [&](const std::string& w) { options.threads = parse_threads(w); }, "the most threads of parallel loops")
      ->type_name("N");
  app.add_option_function<std::string>(
         "--seconds", [&](const std::string& w) { options.seconds = parse_seconds(w); }, "for each row of the report (default 1)")
      ->type_name("S");
  app.add_option("--against", options.against, "a Python function with the same arguments; may be repeated")
      ->type_name("FILE.py:FUNCTION")
      ->take_all();
  app.add_option("--against-cmd", options.against_command, "a command that prints the same result; whole processes are compared")
      ->type_name("COMMAND");
  app.add_option("--python", options.python, "CPython to compare with (default KJIT_PYTHON, else python3); none: leave it out")
      ->type_name("PYTHON");
  app.add_option("--save", options.save, "store the figures for --compare")->type_name("FILE.json");
  app.add_option("--compare", options.compare, "compare with stored figures; exit code 3 if a row became slower")
      ->type_name("OLD.json");
  app.add_option("--html", options.html, "write the report as a page, too")->type_name("FILE.html");
  app.add_flag("--json", options.json, "print one JSON object");
}

void add_doctor(CLI::App& app, DoctorOptions& options) { app.add_flag("--json", options.json, "print one JSON object"); }

void add_cache(CLI::App& app, CacheOptions& options) {
  app.add_option("ACTION", options.action, fmt::format("{}", fmt::join(kCacheActions, ", ")))->required()->type_name("");
  app.add_option("FILE", options.file, "kernel file, of why")->type_name("");
  add_engine(app, options.engine);
}

// ---- what the options must fulfil together -----------------------------------------------------------------------------

void unmark_words(Target& target) {
  target.file = unmarked(std::move(target.file));
  if (target.kernel) target.kernel = unmarked(*target.kernel);
  for (std::string& arg : target.args) arg = unmarked(std::move(arg));
}

void finish_map(RunOptions& options) {
  if (!options.target.kernel) throw UsageError{"--map calls a kernel: name one after the file"};
  if (!options.out.empty()) throw UsageError{"--out stores one result: it does not go with --map"};
  if (options.repeat > 0) throw UsageError{"--repeat and --map both say how many calls there are"};
  options.jobs = std::max(options.jobs, 1);
}

void finish_jobs(RunOptions& options) {
  const char* option = options.jobs > 0 ? "--jobs" : "--repeat";
  if (!options.target.kernel) throw UsageError{fmt::format("{} calls a kernel: name one after the file", option)};
  if (!options.out.empty()) throw UsageError{fmt::format("--out stores one result: it does not go with {}", option)};
  if (options.repeat == 0) options.repeat = options.jobs;
  if (options.jobs == 0) options.jobs = 1;
}

void finish(RunOptions& options, std::vector<std::string> argv) {
  unmark_words(options.target);
  options.out = unmarked(std::move(options.out));
  options.argv = std::move(argv);
  options.map = unmarked(std::move(options.map));
  if (options.as_completed && options.map.empty()) throw UsageError{"--as-completed goes with --map"};
  if (!options.map.empty()) return finish_map(options);
  if (options.jobs > 0 || options.repeat > 0) finish_jobs(options);
  if (!options.out.empty() && !options.target.kernel)
    throw UsageError{"--out writes the result of a kernel: name one after the file"};
}

void finish(EmitOptions& options, const std::vector<std::string>&) {
  unmark_words(options.target);
  options.out = unmarked(std::move(options.out));
  if (find_stage(options.stage)) return;
  const std::string_view near = did_you_mean(options.stage, stage_names());
  throw UsageError{fmt::format(
      "no stage '{}'; {}", options.stage,
      near.empty() ? fmt::format("there are {}", fmt::join(stage_names(), ", ")) : fmt::format("did you mean '{}'?", near))};
}

void finish(ExplainOptions& options, const std::vector<std::string>&) {
  unmark_words(options.target);
  options.html = unmarked(std::move(options.html));
  if (options.target.engine.interpret) throw UsageError{"--interpret: the interpreter makes no code that could be explained"};
}

void finish(BenchOptions& options, const std::vector<std::string>&) {
  unmark_words(options.target);
  if (!options.target.kernel) throw UsageError{"name the kernel to measure after the file"};
  if (options.target.file == "-") throw UsageError{"standard input cannot be measured: name a file"};
  if (options.target.engine.interpret) throw UsageError{"--interpret: the interpreter is a row of the report anyway"};
  for (const std::string& against : options.against) {
    if (against.rfind(':') == std::string::npos)
      throw UsageError{fmt::format("--against wants FILE.py:function, not '{}'", against)};
  }
}

void finish(CheckOptions& options, const std::vector<std::string>&) {
  for (std::string& file : options.files) file = unmarked(std::move(file));
}
void finish(BuildCommand& options, const std::vector<std::string>&) {
  options.file = unmarked(std::move(options.file));
  options.folder = unmarked(std::move(options.folder));
  if (options.engine.interpret) throw UsageError{"--interpret makes no machine code"};
}
void finish(CacheOptions& options, const std::vector<std::string>&) {
  options.file = unmarked(std::move(options.file));
  if (std::ranges::find(kCacheActions, options.action) == std::end(kCacheActions)) {
    const std::string_view near = did_you_mean(options.action, {std::begin(kCacheActions), std::end(kCacheActions)});
    throw UsageError{fmt::format(
        "no action '{}'; {}", options.action,
        near.empty() ? fmt::format("there are {}", fmt::join(kCacheActions, ", ")) : fmt::format("did you mean '{}'?", near))};
  }
  if ((options.action == "why") != !options.file.empty()) throw UsageError{"why wants a file, and nothing else does"};
}
void finish(GraphOptions& options, const std::vector<std::string>&) {
  options.file = unmarked(std::move(options.file));
  options.out = unmarked(std::move(options.out));
  options.svg = options.svg || options.out.ends_with(".svg");
}
void finish(DoctorOptions&, const std::vector<std::string>&) {}

// ---- subcommands -------------------------------------------------------------------------------------------------------

using Words = std::vector<std::string>;

struct Subcommand {
  const char* name;
  const char* summary;
  const char* example;
  Command (*parse)(const Subcommand&, const Words&);
};

std::string unexpected_word(const CLI::App& app, const std::vector<std::string>& words) {
  const std::string word = words.empty() ? std::string() : unmarked(words.front());
  if (word.empty() || word[0] != '-') return fmt::format("unexpected argument '{}'", word);
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& long_name : option->get_lnames()) known.push_back("--" + long_name);
  }
  const std::string_view near = did_you_mean(name, {known.begin(), known.end()});
  return fmt::format("no option '{}'{}", name, near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
}

std::string usage_text(const Subcommand& command, const std::string& message) {
  return fmt::format("kjit {0}: {1}\nkjit {0} --help lists the options\n", command.name, message);
}

// CLI11 pops words from the back.
Words reversed_and_marked(const Words& words) {
  Words result;
  for (auto word = words.rbegin(); word != words.rend(); ++word) result.push_back(needs_mark(*word) ? kMark + *word : *word);
  return result;
}

// Everything after the first `--` belongs to the script.
Words split_argv(Words& words) {
  const auto dashes = std::find(words.begin(), words.end(), "--");
  Words argv;
  if (dashes != words.end()) argv.assign(dashes + 1, words.end());
  words.erase(dashes, words.end());
  return argv;
}

template <typename Options, void (*Add)(CLI::App&, Options&)>
Command parse_with(const Subcommand& command, const Words& all_words) {
  Options options;
  CLI::App app(command.summary, fmt::format("kjit {}", command.name));
  app.set_help_flag("-h,--help", "print this help");
  app.footer(fmt::format("Example:\n{}", command.example));
  Add(app, options);
  try {
    Words words = all_words;
    Words argv = split_argv(words);
    app.parse(reversed_and_marked(words));
    finish(options, std::move(argv));
    return options;
  } catch (const CLI::CallForHelp&) {
    return Message{app.help(), kSuccess};
  } catch (const CLI::ExtrasError&) {
    return Message{usage_text(command, unexpected_word(app, app.remaining())), kUsage};
  } catch (const CLI::ParseError& error) {
    return Message{usage_text(command, error.what()), kUsage};
  } catch (const UsageError& error) {
    return Message{usage_text(command, error.message), kUsage};
  }
}

constexpr Subcommand kSubcommands[] = {
    {"run", "Run the script of a kernel file, or call one of its kernels and print the result.",
     "  kjit run pi.k                        the script\n"
     "  kjit run pi.k calc_pi 1000000        one kernel, like print(repr(calc_pi(1000000)))\n"
     "  kjit run blur.k blur @in.npy 3 --out out.npy\n"
     "  kjit run pi.k calc_pi 1000000 --jobs 4 --repeat 10 --time\n"
     "  kjit run pi.k calc_pi --map sizes.csv --jobs -1 --progress\n"
     "  kjit run pi.k -- 10 verbose          sys.argv[1:] == ['10', 'verbose']",
     parse_with<RunOptions, add_run>},
    {"check", "Report every mistake in kernel files without running them.", "  kjit check pi.k blur.k",
     parse_with<CheckOptions, add_check>},
    {"emit", "Print what a stage of the compiler makes of a file.",
     "  kjit emit pi.k --stage typed\n"
     "  kjit emit pi.k calc_pi 1000000 --stage asm",
     parse_with<EmitOptions, add_emit>},
    {"explain", "Tell what became of each loop, why it is not faster, and what would help.",
     "  kjit explain pi.k\n"
     "  kjit explain pi.k calc_pi 1000000 --html pi.html",
     parse_with<ExplainOptions, add_explain>},
    {"build", "Compile kernels ahead of time into a library for C, C++ and Python programs.",
     "  kjit build blur.k -o out --types \"blur(f64[:, ::1], i64)\"\n"
     "  kjit build blur.k -o out --target static,shared --cpu v2,v3,v4\n"
     "  kjit build blur.k -o out --target python\n"
     "  kjit build blur.k -o out --target object --triple aarch64-linux-gnu",
     parse_with<BuildCommand, add_build>},
    {"graph", "Draw what the statements of a script wait for in each other.",
     "  kjit graph tasks.k | dot -Tpdf > tasks.pdf\n"
     "  kjit graph tasks.k -o tasks.svg",
     parse_with<GraphOptions, add_graph>},
    {"bench", "Measure what compiling a kernel gains: interpreted, compiled, on all threads, against others.",
     "  kjit bench pi.k calc_pi 1000000\n"
     "  kjit bench blur.k blur @in.npy 3 --against blur.py:blur_numpy\n"
     "  kjit bench pi.k calc_pi 1000000 --save before.json\n"
     "  kjit bench pi.k calc_pi 1000000 --compare before.json",
     parse_with<BenchOptions, add_bench>},
    {"import", "Translate C and C++ functions into kernels (the program kjit-import).", "  kjit import functions pi.c -o pi.k",
     [](const Subcommand&, const Words& words) -> Command { return ImportOptions{words}; }},
    {"cache", "Show, check or empty the disk cache of compiled code.", "  kjit cache stats\n  kjit cache why pi.k",
     parse_with<CacheOptions, add_cache>},
    {"doctor", "Describe this installation and this machine.", "  kjit doctor", parse_with<DoctorOptions, add_doctor>},
};

std::string top_help() {
  std::string text =
      "kjit compiles and runs numerical kernels written in a subset of Python.\n\nUsage: kjit COMMAND [ARGUMENTS]\n\nCommands:\n";
  for (const Subcommand& command : kSubcommands) text += fmt::format("  {:8} {}\n", command.name, command.summary);
  return text +
         "\nOptions:\n  -h, --help     print this help; kjit COMMAND --help describes a command\n"
         "  --version      print the versions of kjit and LLVM, and the CPU\n\nExample:\n  kjit run kernels/calc_pi.k\n";
}

Message unknown_command(const std::string& word) {
  std::vector<std::string_view> names;
  for (const Subcommand& command : kSubcommands) names.push_back(command.name);
  const std::string_view near = did_you_mean(word, names);
  std::string advice = near.empty() ? "kjit --help lists the commands" : fmt::format("did you mean 'kjit {}'?", near);
  if (word.ends_with(".k")) advice = fmt::format("did you mean 'kjit run {}'?", word);
  return {fmt::format("kjit: no {} '{}'\n{}\n", word.starts_with('-') ? "option" : "command", word, advice), kUsage};
}

}  // namespace

Command parse_command_line(const std::vector<std::string>& words) {
  if (words.empty()) return Message{top_help(), kUsage};
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") return Message{top_help(), kSuccess};
  if (words[0] == "--version") return Message{version_line() + "\n", kSuccess};
  for (const Subcommand& command : kSubcommands) {
    if (words[0] == command.name) return command.parse(command, {words.begin() + 1, words.end()});
  }
  return unknown_command(words[0]);
}

}  // namespace kjit::cli
