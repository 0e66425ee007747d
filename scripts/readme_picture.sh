#!/usr/bin/env bash
# Makes the pictures of README.md: .github/strip.png, four moments of the sample clip, the driver above, the result below;
# and .github/living.webp, the sample head alive for ten seconds without a driver.
# usage: scripts/readme_picture.sh [PROGRAM, in place of build/release/bin/animate]
# RESULT=FILE.mp4 takes an earlier result of the program in place of a new one.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
animate=$(realpath "${1:-$root/build/release/bin/animate}")
source=$root/configs/default/sample_source.png
driver=$root/configs/default/sample_driving.mp4
strip=$root/.github/strip.png
most=150000  # bytes

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
result=${RESULT:-}
if [ -z "$result" ]; then
  result=$folder/result.mp4
  nice -n 10 "$animate" -m heads -s "$source" -d "$driver" -o "$result" --threads 1 --quiet >&2
fi

# Frames of the clip, counted from 0, at 25 a second.
moments='eq(n,0)+eq(n,30)+eq(n,80)+eq(n,110)'
row="select='$moments',scale=200:200:flags=lanczos,tile=4x1:padding=4:color=white"
ffmpeg -v error -y -i "$driver" -i "$result" -filter_complex "
  [0:v]${row},pad=iw:ih+4:0:0:white[above];
  [1:v]${row}[below];
  [above][below]vstack,split[picture][colours];
  [colours]palettegen=max_colors=256:stats_mode=full[palette];
  [picture][palette]paletteuse=dither=none" -frames:v 1 -update 1 "$folder/strip.png"

bytes=$(stat -c %s "$folder/strip.png")
if [ "$bytes" -gt "$most" ]; then
  echo "readme_picture: the strip has $bytes bytes, more than $most" >&2
  exit 1
fi
install -m 644 "$folder/strip.png" "$strip"
echo "readme_picture: $strip, $bytes bytes"

living=$root/.github/living.webp
nice -n 10 "$animate" -m heads -s "$source" --idle --seconds 10 -o "$folder/living.mp4" --threads 1 --quiet >&2
# Every other picture of 25 a second, and round again for ever.
ffmpeg -v error -y -i "$folder/living.mp4" -vf "fps=12.5,scale=200:200:flags=lanczos" -c:v libwebp_anim -quality 55 -loop 0 "$folder/living.webp"
bytes=$(stat -c %s "$folder/living.webp")
if [ "$bytes" -gt 400000 ]; then
  echo "readme_picture: the living picture has $bytes bytes, more than 400000" >&2
  exit 1
fi
install -m 644 "$folder/living.webp" "$living"
echo "readme_picture: $living, $bytes bytes"
