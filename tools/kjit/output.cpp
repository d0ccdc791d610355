// Writing to the standard streams. Entry: Output.

#include "output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace kjit::cli {

namespace {

constexpr std::size_t kBufferBytes = 64 << 10;

// 0, or errno.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno != EINTR) return errno;
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
  return 0;
}

}  // namespace

Output::Output() : line_buffered_(output_is_terminal()) {}
Output::~Output() { flush(); }

void Output::write(std::string_view text) {
  if (error_ != 0) return;
  buffer_ += text;
  const bool line_end = line_buffered_ && text.find('\n') != std::string_view::npos;
  if (line_end || buffer_.size() >= kBufferBytes) flush();
}

void Output::flush() {
  if (error_ == 0) error_ = write_all(STDOUT_FILENO, buffer_);
  buffer_.clear();
}

bool Output::ok() {
  if (error_ == 0) return true;
  // A reader that has seen enough is no news.
  if (error_ != EPIPE) print_error(fmt::format("kjit: cannot write to standard output: {}\n", std::strerror(error_)));
  return false;
}

bool write_file(const std::string& path, std::string_view text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && written;
}

void print_error(std::string_view text) { write_all(STDERR_FILENO, text); }

bool error_is_terminal() {
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::strcmp(term, "dumb") == 0;
  return ::isatty(STDERR_FILENO) != 0 && !dumb;
}

bool error_color() {
  const char* no_color = std::getenv("NO_COLOR");
  return error_is_terminal() && (no_color == nullptr || *no_color == '\0');
}

bool output_is_terminal() { return ::isatty(STDOUT_FILENO) != 0; }

}  // namespace kjit::cli
