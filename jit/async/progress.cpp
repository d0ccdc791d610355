// The state of a call that was started. Entry: detail::Progress.

#include "kjit/async.h"

namespace kjit::inline KJIT_ABI::detail {

Progress::~Progress() = default;

bool Progress::ready() const {
  const std::lock_guard lock(mutex_);
  return status_ == Status::Done;
}

void Progress::wait() const {
  std::unique_lock lock(mutex_);
  wait_for(pool_, lock, changed_, [this] { return status_ == Status::Done; });
}

bool Progress::begin() {
  const std::lock_guard lock(mutex_);
  if (status_ != Status::Waiting) return false;
  status_ = Status::Running;
  return true;
}

void Progress::end(const std::function<void()>& store) {
  std::vector<std::function<void()>> then;
  {
    const std::lock_guard lock(mutex_);
    store();
    status_ = Status::Done;
    then.swap(then_);
    changed_.notify_all();
  }
  for (const auto& next : then) next();
}

bool Progress::cancel() {
  if (begin()) {
    end([this] { store_cancelled(); });
    return true;
  }
  stop_.store(static_cast<int>(Stop::Cancel));
  return false;
}

void Progress::when_done(std::function<void()> then) {
  {
    const std::lock_guard lock(mutex_);
    if (status_ != Status::Done) return then_.push_back(std::move(then));
  }
  then();
}

}  // namespace kjit::inline KJIT_ABI::detail
