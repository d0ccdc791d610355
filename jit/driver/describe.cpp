// Typed tree -> the describing part of an image. Entry: describe.

#include "driver/describe.h"

#include <algorithm>
#include <string>

#include "analysis/facts/summaries.h"
#include "analysis/facts/walk.h"
#include "driver/stable_names.h"
#include "runtime/abi.h"

namespace kjit {

namespace {

std::string_view strip(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\f");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\f") + 1 - begin);
}

// Source text for a message: one line of moderate length.
std::string shown_expression(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  const std::string_view line = strip(text.substr(0, text.find('\n')));
  if (line.size() == text.size() && line.size() <= kLongest) return std::string(line);
  std::size_t end = std::min(line.size(), kLongest);
  while (end > 0 && end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;  // not inside a character
  return std::string(strip(line.substr(0, end))) + "...";
}

// The kernel that a wrapper calls; the script is itself.
const typed::Function& kernel_of(const typed::Program& program) {
  const typed::Function& entry = program.functions[0];
  const auto* back = entry.body.empty() ? nullptr : std::get_if<typed::Return>(&entry.body.back()->node);
  const auto* call = back && back->value ? std::get_if<typed::Call>(&back->value->node) : nullptr;
  return entry.role == typed::FunctionRole::HostCall && call ? program.functions[call->callee] : entry;
}

// Types are those that the host passes, which a wrapper converts; parameters that it leaves out take their defaults.
Signature signature_of(const typed::Program& program) {
  const typed::Function& entry = program.functions[0];
  const typed::Function& kernel = kernel_of(program);
  const std::vector<bool> writes = summarize(program)[0].writes;
  Signature signature{kernel.name, {}, to_string(entry.result)};
  for (std::uint32_t i = 0; i < entry.parameter_count; ++i) {
    signature.parameters.push_back({kernel.locals[i].name, to_string(entry.locals[i].type), writes[i]});
  }
  return signature;
}

class SiteDescriber {
 public:
  SiteDescriber(const typed::Program& program, const SourceMap& sources) : program_(program), sources_(sources) {}

  SiteTable run() {
    for (std::uint32_t id = 1; id < program_.sites.size(); ++id) {
      if (program_.sites[id].function != kNoFunction) add_site(id);
    }
    for (const typed::Function& function : program_.functions) add_loops(function);
    return std::move(table_);
  }

 private:
  void add_site(std::uint32_t id) {
    const typed::Site& site = program_.sites[id];
    const typed::Function& function = program_.functions[site.function];
    const SourceFile& file = sources_.file(site.span.file);
    const LineColumn at = sources_.locate(site.span);
    SiteText text{id};
    text.kernel = function.has_frame() ? pool_.id_of(function.name) : TextId{0};
    text.file = pool_.id_of(file.name());
    text.source = pool_.id_of(strip(file.line_text(at.line)));
    text.expression = pool_.id_of(shown_expression(sources_.text(site.span)));
    text.line = at.line;
    text.column = at.column;
    table_.sites.push_back(text);
  }

  void add_loops(const typed::Function& function) {
    typed::for_each_stmt(function.body, [&](const typed::Stmt& stmt) {
      const auto* loop = std::get_if<typed::ForRange>(&stmt.node);
      if (loop != nullptr && loop->parallel) table_.loops.push_back({stmt.site, variables_of(function, loop)});
    });
  }

  // Of the loop, and of those inside it that may share its range of iterations.
  std::vector<TextId> variables_of(const typed::Function& function, const typed::ForRange* loop) {
    std::vector<TextId> names;
    for (int level = 0; level < KJIT_MAX_NEST && loop; ++level) {
      names.push_back(pool_.id_of(variable_name(function, *loop)));
      loop = loop->body.empty() ? nullptr : std::get_if<typed::ForRange>(&loop->body[0]->node);
    }
    return names;
  }

  const typed::Program& program_;
  const SourceMap& sources_;
  SiteTable table_;
  TextPool pool_{table_};
};

}  // namespace

KernelImage describe(const typed::Program& program, const SourceMap& sources) {
  KernelImage image;
  image.signature = signature_of(program);
  image.draws = program.functions[0].draws_random;
  image.nogil = program.functions[0].options.nogil;
  image.sites = SiteDescriber(program, sources).run();
  return image;
}

}  // namespace kjit
