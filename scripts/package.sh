#!/usr/bin/env bash
# Makes animate_VERSION_amd64.deb for the Debian it runs on, in build/release/package; its path is the last line on stdout.
# usage: scripts/package.sh [--no-setup]     the packages that a build needs are installed first, or with --no-setup not
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case ${1:-} in
  "") scripts/setup.sh >&2 ;;
  --no-setup) ;;
  --help | -h)
    sed -n '2,3s/^# //p' scripts/package.sh
    exit 0
    ;;
  *)
    echo "package.sh: $1: is no option of this script; see --help" >&2
    exit 2
    ;;
esac
if ! command -v dpkg-shlibdeps >/dev/null; then
  echo "package.sh: dpkg-shlibdeps is not installed; run: sudo apt-get install dpkg-dev" >&2
  exit 1
fi
rm -rf build/release/package
# The program needs nothing of what tests need; a build folder that has them keeps them.
settings=()
[ -e build/release/CMakeCache.txt ] || settings+=(-DANIMATE_TESTS=OFF)
cmake --preset release ${settings[@]+"${settings[@]}"} >&2
cmake --build --preset release --target animate animate_engine_library >&2
(cd build/release && cpack -G DEB >&2)
realpath build/release/package/animate_*.deb
