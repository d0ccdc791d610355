// Entry: build_id. From the note that `ld --build-id` leaves in a segment of its own.

#include "driver/build_id.h"

#include <link.h>

#include <cstring>
#include <string_view>

namespace kjit {

namespace {

constexpr std::string_view kOwner("GNU\0", 4);

struct Search {
  ElfW(Addr) inside;  // an address of the part that is looked for
  std::string found;
};

std::string hexadecimal(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4U];
    text += digits[bytes[i] & 0xFU];
  }
  return text;
}

// Notes are padded to 4 bytes: header, owner, contents.
std::string id_in(const char* notes, std::size_t size) {
  const auto padded = [](std::size_t bytes) { return (bytes + 3) / 4 * 4; };
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes, sizeof note);
    const std::size_t owner = padded(note.n_namesz), whole = sizeof note + owner + padded(note.n_descsz);
    if (whole > size) break;
    if (note.n_type == NT_GNU_BUILD_ID && std::string_view(notes + sizeof note, note.n_namesz) == kOwner)
      return hexadecimal(reinterpret_cast<const unsigned char*>(notes + sizeof note + owner), note.n_descsz);
    notes += whole;
    size -= whole;
  }
  return {};
}

int look_into(dl_phdr_info* part, std::size_t, void* data) {
  auto& search = *static_cast<Search*>(data);
  bool is_it = false;
  for (int i = 0; i < part->dlpi_phnum; ++i) {
    const auto& segment = part->dlpi_phdr[i];
    is_it = is_it || (segment.p_type == PT_LOAD && search.inside - part->dlpi_addr - segment.p_vaddr < segment.p_memsz);
  }
  for (int i = 0; is_it && search.found.empty() && i < part->dlpi_phnum; ++i) {
    const auto& segment = part->dlpi_phdr[i];
    if (segment.p_type == PT_NOTE)
      // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader tells addresses as integers
      search.found = id_in(reinterpret_cast<const char*>(part->dlpi_addr + segment.p_vaddr), segment.p_memsz);
  }
  return is_it ? 1 : 0;
}

std::string find_build_id() {
  static const char here = 0;
  Search search{reinterpret_cast<ElfW(Addr)>(&here), {}};
  ::dl_iterate_phdr(look_into, &search);
  return search.found;
}

}  // namespace

const std::string& build_id() {
  static const std::string id = find_build_id();
  return id;
}

}  // namespace kjit
