#include "writer.h"

#include <clang/AST/RawCommentList.h>
#include <clang/Basic/SourceManager.h>

#include <algorithm>

namespace kjit::import {

namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

// One line of a comment without its signs: //, ///, /*, leading stars, */.
std::string without_signs(std::string_view line) {
  std::string text = trimmed(line);
  if (text.starts_with("//"))
    text.erase(0, text.find_first_not_of("/!<", 2) == std::string::npos ? text.size() : text.find_first_not_of("/!<", 2));
  if (text.starts_with("/*")) text.erase(0, std::min(text.size(), text.find_first_not_of("*!", 1)));
  if (text.ends_with("*/")) text.erase(text.size() - 2);
  while (text.starts_with("*")) text.erase(0, 1);
  while (text.ends_with("*")) text.pop_back();
  return trimmed(text);
}

}  // namespace

Comments::Comments(const clang::ASTContext& context) : sources_(context.getSourceManager()) {
  const auto* found = context.Comments.getCommentsInFile(sources_.getMainFileID());
  if (!found) return;
  for (const auto& [offset, raw] : *found) {
    const unsigned line = sources_.getSpellingLineNumber(raw->getBeginLoc());
    comments_.push_back({offset, line, raw->getRawText(sources_).str(), false});
  }
}

std::vector<std::string> Comments::lines_of(Comment& comment) {
  comment.taken = true;
  std::vector<std::string> lines;
  std::string_view rest = comment.text;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    lines.push_back(without_signs(rest.substr(0, end)));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  while (!lines.empty() && lines.front().empty()) lines.erase(lines.begin());
  return lines;
}

std::vector<std::string> Comments::take(clang::SourceLocation from, clang::SourceLocation to) {
  const unsigned first = sources_.getFileOffset(sources_.getExpansionLoc(from));
  const unsigned last = sources_.getFileOffset(sources_.getExpansionLoc(to));
  std::vector<std::string> texts;
  for (Comment& comment : comments_) {
    if (comment.taken || comment.begin < first || comment.begin >= last) continue;
    for (std::string& line : lines_of(comment)) texts.push_back(std::move(line));
  }
  return texts;
}

std::string Comments::take_trailing(clang::SourceLocation end) {
  const clang::SourceLocation place = sources_.getExpansionLoc(end);
  if (!sources_.isInMainFile(place)) return {};
  const unsigned offset = sources_.getFileOffset(place), line = sources_.getSpellingLineNumber(place);
  for (Comment& comment : comments_) {
    if (comment.taken || comment.begin < offset || comment.line != line || comment.text.find('\n') != std::string::npos) continue;
    const std::vector<std::string> lines = lines_of(comment);
    return lines.empty() ? std::string() : lines.front();
  }
  return {};
}

void Writer::line(std::string text) {
  lines_.push_back(std::string(static_cast<std::size_t>(depth_) * 4, ' ') + std::move(text));
}

void Writer::trail(const std::string& text) {
  if (!text.empty() && !lines_.empty()) lines_.back() += "  # " + text;
}

std::string Writer::text() const {
  std::string all;
  for (const std::string& line : lines_) all += line + "\n";
  return all;
}

std::vector<std::string> Writer::cut(std::size_t first) {
  std::vector<std::string> tail(lines_.begin() + static_cast<std::ptrdiff_t>(first), lines_.end());
  lines_.resize(first);
  return tail;
}

bool Writer::wrote_statement_since(std::size_t first) const {
  return std::any_of(lines_.begin() + static_cast<std::ptrdiff_t>(first), lines_.end(), [](const std::string& line) {
    const auto start = line.find_first_not_of(' ');
    return start != std::string::npos && line[start] != '#';
  });
}

}  // namespace kjit::import
