// Look-ups in the table of sites. Entry: SiteTable::find.

#include "image/site_table.h"

#include <algorithm>

namespace kjit {

const SiteText* SiteTable::find(std::uint32_t site) const {
  const auto found = std::ranges::lower_bound(sites, site, {}, &SiteText::id);
  return found != sites.end() && found->id == site ? &*found : nullptr;
}

const LoopText* SiteTable::find_loop(std::uint32_t site) const {
  const auto found = std::ranges::find(loops, site, &LoopText::site);
  return found != loops.end() ? &*found : nullptr;
}

TextId TextPool::id_of(std::string_view text) {
  const auto [entry, added] = known_.try_emplace(std::string(text), static_cast<TextId>(table_.texts.size()));
  if (added) table_.texts.emplace_back(text);
  return entry->second;
}

}  // namespace kjit
