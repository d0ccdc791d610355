// Reading a source file, with a diagnostic for each way in which it can fail. Entry: read_source.

#include "support/read_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

#include "support/limits.h"
#include "support/utf8.h"

namespace kjit {

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::string reason(int error) { return std::generic_category().message(error); }

// Reads at most one byte more than the limit, so that a device that never ends does.
bool read_all(std::FILE* file, std::string& text) {
  char buffer[1 << 16];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, file)) {
    text.append(buffer, count);
    if (text.size() > limits::kSourceBytes) return true;
  }
  return std::ferror(file) == 0;
}

bool check_size(const std::string& name, std::uintmax_t size, Diagnostics& diags, Span where) {
  if (size <= limits::kSourceBytes) return true;
  diags.report<DiagId::E0906>(where, name, size, limits::kSourceBytes)
      .suggest("a kernel file holds code; load data from .npy files");
  return false;
}

}  // namespace

bool check_source_text(const std::string& name, std::string_view text, Diagnostics& diags, Span where) {
  if (!check_size(name, text.size(), diags, where)) return false;
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    diags.report<DiagId::E0116>(where, name, nul).suggest("is it a kernel file? Source is UTF-8 text");
    return false;
  }
  const auto invalid = find_invalid_utf8(text);
  if (!invalid) return true;
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*invalid), '\n');
  diags.report<DiagId::E0117>(where, name, static_cast<unsigned>(static_cast<unsigned char>(text[*invalid])), line)
      .suggest("store the file as UTF-8");
  return false;
}

std::optional<std::string> read_source(const std::string& path, Diagnostics& diags, Span where) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    diags.report<DiagId::E0100>(where, path, "it is a directory").suggest("name a .k file in it");
    return std::nullopt;
  }
  errno = 0;
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  std::string text;
  if (!file || !read_all(file.get(), text)) {
    diags.report<DiagId::E0100>(where, path, reason(errno));
    return std::nullopt;
  }
  // A file that grew past the limit was read only in part; its true size is nicer in the message.
  const std::uintmax_t size = std::filesystem::file_size(path, ignored);
  if (text.size() > limits::kSourceBytes &&
      !check_size(path, ignored ? text.size() : std::max<std::uintmax_t>(size, text.size()), diags, where)) {
    return std::nullopt;
  }
  if (!check_source_text(path, text, diags, where)) return std::nullopt;
  return text;
}

}  // namespace kjit
