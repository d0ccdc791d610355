// print_typed(): functions and statements. Expressions are in typed_text.cpp.

#include "typing/tree/typed_printer.h"

#include <fmt/format.h>

#include <iterator>

#include "typing/tree/typed_text.h"

namespace kjit {

namespace {

using namespace typed;

constexpr std::string_view kErrorNames[] = {
    "",
#define KJIT_ERROR(name) #name,
#include "runtime/errors.def"
#undef KJIT_ERROR
};

class Printer {
 public:
  Printer(const Program& program, const SourceMap& sources) : program_(program), sources_(sources) {}
  std::vector<CodeLine> print();

 private:
  void print_function(const Function& function);
  void print_block(const Block& block, int indent);
  void print_otherwise(const Block& block, int indent);
  void print_statement(const AssignLocal& node, int indent);
  void print_statement(const AssignGlobal& node, int indent);
  void print_statement(const StoreElement& node, int indent);
  void print_statement(const UpdateElement& node, int indent);
  void print_statement(const AssignView& node, int indent);
  void print_statement(const Evaluate& node, int indent) { line(indent, text(node.value)); }
  void print_statement(const If& node, int indent);
  void print_statement(const While& node, int indent);
  void print_statement(const ForRange& node, int indent);
  void print_statement(const Break&, int indent) { line(indent, "break"); }
  void print_statement(const Continue&, int indent) { line(indent, "continue"); }
  void print_statement(const Return& node, int indent) { line(indent, node.value ? "return " + text(node.value) : "return"); }
  void print_statement(const Raise& node, int indent);
  void print_statement(const Assert& node, int indent);
  void print_statement(const Print& node, int indent);

  void line(int indent, std::string_view text) { lines_.push_back({fmt::format("{:{}}{}", "", indent * 2, text), origin_}); }
  void set_origin(Span span) { origin_ = span.file == 0 ? sources_.locate(span).line : 0; }
  std::string text(const ExprPtr& expr) const { return expression_text(program_, *function_, *expr); }
  std::string place(const ExprPtr& array, const std::vector<ExprPtr>& indices, const std::vector<bool>& in_bounds) const {
    return text(array) + index_text(program_, *function_, indices, in_bounds);
  }
  std::string declared(LocalId id) const;
  std::string origin(Span span) const;

  const Program& program_;
  const SourceMap& sources_;
  const Function* function_ = nullptr;
  std::vector<CodeLine> lines_;
  std::uint32_t origin_ = 0;  // line of the main file, of what is printed next
};

std::vector<CodeLine> Printer::print() {
  for (const Global& global : program_.globals) {
    line(0, fmt::format("@{}: {}", global.name, to_string(global.type)));
  }
  for (const Function& function : program_.functions) {
    origin_ = 0;
    if (!lines_.empty()) line(0, "");
    print_function(function);
  }
  return std::move(lines_);
}

// "line 3", or "lib.k:3" outside of the main file.
std::string Printer::origin(Span span) const {
  const std::uint32_t line = sources_.locate(span).line;
  if (span.file == 0) {
    return fmt::format("line {}", line);
  }
  const std::string& name = sources_.file(span.file).name();
  return fmt::format("{}:{}", name.substr(name.rfind('/') + 1), line);
}

std::string fastmath_text(const FastMath& flags) {
  if (flags.all()) {
    return ", fastmath";
  }
  const std::pair<bool, std::string_view> names[] = {
      {flags.reassoc, "reassoc"}, {flags.nnan, "nnan"},         {flags.ninf, "ninf"}, {flags.nsz, "nsz"},
      {flags.arcp, "arcp"},       {flags.contract, "contract"}, {flags.afn, "afn"}};
  std::string text;
  for (const auto& [set, name] : names) {
    text += set ? fmt::format("{}{}", text.empty() ? ", fastmath=" : "|", name) : "";
  }
  return text;
}

// What differs from the defaults, for the comment behind the head.
std::string traits_text(const Function& function) {
  const FunctionOptions& options = function.options;
  std::string text = options.nogil ? ", nogil" : "";
  text += options.parallel ? ", parallel" : "";
  text += options.cache ? ", cache" : "";
  text += fastmath_text(options.fastmath);
  text += options.numpy_error_model ? ", error_model=numpy" : "";
  text += options.boundscheck ? (*options.boundscheck ? ", boundscheck" : ", no boundscheck") : "";
  text += options.inlining == FunctionOptions::Inline::Always ? ", inline=always" : "";
  text += options.inlining == FunctionOptions::Inline::Never ? ", inline=never" : "";
  text += function.is_recursive ? ", recursive" : "";
  text += function.draws_random ? ", random" : "";
  return text;
}

void Printer::print_function(const Function& function) {
  function_ = &function;
  set_origin(function.span);
  std::string parameters;
  for (LocalId id = 0; id < function.parameter_count; ++id) {
    parameters += (id == 0 ? "" : ", ") + declared(id);
  }
  line(0, fmt::format("def {}({}) -> {}:  # {}{}", function.symbol, parameters, to_string(function.result), origin(function.span),
                      traits_text(function)));
  print_block(function.body, 1);
}

void Printer::print_block(const Block& block, int indent) {
  if (block.empty()) {
    line(indent, "pass");
  }
  for (const StmtPtr& stmt : block) {
    set_origin(stmt->span);
    std::visit([&](const auto& node) { print_statement(node, indent); }, stmt->node);
  }
}

void Printer::print_otherwise(const Block& block, int indent) {
  if (!block.empty()) {
    line(indent, "else:");
    print_block(block, indent + 1);
  }
}

std::string Printer::declared(LocalId id) const {
  return local_text(*function_, id) + ": " + to_string(function_->locals[id].type);
}

void Printer::print_statement(const AssignLocal& node, int indent) {
  line(indent, declared(node.local) + " = " + text(node.value));
}

void Printer::print_statement(const AssignGlobal& node, int indent) {
  const Global& global = program_.globals[node.global];
  line(indent, fmt::format("@{}: {} = {}", global.name, to_string(global.type), text(node.value)));
}

void Printer::print_statement(const StoreElement& node, int indent) {
  line(indent, place(node.array, node.indices, node.in_bounds) + " = " + text(node.value));
}

void Printer::print_statement(const UpdateElement& node, int indent) {
  line(indent, fmt::format("{} {}= {}  # {} -> {}", place(node.array, node.indices, node.in_bounds), operator_text(node.op),
                           text(node.value), to_string(node.value->type), to_string(node.result)));
}

void Printer::print_statement(const AssignView& node, int indent) {
  line(indent, fmt::format("{}[...] = {}", text(node.view), text(node.value)));
}

void Printer::print_statement(const If& node, int indent) {
  line(indent, "if " + text(node.condition) + ":");
  print_block(node.body, indent + 1);
  print_otherwise(node.otherwise, indent);
}

void Printer::print_statement(const While& node, int indent) {
  line(indent, "while " + text(node.condition) + ":");
  print_block(node.body, indent + 1);
  print_otherwise(node.otherwise, indent);
}

void Printer::print_statement(const ForRange& node, int indent) {
  std::string options;
  if (node.parallel) {
    options = fmt::format(", schedule={}", schedule_text(node.parallel->schedule));
    options += node.parallel->chunk ? ", chunk=" + text(node.parallel->chunk) : "";
    options += node.parallel->threads ? ", threads=" + text(node.parallel->threads) : "";
    options += node.parallel->unchecked ? ", unchecked" : "";
  }
  line(indent, fmt::format("for {} in {}({}, {}, {}{}):", declared(node.variable), node.parallel ? "prange" : "range",
                           text(node.start), text(node.stop), text(node.step), options));
  print_block(node.body, indent + 1);
  print_otherwise(node.otherwise, indent);
}

void Printer::print_statement(const Raise& node, int indent) {
  line(indent, fmt::format("raise {}({})", kErrorNames[node.kind], node.message ? text(node.message) : ""));
}

void Printer::print_statement(const Assert& node, int indent) {
  line(indent, "assert " + text(node.condition) + (node.message ? ", " + text(node.message) : ""));
}

void Printer::print_statement(const Print& node, int indent) {
  line(indent, "print(" + pieces_text(program_, *function_, node.pieces) + ")");
}

}  // namespace

std::vector<CodeLine> typed_lines(const typed::Program& program, const SourceMap& sources) {
  return Printer(program, sources).print();
}

std::string print_typed(const typed::Program& program, const SourceMap& sources) {
  std::string text;
  for (const CodeLine& line : typed_lines(program, sources)) text += line.text + "\n";
  return text;
}

}  // namespace kjit
