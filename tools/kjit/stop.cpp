// Signals and the time limit. Entry: install_signal_handlers, Deadline.

#include "stop.h"

#include <signal.h>

#include <chrono>

#include "kjit/engine.h"

namespace kjit::cli {

namespace {

// A handler can reach nothing but statics.
std::atomic<int> flag{0};
std::atomic<int> received{0};

void on_signal(int signal) {
  received.store(signal, std::memory_order_relaxed);
  flag.store(static_cast<int>(signal == SIGINT ? Stop::Interrupt : Stop::Cancel), std::memory_order_relaxed);
}

// A signal that the parent ignores (nohup, a background job of a shell) stays ignored.
void handle_once(int signal) {
  struct sigaction old{};
  if (::sigaction(signal, nullptr, &old) == 0 && old.sa_handler == SIG_IGN) return;
  struct sigaction action{};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one finds the default action
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

void install_signal_handlers() {
  handle_once(SIGINT);
  handle_once(SIGTERM);
  ::signal(SIGPIPE, SIG_DFL);
}

void leave_signals_to_main() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

std::atomic<int>& stop_flag() { return flag; }
int stop_signal() { return received.load(std::memory_order_relaxed); }

Deadline::Deadline(std::optional<double> seconds) {
  if (!seconds) return;
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(*seconds));
  thread_ = std::thread([this, end] {
    leave_signals_to_main();
    std::unique_lock lock(mutex_);
    if (wake_.wait_until(lock, end, [this] { return done_; })) return;
    int running = 0;
    flag.compare_exchange_strong(running, static_cast<int>(Stop::Deadline));
  });
}

Deadline::~Deadline() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

}  // namespace kjit::cli
