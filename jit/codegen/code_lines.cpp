// Entries: code_lines, assembly_lines.

#include "codegen/code_lines.h"

#include <llvm/IR/AssemblyAnnotationWriter.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/Instruction.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/FormattedStream.h>
#include <llvm/Support/raw_ostream.h>

#include <charconv>
#include <map>
#include <regex>

namespace kjit {

namespace {

constexpr std::string_view kMark = ";line ";  // the annotation in front of an instruction

// The place in the source of the innermost function that was inlined; kernels call functions of their own file.
class LineMarks : public llvm::AssemblyAnnotationWriter {
 public:
  explicit LineMarks(std::string_view file) : file_(file) {}

  void emitInstructionAnnot(const llvm::Instruction* instruction, llvm::formatted_raw_ostream& out) override {
    const llvm::DILocation* place = instruction->getDebugLoc();
    const bool is_known = place && place->getFilename() == llvm::StringRef(file_);
    out << llvm::StringRef(kMark) << (is_known ? place->getLine() : 0) << "\n";
  }

 private:
  std::string_view file_;
};

std::uint32_t number_at(std::string_view text) {
  std::uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

template <typename Take>
void for_each_line(std::string_view text, Take take) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    take(text.substr(0, end));
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
  }
}

// "label:" of a block or a function, not what only the assembler sees.
bool is_shown(std::string_view line) {
  if (line.empty() || line[0] == '#') return false;
  if (line[0] != '\t' && line[0] != ' ') {
    return !line.starts_with(".Ltmp") && !line.starts_with(".Lfunc") && !line.starts_with(".LCPI");
  }
  const std::size_t first = line.find_first_not_of(" \t");
  return first != line.npos && line[first] != '.' && line[first] != '#';
}

}  // namespace

std::vector<CodeLine> code_lines(const llvm::Module& module, std::string_view file) {
  std::string text;
  llvm::raw_string_ostream out(text);
  LineMarks marks(file);
  for (const llvm::Function& function : module) {
    if (!function.isDeclaration()) function.print(out, &marks);
  }
  static const std::regex metadata(R"((, ![a-z._]+ ![0-9]+)| ![a-z._]+ ![0-9]+(?= \{)| #[0-9]+(?= [{!])| #[0-9]+(?=,|$))");
  std::vector<CodeLine> lines;
  std::uint32_t line = 0;
  for_each_line(text, [&](std::string_view printed) {
    if (printed.starts_with(kMark)) {
      line = number_at(printed.substr(kMark.size()));
      return;
    }
    if (printed.find("#dbg_") != printed.npos) return;
    const bool is_instruction = printed.starts_with("  ");
    lines.push_back({std::regex_replace(std::string(printed), metadata, ""), is_instruction ? line : 0});
  });
  return lines;
}

std::vector<CodeLine> assembly_lines(std::string_view assembly, std::string_view file) {
  std::vector<CodeLine> lines;
  std::map<std::uint32_t, bool> is_main;  // by number of .file
  std::uint32_t line = 0;
  bool is_code = true;
  for_each_line(assembly, [&](std::string_view printed) {
    if (printed.starts_with("\t.section") || printed.starts_with("\t.text")) is_code = printed.find("text") != printed.npos;
    if (printed.starts_with("\t.file\t")) {
      const std::size_t quote = printed.rfind('"', printed.size() - 2);
      std::string_view name = quote == printed.npos ? std::string_view() : printed.substr(quote + 1);
      name = name.substr(0, name.rfind('"'));
      is_main[number_at(printed.substr(7))] = name == file;
      return;
    }
    if (printed.starts_with("\t.loc\t")) {
      const std::uint32_t number = number_at(printed.substr(6));
      const std::size_t space = printed.find(' ', 6);
      line = is_main[number] && space != printed.npos ? number_at(printed.substr(space + 1)) : 0;
      return;
    }
    if (!is_code || !is_shown(printed)) return;
    const bool is_instruction = printed[0] == '\t';
    const std::size_t comment = printed.find("\t#");
    lines.push_back({std::string(printed.substr(0, comment)), is_instruction ? line : 0});
  });
  return lines;
}

}  // namespace kjit
