#!/usr/bin/env bash
# The queue, the pipeline, the server and whole jobs with the identity model under the thread sanitizer; and the convolution kernels,
# whose threads are OpenMP's: with clang's runtime, which tells the sanitizer through Archer what waits for what
# (packages clang, libomp-dev).
# usage: scripts/tsan.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export TSAN_OPTIONS=suppressions=$PWD/scripts/sanitizers/tsan.supp:halt_on_error=1:second_deadlock_stack=1
jobs=$(($(nproc) < 4 ? $(nproc) : 4))
cmake --preset tsan
cmake --build --preset tsan --parallel "$jobs" --target base_tests pipeline_tests engine_tests serve_tests
ctest --test-dir build/tsan --output-on-failure --no-tests=error -R 'base_tests|pipeline_tests|engine_tests|serve_tests'

cmake --preset tsan-openmp
cmake --build --preset tsan-openmp --parallel "$jobs" --target fast_conv_tests
archer=$(find /usr/lib/llvm-* -name libarcher.so -print -quit)
OMP_TOOL_LIBRARIES=$archer TSAN_OPTIONS=$TSAN_OPTIONS:ignore_noninstrumented_modules=1 \
  ctest --test-dir build/tsan-openmp --output-on-failure --no-tests=error -R fast_conv_tests
