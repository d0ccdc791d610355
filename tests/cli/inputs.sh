#!/usr/bin/env bash
# Files that are no kernel files, and those that only look strange.
. "$(dirname "$0")/expect.bash"

run run missing.k; fails_with 1 "No such file"
run check missing.k; fails_with 1 "No such file"
mkdir folder.k; run run folder.k; fails_with 1 "directory"
printf 'x = 1\0\n' > binary.k; run run binary.k; fails_with 1 "binary"
head -c 4096 "$KJIT" > elf.k; run run elf.k; fails_with 1 "elf.k"
printf 'x = "\xff\xfe"\n' > latin.k; run run latin.k; fails_with 1 "UTF-8"
if [ "$(id -u)" != 0 ]; then
  echo 'print(1)' > secret.k; chmod 000 secret.k; run run secret.k; fails_with 1 "Permission"
fi

: > empty.k; run run empty.k; succeeds; out_empty
printf '\n\n# nothing\n' > comment.k; run run comment.k; succeeds; out_empty
printf 'print(1)' > no_newline.k; run run no_newline.k; succeeds; out_is 1
printf 'x = 2\r\nif x > 1:\r\n    print(x)\r\n' > crlf.k; run run crlf.k; succeeds; out_is 2
printf '\xef\xbb\xbfprint(3)\n' > bom.k; run run bom.k; succeeds; out_is 3
printf 'print("\xc3\xa4\xe2\x82\xac")\n' > utf8.k; run run utf8.k; succeeds; out_is "ä€"

echo 'print(4)' > .in
"$KJIT" run - <.in >.out 2>.err; code=$?; last="kjit run -"; succeeds; out_is 4
printf 'x = (' | "$KJIT" run - >.out 2>.err; code=$?; fails_with 1 "<stdin>:1:"

printf 'def f(x):\n    return x + 1\n' > lib.k
printf 'from lib import f\nprint(f(2))\n' > main.k
run run main.k; succeeds; out_is 3
mkdir sub; cp lib.k main.k sub; run run sub/main.k; succeeds; out_is 3
rm lib.k; run run main.k; fails_with 1 "lib"
printf 'def f(:\n' > lib.k; run run main.k; fails_with 1 "lib.k:1:"
printf 'from b import g\ndef f(x):\n    return g(x)\n' > a.k
printf 'from a import f\ndef g(x):\n    return x * 2\n' > b.k
printf 'from a import f\nprint(f(21))\n' > cycle.k
run run cycle.k; succeeds; out_is 42

# An array of rank 0, as np.save("x.npy", 3.5) writes it, is a number.
printf 'def size(a):\n    return a.size\n\ndef twice(a):\n    return a * 2\n' > rank.k
printf '\x93NUMPY\x01\x00\x46\x00%-69s\n\x00\x00\x00\x00\x00\x00\x0c\x40' "{'descr': '<f8', 'fortran_order': False, 'shape': (), }" > number.npy
for options in "" --interpret -O0; do
  run run rank.k twice @number.npy $options; succeeds; out_is 7.0
  run run rank.k size @number.npy $options; fails_with 1 "E0607"
done
finish
