// The cache of compiled entry points. Entry: EntryCache::get.

#include "driver/entry_cache.h"

namespace kjit {

namespace {

// "f(i64, f64[::1])"; the script's is "(script)", which is no kernel's.
std::string key_of(const EntryPoint& entry) {
  if (!entry.kernel) return "(script)";
  std::string key = *entry.kernel + "(";
  for (const Type& type : entry.arguments) key.append(to_string(type)).append(", ");
  return key + ")";
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

std::shared_ptr<const CompiledEntry> EntryCache::get(const EntryPoint& entry, const Compile& compile, bool& compiled) {
  const auto slot = find_slot(entry);
  compiled = false;
  const std::lock_guard lock(slot->compiling);
  if (!slot->done.load(std::memory_order_relaxed)) {
    slot->value = CompiledEntry();  // what a failed attempt has left
    compile(entry, slot->value);
    compiled = true;
    slot->done.store(true, std::memory_order_release);
  }
  return {slot, &slot->value};
}

}  // namespace kjit
