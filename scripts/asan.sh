#!/usr/bin/env bash
# The tests of the rooms without LibTorch, and of the command line where it reads what strangers give it, under the
# address and undefined-behaviour sanitizers. LibTorch itself is not instrumented, so the rooms above it would tell little.
# usage: scripts/asan.sh [--all]      --all: every test of the command line, and the rooms with LibTorch instrumented, too
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1
export LSAN_OPTIONS=suppressions=$PWD/scripts/sanitizers/lsan.supp:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1
jobs=$(($(nproc) < 4 ? $(nproc) : 4))
settings=("-DANIMATE_TEST_CASES=${ANIMATE_TEST_CASES:-ON}")
if [ "${1:-}" = --all ]; then
  settings+=(-DANIMATE_PLAIN_ROOMS=)
else
  # The rooms with LibTorch come from the release build, which has to be that of this tree.
  scripts/setup.sh
fi
cmake --preset asan "${settings[@]}"
# Only what is run below: tests that need LibTorch take as long to build as all else together.
unit=(base digest checkpoint catalog report doctor motion motion_formula batch fast_conv media pictures onnx face serve)
golden=(liveportrait_motion liveportrait_face)
cmake --build --preset asan --parallel "$jobs" --target animate "${unit[@]/%/_tests}" "${golden[@]/%/_golden_tests}"
any=$(IFS='|' && echo "unit\.(${unit[*]})_tests|golden\.(${golden[*]})_golden_tests")
ctest --test-dir build/asan --parallel "$jobs" --output-on-failure --no-tests=error -R "^($any)(: |\$)"
# By name, not by label: the examples under tests/examples bear the label too, and are not built here. Those that read files,
# names and flags; the others start the program hundreds of times to paint, by the same code, and run with --all.
commands='bad_input|clips|crops|edit|fetch|jobs|names|template|usage|weights'
[ "${1:-}" != --all ] || commands='.*'
# The leak check cannot stop OpenMP's threads in every container, and then fails the program: leaks are looked for above.
ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 ctest --test-dir build/asan --parallel "$jobs" --output-on-failure -R "^cli\\.($commands)\$"
