#pragma once
// Lines of Python with their indentation, and the comments of the source that belong between them.

#include <clang/AST/ASTContext.h>

#include <string>
#include <vector>

namespace kjit::import {

// Comments of the main file in order, handed out once, up to a place.
class Comments {
 public:
  explicit Comments(const clang::ASTContext& context);

  // Texts (without comment signs, one a line) of comments that begin in [from, to) of the main file and were not taken yet.
  std::vector<std::string> take(clang::SourceLocation from, clang::SourceLocation to);
  // The comment behind `end` on the same line, if any.
  std::string take_trailing(clang::SourceLocation end);

 private:
  struct Comment {
    unsigned begin = 0, line = 0;
    std::string text;
    bool taken = false;
  };
  std::vector<std::string> lines_of(Comment& comment);

  const clang::SourceManager& sources_;
  std::vector<Comment> comments_;
};

class Writer {
 public:
  void line(std::string text);
  void blank() { lines_.emplace_back(); }
  void comment(const std::string& text) { line(text.empty() ? "#" : "# " + text); }
  // Puts a comment behind the last line, if there is one of this block.
  void trail(const std::string& text);

  // A block: `head` with a colon, then what `body` writes, or `pass`.
  template <typename Body>
  void block(const std::string& head, const Body& body) {
    line(head + ":");
    ++depth_;
    const std::size_t before = lines_.size();
    body();
    if (!wrote_statement_since(before)) line("pass");
    --depth_;
  }

  std::string text() const;
  std::size_t size() const { return lines_.size(); }
  // Removes and returns the lines from `first` on: for code that turns out to stand elsewhere.
  std::vector<std::string> cut(std::size_t first);
  void paste(const std::vector<std::string>& lines) { lines_.insert(lines_.end(), lines.begin(), lines.end()); }

 private:
  bool wrote_statement_since(std::size_t first) const;

  std::vector<std::string> lines_;
  int depth_ = 0;
};

}  // namespace kjit::import
