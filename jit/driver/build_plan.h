#pragma once
// What the words of BuildOptions ask for.

#include <string>
#include <vector>

#include "codegen/target.h"
#include "driver/pipeline.h"
#include "kjit/build.h"
#include "kjit/result.h"
#include "typing/module_set.h"

namespace kjit {

// One version of every kernel.
struct CpuVersion {
  CodeTarget target;
  int level = 0;     // as in ExportedVersion
  std::string name;  // "v3", behind the names of its symbols and objects
};

struct BuildPlan {
  std::string library;
  std::vector<EntryPoint> entries;
  std::vector<CpuVersion> versions;  // the most demanding first
};

Result<BuildPlan> plan_build(const ModuleSet& modules, const BuildOptions& options);

}  // namespace kjit
