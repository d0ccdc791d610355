// For loops. Everything becomes a ForRange: over the numbers of a range, or over the positions of a sequence. Entry: check_for.

#include <algorithm>

#include "typing/check/checker.h"

namespace kjit {

namespace {

std::string_view last_name(std::string_view path) { return path.substr(path.rfind('.') + 1); }

}  // namespace

void BodyChecker::check_for(const ast::Stmt& stmt, const ast::For& node) {
  if (const auto* call = std::get_if<ast::Call>(&node.iterable->node)) {
    std::string path = path_of(*call->callee);
    CallSite site{*node.iterable, *call, path, last_name(path)};
    if (path == "builtins.range") return for_range(stmt, node, site, false, false);
    if (path == "kjit.prange") return for_range(stmt, node, site, true, false);
  }
  std::optional<Sequence> sequence = sequence_of(*node.iterable);
  if (sequence) return for_sequence(stmt, node, std::move(*sequence));
  // The iterable is wrong; the body may hold mistakes of its own.
  assign_target(*node.target, invalid(node.target->span));
  in_block([&] { check_block(node.body); });
}

// ---- ranges ----

std::optional<FunctionChecker::RangeBounds> FunctionChecker::range_bounds(const CallSite& site, bool allow_keywords) {
  std::size_t count = site.call.args.size();
  if (count < 1 || count > 3 || (!allow_keywords && !site.call.keywords.empty())) {
    report<DiagId::E0601>(site.span(), site.name, "1 to 3", count + site.call.keywords.size());
    return std::nullopt;
  }
  std::vector<ExprPtr> bounds;
  for (const ast::ExprPtr& arg : site.call.args) {
    ExprPtr value = check(*arg);
    if (value->type.is_unknown()) return std::nullopt;
    if (!value->type.is_integer() && !value->type.is(Kind::Bool)) {
      Diagnostic& diag = report<DiagId::E0606>(arg->span, site.name, "integers", to_string(value->type));
      if (value->type.is_float()) diag.suggest("use // instead of /, or int(...)");
      return std::nullopt;
    }
    bounds.push_back(convert(std::move(value), Kind::I64));
  }
  RangeBounds range;
  range.step = count == 3 ? std::move(bounds[2]) : int_constant(1, site.span());
  range.stop = count == 1 ? std::move(bounds[0]) : std::move(bounds[1]);
  range.start = count == 1 ? int_constant(0, site.span()) : std::move(bounds[0]);
  return range;
}

void BodyChecker::for_range(const ast::Stmt& stmt, const ast::For& node, const CallSite& site, bool parallel, bool) {
  std::optional<RangeBounds> bounds = range_bounds(site, parallel);
  typed::ForRange loop;
  if (parallel) {
    loop.parallel.emplace();
    parallel_options(site, *loop.parallel);
  }
  const auto* name = std::get_if<ast::Name>(&node.target->node);
  bool plain = name && !(scope_.is_module() && std::binary_search(scope_.shared.begin(), scope_.shared.end(), name->id));
  if (plain) {
    loop.variable = local_of(name->id, node.target->span);
    join_variable(name->id, Kind::I64, node.target->span);
    // A variable that is also assigned floats elsewhere keeps a hidden integer as counter.
    plain = function_.locals[loop.variable].type.is(Kind::I64) || function_.locals[loop.variable].type.is_unknown();
  }
  if (!plain) loop.variable = new_temp(Kind::I64, node.target->span);
  ++loop_depth_;
  loop.body = in_block([&] {
    if (plain) mark_assigned(name->id, node.target->span);
    if (!plain) assign_target(*node.target, read_temp(loop.variable, node.target->span));
    check_block(node.body);
  });
  --loop_depth_;
  loop.otherwise = in_block([&] { check_block(node.otherwise); });
  if (!bounds) return;
  loop.start = std::move(bounds->start);
  loop.stop = std::move(bounds->stop);
  loop.step = std::move(bounds->step);
  emit(stmt.span, std::move(loop));
}

void BodyChecker::parallel_options(const CallSite& site, typed::ParallelLoop& loop) {
  loop.unchecked = loops_unchecked_;
  for (const ast::Keyword& keyword : site.call.keywords) {
    if (keyword.name == "schedule") {
      const auto* text = std::get_if<ast::StringLiteral>(&keyword.value->node);
      static const std::map<std::string, typed::Schedule> kSchedules = {{"static", typed::Schedule::Static},
                                                                        {"dynamic", typed::Schedule::Dynamic},
                                                                        {"guided", typed::Schedule::Guided},
                                                                        {"auto", typed::Schedule::Auto}};
      auto found = kSchedules.find(text ? text->value : "");
      if (found == kSchedules.end()) {
        report<DiagId::E0610>(keyword.value->span, "schedule", "prange", "\"static\", \"dynamic\", \"guided\" or \"auto\"");
      } else {
        loop.schedule = found->second;
      }
    } else if (keyword.name == "chunk") {
      loop.chunk = as_index(check(*keyword.value), keyword.value->span);
    } else if (keyword.name == "num_threads") {
      loop.threads = as_index(check(*keyword.value), keyword.value->span);
    } else if (keyword.name == "unchecked") {
      const auto* flag = std::get_if<ast::BoolLiteral>(&keyword.value->node);
      if (!flag) report<DiagId::E0610>(keyword.value->span, "unchecked", "prange", "True or False");
      loop.unchecked = loops_unchecked_ || (flag && flag->value);
    } else {
      report<DiagId::E0602>(keyword.name_span, "prange", keyword.name)
          .suggest("it takes schedule, chunk, num_threads and unchecked");
    }
  }
}

// ---- sequences ----

std::optional<BodyChecker::Sequence> BodyChecker::sequence_of(const ast::Expr& iterable) {
  if (const auto* call = std::get_if<ast::Call>(&iterable.node)) {
    std::string path = path_of(*call->callee);
    CallSite site{iterable, *call, path, last_name(path)};
    if (path == "builtins.range" || path == "kjit.prange") return sequence_of_range(site, false);
    if (path == "builtins.zip") return sequence_of_zip(site);
    if (path == "builtins.enumerate") return sequence_of_enumerate(site);
    if (path == "builtins.reversed") return sequence_of_reversed(site);
  }
  if (const auto* list = std::get_if<ast::List>(&iterable.node)) return sequence_of_value(check_tuple(iterable, list->elements));
  return sequence_of_value(check(iterable));
}

std::optional<BodyChecker::Sequence> BodyChecker::sequence_of_value(ExprPtr value) {
  Type type = value->type;
  Span span = value->span;
  if (type.is_unknown()) return std::nullopt;
  if (type.is_array()) {
    auto held = std::make_shared<ExprPtr>(hold(std::move(value)));
    ExprPtr length = make(Kind::I64, span, typed::ArrayDim{clone(**held), 0});
    auto element = [this, held, type, span](const typed::Expr& position) -> ExprPtr {
      if (type.rank() == 1) {
        typed::Element node;
        node.array = clone(**held);
        node.indices.push_back(clone(position));
        node.in_bounds = {true};
        return make(type.dtype(), span, std::move(node));
      }
      typed::View view;
      view.array = clone(**held);
      view.subscripts.emplace_back();
      view.subscripts.back().index = clone(position);
      return make(Type::array(type.dtype(), type.rank() - 1, type.layout()), span, std::move(view));
    };
    return Sequence{std::move(length), element, std::nullopt};
  }
  if (type.is_tuple() && !type.elements().empty()) {
    Type common = type.elements()[0];
    for (const Type& element : type.elements()) {
      std::optional<Type> joined = join(common, element);
      if (!joined) {
        report<DiagId::E0515>(span, "a tuple of different types, " + to_string(type)).suggest("unpack it into names");
        return std::nullopt;
      }
      common = *joined;
    }
    std::vector<Type> same(type.elements().size(), common);
    auto held = std::make_shared<ExprPtr>(hold(convert(std::move(value), Type::tuple(same))));
    ExprPtr length = int_constant(static_cast<std::int64_t>(same.size()), span);
    auto element = [this, held, common, span](const typed::Expr& position) {
      return make(common, span, typed::TupleElementDynamic{clone(**held), clone(position)});
    };
    return Sequence{std::move(length), element, std::nullopt};
  }
  if (type.is(Kind::Str)) {
    auto held = std::make_shared<ExprPtr>(hold(std::move(value)));
    std::vector<ExprPtr> args;
    args.push_back(clone(**held));
    ExprPtr length = builtin_call(Builtin::StrLength, Kind::I64, span, std::move(args));
    auto element = [this, held, span](const typed::Expr& position) {
      std::vector<ExprPtr> pair;
      pair.push_back(clone(**held));
      pair.push_back(clone(position));
      return builtin_call(Builtin::StrIndex, Kind::Str, span, std::move(pair));
    };
    return Sequence{std::move(length), element, std::nullopt};
  }
  Diagnostic& diag = report<DiagId::E0515>(span, to_string(type));
  if (type.is_integer()) diag.suggest("write range(" + program_.text(span) + ")");
  return std::nullopt;
}

// The positions 0, 1, ... of a range inside zip, enumerate or reversed: its length is Python's len(range(...)), cut off at a
// number of iterations that no loop lives to see.
std::optional<BodyChecker::Sequence> BodyChecker::sequence_of_range(const CallSite& site, bool backwards) {
  std::optional<RangeBounds> bounds = range_bounds(site, false);
  if (!bounds) return std::nullopt;
  Span span = site.span();
  std::optional<std::int64_t> step = int_value(*bounds->step);
  if (!step || *step == 0) {
    report<DiagId::E0612>(span, "range", "with a constant step other than 0 in this place")
        .suggest("compute the value from the position");
    return std::nullopt;
  }
  ExprPtr start = hold(std::move(bounds->start));
  ExprPtr stop = hold(std::move(bounds->stop));
  ExprPtr length = range_function(Builtin::RangeLength, clone(*start), clone(*stop), *step, span);
  if (!backwards) return Sequence{std::move(length), range_item(std::move(start), *step, span), std::nullopt};
  ExprPtr last = hold(range_function(Builtin::RangeLast, std::move(start), std::move(stop), *step, span));
  const std::int64_t back = *step == INT64_MIN ? *step : -*step;  // a range of that step has one number at most, or two
  return Sequence{std::move(length), range_item(std::move(last), back, span), std::nullopt};
}

FunctionChecker::ExprPtr FunctionChecker::range_function(Builtin builtin, ExprPtr a, ExprPtr b, std::int64_t step, Span span) {
  std::vector<ExprPtr> args;
  args.push_back(std::move(a));
  args.push_back(std::move(b));
  args.push_back(int_constant(step, span));
  return builtin_call(builtin, Kind::I64, span, std::move(args));
}

// start + position * step in arithmetic that the analysis of subscripts sees through. Large steps go round it: in checked
// functions the product could overflow on its way to a number that fits.
std::function<FunctionChecker::ExprPtr(const typed::Expr&)> BodyChecker::range_item(ExprPtr start, std::int64_t step, Span span) {
  constexpr std::int64_t kLargeStep = 1 << 20;  // times the iterations of a day is less than 2**63
  auto first = std::make_shared<ExprPtr>(std::move(start));
  const bool large = step >= kLargeStep || step <= -kLargeStep;
  return [this, first, step, large, span](const typed::Expr& position) {
    if (large) return range_function(Builtin::RangeItem, clone(**first), clone(position), step, span);
    ExprPtr offset = binary(typed::BinaryOp::Mul, clone(position), int_constant(step, span), span);
    return binary(typed::BinaryOp::Add, clone(**first), std::move(offset), span);
  };
}

std::optional<BodyChecker::Sequence> BodyChecker::sequence_of_zip(const CallSite& site) {
  auto parts = std::make_shared<std::vector<Sequence>>();
  std::vector<ExprPtr> lengths;
  bool ok = site.call.keywords.empty() && !site.call.args.empty();
  if (!ok) report<DiagId::E0601>(site.span(), "zip", "one or more sequences and no keyword", site.call.args.size());
  for (const ast::ExprPtr& arg : site.call.args) {
    std::optional<Sequence> part = sequence_of(*arg);
    if (!part) {
      ok = false;
      continue;
    }
    lengths.push_back(std::move(part->length));
    parts->push_back(std::move(*part));
  }
  if (!ok) return std::nullopt;
  Span span = site.span();
  ExprPtr length = lengths.size() == 1 ? std::move(lengths[0]) : builtin_call(Builtin::Min, Kind::I64, span, std::move(lengths));
  auto element = [this, parts, span](const typed::Expr& position) {
    std::vector<ExprPtr> elements;
    std::vector<Type> types;
    for (Sequence& part : *parts) {
      elements.push_back(part.element(position));
      types.push_back(elements.back()->type);
    }
    return make(Type::tuple(types), span, typed::MakeTuple{std::move(elements)});
  };
  return Sequence{std::move(length), element, std::nullopt};
}

std::optional<BodyChecker::Sequence> BodyChecker::sequence_of_enumerate(const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> args = take_args(site, 1, {"iterable", "start"});
  if (!args) return std::nullopt;
  std::optional<Sequence> inner = sequence_of(*(*args)[0]);
  ExprPtr start = (*args)[1] ? as_index(check(*(*args)[1]), (*args)[1]->span) : int_constant(0, site.span());
  if (!inner || !start) return std::nullopt;
  auto first = std::make_shared<ExprPtr>(hold(std::move(start)));
  ExprPtr length = std::move(inner->length);
  auto shared = std::make_shared<Sequence>(std::move(*inner));
  Span span = site.span();
  auto element = [this, shared, first, span](const typed::Expr& position) {
    std::optional<std::int64_t> offset = int_value(**first);
    ExprPtr number =
        offset && *offset == 0 ? clone(position) : binary(typed::BinaryOp::Add, clone(**first), clone(position), span);
    std::vector<ExprPtr> elements;
    elements.push_back(std::move(number));
    elements.push_back(shared->element(position));
    Type type = Type::tuple({Kind::I64, elements[1]->type});
    return make(type, span, typed::MakeTuple{std::move(elements)});
  };
  return Sequence{std::move(length), element, std::nullopt};
}

std::optional<BodyChecker::Sequence> BodyChecker::sequence_of_reversed(const CallSite& site) {
  if (site.call.args.size() != 1 || !site.call.keywords.empty()) {
    report<DiagId::E0601>(site.span(), "reversed", "1", site.call.args.size() + site.call.keywords.size());
    return std::nullopt;
  }
  const ast::Expr& argument = *site.call.args[0];
  if (const auto* call = std::get_if<ast::Call>(&argument.node)) {
    const std::string path = path_of(*call->callee);
    if (path == "builtins.range") return sequence_of_range({argument, *call, "builtins.range", "range"}, true);
    if (path == "builtins.enumerate" || path == "builtins.zip" || path == "builtins.reversed") {
      report<DiagId::E0606>(argument.span, "reversed", "a sequence", "the iterator of " + path.substr(path.rfind('.') + 1) + "()")
          .suggest("reverse what goes into it: zip(reversed(a), reversed(b)), or count down with range(len(a) - 1, -1, -1)");
      return std::nullopt;
    }
  }
  std::optional<Sequence> inner = sequence_of(*site.call.args[0]);
  if (!inner) return std::nullopt;
  Span span = site.span();
  auto length = std::make_shared<ExprPtr>(hold(std::move(inner->length)));
  auto shared = std::make_shared<Sequence>(std::move(*inner));
  auto element = [this, shared, length, span](const typed::Expr& position) {
    ExprPtr last = binary(typed::BinaryOp::Sub, clone(**length), int_constant(1, span), span);
    ExprPtr mirrored = binary(typed::BinaryOp::Sub, std::move(last), clone(position), span);
    return with_value(std::move(mirrored), [&](const typed::Expr& at) { return shared->element(at); });
  };
  return Sequence{clone(**length), element, std::nullopt};
}

void BodyChecker::for_sequence(const ast::Stmt& stmt, const ast::For& node, Sequence sequence) {
  typed::ForRange loop;
  Span span = node.target->span;
  loop.variable = new_temp(Kind::I64, span);
  loop.start = int_constant(0, span);
  loop.stop = std::move(sequence.length);
  loop.step = int_constant(1, span);
  ++loop_depth_;
  loop.body = in_block([&] {
    assign_target(*node.target, sequence.element(*read_temp(loop.variable, span)));
    check_block(node.body);
  });
  --loop_depth_;
  loop.otherwise = in_block([&] { check_block(node.otherwise); });
  emit(stmt.span, std::move(loop));
}

}  // namespace kjit
