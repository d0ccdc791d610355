#pragma once
// Where a value got its type from: what a type error says beside its own place.
//
// A variable has one type, the join of its assignments, so an error may be shown lines away from the assignment that caused it.
// While a function is checked, reads of variables and results of calls are logged with their places; an error whose text names
// the type of a value read inside its span is explained by the assignment, the call or the return that gave the value this type.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/diagnostics.h"
#include "typing/type.h"

namespace kjit {

struct Specialisation;

// A read of a variable of `owner`, or (name empty) a call of `owner`.
struct ValueUse {
  Span span;
  std::string name;
  const Specialisation* owner = nullptr;
};

// What one specialisation knows of the origins of its types.
struct TypeOrigins {
  std::map<std::string, Span> assignments;  // the one that last widened the variable
  Span result;                              // the return that last widened the result
  bool has_result = false;
  std::vector<ValueUse> uses;  // of the last round
  // Of the last round: variables, and the result, that were given a value without a type. Its mistake has been reported.
  std::set<std::string> failed;
  bool result_failed = false;
  // The call that made the specialisation, and the places of its arguments.
  const Specialisation* caller = nullptr;
  std::vector<Span> arguments;
};

// Adds notes to a type error of `spec`.
void explain_types(Diagnostic& diagnostic, const Specialisation& spec);

// True if the error is about a value that is wrong only because something else was.
bool is_consequence(const Diagnostic& diagnostic, const Specialisation& spec);

}  // namespace kjit
