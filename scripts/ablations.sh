#!/usr/bin/env bash
# The paper's ablations on drawn heads: trains the whole model, one without local frames (Jacobians), one without the
# occlusion map and one with a loss at a single scale, all equally short from the same seed, and compares them.
# usage: scripts/ablations.sh [FOLDER] [STEPS]      default runs/ablations and 400; interrupted, it goes on
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${1:-runs/ablations}
steps=${2:-400}
animate=build/release/bin/animate
mkdir -p "$folder"

# The default model's config at 64x64, so that a CPU gets through four runs.
sed -e 's/frame_shape: .*/frame_shape: [64, 64, 3]/' -e 's/batch_size: .*/batch_size: 8/' \
  -e 's/scales: .*/scales: [1, 0.5, 0.25]/' -e '/dense_motion_params/,$ s/scale_factor: .*/scale_factor: 0.5/' \
  -e '/kp_detector_params/,/generator_params/ s/scale_factor: .*/scale_factor: 1/' \
  configs/default/train.yaml >"$folder/whole.yaml"
sed 's/estimate_jacobian: .*/estimate_jacobian: False/' "$folder/whole.yaml" >"$folder/no_jacobian.yaml"
sed -e 's/estimate_occlusion_map: .*/estimate_occlusion_map: False/' -e 's/skips: .*/skips: False/' "$folder/whole.yaml" >"$folder/no_occlusion.yaml"
sed 's/scales: .*/scales: [1]/' "$folder/whole.yaml" >"$folder/single_scale.yaml"

models=()
for name in whole no_jacobian no_occlusion single_scale; do
  if [ ! -e "$folder/$name/model.safetensors" ]; then
    "$animate" train --config "$folder/$name.yaml" --data heads -o "$folder/$name" --steps "$steps" --sheet-every 0
  fi
  mv -n "$folder/$name/model.safetensors" "$folder/$name.safetensors" 2>/dev/null || true
  models+=(-m "$folder/$name.safetensors")
done
exec "$animate" evaluate "${models[@]}" --data heads --seed 100000 -o "$folder/evaluation"
