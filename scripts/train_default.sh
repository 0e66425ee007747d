#!/usr/bin/env bash
# Trains the default model part by part: detector, motion, generator, then all together at 128x128 and at 256x256. Each phase
# starts from the one before; interrupted, the same command goes on where it stopped, and finished phases are left alone.
# usage: scripts/train_default.sh OUT [--gpu]      --gpu: larger batches and fewer steps, for one data-centre GPU
#   ANIMATE=PROGRAM       the program, default build/release/bin/animate; a copy lets building go on beside the training
#   ONLY=a-detector,...   phases to run, default all
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usage() {
  echo "train_default.sh: $1; usage: scripts/train_default.sh OUT [--gpu]" >&2
  exit 2
}
[ $# -ge 1 ] || usage "no folder for the runs is given"
out=$1
case ${2:-} in
  "") gpu= ;;
  --gpu) gpu=1 ;;
  *) usage "$2: is no option of this script" ;;
esac
animate=${ANIMATE:-$root/build/release/bin/animate}
[ -x "$animate" ] || usage "$animate: is no program; build it first (scripts/setup.sh), or name it by ANIMATE"
mkdir -p "$out"

previous=
phase() { # NAME GPU_BATCH GPU_STEPS
  local name=$1 config=$root/configs/default/phases/$1.yaml
  local job=(train --data heads -o "$out/$name")
  if [ -z "${ONLY:-}" ] || [[ ,$ONLY, == *,$name,* ]]; then
    if [ ! -e "$out/$name/model.safetensors" ]; then
      if [ -n "$gpu" ]; then
        sed "s/batch_size: .*/batch_size: $2/; s/lr_half_life: .*/lr_half_life: $(($3 / 4))/" "$config" >"$out/$name.yaml"
        job+=(--config "$out/$name.yaml" --device cuda --steps "$3" --sheet-every "$3" --checkpoint-every 500)
      else
        job+=(--config "$config")
      fi
      [ -z "$previous" ] || job+=(--init "$previous")
      echo "train_default.sh: $name" >&2
      nice -n 15 "$animate" "${job[@]}"
    fi
  fi
  if [ -e "$out/$name/model.safetensors" ]; then previous=$out/$name/model.safetensors; fi
}
phase a-detector 64 1500
phase b-motion 32 800
phase c-generator-128 32 200
phase d-together-128 32 1000
phase d-together-256 12 500
echo "train_default.sh: $previous is the model; \`animate convert $previous MODEL.safetensors --half\` packs it" >&2
