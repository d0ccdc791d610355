#!/usr/bin/env bash
# Installs the Debian packages that are missing: scripts/setup.sh [import|develop]
#
# Silent and quick when nothing is missing. Not Debian-like, or no right to install: prints exactly what to install, fails.
set -euo pipefail
cd "$(dirname "$0")/.."

# Package names of one [section] of packages.txt.
packages_of() {
  awk -v want="[$1]" '/^\[/ { on = ($0 == want); next } on && NF && !/^#/ { print $1 }' scripts/packages.txt
}

wanted=$(packages_of build)
[ -n "${1:-}" ] && wanted="$wanted
$(packages_of "$1")"

have() {
  local tool
  for tool in "$@"; do command -v "$tool" >/dev/null || return 1; done
}

if ! have dpkg-query apt-get; then
  # Another system: its package manager is its user's business. With the tools in place the build itself says what it lacks.
  if have cmake ninja && { have clang++-19 ld.lld-19 || { have clang++ ld.lld && clang++ --version | grep -q 'version 19\.'; }; }; then
    exit 0
  fi
  {
    echo "kjit: this is not a Debian-like system, so nothing was installed. Please install the equivalents of:"
    printf '  %s\n' $wanted
    echo "that is CMake 3.25, Ninja, Clang, lld and the LLVM libraries 19.1, libomp 19, fmt, CLI11, nlohmann-json, GoogleTest,"
    echo "zstd, zlib, and Python 3 with NumPy; then run make again (CC, CXX and LLVM_DIR name what lies elsewhere)."
  } >&2
  exit 1
fi

installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | awk '$1 == "installed" { print $2 }' || true)
missing=$(comm -23 <(sort -u <<<"$wanted") <(sort -u <<<"$installed") | tr '\n' ' ')
[ -z "${missing// /}" ] && exit 0

sudo=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "kjit: missing packages and no sudo. As root: apt-get install --no-install-recommends $missing" >&2
    exit 1
  fi
  sudo=sudo
fi
echo "kjit: installing $missing"
# Without fresh lists a new machine knows no packages at all; a broken extra source must not stop us if ours are known.
$sudo apt-get update -q || echo "kjit: apt-get update failed, going on with the lists as they are" >&2
if ! $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; then
  echo "kjit: apt could not install: $missing" >&2
  echo "kjit: they are in Debian 12 (bookworm) and later; on other releases get LLVM 19 from https://apt.llvm.org" >&2
  exit 1
fi
