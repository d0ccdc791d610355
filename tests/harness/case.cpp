// The directives of a test file. Entry: parse_case().

#include "case.h"

#include <cctype>
#include <charconv>
#include <sstream>

namespace kjit::harness {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split_words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// Offset of the comment's '#', or npos. Knows quotes within one line; a string over several lines hides nothing.
std::size_t comment_start(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quote != 0) {
      if (line[i] == '\\')
        ++i;
      else if (line[i] == quote)
        quote = 0;
    } else if (line[i] == '"' || line[i] == '\'') {
      quote = line[i];
    } else if (line[i] == '#') {
      return i;
    }
  }
  return std::string_view::npos;
}

// A comment may hold one directive: `# name: argument`. Prose comments have no name that we know.
struct Directive {
  std::string_view name;
  std::string_view argument;  // with its blanks: `# expect:   x` demands "  x"
  std::uint32_t line;
};

std::optional<Directive> find_directive(std::string_view line, std::uint32_t number) {
  const std::size_t start = comment_start(line);
  if (start == std::string_view::npos) return std::nullopt;
  std::string_view comment = line.substr(start + 1);
  if (comment.starts_with(' ')) comment.remove_prefix(1);
  const std::size_t colon = comment.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view argument = comment.substr(colon + 1);
  if (argument.starts_with(' ')) argument.remove_prefix(1);
  return Directive{comment.substr(0, colon), argument, number};
}

bool is_identifier(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0]))) return false;
  for (const char c : text) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '.') return false;
  }
  return true;
}

// "ValueError: text" or "ValueError"
std::optional<ExpectedError> parse_error(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = trim(text.substr(0, colon));
  if (!is_identifier(name)) return std::nullopt;
  const std::string_view message = colon == std::string_view::npos ? std::string_view() : trim(text.substr(colon + 1));
  return ExpectedError{std::string(name), std::string(message)};
}

// Offset of the bracket that closes the one at `open`, or npos.
std::size_t closing_bracket(std::string_view text, std::size_t open) {
  int depth = 0;
  char quote = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\\')
        ++i;
      else if (c == quote)
        quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if ((c == ')' || c == ']' || c == '}') && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

std::optional<KernelCall> parse_call(std::string_view text, std::uint32_t line) {
  const std::size_t open = text.find('(');
  const std::size_t close = open == std::string_view::npos ? open : closing_bracket(text, open);
  if (close == std::string_view::npos || !is_identifier(trim(text.substr(0, open)))) return std::nullopt;

  KernelCall call;
  call.kernel = trim(text.substr(0, open));
  call.args = split_arguments(text.substr(open + 1, close - open - 1));
  call.line = line;
  const std::string_view rest = trim(text.substr(close + 1));
  if (rest.starts_with("== ")) {
    call.expected = trim(rest.substr(3));
    return call;
  }
  if (!rest.starts_with("raises ")) return std::nullopt;
  call.error = parse_error(trim(rest.substr(7)));
  return call.error ? std::optional(call) : std::nullopt;
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// Applies directives to a Case one by one.
class CaseReader {
 public:
  void read(const Directive& directive) {
    const std::string_view name = directive.name;
    if (name == "error" || name == "warning" || name.starts_with("error@") || name.starts_with("warning@")) {
      read_diagnostic(directive);
    } else if (name == "note" || name == "help" || name.starts_with("note@") || name.starts_with("help@")) {
      read_advice(directive);
    } else if (name == "expect" || name == "expect error" || name == "exit" || name == "run") {
      read_run(directive);
    } else if (name == "check" || name == "check-not" || name == "stage") {
      read_check(directive);
    } else if (name == "skip") {
      problem(directive, "a case is never skipped: repair it or remove it");
    } else if (name == "expects" || name == "expect-error" || name == "errors" || name == "option" || name == "no-python") {
      problem(directive, "is no directive, see tests/README.md");
    } else {
      read_setting(directive);
    }
  }

  Case finish() {
    if (case_.error && case_.exit_status != 0) case_.problems.push_back("`expect error` and `exit` exclude each other");
    if (case_.error) case_.exit_status = 1;
    const bool runs = !case_.output.empty() || case_.error || case_.exit_status != 0 || !case_.calls.empty();
    if (case_.expects_compile_errors() && runs) case_.problems.push_back("a file that does not compile cannot be run");
    return std::move(case_);
  }

 private:
  void problem(const Directive& directive, std::string_view text) {
    case_.problems.push_back("line " + std::to_string(directive.line) + ": `# " + std::string(directive.name) + ":` " +
                             std::string(text));
  }

  // `error@-1: ...` means the line above, for lines whose end is not a comment (an open string). Nothing: a problem, reported.
  std::optional<std::uint32_t> line_of(const Directive& directive) {
    const std::size_t at = directive.name.find('@');
    if (at == std::string_view::npos) return directive.line;
    std::string_view digits = directive.name.substr(at + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto offset = parse_number<std::int64_t>(digits);
    if (offset) return static_cast<std::uint32_t>(directive.line + *offset);
    problem(directive, "wants an offset of lines, as in error@-1");
    return std::nullopt;
  }

  // `note: text`, `help: text`
  void read_advice(const Directive& directive) {
    const auto line = line_of(directive);
    if (!line) return;
    ExpectedAdvice expected{directive.name.starts_with("note"), std::string(trim(directive.argument)), *line};
    if (expected.text.empty()) return problem(directive, "wants a text");
    case_.advice.push_back(std::move(expected));
  }

  // `error: E0203 text`
  void read_diagnostic(const Directive& directive) {
    ExpectedDiagnostic expected;
    expected.is_error = directive.name.starts_with("error");
    const auto line = line_of(directive);
    if (!line) return;
    expected.line = *line;
    const std::string_view text = trim(directive.argument);
    expected.id = text.substr(0, text.find(' '));
    expected.message = trim(text.substr(expected.id.size()));
    if (expected.id.size() != 5 || (expected.id[0] != 'E' && expected.id[0] != 'W'))
      return problem(directive, "wants an id: E0203");
    case_.diagnostics.push_back(expected);
  }

  void read_run(const Directive& directive) {
    if (directive.name == "expect") {
      case_.output.emplace_back(directive.argument);
    } else if (directive.name == "expect error") {
      if (case_.error) return problem(directive, "is there twice");
      case_.error = parse_error(directive.argument);
      if (!case_.error) problem(directive, "wants ExceptionName: message");
    } else if (directive.name == "exit") {
      const auto status = parse_number<int>(trim(directive.argument));
      if (!status || *status == 0) return problem(directive, "wants an exit status that is not 0");
      case_.exit_status = *status;
    } else if (const auto call = parse_call(trim(directive.argument), directive.line)) {
      case_.calls.push_back(*call);
    } else {
      problem(directive, "wants `f(1, 2) == 3` or `f(0) raises ValueError: text`");
    }
  }

  void read_check(const Directive& directive) {
    const std::string text(trim(directive.argument));
    if (text.empty()) return problem(directive, "wants a text");
    if (directive.name == "stage")
      case_.stage = text;
    else
      case_.checks.push_back({directive.name == "check-not", text, directive.line});
  }

  void read_setting(const Directive& directive) {
    const std::string_view argument = trim(directive.argument);
    if (directive.name == "options") {
      case_.options = split_words(argument);
    } else if (directive.name == "argv") {
      case_.argv = split_words(argument);
    } else if (directive.name == "library") {
      case_.is_library = true;
    } else if (directive.name == "seed") {
      case_.seed = parse_number<std::uint64_t>(argument);
      if (!case_.seed) problem(directive, "wants a number");
    } else if (directive.name == "nopython") {
      case_.nopython = argument;
      if (argument.empty()) problem(directive, "wants a reason");
    }
  }

  Case case_;
};

}  // namespace

std::string KernelCall::text() const {
  std::string joined;
  for (const std::string& arg : args) joined += (joined.empty() ? "" : ", ") + arg;
  return kernel + "(" + joined + ")";
}

bool Case::expects_compile_errors() const {
  for (const ExpectedDiagnostic& expected : diagnostics) {
    if (expected.is_error) return true;
  }
  return false;
}

bool Case::demands_nothing() const {
  return output.empty() && !error && exit_status == 0 && diagnostics.empty() && calls.empty() && checks.empty();
}

std::vector<std::string> split_arguments(std::string_view text) {
  std::vector<std::string> args;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest[0] == '(' || rest[0] == '[' || rest[0] == '{') {
      const std::size_t close = closing_bracket(rest, 0);
      if (close != std::string_view::npos) i += close;
    } else if (rest[0] == '"' || rest[0] == '\'') {
      for (++i; i < text.size() && text[i] != rest[0]; ++i) i += text[i] == '\\';
    } else if (rest[0] == ',') {
      args.emplace_back(trim(text.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  const std::string_view last = trim(text.substr(begin));
  if (!last.empty()) args.emplace_back(last);
  return args;
}

Case parse_case(std::string_view source) {
  CaseReader reader;
  std::uint32_t number = 0;
  while (!source.empty()) {
    const std::size_t end = source.find('\n');
    std::string_view line = source.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const auto directive = find_directive(line, ++number)) reader.read(*directive);
    source = end == std::string_view::npos ? std::string_view() : source.substr(end + 1);
  }
  return reader.finish();
}

}  // namespace kjit::harness
