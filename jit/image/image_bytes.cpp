// Images as bytes. Entry: to_bytes, image_from_bytes.
//
//   magic 8 bytes | version u32 | length of the fields u64 | checksum of the fields 2 x u64 | fields

#include <algorithm>
#include <optional>
#include <set>

#include "image/byte_stream.h"
#include "image/kernel_image.h"
#include "support/diagnostic_names.h"
#include "support/hash.h"

namespace kjit {

namespace {

constexpr std::string_view kMagic = "kjitimg\n";
constexpr std::uint32_t kVersion = 2;  // to be raised with every change of the fields
constexpr std::size_t kHeaderBytes = 8 + 4 + 8 + 16;

// ---- writing -----------------------------------------------------------------------------------------------------------

void write(ByteWriter& out, const Signature& signature) {
  out.text(signature.name);
  out.list(signature.parameters, [&](const Parameter& parameter) {
    out.text(parameter.name);
    out.text(parameter.type);
    out.u32(parameter.written ? 1 : 0);
  });
  out.text(signature.result);
}

void write(ByteWriter& out, const SiteTable& table) {
  out.list(table.texts, [&](const std::string& text) { out.text(text); });
  out.list(table.sites, [&](const SiteText& site) {
    for (const std::uint32_t field : {site.id, site.kernel, site.file, site.source, site.expression, site.line, site.column})
      out.u32(field);
  });
  out.list(table.loops, [&](const LoopText& loop) {
    out.u32(loop.site);
    out.list(loop.variables, [&](TextId name) { out.u32(name); });
  });
}

void write(ByteWriter& out, Span span) {
  for (const std::uint32_t field : {span.file, span.begin, span.end}) out.u32(field);
}

void write(ByteWriter& out, const Diagnostic& diagnostic) {
  out.text(diag_name(diagnostic.id));
  write(out, diagnostic.span);
  out.text(diagnostic.message);
  out.list(diagnostic.notes, [&](const Note& note) {
    write(out, note.span);
    out.text(note.message);
  });
  out.text(diagnostic.help);
}

void write(ByteWriter& out, const CodePart& part) {
  out.text(part.key);
  out.text(part.object);
  out.list(part.uses, [&](const std::string& key) { out.text(key); });
}

std::string fields_of(const KernelImage& image) {
  ByteWriter out;
  write(out, image.signature);
  out.u32(image.draws ? 1 : 0);
  out.u32(image.nogil ? 1 : 0);
  out.text(image.target);
  out.text(image.entry);
  out.text(image.object);
  out.list(image.uses, [&](const std::string& key) { out.text(key); });
  out.list(image.parts, [&](const std::shared_ptr<const CodePart>& part) { write(out, *part); });
  write(out, image.sites);
  out.list(image.warnings, [&](const Diagnostic& warning) { write(out, warning); });
  return out.take();
}

// ---- reading -----------------------------------------------------------------------------------------------------------
// Braces fix the order in which members are read.

Signature read_signature(ByteReader& in) {
  Signature signature;
  signature.name = in.text();
  signature.parameters = in.list([&] { return Parameter{in.text(), in.text(), in.u32() != 0}; });
  signature.result = in.text();
  return signature;
}

SiteTable read_sites(ByteReader& in) {
  SiteTable table;
  table.texts = in.list([&] { return in.text(); });
  table.sites = in.list([&] { return SiteText{in.u32(), in.u32(), in.u32(), in.u32(), in.u32(), in.u32(), in.u32()}; });
  table.loops = in.list([&] { return LoopText{in.u32(), in.list([&] { return in.u32(); })}; });
  return table;
}

Span read_span(ByteReader& in) { return Span{in.u32(), in.u32(), in.u32()}; }

Diagnostic read_diagnostic(ByteReader& in) {
  const std::optional<DiagId> id = find_diag(in.text());
  if (!id) in.fail();
  Diagnostic diagnostic{id.value_or(DiagId{}), diag_severity(id.value_or(DiagId{})), read_span(in), in.text(), {}, {}};
  diagnostic.notes = in.list([&] { return Note{read_span(in), in.text()}; });
  diagnostic.help = in.text();
  return diagnostic;
}

std::shared_ptr<const CodePart> read_part(ByteReader& in) {
  CodePart part{in.text(), in.text(), in.list([&] { return in.text(); })};
  return std::make_shared<const CodePart>(std::move(part));
}

// Whatever is used is there, in front of its users.
bool is_sound(const KernelImage& image) {
  std::set<std::string_view> known;
  const auto is_known = [&](const std::string& key) { return known.contains(key); };
  for (const auto& part : image.parts) {
    if (!std::ranges::all_of(part->uses, is_known)) return false;
    known.insert(part->key);
  }
  return std::ranges::all_of(image.uses, is_known);
}

// Every index leads somewhere, and look-ups may search.
bool is_sound(const SiteTable& table) {
  const auto has_text = [&](TextId id) { return id < table.texts.size(); };
  const auto sound_site = [&](const SiteText& site) {
    return has_text(site.kernel) && has_text(site.file) && has_text(site.source) && has_text(site.expression);
  };
  return std::ranges::all_of(table.sites, sound_site) && std::ranges::is_sorted(table.sites, {}, &SiteText::id) &&
         std::ranges::all_of(table.loops, [&](const LoopText& loop) { return std::ranges::all_of(loop.variables, has_text); });
}

Result<KernelImage> read_fields(std::string_view bytes) {
  ByteReader in(bytes);
  KernelImage image;
  image.signature = read_signature(in);
  image.draws = in.u32() != 0;
  image.nogil = in.u32() != 0;
  image.target = in.text();
  image.entry = in.text();
  image.object = in.text();
  image.uses = in.list([&] { return in.text(); });
  image.parts = in.list([&] { return read_part(in); });
  image.sites = read_sites(in);
  image.warnings = in.list([&] { return read_diagnostic(in); });
  if (!in.ok() || !in.at_end() || !is_sound(image.sites) || !is_sound(image)) return Error{"the kernel image is damaged: fields"};
  return image;
}

}  // namespace

std::string to_bytes(const KernelImage& image) {
  const std::string fields = fields_of(image);
  const Hash128 checksum = hash128(fields);
  std::string bytes(kMagic);
  ByteWriter header;
  header.u32(kVersion);
  header.u64(fields.size());
  header.u64(checksum.low);
  header.u64(checksum.high);
  return bytes + header.take() + fields;
}

Result<KernelImage> image_from_bytes(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes || !bytes.starts_with(kMagic)) return Error{"this is no kernel image"};
  ByteReader header(bytes.substr(kMagic.size(), kHeaderBytes - kMagic.size()));
  const std::uint32_t version = header.u32();
  if (version != kVersion) {
    return Error{"the kernel image has version " + std::to_string(version) + ", not " + std::to_string(kVersion)};
  }
  const std::uint64_t length = header.u64();
  const std::string_view fields = bytes.substr(kHeaderBytes);
  if (fields.size() != length) return Error{"the kernel image is damaged: length"};
  const std::uint64_t low = header.u64();
  if (hash128(fields) != Hash128{low, header.u64()}) return Error{"the kernel image is damaged: checksum"};
  return read_fields(fields);
}

}  // namespace kjit
