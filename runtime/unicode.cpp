// Look-ups in the generated tables, with a short way for ASCII. Entry: has_property, append_mapped.

#include "runtime/unicode.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "runtime/utf8.h"

namespace kjit::runtime {

namespace {

struct FlagRun {
  uint32_t first;  // up to the next row
  uint32_t flags;
};

struct MappingRun {
  uint32_t first, last, stride;
  int32_t delta;
};

struct SpecialMapping {
  uint32_t code;
  uint32_t mapped[3];  // 0: none
};

#include "runtime/unicode_tables.inc"

struct MappingTable {
  std::span<const MappingRun> runs;
  std::span<const SpecialMapping> special;
};

constexpr MappingTable kMappings[] = {
    {kUpperRuns, kUpperSpecial}, {kLowerRuns, kLowerSpecial}, {kTitleRuns, kTitleSpecial}, {kFoldRuns, kFoldSpecial}};

const FlagRun& flag_run(uint32_t code) {
  const auto* next = std::upper_bound(std::begin(kFlagRuns), std::end(kFlagRuns), code,
                                      [](uint32_t c, const FlagRun& run) { return c < run.first; });
  return *std::prev(next);
}

const SpecialMapping* find_special(std::span<const SpecialMapping> rows, uint32_t code) {
  const auto row = std::ranges::lower_bound(rows, code, {}, &SpecialMapping::code);
  return row != rows.end() && row->code == code ? &*row : nullptr;
}

uint32_t map_simply(std::span<const MappingRun> runs, uint32_t code) {
  const auto next = std::ranges::upper_bound(runs, code, {}, &MappingRun::first);
  if (next == runs.begin()) return code;
  const MappingRun& run = *std::prev(next);
  const bool inside = code <= run.last && (code - run.first) % run.stride == 0;
  return inside ? code + static_cast<uint32_t>(run.delta) : code;
}

}  // namespace

bool has_property(uint32_t code, Property property) { return (flag_run(code).flags & static_cast<uint32_t>(property)) != 0; }

int decimal_value(uint32_t code) {
  if (code < 0x80) return code >= '0' && code <= '9' ? static_cast<int>(code - '0') : -1;
  const FlagRun& run = flag_run(code);  // decimal digits come in tens, from 0 on
  return (run.flags & static_cast<uint32_t>(Property::Decimal)) != 0 ? static_cast<int>((code - run.first) % 10) : -1;
}

void append_mapped(std::string& out, uint32_t code, Mapping mapping) {
  if (code < 0x80) {
    const bool up = mapping == Mapping::Upper || mapping == Mapping::Title;
    const uint32_t letter = up ? code - 'a' : code - 'A';
    out += static_cast<char>(letter < 26 ? (up ? code - 32 : code + 32) : code);
    return;
  }
  const MappingTable& table = kMappings[static_cast<size_t>(mapping)];
  const SpecialMapping* special = find_special(table.special, code);
  if (!special) return append_code_point(out, map_simply(table.runs, code));
  for (uint32_t mapped : special->mapped) {
    if (mapped != 0) append_code_point(out, mapped);
  }
}

namespace {

bool is_space(uint32_t code) { return has_property(code, Property::Space); }

}  // namespace

std::string_view without_leading_space(std::string_view text) { return without_leading(text, is_space); }
std::string_view without_trailing_space(std::string_view text) { return without_trailing(text, is_space); }

}  // namespace kjit::runtime
