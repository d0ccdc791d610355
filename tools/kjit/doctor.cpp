// kjit doctor: what a bug report needs to know, and what explains speed on this machine. Entry: doctor_command.

#include <fmt/format.h>

#include "commands.h"
#include "driver/about.h"
#include "exit_code.h"
#include "image/disk_cache.h"
#include "report.h"

namespace kjit::cli {

int doctor_command(const DoctorOptions& options, Output& out) {
  const About facts = about();
  if (options.json) {
    out.write(doctor_json(facts));
    return kSuccess;
  }
  const auto row = [&out](std::string_view name, std::string_view value) { out.write(fmt::format("{:16}{}\n", name, value)); };
  row("kjit", facts.version);
  row("LLVM", fmt::format("{}, linked statically", facts.llvm_version));
  row("target", facts.triple);
  row("CPU", facts.cpu);
  row("CPU features", fmt::format("{}", fmt::join(facts.cpu_features, " ")));
  row("threads", fmt::format("{} ({})", facts.threads, facts.threads_reason));
  row("vector library", facts.vector_functions.empty()
                            ? "none: fastmath calls scalar functions"
                            : fmt::format("{}, {} functions: {}", facts.vector_library, facts.vector_functions.size(),
                                          fmt::join(facts.vector_functions, " ")));
  const auto cache = DiskCache::from_environment();
  row("code cache", cache ? cache->folder().string() : "none: every process compiles what it runs");
  return kSuccess;
}

}  // namespace kjit::cli
