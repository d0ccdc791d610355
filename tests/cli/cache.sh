#!/usr/bin/env bash
# The disk cache: hits, misses and why; damage, folders that cannot be written, many processes at once.
. "$(dirname "$0")/expect.bash"
unset KJIT_CACHE KJIT_CACHE_LIMIT
export KJIT_CACHE_DIR=$work/cache

cat > k.k <<'K'
import numpy as np

def f(a):
    s = 0.0
    for i in range(len(a)):
        s += a[i]
    return s

print(f(np.array([1.0, 2.0])))
K
entries() { find cache -name '*.kjit' 2>/dev/null | wc -l; }
inode() { stat -c %i cache/*.kjit; }

run cache dir; succeeds; out_is "$work/cache"
run cache stats; succeeds; out_has "entries  0"
run cache why k.k; succeeds; out_has "nor is anything like it"
run run k.k; succeeds; out_is "3.0"
[ "$(entries)" = 1 ] || failed "$(entries) entries after one run"
first=$(inode)
run run k.k; succeeds; out_is "3.0"
[ "$(inode)" = "$first" ] || failed "the second run has compiled again"
run cache why k.k; succeeds; out_has "is in the cache"
run cache why k.k -O1; succeeds; out_has "options: -O1 now, -O3 there"
run cache list; succeeds; out_has "k.k"
run cache verify; succeeds; out_has "1 entries, 0 damaged"
run run k.k --no-cache; succeeds; out_is "3.0"
[ "$(inode)" = "$first" ] || failed "--no-cache has written"
run run k.k f '[1.0, 2.5]'; succeeds; out_is "3.5"
[ "$(entries)" = 2 ] || failed "a kernel is an entry of its own"

# The content decides, not the time; an edit is found.
touch -d 2001-01-01 k.k
run cache why k.k; succeeds; out_has "is in the cache"
sed -i 's/2.0/4.0/' k.k
run cache why k.k; succeeds; out_has "file k.k"
run run k.k; succeeds; out_is "5.0"
run cache clear; succeeds; out_has "3 files removed"

# A hit says what compiling said: warnings, lines of tracebacks.
cat > w.k <<'K'
import numpy as np
from kjit import njit, prange

@njit(parallel=True)
def g(a, b, k):
    for i in prange(len(a)):
        a[i] = a[b[int(a[i])]] + 1.0
    return a[k]

print(g(np.array([1.0, 2.0, 3.0]), np.array([0, 1, 2, 0, 0]), 7))
K
"$KJIT" run w.k >first.out 2>first.err
"$KJIT" run w.k >second.out 2>second.err
cmp -s first.err second.err || failed "a hit does not say what compiling said: $(diff first.err second.err)"
grep -q IndexError second.err || failed "no error of the second run"
grep -q warning second.err || failed "no warning of the second run"

# Damage is a miss, silently, and is mended.
run cache clear; run run k.k; file=$(echo cache/*.kjit)
for damage in "truncate -s 100 $file" "truncate -s 0 $file" "dd if=/dev/urandom of=$file bs=1 seek=700 count=8 conv=notrunc" "sed -i s/ELF/elf/ $file"; do
  $damage 2>/dev/null
  run cache verify; code_is 1; out_has "1 damaged"
  run run k.k; succeeds; out_is "5.0"
  run cache verify; succeeds
done

# Folders that are not to be had: the same results, one note.
KJIT_CACHE_DIR=/proc/nowhere run run k.k; code_is 0; out_is "5.0"; err_has "compiled code is not kept"
[ "$(wc -l <.err)" = 1 ] || failed "more than one line"
echo > file
KJIT_CACHE_DIR=$work/file run run k.k; code_is 0; out_is "5.0"; err_has "not kept"
KJIT_CACHE=0 run run k.k; succeeds; out_is "5.0"
if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=8k tmpfs small 2>/dev/null; then
  KJIT_CACHE_DIR=$work/small run run k.k; code_is 0; out_is "5.0"; err_has "not kept"
  KJIT_CACHE_DIR=$work/small run run k.k; code_is 0; out_is "5.0"
  umount small
fi

# Torture in short: processes that share a folder, are killed, and find damage. scripts of a campaign set KJIT_TORTURE=200.
rm -rf cache
worker() {
  for ((n = 0; n < ${KJIT_TORTURE:-6}; ++n)); do
    i=$(((n + $1) % 3))
    sed "s/4.0/$i.0/" k.k > "t$i.$1.k.new" && mv "t$i.$1.k.new" "t$i.$1.k"
    answer=$("$KJIT" run "t$i.$1.k" 2>>errors.$1) || echo "failed $n" >> errors.$1
    [ "$answer" = "$((1 + i)).0" ] || echo "answer $answer of $i" >> errors.$1
    case $((n % 3)) in
      0) for f in cache/*.kjit; do truncate -s $((RANDOM % 3000)) "$f" 2>/dev/null; break; done ;;
      1) "$KJIT" run "t$i.$1.k" >/dev/null 2>&1 & victim=$!; sleep 0.0$((RANDOM % 9)); kill -9 $victim 2>/dev/null; wait $victim 2>/dev/null ;;
    esac
  done
}
for w in 1 2 3 4; do worker $w & done
wait
cat errors.* > .err; : > .out; last=torture
err_empty
"$KJIT" cache verify >.out 2>.err || true
run cache gc; succeeds
finish
