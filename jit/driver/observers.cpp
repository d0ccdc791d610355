// The observers of the pipeline. Entry: DumpObserver, TimingObserver.

#include "driver/observers.h"

namespace kjit {

bool DumpObserver::after(Stage stage, const StageText& text) {
  if (stage != wanted_) return true;
  text_ = text();
  return false;
}

bool TimingObserver::after(Stage stage, const StageText&) {
  const Clock::time_point now = Clock::now();
  rows_.push_back({stage, std::chrono::duration<double, std::milli>(now - last_).count()});
  last_ = now;
  return true;
}

}  // namespace kjit
