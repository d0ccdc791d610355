// Kernel files, standard input, literals and .npy files. Entry: load_module, parse_arguments.

#include "inputs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <complex>
#include <cstring>
#include <fstream>
#include <type_traits>
#include <utility>

#include "driver/npy.h"
#include "exit_code.h"

namespace kjit::cli {

namespace {

Result<std::string> read_standard_input() {
  std::string text;
  char buffer[1 << 16];
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (count == 0) return text;
    if (count < 0 && errno != EINTR) return Error{fmt::format("cannot read standard input: {}", std::strerror(errno))};
    text.append(buffer, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
}

template <typename T>
Value number_at(const std::byte* data) {
  T value;
  std::memcpy(&value, data, sizeof value);
  if constexpr (std::is_same_v<T, bool> || !std::is_integral_v<T>) {
    return {value};
  } else {
    return {static_cast<std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>(value)};
  }
}

Value number_in(const ArrayValue& array, std::int64_t index) {
  const std::byte* data = array.data.get() + static_cast<std::size_t>(index) * item_size(array.dtype);
  switch (array.dtype) {
    case DType::Bool: return number_at<bool>(data);
    case DType::I8: return number_at<std::int8_t>(data);
    case DType::I16: return number_at<std::int16_t>(data);
    case DType::I32: return number_at<std::int32_t>(data);
    case DType::I64: return number_at<std::int64_t>(data);
    case DType::U8: return number_at<std::uint8_t>(data);
    case DType::U16: return number_at<std::uint16_t>(data);
    case DType::U32: return number_at<std::uint32_t>(data);
    case DType::U64: return number_at<std::uint64_t>(data);
    case DType::F32: return number_at<float>(data);
    case DType::F64: return number_at<double>(data);
    case DType::C64: return number_at<std::complex<float>>(data);
    case DType::C128: return number_at<std::complex<double>>(data);
  }
  return {};
}

}  // namespace

Result<Module> load_module(Engine& engine, const std::string& file) {
  if (file != "-") return engine.open_file(file);
  auto text = read_standard_input();
  if (!text) return text.error();
  return engine.load_text(std::move(*text), "<stdin>");
}

std::variant<std::vector<Value>, BadArgument> parse_arguments(const std::vector<std::string>& words) {
  std::vector<Value> values;
  for (const std::string& word : words) {
    if (word.starts_with('@')) {
      auto array = load_npy(word.substr(1));
      if (!array) return BadArgument{fmt::format("{}: {}", word.substr(1), array.error().message), kProgramFailed};
      // An array without dimensions is a number: `--out` of a number writes one.
      values.push_back(array->shape.empty() ? number_in(*array, 0) : Value{std::move(*array)});
      continue;
    }
    auto value = parse_literal(word);
    if (!value) return BadArgument{fmt::format("argument {} ({}): {}", values.size() + 1, word, value.error().message), kUsage};
    values.push_back(std::move(*value));
  }
  return values;
}

namespace {

using Rows = std::vector<std::vector<Value>>;

std::variant<Rows, BadArgument> rows_of_array(const std::string& path) {
  const auto array = load_npy(path);
  if (!array) return BadArgument{fmt::format("{}: {}", path, array.error().message), kProgramFailed};
  if (array->shape.empty() || array->shape.size() > 2)
    return BadArgument{fmt::format("{}: --map wants an array of one or two axes, not of {}", path, array->shape.size()), kUsage};
  const std::int64_t columns = array->shape.size() == 2 ? array->shape[1] : 1;
  Rows rows(static_cast<std::size_t>(array->shape[0]));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::int64_t column = 0; column < columns; ++column)
      rows[row].push_back(number_in(*array, static_cast<std::int64_t>(row) * columns + column));
  }
  return rows;
}

// A line is read as the tuple that Python would make of it.
std::variant<Rows, BadArgument> rows_of_text(const std::string& path) {
  std::ifstream file(path);
  if (!file) return BadArgument{fmt::format("{}: {}", path, std::strerror(errno)), kProgramFailed};
  Rows rows;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos || line[begin] == '#') continue;
    const std::size_t end = line.find_last_not_of(" \t\r,");
    auto value = parse_literal("(" + line.substr(begin, end + 1 - begin) + ",)");
    if (!value) return BadArgument{fmt::format("{}, line {}: {}", path, number, value.error().message), kUsage};
    rows.push_back(std::move(std::get<TupleValue>(value->data).elements));
  }
  return rows;
}

}  // namespace

std::variant<std::vector<std::vector<Value>>, BadArgument> read_rows(const std::string& path) {
  return path.ends_with(".npy") ? rows_of_array(path) : rows_of_text(path);
}

}  // namespace kjit::cli
