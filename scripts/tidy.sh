#!/usr/bin/env bash
# clang-tidy over the sources that changed, those that include LibTorch too where clang can read its headers (2.x, as on
# Debian 13; the headers of 1.13 are no C++20 to clang, so there only the rooms without LibTorch are looked at).
# usage: scripts/tidy.sh [--since COMMIT | --all | FILE…]      default: --since the last commit of main elsewhere
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
stop() {
  echo "tidy.sh: $*" >&2
  exit 2
}
command -v clang-tidy >/dev/null || stop "clang-tidy is not installed; run: sudo apt-get install clang clang-tidy libomp-dev"

case ${1:-} in
  --help | -h)
    sed -n '2,4s/^# \{0,1\}//p' scripts/tidy.sh
    exit 0
    ;;
  --all) mapfile -t files < <(git ls-files 'src/**/*.cpp' 'tools/**/*.cpp') ;;
  --since | "")
    since=${2:-$(git merge-base HEAD origin/main 2>/dev/null || echo HEAD~1)}
    git rev-parse --quiet --verify "$since^{commit}" >/dev/null || stop "$since: there is no such commit"
    # What is not committed yet counts, too.
    mapfile -t files < <(git diff --name-only --diff-filter=d "$since" -- 'src/**/*.cpp' 'tools/**/*.cpp')
    ;;
  -*) stop "$1: is no option of this script; see --help" ;;
  *) files=("$@") ;;
esac

# One command a file: neither several files joined nor a header that is compiled before.
build=build/tidy-changed
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
  -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DANIMATE_TESTS=OFF >/dev/null
reads_torch=no
echo '#include <torch/types.h>' >"$build/probe.cpp"
includes=$(grep -o -- '-isystem [^ ]*' "$build/compile_commands.json" | sort -u | tr '\n' ' ')
# shellcheck disable=SC2086  # one word each
if clang++ -std=c++20 -fsyntax-only $includes "$build/probe.cpp" 2>/dev/null; then reads_torch=yes; fi

chosen=()
left=0
for file in ${files[@]+"${files[@]}"}; do
  grep -qF "/$file\"" "$build/compile_commands.json" || continue # built by another configuration only
  if [ "$reads_torch" = no ] && [[ $file =~ ^src/(core|models|heads|train|evaluate|engine)/ ]]; then
    left=$((left + 1))
    continue
  fi
  chosen+=("$file")
done
[ "$left" -eq 0 ] || echo "tidy.sh: $left files include LibTorch, whose headers this clang cannot read; Debian 13's can" >&2
if [ ${#chosen[@]} -eq 0 ]; then
  echo "tidy.sh: nothing to look at"
  exit 0
fi
echo "tidy.sh: ${#chosen[@]} files"
printf '%s\0' "${chosen[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy -p "$build" --quiet
