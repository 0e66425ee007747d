#!/usr/bin/env bash
# Formats every C++ file of the repository, or with --check only says which are not formatted.
# usage: scripts/format.sh [--check]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1:-} in
  "") mode=(-i) ;;
  --check) mode=(--dry-run --Werror) ;;
  *)
    echo "format.sh: $1: is no option of this script; give --check or nothing" >&2
    exit 2
    ;;
esac
# Every major version lays out a few constructs differently.
tool=$(command -v clang-format-14 || command -v clang-format || true)
if [ -z "$tool" ]; then
  echo "format.sh: clang-format is not installed; install the package clang-format-14" >&2
  exit 1
fi
version=$("$tool" --version | sed -E 's/.*version ([0-9]+).*/\1/')
if [ "$version" != 14 ]; then
  echo "format.sh: $tool is version $version, and this project is formatted with 14; install clang-format-14" >&2
  exit 1
fi
git ls-files -z --cached --others --exclude-standard '*.cpp' '*.h' |
  while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done |
  xargs -0 -r "$tool" --style=file "${mode[@]}"
echo "format.sh: done"
