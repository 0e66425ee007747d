#!/usr/bin/env bash
# The queue, the pipeline and whole jobs with the identity model under the thread sanitizer.
# usage: scripts/tsan.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export TSAN_OPTIONS=suppressions=$PWD/scripts/sanitizers/tsan.supp:halt_on_error=1:second_deadlock_stack=1
jobs=$(($(nproc) < 4 ? $(nproc) : 4))
cmake --preset tsan
cmake --build --preset tsan --parallel "$jobs" --target base_tests pipeline_tests engine_tests
ctest --test-dir build/tsan --output-on-failure --no-tests=error -R 'base_tests|pipeline_tests|engine_tests'
