// .npy files: reads the data behind the header into a C-contiguous array, and writes such arrays. Entry: load_npy, save_npy.

#include "driver/npy.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <utility>

#include "driver/npy_header.h"

namespace kjit {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

Error system_error() { return {std::strerror(errno)}; }
Error truncated() { return {"the file ends before its data does"}; }

// ---- reading -----------------------------------------------------------------------------------------------------------

// Where the bytes come from. read() fills as much of `out` as there is.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual Result<std::size_t> read(std::byte* out, std::size_t size) = 0;
  // How many bytes are left, if that is known before they are read.
  virtual std::optional<std::size_t> remaining() = 0;
};

class MemoryReader : public Reader {
 public:
  explicit MemoryReader(std::string_view bytes) : bytes_(bytes) {}
  Result<std::size_t> read(std::byte* out, std::size_t size) override {
    size = std::min(size, bytes_.size());
    if (size != 0) std::memcpy(out, bytes_.data(), size);
    bytes_.remove_prefix(size);
    return size;
  }
  std::optional<std::size_t> remaining() override { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

class FileReader : public Reader {
 public:
  explicit FileReader(int fd) : fd_(fd) {}
  Result<std::size_t> read(std::byte* out, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      const ssize_t count = ::read(fd_, out + done, std::min(size - done, std::size_t{1} << 30));
      if (count == 0) break;
      if (count < 0 && errno != EINTR) return system_error();
      done += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
    return done;
  }
  std::optional<std::size_t> remaining() override {
    struct stat info{};
    if (::fstat(fd_, &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
    const off_t at = ::lseek(fd_, 0, SEEK_CUR);
    return at < 0 || at > info.st_size ? std::optional<std::size_t>() : static_cast<std::size_t>(info.st_size - at);
  }

 private:
  int fd_;
};

std::optional<Error> read_exactly(Reader& reader, std::byte* out, std::size_t size) {
  const auto count = reader.read(out, size);
  if (!count) return count.error();
  return *count == size ? std::nullopt : std::optional(truncated());
}

Result<NpyHeader> read_header(Reader& reader) {
  std::byte raw[kNpyPrefix + 4] = {};
  const auto count = reader.read(raw, kNpyPrefix);
  if (!count) return count.error();
  const auto preamble = parse_npy_prefix({reinterpret_cast<const char*>(raw), *count});
  if (!preamble) return preamble.error();
  if (auto error = read_exactly(reader, raw + kNpyPrefix, preamble->length_bytes)) return *error;
  std::size_t length = 0;
  for (std::size_t i = preamble->length_bytes; i-- > 0;) length = length << 8 | std::to_integer<std::size_t>(raw[kNpyPrefix + i]);
  if (length > kNpyMaxHeader) return Error{fmt::format("damaged .npy header: a length of {} bytes", length)};
  std::string text(length, '\0');
  if (auto error = read_exactly(reader, reinterpret_cast<std::byte*>(text.data()), length)) return *error;
  return parse_npy_dictionary(text);
}

// Memory is taken at once only for as many bytes as the file is known to have: a pipe's header proves nothing.
Result<ArrayValue> read_data(Reader& reader, const NpyHeader& header) {
  std::int64_t count = 1;
  for (std::int64_t extent : header.shape) count = extent == 0 || count == 0 ? 0 : count * extent;
  const std::size_t bytes = static_cast<std::size_t>(count) * item_size(header.dtype);
  const auto remaining = reader.remaining();
  if (remaining && *remaining < bytes) return truncated();
  if (!remaining) {
    std::vector<std::byte> data;
    while (data.size() < bytes) {
      const std::size_t old = data.size(), chunk = std::min(bytes - old, std::max(old, std::size_t{1} << 20));
      data.resize(old + chunk);
      if (auto error = read_exactly(reader, data.data() + old, chunk)) return *error;
    }
    ArrayValue array = ArrayValue::zeros(header.dtype, header.shape);
    if (bytes != 0) std::memcpy(array.data.get(), data.data(), bytes);
    return array;
  }
  ArrayValue array = ArrayValue::zeros(header.dtype, header.shape);
  if (auto error = read_exactly(reader, array.data.get(), bytes)) return *error;
  return array;
}

// ---- from the file's layout to ours ------------------------------------------------------------------------------------

void swap_bytes(ArrayValue& array) {
  const bool complex = array.dtype == DType::C64 || array.dtype == DType::C128;
  const std::size_t width = item_size(array.dtype) / (complex ? 2 : 1);  // each part of a complex number on its own
  std::byte* const end = array.data.get() + static_cast<std::size_t>(array.size()) * item_size(array.dtype);
  for (std::byte* at = array.data.get(); at != end; at += width) std::reverse(at, at + width);
}

// A truth value other than 0 and 1 would be undefined behaviour in compiled code.
void normalise_bools(ArrayValue& array) {
  std::byte* const data = array.data.get();
  std::transform(data, data + array.size(), data, [](std::byte value) { return std::byte{value != std::byte{0}}; });
}

// Column-major to row-major: walks the source in its order and counts the indices along.
ArrayValue from_fortran(const ArrayValue& source) {
  ArrayValue result = ArrayValue::zeros(source.dtype, source.shape);
  const std::size_t rank = source.shape.size(), item = item_size(source.dtype);
  std::vector<std::int64_t> strides(rank, 1), index(rank, 0);
  for (std::size_t axis = rank; axis-- > 1;) strides[axis - 1] = strides[axis] * source.shape[axis];
  std::int64_t target = 0;
  for (std::int64_t i = 0, count = source.size(); i < count; ++i) {
    std::memcpy(result.data.get() + static_cast<std::size_t>(target) * item,
                source.data.get() + static_cast<std::size_t>(i) * item, item);
    for (std::size_t axis = 0; axis < rank; ++axis) {
      target += strides[axis];
      if (++index[axis] < source.shape[axis]) break;
      target -= strides[axis] * source.shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

Result<ArrayValue> read_array(Reader& reader) {
  try {
    const auto header = read_header(reader);
    if (!header) return header.error();
    auto array = read_data(reader, *header);
    if (!array) return array;
    if (header->swap_bytes) swap_bytes(*array);
    if (header->dtype == DType::Bool) normalise_bools(*array);
    const bool both_orders_agree = header->shape.size() < 2 || array->size() == 0;
    return header->fortran_order && !both_orders_agree ? Result<ArrayValue>(from_fortran(*array)) : std::move(array);
  } catch (const std::bad_alloc&) {
    return Error{"not enough memory for the array"};
  }
}

// ---- writing -----------------------------------------------------------------------------------------------------------

std::optional<Error> write_all(int fd, const void* data, std::size_t size) {
  const auto* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t count = ::write(fd, at, std::min(size, std::size_t{1} << 30));
    if (count < 0 && errno != EINTR) return system_error();
    at += std::max<ssize_t>(count, 0);
    size -= static_cast<std::size_t>(std::max<ssize_t>(count, 0));
  }
  return std::nullopt;
}

std::optional<Error> write_array(int fd, const ArrayValue& given) {
  const ArrayValue array = given.contiguous();
  const std::string header = make_npy_header(array.dtype, array.shape);
  if (auto error = write_all(fd, header.data(), header.size())) return error;
  return write_all(fd, array.data.get(), static_cast<std::size_t>(array.size()) * item_size(array.dtype));
}

// Devices and pipes are written in place; there is nothing to rename over.
bool is_special(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode);
}

// A new file in the same folder, so that it can be renamed to `path`. -1: errno says why.
int create_beside(const std::string& path, std::string& name) {
  for (int attempt = 0;; ++attempt) {
    name = fmt::format("{}.{}-{}.tmp", path, ::getpid(), attempt);
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST || attempt == 1000) return fd;
  }
}

std::optional<Error> write_in_place(const std::string& path, const ArrayValue& array) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0) return system_error();
  return write_array(file.get(), array);
}

}  // namespace

Result<ArrayValue> load_npy(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return system_error();
  FileReader reader(file.get());
  return read_array(reader);
}

Result<ArrayValue> parse_npy(std::string_view bytes) {
  MemoryReader reader(bytes);
  return read_array(reader);
}

std::optional<Error> save_npy(const std::string& path, const ArrayValue& array) {
  if (is_special(path)) return write_in_place(path, array);
  std::string temporary;
  Descriptor file(create_beside(path, temporary));
  if (file.get() < 0) return system_error();
  auto error = write_array(file.get(), array);
  if (::close(file.release()) != 0 && !error) error = system_error();
  if (!error && ::rename(temporary.c_str(), path.c_str()) != 0) error = system_error();
  if (error) ::unlink(temporary.c_str());
  return error;
}

}  // namespace kjit
