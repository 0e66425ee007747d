#!/usr/bin/env bash
# The page of `animate serve` in headless Chromium. $2, where given: a folder that gets pictures of every tab; with
# tests/serve/screenshots what is expected is made anew.
source "$(dirname "$0")/lib.sh" "$1"
SHOTS=${2:+$(cd "$OLDPWD" && realpath -m "$2")}
for program in ffmpeg ffprobe python3 chromium chromedriver; do need "$program"; done
python3 "$REPO/tests/cli/make_liveportrait_weights.py" "$REPO/tests/data/liveportrait/small_keys.json" weights
cp "$REPO/tests/data/liveportrait/small_models.yaml" weights/liveportrait/models.yaml
mkdir run && cd run || exit 1
# python3-selenium is the distribution's, and so is the Python that it is for.
python=/usr/bin/python3
[ -x "$python" ] || python=python3
PYTHONPATH="$REPO/tests/serve" PYTHONDONTWRITEBYTECODE=1 \
  "$python" "$REPO/tests/serve/page_test.py" "$ANIMATE" "$SOURCE" "$DRIVING" "$WORK/weights" ${SHOTS:+"$SHOTS"}
