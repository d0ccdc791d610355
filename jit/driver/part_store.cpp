// Parts by key. Entry: PartStore::find, PartStore::link.

#include "driver/part_store.h"

#include <utility>

namespace kjit {

std::shared_ptr<const CodePart> PartStore::find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(key);
  return entry == entries_.end() ? nullptr : entry->second.part.lock();
}

std::shared_ptr<const CodePart> PartStore::add(CodePart part) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= next_sweep_) forget_expired();
  Entry& entry = entries_[part.key];
  std::shared_ptr<const CodePart> known = entry.part.lock();
  if (known) return known;
  known = std::make_shared<const CodePart>(std::move(part));
  entry.part = known;
  return known;
}

std::shared_ptr<LinkedCode> PartStore::link(const std::shared_ptr<const CodePart>& part, const LinkedParts& used, JitStack& jit,
                                            std::string& error) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[part->key];
  if (entry.part.expired()) entry.part = part;
  std::shared_ptr<LinkedCode> code = entry.code.lock();
  if (code) return code;
  code = jit.link(part->object, part_symbol(part->key), used, error);
  entry.code = code;
  return code;
}

// Twice as many as are alive before the next sweep: constant cost for each part.
void PartStore::forget_expired() {
  std::erase_if(entries_, [](const auto& entry) { return entry.second.part.expired() && entry.second.code.expired(); });
  next_sweep_ = 64 + 2 * entries_.size();
}

}  // namespace kjit
