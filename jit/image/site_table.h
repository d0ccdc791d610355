#pragma once
// What tracebacks say of the places in a kernel's source, without the source.
//
// Compiled code names a place by a number, its site. Texts are stored once, as most sites share their file, function and line.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kjit {

using TextId = std::uint32_t;  // index into SiteTable::texts

struct SiteText {
  std::uint32_t id = 0;  // the site
  TextId kernel = 0;     // name of the function; "": the call by the host, which has no line
  TextId file = 0;
  TextId source = 0;                   // the line, without indentation
  TextId expression = 0;               // what failed: "a[i + 1]", one line of moderate length
  std::uint32_t line = 0, column = 0;  // 1-based

  bool operator==(const SiteText&) const = default;
};

// The variables of a nest of parallel loops, outermost first.
struct LoopText {
  std::uint32_t site = 0;  // of the loop's statement
  std::vector<TextId> variables;

  bool operator==(const LoopText&) const = default;
};

struct SiteTable {
  std::vector<std::string> texts{""};  // [0] is ""
  std::vector<SiteText> sites;         // ids ascend
  std::vector<LoopText> loops;

  const std::string& text(TextId id) const { return texts[id]; }
  // Null if the table has no such site.
  const SiteText* find(std::uint32_t site) const;
  const LoopText* find_loop(std::uint32_t site) const;

  bool operator==(const SiteTable&) const = default;
};

// Fills `texts`, each text once.
class TextPool {
 public:
  explicit TextPool(SiteTable& table) : table_(table) {}
  TextId id_of(std::string_view text);

 private:
  SiteTable& table_;
  std::unordered_map<std::string, TextId> known_{{"", 0}};
};

}  // namespace kjit
