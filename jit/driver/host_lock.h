#pragma once
// Scopes in which a thread does without the host's lock, and those inside them that need it again. A null lock is none.

#include "kjit/engine.h"

namespace kjit {

inline const HostLock* lock_of(const EngineOptions& options) { return options.host_lock.release ? &options.host_lock : nullptr; }

class Unlocked {
 public:
  explicit Unlocked(const HostLock* lock) : lock_(lock) {
    if (lock_ != nullptr) lock_->release();
  }
  ~Unlocked() {
    if (lock_ != nullptr) lock_->acquire();
  }
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  const HostLock* lock_;
};

// Inside an Unlocked of the same lock.
class Locked {
 public:
  explicit Locked(const HostLock* lock) : lock_(lock) {
    if (lock_ != nullptr) lock_->acquire();
  }
  ~Locked() {
    if (lock_ != nullptr) lock_->release();
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  const HostLock* lock_;
};

}  // namespace kjit
