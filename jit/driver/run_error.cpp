// Site numbers -> lines of source, traps -> messages, and Python's traceback. Entry: make_run_error, RunError::render.

#include "driver/run_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "analysis/facts/walk.h"
#include "runtime/runtime.h"
#include "support/assert.h"

namespace kjit {

namespace {

std::string_view strip(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\f");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\f") + 1 - begin);
}

// Source text for a message: one line of moderate length.
std::string shown_expression(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  const std::string_view line = strip(text.substr(0, text.find('\n')));
  if (line.size() == text.size() && line.size() <= kLongest) return std::string(line);
  std::size_t end = std::min(line.size(), kLongest);
  while (end > 0 && end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;  // not inside a character
  return std::string(strip(line.substr(0, end))) + "...";
}

Frame make_frame(std::uint32_t site_id, const typed::Program& program, const SourceMap& sources) {
  KJIT_ASSERT(site_id < program.sites.size(), "an error names a site that the program does not have");
  const typed::Site& site = program.sites[site_id];
  const SourceFile& file = sources.file(site.span.file);
  const LineColumn at = sources.locate(site.span);
  return {program.functions[site.function].name, file.name(), at.line, at.column, std::string(strip(file.line_text(at.line)))};
}

// The type checker wraps a kernel that the host calls; the host's line is not in the source, so the wrapper's frame says nothing.
bool is_host_call(std::uint32_t site_id, const typed::Program& program) {
  return program.functions[program.sites[site_id].function].name == "<call>";
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

const typed::ForRange* find_loop(std::uint32_t site_id, const typed::Program& program) {
  const typed::ForRange* found = nullptr;
  typed::for_each_stmt(program.functions[program.sites[site_id].function].body, [&](const typed::Stmt& stmt) {
    if (stmt.site == site_id && !found) found = std::get_if<typed::ForRange>(&stmt.node);
  });
  return found;
}

std::vector<LoopVariable> iteration_of(const kjit_error& error, const typed::Program& program) {
  std::vector<LoopVariable> variables;
  const typed::ForRange* loop = error.iteration_depth > 0 ? find_loop(error.iteration_site, program) : nullptr;
  for (std::int32_t level = 0; level < error.iteration_depth && loop; ++level) {
    const typed::Function& function = program.functions[program.sites[error.iteration_site].function];
    variables.push_back({variable_name(function, *loop), error.iteration[level]});
    loop = loop->body.empty() ? nullptr : std::get_if<typed::ForRange>(&loop->body[0]->node);
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

RunError make_run_error(const kjit_error& error, const typed::Program& program, const SourceMap& sources) {
  RunError result;
  result.kind = kjit_error_name(error.kind);
  result.iteration = iteration_of(error, program);
  result.exit_code = exit_code_of(error);
  const auto kept = std::min<std::uint32_t>(error.traceback_size, KJIT_MAX_TRACEBACK);
  for (std::uint32_t i = kept; i-- > 0;) {
    if (!is_host_call(error.traceback[i], program)) result.traceback.push_back(make_frame(error.traceback[i], program, sources));
  }
  result.omitted_frames = error.traceback_size - kept;
  if (error.site != 0) result.traceback.push_back(make_frame(error.site, program, sources));
  const bool has_site = error.site != 0;
  result.message = message_of(error, has_site ? shown_expression(sources.text(program.sites[error.site].span)) : std::string());
  return result;
}

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
  return text + kind + (message.empty() ? "" : ": " + message);
}

}  // namespace kjit
