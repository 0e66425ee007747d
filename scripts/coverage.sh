#!/usr/bin/env bash
# Which lines the tests reach: builds with counters, runs tests, prints a table by file and writes pages to open.
# usage: scripts/coverage.sh [ROOM...]    rooms whose test programs run, as in base media; default all without LibTorch
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v gcovr >/dev/null || {
  echo "coverage.sh: gcovr is not installed; install the package gcovr" >&2
  exit 1
}
rooms=("$@")
[ $# -gt 0 ] || rooms=(base digest checkpoint catalog report doctor motion motion_formula batch media pictures onnx face)
jobs=$(($(nproc) < 4 ? $(nproc) : 4))
cmake --preset coverage
cmake --build --preset coverage --parallel "$jobs" --target "${rooms[@]/%/_tests}"
# Counters of an earlier run would be added to.
find build/coverage -name '*.gcda' -delete
any=$(IFS='|' && echo "${rooms[*]}")
ctest --test-dir build/coverage --parallel "$jobs" --output-on-failure --no-tests=error -R "^unit\.($any)_tests: "
mkdir -p build/coverage/pages
gcovr --root . --filter src/ --exclude-unreachable-branches --html-details build/coverage/pages/index.html build/coverage
gcovr --root . --filter src/ build/coverage
echo "coverage: the pages begin at build/coverage/pages/index.html"
