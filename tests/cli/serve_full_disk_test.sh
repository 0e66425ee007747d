#!/usr/bin/env bash
# `animate serve` on a disk that fills up. It lies in a mount namespace of the server's own, which some systems refuse.
source "$(dirname "$0")/lib.sh" "$1"
for program in ffmpeg ffprobe python3 unshare; do need "$program"; done
mkdir disk run
if ! unshare --map-root-user --mount sh -c "mount -t tmpfs -o size=1m tmpfs disk" 2>/dev/null; then
  echo "skipped: no small disk can be mounted here"
  exit 77
fi
cd run || exit 1
expect_that "the server on a full disk" env PYTHONPATH="$REPO/tests/serve" PYTHONDONTWRITEBYTECODE=1 \
  python3 "$REPO/tests/serve/full_disk.py" "$ANIMATE" "$SOURCE" "$DRIVING" -
cat "$WORK/.that.txt"
cd "$WORK" || exit 1
finish
