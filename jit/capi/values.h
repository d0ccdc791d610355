#pragma once
// Values of the C interface <-> values of the C++ interface.

#include <deque>
#include <vector>

#include "capi/failure.h"
#include "kjit/c.h"
#include "kjit/value.h"

namespace kjit::capi {

// The arguments of a call, borrowed: text is copied, arrays are not.
Failed read_arguments(const kjit_value* args, std::size_t count, std::vector<Value>& out);

// A value in the form of the C interface. It points into `value`, which must stay where it is, and into itself.
class CValue {
 public:
  explicit CValue(const Value& value) : root_(make(value)) {}
  CValue(const CValue&) = delete;
  CValue& operator=(const CValue&) = delete;
  const kjit_value& get() const { return root_; }

 private:
  kjit_value make(const Value& value);
  kjit_value make_tuple(const TupleValue& tuple);

  std::deque<std::vector<kjit_value>> tuples_;
  kjit_value root_;
};

}  // namespace kjit::capi
