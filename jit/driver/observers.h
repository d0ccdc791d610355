#pragma once
// The observers of the pipeline: what `kjit emit` shows, and where the time goes.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "driver/stage.h"

namespace kjit {

// Watches nothing.
class NullObserver : public StageObserver {
 public:
  bool after(Stage, const StageText&) override { return true; }
};

// Takes the text of one stage and stops the pipeline there.
class DumpObserver : public StageObserver {
 public:
  explicit DumpObserver(Stage wanted) : wanted_(wanted) {}
  bool after(Stage stage, const StageText& text) override;
  bool reads_code() const override { return wanted_ >= Stage::Llvm; }
  // nullopt: the pipeline did not get so far.
  std::optional<std::string>& text() { return text_; }

 private:
  Stage wanted_;
  std::optional<std::string> text_;
};

// Notes when each stage was done.
class TimingObserver : public StageObserver {
 public:
  struct Row {
    Stage stage;
    double ms;  // since the stage before it
  };
  TimingObserver() : last_(Clock::now()) {}
  bool after(Stage stage, const StageText& text) override;
  const std::vector<Row>& rows() const { return rows_; }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last_;
  std::vector<Row> rows_;
};

}  // namespace kjit
