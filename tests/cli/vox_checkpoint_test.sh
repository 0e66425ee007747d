#!/usr/bin/env bash
# A published-size training checkpoint (about 750 MB with its optimizer state) in both containers: it loads within 1.3
# times the size of its two networks, and animates.
source "$(dirname "$0")/lib.sh" "$1"
need python3
need ffprobe
NETWORKS_MB=239.4 # 59.8 million parameters and running statistics of 4 bytes
if [ "$(df --output=avail -k . | tail -n 1)" -lt 1000000 ]; then
  echo "skipped: less than 1 GB is free for the checkpoint"
  exit 77
fi
for form in legacy zip; do
  python3 "$REPO/tests/cli/make_vox_checkpoint.py" "$form" "vox-$form.pth.tar"
  expect_ok "out/$form.mp4" -s "$SOURCE" -d "$DRIVING" -o "out/$form.mp4" --end 0.8 -v \
    --config "$REPO/configs/fomm/vox-256.yaml" --checkpoint "vox-$form.pth.tar"
  expect_that "20 frames of $form" test "$(ffprobe -v error -count_frames -select_streams v \
    -show_entries stream=nb_read_frames -of csv=p=0 "out/$form.mp4")" = 20
  echo "$form: $(stat -c %s "vox-$form.pth.tar") bytes; $(grep 'before loading' stderr.txt)"
  expect_that "loading stays below 1.3 x the networks" awk -v networks="$NETWORKS_MB" \
    '/before loading/ { fits = $7 - $3 < 1.3 * networks } END { exit !fits }' stderr.txt
  rm -f "vox-$form.pth.tar"
done
finish
