#pragma once
// The two streams: results on stdout, buffered and checked; everything else on stderr.

#include <string>
#include <string_view>

namespace kjit::cli {

// Standard output. A write that fails is remembered, and what follows is dropped: ok() tells the end of the program.
class Output {
 public:
  Output();
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // On a terminal whole lines appear at once.
  void write(std::string_view text);
  void flush();
  // After flush(): everything has been written. Says why not on stderr, once.
  bool ok();

 private:
  std::string buffer_;
  bool line_buffered_;
  int error_ = 0;  // errno of the write that failed
};

// False: errno says why it could not be written.
bool write_file(const std::string& path, std::string_view text);

// The text as it is, on stderr; errors there have nowhere to go.
void print_error(std::string_view text);

// stderr is a terminal on which a line can be written over.
bool error_is_terminal();

// stderr is a terminal that shows colours, and NO_COLOR is not set (no-color.org).
bool error_color();

bool output_is_terminal();

}  // namespace kjit::cli
