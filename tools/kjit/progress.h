#pragma once
// --progress: how far a loop is, on stderr.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli.h"

namespace kjit::cli {

// On a terminal one line, drawn again in its place, and erased at the end; else, if asked for, a line now and then. What else is
// printed while it lives must come after erase(). For one thread at a time.
class ProgressLine {
 public:
  explicit ProgressLine(Progress wanted);
  ~ProgressLine() { erase(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  bool wanted() const { return style_ != Style::None; }
  // "what: 43% (440/1024), 3 s left". Nothing if the last one was just now, or if the kernel has been told to stop.
  void show(std::string_view what, std::int64_t done, std::int64_t total, double seconds);
  void show(const LoopProgress& loop);
  void erase();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Style { None, Redrawn, Lines };

  const Style style_;
  bool drawn_ = false;
  Clock::time_point next_{};
};

}  // namespace kjit::cli
