#pragma once
// What the page is made of.

#include <string>

#include "explain/explanation.h"

namespace kjit {

// One JSON object: that of to_json(), and "views", each a list of [line, text].
std::string page_data(const Explanation& explanation, const CodeViews& views);

}  // namespace kjit
