// A game loop whose rules are a kernel in a file: when the file changes, the next frame runs the new one; a file with a mistake
// is reported and the old rules stay.

#include <kjit/kjit.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

namespace fs = std::filesystem;

class Rules {
 public:
  explicit Rules(fs::path file) : file_(std::move(file)) {}

  // Loads the file if it has changed.
  void refresh() {
    const auto time = fs::last_write_time(file_);
    if (time == loaded_) return;
    loaded_ = time;
    auto module = engine_.load_file(file_.string());
    if (!module) return std::puts(("keeps the old rules: " + first_line(module.error().render())).c_str()), void();
    auto step = module->function<void(std::vector<double>&, double)>("step");
    if (!step) return std::puts(("keeps the old rules: " + first_line(step.error().render())).c_str()), void();
    step_ = std::move(*step);  // the old code is freed when nobody runs it any more
    std::puts("new rules");
  }

  void step(std::vector<double>& state, double seconds) const { (*step_)(state, seconds).value(); }

 private:
  std::string first_line(std::string text) const {
    text.resize(std::min(text.find('\n'), text.size()));
    return text.starts_with(file_.string()) ? text.substr(file_.parent_path().string().size() + 1) : text;
  }

  kjit::Engine engine_;
  fs::path file_;
  fs::file_time_type loaded_;
  std::optional<kjit::Function<void(std::vector<double>&, double)>> step_;
};

// What somebody with an editor would do; the clock of the file moves on by hand, as this all happens within a second.
void edit(const fs::path& file, const char* text) {
  static int edits = 0;
  std::ofstream(file) << text;
  fs::last_write_time(file, fs::file_time_type::clock::now() + std::chrono::seconds(++edits));
}

int main() {
  const fs::path folder = fs::temp_directory_path() / ("kjit_game_" + std::to_string(fs::hash_value(fs::current_path())));
  fs::create_directories(folder);
  const fs::path file = folder / "rules.k";
  edit(file, "def step(s, dt):\n    s[1] -= 10.0 * dt\n    s[0] += s[1] * dt\n");

  Rules rules(file);
  std::vector<double> state{100, 0};  // height, speed
  for (int frame = 1; frame <= 8; ++frame) {
    if (frame == 4) edit(file, "def step(s, dt):\n    s[1] -= gravity * dt\n    s[0] += s[1] * dt\n");
    if (frame == 6) edit(file, "def step(s, dt):\n    s[1] = 0.0\n    s[0] = 0.0\n");
    rules.refresh();
    rules.step(state, 0.5);
    std::printf("frame %d: height %g, speed %g\n", frame, state[0], state[1]);
  }
  fs::remove_all(folder);
}
