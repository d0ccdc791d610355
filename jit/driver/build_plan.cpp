// Words -> entry points and targets. Entry: plan_build.

#include "driver/build_plan.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>

#include "ahead/ahead_kernel.h"
#include "library/library.h"
#include "typing/type_check.h"
#include "typing/type_text.h"

namespace kjit {

namespace {

// ---- "f(f64[::1], i64)" --------------------------------------------------------------------------------------------------

// Python's and NumPy's names of types, beside kjit's own.
struct Alias {
  std::string_view name, type;
};
constexpr Alias kAliases[] = {{"int", "i64"},     {"float", "f64"},     {"complex", "c128"},   {"int8", "i8"},
                              {"int16", "i16"},   {"int32", "i32"},     {"int64", "i64"},      {"uint8", "u8"},
                              {"uint16", "u16"},  {"uint32", "u32"},    {"uint64", "u64"},     {"float32", "f32"},
                              {"float64", "f64"}, {"complex64", "c64"}, {"complex128", "c128"}};

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// As to_string(Type) spells it: one blank behind each comma, no other.
std::string canonical(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t size = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_word) - text.begin());
    if (size > 0) {
      const std::string_view word = text.substr(0, size);
      const auto alias =
          std::find_if(std::begin(kAliases), std::end(kAliases), [&](const Alias& row) { return row.name == word; });
      result += alias == std::end(kAliases) ? word : alias->type;
    } else if (text[0] == ',') {
      result += ", ";
    } else if (text[0] != ' ') {
      result += text[0];
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return result;
}

// At the commas that no bracket holds.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  int depth = 0;
  std::string part;
  for (const char c : text) {
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (c == ',' && depth == 0) {
      parts.push_back(std::exchange(part, {}));
    } else if (c != ' ' || !part.empty()) {
      part += c;
    }
  }
  if (!part.empty()) parts.push_back(part);
  return parts;
}

Result<EntryPoint> parse_entry(const std::string& text) {
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');
  const Error usage{"'" + text + "' is no kernel with its types: write f(f64[::1], i64)"};
  if (open == std::string::npos || close == std::string::npos || close < open || open == 0) return usage;
  if (text.find_first_not_of(' ', close + 1) != std::string::npos) return usage;
  EntryPoint entry{text.substr(0, text.find_last_not_of(' ', open - 1) + 1), {}};
  for (const std::string& word : split(text.substr(open + 1, close - open - 1))) {
    auto type = parse_type(canonical(word));
    if (!type)
      return Error{"kernels have no type '" + word + "' (in '" + text + "'); there are i64, f32, f64[:, ::1], (i64, f64), ..."};
    entry.arguments.push_back(std::move(*type));
  }
  return entry;
}

Result<std::vector<EntryPoint>> entries_of(const ModuleSet& modules, const BuildOptions& options) {
  std::vector<EntryPoint> entries;
  for (const std::string& text : options.kernels) {
    Result<EntryPoint> entry = parse_entry(text);
    if (!entry) return entry.error();
    entries.push_back(std::move(*entry));
  }
  if (!options.kernels.empty()) return entries;
  for (DeclaredKernel& kernel : declared_kernels(modules, library()))
    entries.push_back({std::move(kernel.name), std::move(kernel.types)});
  if (entries.empty())
    return Error{"no function of the file has annotations for all its parameters: give the types, as in f(f64[::1], i64)"};
  return entries;
}

// ---- processors ------------------------------------------------------------------------------------------------------------

constexpr std::string_view kLevels[] = {"x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"};

// 1..4, or 0 for a name that is no level.
int level_of(const std::string& cpu) {
  const std::string name = cpu.size() == 2 && cpu[0] == 'v' ? "x86-64-" + cpu : cpu;
  const auto found = std::find(std::begin(kLevels), std::end(kLevels), name == "x86-64-v1" ? "x86-64" : name);
  return found == std::end(kLevels) ? 0 : 1 + static_cast<int>(found - std::begin(kLevels));
}

CpuVersion version_of(const std::string& triple, const std::string& cpu) {
  const int level = level_of(cpu);
  if (level > 0) return {{triple, std::string(kLevels[level - 1]), ""}, level, "v" + std::to_string(level)};
  if (cpu == "native") return {host_target(), 0, "native"};
  return {{triple, cpu, ""}, 0, c_identifier(cpu)};
}

bool is_x86(const std::string& triple) { return triple.starts_with("x86_64") || triple.starts_with("amd64"); }

Result<std::vector<CpuVersion>> versions_of(const BuildOptions& options) {
  const std::string triple = options.triple.empty() ? host_target().triple : options.triple;
  std::vector<std::string> cpus = options.cpus;
  if (cpus.empty()) cpus = is_x86(triple) ? std::vector<std::string>{"x86-64", "x86-64-v3"} : std::vector<std::string>{"generic"};
  std::vector<CpuVersion> versions;
  for (const std::string& cpu : cpus) {
    CpuVersion version = version_of(triple, cpu);
    if (version.level > 0 && !is_x86(triple)) return Error{cpu + " is no CPU of " + triple};
    if (cpu == "native" && !options.triple.empty()) return Error{"native is a CPU of this machine, not of " + triple};
    if (version.level == 0 && cpus.size() > 1)
      return Error{cpu + " does not go with other CPUs: at load only the levels x86-64, v2, v3 and v4 are told apart"};
    versions.push_back(std::move(version));
  }
  std::sort(versions.begin(), versions.end(), [](const CpuVersion& a, const CpuVersion& b) { return a.level > b.level; });
  const auto same = [](const CpuVersion& a, const CpuVersion& b) { return a.name == b.name; };
  versions.erase(std::unique(versions.begin(), versions.end(), same), versions.end());
  return versions;
}

}  // namespace

Result<BuildPlan> plan_build(const ModuleSet& modules, const BuildOptions& options) {
  BuildPlan plan;
  plan.library = options.name;
  if (plan.library.empty()) plan.library = c_identifier(std::filesystem::path(modules.sources.file(0).name()).stem().string());
  if (plan.library != c_identifier(plan.library)) return Error{"'" + plan.library + "' cannot be a prefix of C functions"};
  Result<std::vector<EntryPoint>> entries = entries_of(modules, options);
  if (!entries) return entries.error();
  plan.entries = std::move(*entries);
  Result<std::vector<CpuVersion>> versions = versions_of(options);
  if (!versions) return versions.error();
  plan.versions = std::move(*versions);
  return plan;
}

}  // namespace kjit
