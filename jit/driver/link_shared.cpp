// c++ -shared. Entry: link_shared.

#include "driver/link_shared.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace kjit {

namespace {

namespace fs = std::filesystem;

// A folder for the linker's input, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "kjit-build-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  bool ok() const { return !path_.empty(); }
  std::string write(const std::string& name, std::string_view text) const {
    const std::string path = (path_ / name).string();
    std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
    return path;
  }
  std::string path_of(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

// What the command says on stderr goes to `log`. -1 if it cannot be started.
int run(const std::vector<std::string>& words, const std::string& log) {
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 2, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&files, 2, 1);
  pid_t child = 0;
  const int problem = ::posix_spawnp(&child, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (problem != 0) return -1;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

std::string version_script(const std::vector<std::string>& exported) {
  std::string text = "{ global:\n";
  for (const std::string& symbol : exported) text += "  " + symbol + ";\n";
  return text + "local: *; };\n";
}

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::optional<std::string> link_shared(const std::string& path, const std::vector<ArchiveMember>& objects,
                                       const std::vector<std::string>& exported, const std::string& runtime,
                                       const std::vector<std::string>& libraries) {
  const TemporaryFolder folder;
  if (!folder.ok()) return std::string("no temporary folder: ") + std::strerror(errno);
  std::vector<std::string> words{"c++", "-shared", "-o", path, "-static-libstdc++", "-static-libgcc"};
  words.push_back("-Wl,--version-script=" + folder.write("exported.map", version_script(exported)));
  words.insert(words.end(), {"-Wl,--gc-sections", "-Wl,--as-needed", "-Wl,--no-undefined",
                             "-Wl,-soname," + fs::path(path).filename().string()});
  for (const ArchiveMember& object : objects) words.push_back(folder.write(object.name, object.bytes));
  if (!runtime.empty()) words.push_back(runtime);
  words.insert(words.end(), libraries.begin(), libraries.end());
  words.insert(words.end(), {"-L/usr/lib/llvm-19/lib", "-l:libomp.so.5", "-lpthread", "-ldl", "-lm"});
  const std::string log = folder.path_of("log");
  const int status = run(words, log);
  if (status == 0) return std::nullopt;
  const std::string said = file_text(log);
  if (status == -1 || status == 127)
    return "a shared library is linked by the system's c++, which is not there; a static one (--target static) needs none";
  return "c++ could not link the shared library:\n" + said;
}

}  // namespace kjit
