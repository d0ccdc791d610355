// Site numbers -> lines of source, traps -> messages, and Python's traceback. Entry: make_run_error, RunError::render.

#include "driver/run_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "runtime/runtime.h"
#include "runtime/utf8.h"
#include "support/assert.h"

namespace kjit {

namespace {

const SiteText& site_text(std::uint32_t site, const SiteTable& sites) {
  const SiteText* found = sites.find(site);
  KJIT_ASSERT(found != nullptr, "an error names a site that the image does not have");
  return *found;
}

Frame make_frame(const SiteText& site, const SiteTable& sites) {
  return {sites.text(site.kernel), sites.text(site.file), site.line, site.column, sites.text(site.source)};
}

std::string message_of(const kjit_error& error, std::string_view expression) {
  const auto size = static_cast<std::int64_t>(expression.size());
  const std::int64_t length = kjit_format_error(&error, expression.data(), size, nullptr, 0);
  std::string text(static_cast<std::size_t>(length) + 1, '\0');
  kjit_format_error(&error, expression.data(), size, text.data(), length + 1);
  text.resize(static_cast<std::size_t>(length));
  return text;
}

// A process ends with the lowest eight bits of sys.exit's number; sys.exit with a text is a failure.
int exit_code_of(const kjit_error& error) {
  switch (error.kind) {
    case KJIT_SystemExit: return error.message.size > 0 ? 1 : static_cast<int>(error.values[0] & 0xFF);
    case KJIT_KeyboardInterrupt: return 130;
    case KJIT_TimeoutError: return 124;
    default: return 1;
  }
}

std::vector<LoopVariable> iteration_of(const kjit_error& error, const SiteTable& sites) {
  std::vector<LoopVariable> variables;
  const LoopText* loop = error.iteration_depth > 0 ? sites.find_loop(error.iteration_site) : nullptr;
  if (loop == nullptr) return variables;
  const auto depth = std::min(static_cast<std::size_t>(error.iteration_depth), loop->variables.size());
  for (std::size_t level = 0; level < depth; ++level) {
    variables.push_back({sites.text(loop->variables[level]), error.iteration[level]});
  }
  return variables;
}

// "i = 4, j = 7"
std::string iteration_text(const std::vector<LoopVariable>& variables) {
  std::string text;
  for (const LoopVariable& variable : variables) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", variable.name, variable.value);
  }
  return text;
}

bool same_place(const Frame& a, const Frame& b) { return a.line == b.line && a.file == b.file && a.kernel == b.kernel; }

// Python shows three of a run of equal frames.
constexpr std::size_t kShownRepeats = 3;

std::string repeated(std::size_t count) {
  return count <= kShownRepeats ? std::string()
                                : fmt::format("  [Previous line repeated {} more time{}]\n", count - kShownRepeats,
                                              count == kShownRepeats + 1 ? "" : "s");
}

}  // namespace

RunError make_run_error(const kjit_error& error, const SiteTable& sites) {
  RunError result;
  result.kind = kjit_error_name(error.kind);
  result.iteration = iteration_of(error, sites);
  result.exit_code = exit_code_of(error);
  const auto kept = std::min<std::uint32_t>(error.traceback_size, KJIT_MAX_TRACEBACK);
  for (std::uint32_t i = kept; i-- > 0;) {
    const SiteText& call = site_text(error.traceback[i], sites);
    if (call.kernel != 0) result.traceback.push_back(make_frame(call, sites));
  }
  result.omitted_frames = error.traceback_size - kept;
  std::string expression;
  if (error.site != 0) {
    const SiteText& site = site_text(error.site, sites);
    const bool is_hidden = site.kernel == 0 && !result.traceback.empty();  // in a function of the library: the call says enough
    if (!is_hidden) result.traceback.push_back(make_frame(site, sites));
    if (!is_hidden) expression = sites.text(site.expression);
  }
  const bool is_number = error.kind == KJIT_SystemExit && error.message.size == 0;  // and not sys.exit("text")
  if (!is_number) result.message = message_of(error, expression);
  return result;
}

namespace {

// The last line of a traceback. The text of a KeyError is the repr of the key.
std::string last_line(const RunError& error) {
  if (error.message.empty()) return error.kind == "SystemExit" ? fmt::format("SystemExit: {}", error.exit_code) : error.kind;
  return error.kind + ": " + (error.kind == "KeyError" ? runtime::quoted(error.message, false) : error.message);
}

}  // namespace

std::string RunError::render() const {
  std::string text = traceback.empty() ? "" : "Traceback (most recent call last):\n";
  std::size_t count = 0;  // of equal frames in a row
  for (std::size_t i = 0; i < traceback.size(); ++i) {
    const Frame& frame = traceback[i];
    if (i > 0 && !same_place(frame, traceback[i - 1])) text += repeated(std::exchange(count, 0));
    // The runtime drops frames next to the innermost one.
    if (omitted_frames > 0 && i + 1 == traceback.size()) {
      text += repeated(std::exchange(count, 0));
      text += fmt::format("  [{} more calls]\n", omitted_frames);
    }
    if (++count > kShownRepeats) continue;
    text += fmt::format("  File \"{}\", line {}, in {}\n", frame.file, frame.line, frame.kernel);
    if (!frame.source.empty()) text += fmt::format("    {}\n", frame.source);
  }
  text += repeated(count);
  if (!iteration.empty()) text += fmt::format("  in iteration {} of the parallel loop\n", iteration_text(iteration));
  return text + last_line(*this);
}

Error to_error(RunError error) {
  Error result{last_line(error), error.render()};
  result.run = std::make_shared<const RunError>(std::move(error));
  return result;
}

}  // namespace kjit
