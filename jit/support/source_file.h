#pragma once
// Source text, and the mapping from byte offsets to lines and columns.
//
// A Span names a range of bytes in one file of a SourceMap; every later stage speaks of places by Span and never by pointer,
// so that a typed tree may outlive the text it came from.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kjit {

// Half-open byte range [begin, end) of file number `file` of the SourceMap.
struct Span {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool operator==(const Span&) const = default;
};

// The smallest span that covers both; both must lie in one file.
Span cover(Span first, Span last);

// 1-based line; 1-based column, counted in Unicode code points as editors do.
struct LineColumn {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

class SourceFile {
 public:
  SourceFile(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }

  LineColumn locate(std::uint32_t offset) const;
  // The line without its line end; `line` is 1-based.
  std::string_view line_text(std::uint32_t line) const;
  // Offset of the first byte of the 1-based line.
  std::uint32_t line_start(std::uint32_t line) const { return line_starts_[line - 1]; }

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

// All files of one program: number 0 is the file the user named, the others are its imports.
class SourceMap {
 public:
  std::uint32_t add(std::string name, std::string text);
  const SourceFile& file(std::uint32_t id) const { return files_[id]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(files_.size()); }

  std::string_view text(Span span) const;
  LineColumn locate(Span span) const { return files_[span.file].locate(span.begin); }

 private:
  std::vector<SourceFile> files_;
};

}  // namespace kjit
