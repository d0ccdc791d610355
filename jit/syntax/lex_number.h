#pragma once

#include "syntax/cursor.h"
#include "syntax/token.h"

namespace kjit {

// Reads the number at the cursor, which stands on a digit or on '.' before a digit. Sets kind and value; a malformed literal is
// reported and read as a whole, as the number 0 of the kind that it resembles.
void lex_number(Cursor& cursor, Token& token);

}  // namespace kjit
