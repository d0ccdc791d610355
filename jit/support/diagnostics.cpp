// The sink of the user's mistakes, and the search for the name that was meant. Entry: Diagnostics::report, did_you_mean.

#include "support/diagnostics.h"

#include <algorithm>
#include <numeric>

namespace kjit {

namespace {

// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours each count one
// (Damerau 1964). Three rows are enough.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::size_t length_difference(std::string_view a, std::string_view b) {
  return a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
}

}  // namespace

std::string_view diag_name(DiagId id) {
  switch (id) {
#define KJIT_DIAG(id, severity, format) \
  case DiagId::id: return #id;
#include "support/diagnostics.def"
#undef KJIT_DIAG
  }
  return {};
}

Severity diag_severity(DiagId id) {
  switch (id) {
#define KJIT_DIAG(id, severity, format) \
  case DiagId::id: return Severity::severity;
#include "support/diagnostics.def"
#undef KJIT_DIAG
  }
  return Severity::Error;
}

void Diagnostics::add(const Diagnostic& diagnostic) {
  for (const Diagnostic& known : list_) {
    if (known.id == diagnostic.id && known.span == diagnostic.span && known.message == diagnostic.message) return;
  }
  append(diagnostic.id, diagnostic.span, diagnostic.message) = diagnostic;
}

Diagnostic& Diagnostics::append(DiagId id, Span span, std::string message) {
  const Severity severity = diag_severity(id);
  const bool is_error = severity == Severity::Error;
  if (is_error) ++errors_;
  // Warnings have room of their own, so that they never displace an error.
  const bool full = is_error ? errors_ > kMaxErrors : list_.size() - std::min(errors_, kMaxErrors) >= kMaxErrors;
  if (full) return dropped_ = Diagnostic{id, severity, span, std::move(message), {}, {}};
  return list_.emplace_back(Diagnostic{id, severity, span, std::move(message), {}, {}});
}

void Diagnostics::merge(const Diagnostics& other) {
  for (const Diagnostic& added : other.list_) {
    const bool known = std::any_of(list_.begin(), list_.end(), [&added](const Diagnostic& old) {
      return old.id == added.id && old.span == added.span && old.message == added.message;
    });
    if (known) continue;
    Diagnostic& copy = append(added.id, added.span, added.message);
    copy.notes = added.notes;
    copy.help = added.help;
  }
}

std::string_view did_you_mean(std::string_view name, const std::vector<std::string_view>& candidates) {
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  std::string_view best;
  for (std::string_view candidate : candidates) {
    if (candidate == name || length_difference(name, candidate) >= best_distance) continue;
    const std::size_t distance = edit_distance(name, candidate);
    if (distance >= best_distance || distance >= candidate.size()) continue;
    best_distance = distance;
    best = candidate;
  }
  return best;
}

}  // namespace kjit
