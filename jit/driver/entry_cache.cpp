// The cache of compiled entry points. Entry: EntryCache::get.

#include "driver/entry_cache.h"

#include <chrono>

namespace kjit {

namespace {

// "f(i64, f64[::1])"; the script's is "(script)", which is no kernel's.
std::string key_of(const EntryPoint& entry) {
  if (!entry.kernel) return "(script)";
  constexpr std::size_t kUsualLength = 64;
  std::string key;
  key.reserve(kUsualLength);
  key.append(*entry.kernel).append("(");
  for (const Type& type : entry.arguments) key.append(to_string(type)).append(", ");
  key.append(")");
  return key;
}

}  // namespace

std::shared_ptr<EntryCache::Slot> EntryCache::find_slot(const EntryPoint& entry) {
  const std::string key = key_of(entry);
  const std::lock_guard lock(mutex_);
  auto& slot = slots_[key];
  if (!slot) slot = std::make_shared<Slot>();
  return slot;
}

std::shared_ptr<const CompiledEntry> EntryCache::find(const EntryPoint& entry) {
  const auto slot = find_slot(entry);
  if (!slot->done.load(std::memory_order_acquire)) return nullptr;
  return {slot, &slot->value};
}

std::shared_ptr<const CompiledEntry> EntryCache::get(const EntryPoint& entry, const Compile& compile,
                                                     const std::function<bool()>& stopped, bool& compiled) {
  const auto slot = find_slot(entry);
  compiled = false;
  std::unique_lock lock(slot->compiling, std::defer_lock);
  while (!lock.try_lock_for(std::chrono::milliseconds(10))) {
    if (stopped()) return nullptr;
  }
  if (!slot->done.load(std::memory_order_relaxed)) {
    slot->value = CompiledEntry();  // what a failed attempt has left
    if (!compile(entry, slot->value)) return nullptr;
    compiled = true;
    slot->done.store(true, std::memory_order_release);
  }
  return {slot, &slot->value};
}

}  // namespace kjit
