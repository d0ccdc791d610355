#!/usr/bin/env bash
# The Debian package on a bare Debian 12: tests/install/debian.sh BUILD
# Makes the package, installs it in a fresh chroot, runs kjit there, then builds and runs the first program and every example with
# nothing but the system's g++ and CMake. KJIT_DEBIAN_ROOT is a fresh system that debootstrap has made before, to copy. Needs root, debootstrap and a mirror; without them it is skipped, with exit code 77.
set -u
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
mirror=${KJIT_DEBIAN_MIRROR:-http://deb.debian.org/debian}
skip() { echo "debian: skipped, $1"; exit 77; }
[ "$(id -u)" = 0 ] || skip "needs root"
command -v debootstrap >/dev/null || skip "needs debootstrap"
command -v dpkg-shlibdeps >/dev/null || skip "needs dpkg-dev"

work=$(mktemp -d /var/tmp/kjit-debian.XXXXXX)
root=$work/root
leave() { umount "$root/proc" 2>/dev/null; rm -rf --one-file-system "$work"; }
trap leave EXIT
failures=0
failed() { echo "debian: $1" >&2; failures=$((failures + 1)); }
same() { [ "$2" = "$3" ] || { failed "$1"; diff <(echo "$2") <(echo "$3") >&2; }; }
# A command that must work; its output only if it does not.
must() { "$@" >"$work/log" 2>&1 || { echo "debian: $* fails:" >&2; tail -30 "$work/log" >&2; exit 1; }; }
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

(cd "$build" && must cpack -G DEB -B "$work/package") || exit 1
package=$(ls "$work"/package/*.deb) || exit 1
if [ -n "${KJIT_DEBIAN_ROOT:-}" ]; then
  cp -a "$KJIT_DEBIAN_ROOT" "$root"
else
  debootstrap --variant=minbase bookworm "$root" "$mirror" >"$work/log" 2>&1 || { tail -3 "$work/log"; skip "debootstrap cannot reach $mirror"; }
fi
mount -t proc proc "$root/proc" 2>/dev/null  # without it: fine, too

# ---- bare: what the package brings is enough to run ------------------------------------------------------------------------------

cp "$package" "$root/kjit.deb"
must inside apt-get update
must inside apt-get install -y --no-install-recommends /kjit.deb
printf 'from kjit import njit, prange\n\n@njit(parallel=True)\ndef f(n):\n    s = 0\n    for i in prange(n):\n        s += i\n    return s\n\nprint(f(1000))\n' >"$root/f.k"
same "kjit run" 499500 "$(inside kjit run /f.k 2>&1)"
inside sh -c 'ls /usr/lib/llvm-19 /usr/include/llvm*' 2>/dev/null | grep -q 'LLVM' && failed "LLVM is there, so the test proves nothing"
echo "debian: bare system runs kjit; it has $(inside sh -c 'dpkg -l' | grep -c ^ii) packages"

# ---- with a compiler: programs ------------------------------------------------------------------------------------------------------

must inside apt-get install -y --no-install-recommends g++ cmake make pkgconf
cp -r "$here/host" "$repository/examples" "$root/"
must inside g++ -std=c++20 -o /issue /host/issue.cpp -lkjit
same "the first program" 499500 "$(inside /issue 2>&1)"
must inside sh -c 'g++ -std=c++20 -o /issue2 /host/issue.cpp $(pkg-config --cflags --libs kjit)'
must inside cmake -S /host -B /host-build
must inside cmake --build /host-build
same "the first program, with CMake" 499500 "$(inside /host-build/issue 2>&1)"
must inside cmake -S /examples -B /examples-build
must inside cmake --build /examples-build -j2
for expected in "$root"/examples/expected/*.txt; do
  name=$(basename "$expected" .txt)
  same "example $name" "$(cat "$expected")" "$(inside sh -c "cd /examples-build && ./$name" 2>&1)"
done
must inside cmake -S /examples/09_ahead_of_time -B /ahead-build
must inside cmake --build /ahead-build
for language in c cpp; do
  same "kjit build, $language" "$(cat "$repository/examples/09_ahead_of_time/expected.txt")" "$(inside "/ahead-build/09_ahead_of_time_$language" 2>&1)"
done
[ "$failures" = 0 ] && echo "debian: $(basename "$package"), $(du -h "$package" | cut -f1), and $(ls "$root/examples/expected" | wc -l) examples: fine"
exit "$((failures > 0))"
