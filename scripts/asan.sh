#!/usr/bin/env bash
# The tests of the rooms without LibTorch, and of the command line, under the address and undefined-behaviour
# sanitizers. LibTorch itself is not instrumented, so the rooms above it would tell little.
# usage: scripts/asan.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1
export LSAN_OPTIONS=suppressions=$PWD/scripts/sanitizers/lsan.supp:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1
jobs=$(($(nproc) < 4 ? $(nproc) : 4))
cmake --preset asan
# Only what is run below: tests that need LibTorch take as long to build as all else together.
cmake --build --preset asan --parallel "$jobs" --target animate base_tests checkpoint_tests media_tests face_tests \
  motion_tests motion_formula_tests liveportrait_motion_golden_tests liveportrait_face_golden_tests
ctest --test-dir build/asan --output-on-failure --no-tests=error -R '^(unit\.(base|checkpoint|media|face|motion|motion_formula)_tests|golden\.liveportrait_(motion|face)_golden_tests)$'
# The leak check cannot stop OpenMP's threads in every container, and then fails the program: leaks are looked for above.
ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 ctest --test-dir build/asan --output-on-failure -L '^cli$'
