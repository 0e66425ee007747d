#!/usr/bin/env bash
# Sets up and runs every test; ctest's summary comes last.
# usage: scripts/test.sh [ctest's own arguments, as in -L unit]
# ANIMATE_FIXTURES names another folder of golden fixtures, ANIMATE_MATERIAL one with real media and weights; what needs
# them and is not here shows as skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh --tests
ctest --preset release --output-on-failure --parallel "$(nproc)" "$@"
