// The thread budget. Entry: kjit_thread_budget (what a loop may use) and acquire_threads (what it gets when others run too).
//
// The kernel's affinity mask does not know of container limits, which are a CPU quota of a cgroup; OpenMP looks only at the
// former.

#include "runtime/threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <atomic>
#include <new>
#include <string>

#include "runtime/runtime.h"

namespace kjit::runtime {

namespace {

constexpr int32_t kMostThreads = 1024;

std::string read_file(const std::string& path) {
  std::string text;
  if (FILE* file = fopen(path.c_str(), "re")) {
    char chunk[4096];
    for (size_t size; (size = fread(chunk, 1, sizeof chunk, file)) > 0;) text.append(chunk, size);
    fclose(file);
  }
  return text;
}

int32_t affinity_threads() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) return CPU_COUNT(&set);
  return kMostThreads;  // more processors than the set holds
}

// Processors that `quota` out of `period` microseconds amount to; kMostThreads without a limit.
int32_t quota_threads(const std::string& quota, const std::string& period) {
  double microseconds = atof(quota.c_str()), length = atof(period.c_str());
  if (microseconds <= 0 || length <= 0) return kMostThreads;  // "max", -1, or no such file
  double processors = microseconds / length;
  return processors >= kMostThreads ? kMostThreads : std::max(1, static_cast<int32_t>(processors + 0.999));
}

int32_t quota_of_folder_v2(const std::string& folder) {
  std::string text = read_file(folder + "/cpu.max");  // "max 100000" or "150000 100000"
  size_t space = text.find(' ');
  return space == text.npos ? kMostThreads : quota_threads(text.substr(0, space), text.substr(space + 1));
}

int32_t quota_of_folder_v1(const std::string& folder) {
  return quota_threads(read_file(folder + "/cpu.cfs_quota_us"), read_file(folder + "/cpu.cfs_period_us"));
}

// The tightest limit of a group and the groups it is in. Inside a container the path may lead nowhere: then the mount itself is
// the group.
int32_t quota_along(const std::string& mount, std::string path, int32_t (*quota_of_folder)(const std::string&)) {
  int32_t least = quota_of_folder(mount);
  while (path.size() > 1) {
    least = std::min(least, quota_of_folder(mount + path));
    path.erase(path.rfind('/'));
  }
  return least;
}

// A line of /proc/self/cgroup is "id:controllers:path"; version 2 has no controllers.
int32_t quota_of_line(const std::string& line) {
  size_t first = line.find(':'), second = line.find(':', first + 1);
  if (first == line.npos || second == line.npos) return kMostThreads;
  std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
  std::string path = line.substr(second + 1);
  if (controllers == ",,") {
    return std::min(quota_along("/sys/fs/cgroup", path, quota_of_folder_v2),
                    quota_along("/sys/fs/cgroup/unified", path, quota_of_folder_v2));
  }
  if (controllers.find(",cpu,") == controllers.npos) return kMostThreads;
  return std::min(quota_along("/sys/fs/cgroup/cpu", path, quota_of_folder_v1),
                  quota_along("/sys/fs/cgroup/cpu,cpuacct", path, quota_of_folder_v1));
}

int32_t cgroup_threads() {
  int32_t least = kMostThreads;
  std::string lines = read_file("/proc/self/cgroup");
  for (size_t begin = 0; begin < lines.size();) {
    size_t end = std::min(lines.find('\n', begin), lines.size());
    least = std::min(least, quota_of_line(lines.substr(begin, end - begin)));
    begin = end + 1;
  }
  return least;
}

// A whole positive number at the start of the variable (OMP_NUM_THREADS may be a list), else 0.
int32_t from_environment(const char* name) {
  const char* text = getenv(name);
  if (!text) return 0;
  char* end;
  long value = strtol(text, &end, 10);
  if (end == text || (*end != 0 && *end != ',') || value <= 0) return 0;
  return static_cast<int32_t>(std::min<long>(value, kMostThreads));
}

struct Budget {
  int32_t threads;
  std::string reason;
};

Budget find_budget() {
  for (const char* name : {"KJIT_NUM_THREADS", "OMP_NUM_THREADS"}) {
    if (int32_t threads = from_environment(name)) return {threads, std::string("as ") + name + " says"};
  }
  int32_t affinity = affinity_threads(), quota = cgroup_threads();
  if (quota < affinity) return {quota, "the CPU quota of the cgroup; " + std::to_string(affinity) + " processors are usable"};
  return {affinity, "the processors that this process may use"};
}

std::atomic<int32_t> threads_in_use{0};

// A child process has none of its parent's threads. Registered when the library is loaded.
[[maybe_unused]] const int registered =
    pthread_atfork(nullptr, nullptr, [] { threads_in_use.store(0, std::memory_order_relaxed); });

}  // namespace

int32_t machine_threads() {
  static const int32_t threads = kjit_thread_budget(nullptr, 0);
  return threads;
}

int32_t acquire_threads(int32_t wanted) {
  wanted = std::clamp(wanted, 1, kMostThreads);
  // A loop that asks for more than the machine's threads gets them as long as it is alone.
  const int32_t limit = std::max(machine_threads(), wanted);
  int32_t in_use = threads_in_use.load(std::memory_order_relaxed);
  for (;;) {
    int32_t granted = std::clamp(limit - in_use, 1, wanted);
    if (threads_in_use.compare_exchange_weak(in_use, in_use + granted, std::memory_order_relaxed)) return granted;
  }
}

void release_threads(int32_t granted) { threads_in_use.fetch_sub(granted, std::memory_order_relaxed); }

}  // namespace kjit::runtime

extern "C" int64_t kjit_get_num_threads(kjit_context* ctx) {
  return ctx->threads > 0 ? ctx->threads : kjit::runtime::machine_threads();
}

extern "C" kjit_status kjit_set_num_threads(kjit_context* ctx, uint32_t site, int64_t count) {
  if (count < 1) return kjit_trap(ctx, KJIT_TRAP_TooFewThreads, site, count, 0, 0);
  ctx->threads = static_cast<int32_t>(std::min<int64_t>(count, kjit::runtime::kMostThreads));
  return KJIT_OK;
}

extern "C" int32_t kjit_thread_budget(char* explanation, int64_t capacity) {
  using namespace kjit::runtime;
  try {
    Budget budget = find_budget();
    if (explanation && capacity > 0) snprintf(explanation, static_cast<size_t>(capacity), "%s", budget.reason.c_str());
    return budget.threads;
  } catch (const std::bad_alloc&) {
    if (explanation && capacity > 0) *explanation = 0;
    return 1;
  }
}
