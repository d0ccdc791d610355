// The line of --progress. Entry: ProgressLine::show.

#include "progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "output.h"
#include "stop.h"

namespace kjit::cli {

namespace {

constexpr auto kBetweenDrawings = std::chrono::milliseconds(50);
constexpr auto kBetweenLines = std::chrono::seconds(1);

constexpr const char* kErase = "\r\x1b[K";

// A line that wraps could not be erased.
std::size_t terminal_columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::string duration(double seconds) {
  if (!(seconds < 1e9)) return "a long time";
  const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

std::string line(std::string_view what, std::int64_t done, std::int64_t total, double seconds) {
  const double part = static_cast<double>(done) / static_cast<double>(total);
  return fmt::format("{}: {}% ({}/{}), {} left", what, static_cast<int>(part * 100), done, total,
                     duration(seconds / part - seconds));
}

}  // namespace

ProgressLine::ProgressLine(Progress wanted)
    : style_(wanted == Progress::None     ? Style::None
             : error_is_terminal()        ? Style::Redrawn
             : wanted == Progress::Always ? Style::Lines
                                          : Style::None) {}

void ProgressLine::show(std::string_view what, std::int64_t done, std::int64_t total, double seconds) {
  if (!wanted()) return;
  if (stop_flag() != 0) return erase();
  const auto now = Clock::now();
  if (now < next_) return;
  std::string text = line(what, done, total, seconds);
  if (style_ == Style::Lines) {
    next_ = now + kBetweenLines;
    return print_error(text + "\n");
  }
  next_ = now + kBetweenDrawings;
  text.resize(std::min(text.size(), terminal_columns() - 1));
  print_error(kErase + text);
  drawn_ = true;
}

void ProgressLine::show(const LoopProgress& loop) {
  const auto slash = loop.file.rfind('/');
  const auto name = slash == std::string_view::npos ? loop.file : loop.file.substr(slash + 1);
  show(fmt::format("{}:{}", name, loop.line), loop.done, loop.total, loop.seconds);
}

void ProgressLine::erase() {
  if (drawn_) print_error(kErase);
  drawn_ = false;
}

}  // namespace kjit::cli
