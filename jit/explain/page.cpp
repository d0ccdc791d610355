// Entry: to_page. The page is page.html with the data in its place.

#include <cstddef>

#include "explain/explanation_json.h"
#include "support/assert.h"

namespace kjit {

// page.html
extern const char kExplainPage[];
extern const std::size_t kExplainPage_size;

namespace {

constexpr std::string_view kDataPlace = "/*DATA*/";

// "</script>" in a string of the source would end the script.
std::string for_script(std::string text) {
  for (std::size_t at = text.find("</"); at != text.npos; at = text.find("</", at)) text.replace(at, 2, "<\\/");
  return text;
}

}  // namespace

std::string to_page(const Explanation& explanation, const CodeViews& views) {
  std::string page(kExplainPage, kExplainPage_size);
  const std::size_t place = page.find(kDataPlace);
  KJIT_ASSERT(place != page.npos, "the page has a place for its data");
  return page.replace(place, kDataPlace.size(), for_script(page_data(explanation, views)));
}

}  // namespace kjit
