#!/usr/bin/env bash
# Trains the judge of `animate evaluate --data heads` on drawn heads of its own and writes
# configs/default/judge/heads.safetensors; logs its correlations on held-out heads (seeds from 200000 on).
# usage: scripts/train_judge.sh [FOLDER] [STEPS]      default runs/judge and 6000; interrupted, it goes on
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${1:-runs/judge}
steps=${2:-6000}
cmake --build build/release --target train_judge
mkdir -p "$folder" configs/default/judge
build/release/bin/train_judge "$folder" "$steps" configs/default/judge/heads.safetensors 2>&1 | tee -a "$folder/log.txt"
