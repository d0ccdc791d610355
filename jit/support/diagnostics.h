#pragma once
// The user's mistakes, as values. Stages append to a Diagnostics sink; only support/render.h turns them into text.
//
// A new diagnostic is one row in diagnostics.def, plus a test under tests/ that expects it. Wording: lower case, no final
// period, with the values and types involved; the way out goes into the help line.

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/source_file.h"

namespace kjit {

enum class Severity { Warning, Error };

enum class DiagId {
#define KJIT_DIAG(id, severity, format) id,
#include "support/diagnostics.def"
#undef KJIT_DIAG
};

constexpr std::string_view diag_format(DiagId id) {
  switch (id) {
#define KJIT_DIAG(id, severity, format) \
  case DiagId::id: return format;
#include "support/diagnostics.def"
#undef KJIT_DIAG
  }
  return {};
}

// "E0203": stable over releases, so that users can search for it.
std::string_view diag_name(DiagId id);
Severity diag_severity(DiagId id);

// Another place that takes part in the mistake: "first assigned here".
struct Note {
  Span span;
  std::string message;
};

struct Diagnostic {
  DiagId id;
  Severity severity;
  Span span;
  std::string message;
  std::vector<Note> notes;
  std::string help;  // what to write instead; empty when there is no concrete suggestion

  Diagnostic& note(Span where, std::string text) {
    notes.push_back({where, std::move(text)});
    return *this;
  }
  Diagnostic& suggest(std::string text) {
    help = std::move(text);
    return *this;
  }
};

constexpr std::size_t count_placeholders(std::string_view format) {
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < format.size(); ++i) {
    if (format[i] == '{' && format[i + 1] == '{') {
      ++i;
    } else if (format[i] == '{') {
      ++count;
    }
  }
  return count;
}

// The sink. Errors past `kMaxErrors` are counted but not kept: nobody reads the 200th consequence of one typo.
class Diagnostics {
 public:
  static constexpr std::size_t kMaxErrors = 100;

  // diags.report<DiagId::E0501>(span, "f64", "i64").suggest("write int(...)");
  // The reference is valid until the next report().
  template <DiagId Id, typename... Args>
  Diagnostic& report(Span span, const Args&... args) {
    static_assert(count_placeholders(diag_format(Id)) == sizeof...(Args), "placeholders and arguments differ");
    return append(Id, span, fmt::format(fmt::runtime(diag_format(Id)), args...));
  }

  // Adds what `other` found and this sink does not have yet.
  void merge(const Diagnostics& other);

  // Appends a diagnostic made elsewhere, unless the same one is there already.
  void add(const Diagnostic& diagnostic);

  const std::vector<Diagnostic>& all() const { return list_; }
  std::size_t error_count() const { return errors_; }
  bool has_errors() const { return errors_ != 0; }

 private:
  Diagnostic& append(DiagId id, Span span, std::string message);

  std::vector<Diagnostic> list_;
  Diagnostic dropped_{};  // what report() returns once the limit is reached
  std::size_t errors_ = 0;
};

// The candidate nearest to `name` (edit distance at most a third of its length), or "" if none is near.
std::string_view did_you_mean(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace kjit
