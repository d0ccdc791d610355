#!/usr/bin/env bash
# Text methods and repr of all code points against CPython of the Unicode version that the tables hold.
. "$(dirname "$0")/expect.bash"
need_numpy
if ! "$PYTHON" -c 'import sys, unicodedata; sys.exit(unicodedata.unidata_version != "14.0.0")'; then
  echo "skipped: this CPython does not have Unicode 14.0.0 (3.11 has)" >&2
  exit 77
fi

# A line for every 256 code points: a hash of what each method makes of each of them, alone and in the middle of a word.
cat > all.k <<'K'
def added(h: int, text: str):
    for c in text:
        h = (h * 31 + ord(c)) % 1000000007
    return h


def flags(t: str):
    n = 0
    n = n * 2 + (1 if t.isalpha() else 0)
    n = n * 2 + (1 if t.isalnum() else 0)
    n = n * 2 + (1 if t.isdecimal() else 0)
    n = n * 2 + (1 if t.isdigit() else 0)
    n = n * 2 + (1 if t.isnumeric() else 0)
    n = n * 2 + (1 if t.isspace() else 0)
    n = n * 2 + (1 if t.isprintable() else 0)
    n = n * 2 + (1 if t.isupper() else 0)
    n = n * 2 + (1 if t.islower() else 0)
    return n * 2 + (1 if t.istitle() else 0)


def block(first: int):
    h = 0
    for code in range(first, first + 256):
        if code < 0xD800 or code > 0xDFFF:
            c = chr(code)
            h = added(h, c.upper())
            h = added(h, c.lower())
            h = added(h, c.casefold())
            h = added(h, c.swapcase())
            h = added(h, c.capitalize())
            h = added(h, repr(c))
            h = added(h, ("x" + c + "\u03a3").lower())
            h = added(h, (c + "\u03a3" + c).title())
            h = added(h, (c + "z" + c).strip() + (c + "z" + c).lstrip() + (c + "z" + c).rstrip())
            h = (h * 1024 + flags(c)) % 1000000007
            h = (h * 1024 + flags("A" + c)) % 1000000007
            if c.isdecimal():
                h = (h * 10 + int(c)) % 1000000007
    return h


for first in range(0, 0x110000, 256):
    print(first, block(first))
K
run run all.k; succeeds
"$PYTHON" all.k > expected || failed "CPython fails"
cmp -s expected .out || failed "differs from CPython: $(diff expected .out | head -n 4)"
[ "$(wc -l < expected)" = 4352 ] || failed "not all code points were compared"
finish
