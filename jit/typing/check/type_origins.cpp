// Explains type errors. Entries: explain_types, is_consequence.

#include "typing/check/type_origins.h"

#include <algorithm>

#include "typing/check/specialisation.h"

namespace kjit {

namespace {

constexpr std::size_t kMaxNotes = 4;

bool contains(Span outer, Span inner) { return outer.file == inner.file && outer.begin <= inner.begin && inner.end <= outer.end; }

// As a word of its own: not the f64 of f64[:] or of (i64, f64).
bool mentions(const std::string& message, const std::string& type) {
  for (std::size_t at = message.find(type); at != std::string::npos; at = message.find(type, at + 1)) {
    const std::size_t end = at + type.size();
    const bool begins = at == 0 || message[at - 1] == ' ';
    const bool ends = end == message.size() || message[end] == ' ' || message[end] == ':';
    if (begins && ends) return true;
  }
  return false;
}

class Explainer {
 public:
  explicit Explainer(Diagnostic& diagnostic) : diagnostic_(diagnostic), limit_(diagnostic.notes.size() + kMaxNotes) {}

  // All values that are read inside `place`.
  void place(Span place, const Specialisation& spec) {
    for (const ValueUse& use : spec.origins.uses) {
      if (!contains(place, use.span)) continue;
      use.name.empty() ? call(*use.owner) : variable(use.name, *use.owner);
    }
  }

 private:
  void variable(const std::string& name, const Specialisation& spec) {
    const auto type = spec.variables.find(name);
    if (type == spec.variables.end() || !is_named(type->second)) return;
    const auto found = spec.origins.assignments.find(name);
    if (found == spec.origins.assignments.end()) return parameter(name, type->second, spec);
    if (!note(found->second, "'" + name + "' is " + to_string(type->second) + " because of this assignment")) return;
    place(found->second, spec);
  }

  // A parameter has the type of the argument, a captured variable that of the variable.
  void parameter(const std::string& name, const Type& type, const Specialisation& spec) {
    const Specialisation* caller = spec.origins.caller;
    if (!caller || caller->is_stub || !spec.scope->definition) return;
    const auto& captures = spec.scope->captures;
    if (std::find(captures.begin(), captures.end(), name) != captures.end()) return variable(name, *caller);
    const auto& parameters = spec.scope->definition->parameters;
    const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& entry) { return entry.name == name; });
    const auto position = captures.size() + static_cast<std::size_t>(found - parameters.begin());
    if (found == parameters.end() || position >= spec.origins.arguments.size()) return;
    const Span argument = spec.origins.arguments[position];
    if (note(argument, "'" + name + "' is " + to_string(type) + " in this call")) place(argument, *caller);
  }

  void call(const Specialisation& callee) {
    if (!callee.origins.has_result || !is_named(callee.result)) return;
    const Span place_of_return = callee.origins.result;
    if (!note(place_of_return, callee.function.name + "() returns " + to_string(callee.result) + " here")) return;
    place(place_of_return, callee);
  }

  bool is_named(const Type& type) const { return !type.is_unknown() && mentions(diagnostic_.message, to_string(type)); }

  // False if there is nothing new to say.
  bool note(Span span, std::string text) {
    const auto& notes = diagnostic_.notes;
    const bool known = std::any_of(notes.begin(), notes.end(), [&](const Note& old) { return old.span == span; });
    if (known || notes.size() >= limit_ || contains(span, diagnostic_.span)) return false;
    diagnostic_.note(span, std::move(text));
    return true;
  }

  Diagnostic& diagnostic_;
  std::size_t limit_;
};

}  // namespace

void explain_types(Diagnostic& diagnostic, const Specialisation& spec) { Explainer(diagnostic).place(diagnostic.span, spec); }

namespace {

// Assignments in a row through which a failed value is followed.
constexpr int kMaxSteps = 8;

// Is a value read inside `place` without a type, or does it come from one that is?
bool reads_failed(Span place, const Specialisation& spec, int steps) {
  return std::any_of(spec.origins.uses.begin(), spec.origins.uses.end(), [&](const ValueUse& use) {
    if (!contains(place, use.span)) return false;
    const TypeOrigins& origins = use.owner->origins;
    if (use.name.empty()) return origins.result_failed;
    if (origins.failed.contains(use.name)) return true;
    const auto assigned = origins.assignments.find(use.name);
    return steps > 0 && assigned != origins.assignments.end() && reads_failed(assigned->second, *use.owner, steps - 1);
  });
}

}  // namespace

bool is_consequence(const Diagnostic& diagnostic, const Specialisation& spec) {
  return reads_failed(diagnostic.span, spec, kMaxSteps);
}

}  // namespace kjit
