#!/usr/bin/env bash
# animate doctor, and which model runs when none is named.
source "$(dirname "$0")/lib.sh" "$1"
need python3
field() { python3 -c "import json,sys; d=json.load(open('report.json')); print($1)"; }

# Drawn heads only: the main job can run, and the next step is to get LivePortrait.
"$ANIMATE" doctor --json >report.json
expect_that "the main job can run" test $? = 0
expect_that "it says so" test "$(field 'd["can_run"]')" = True
expect_that "the next step" test "$(field 'd["next_step"]')" = "animate models fetch liveportrait"
expect_that "drawn heads can be animated" test "$(field '[a["ready"] for a in d["abilities"] if a["what"] == "drawn heads"]')" = "[True]"
expect_that "photos cannot" test "$(field '[a["ready"] for a in d["abilities"] if a["what"].startswith("photos")]')" = "[False]"
"$ANIMATE" doctor >table.txt
for area in engine LibTorch BLAS FFmpeg OpenCV libheif device memory disk model; do
  expect_that "the table speaks of $area" grep -q " $area " table.txt
done
expect_that "FFmpeg's own version" grep -q "FFmpeg *$(ffmpeg -version | sed -n '1s/^ffmpeg version \([^ ]*\).*/\1/p'); encoders" table.txt
expect_that "the networks really run" sh -c "'$ANIMATE' doctor --deep | grep -q 'ok .* run .*the drawn-heads model takes [0-9]* ms a frame on '"
"$ANIMATE" doctor -o nowhere >table.txt 2>err.txt
expect_that "exit code 1 where nothing can be written" test $? = 1
expect_that "with a sentence" grep -qx "animate: disk: $WORK/nowhere is no folder that can be written; choose another with -o FOLDER" err.txt

# One line about the better model, then the drawn heads.
J=(-s "$SOURCE" -d "$DRIVING" --end 0.1)
"$ANIMATE" "${J[@]}" -o heads.mp4 >/dev/null 2>err.txt
expect_that "the hint is given once" test "$(grep -c 'animate models fetch liveportrait' err.txt)" = 1
expect_that "drawn heads are the default" grep -q '^animate: model default ' err.txt
"$ANIMATE" -m heads "${J[@]}" -o heads.mp4 >/dev/null 2>err.txt
expect_that "no hint for those who chose" sh -c "! grep -q fetch err.txt"

# LivePortrait's networks in the search path are the default from then on.
python3 "$REPO/tests/cli/make_liveportrait_weights.py" "$REPO/tests/data/liveportrait/small_keys.json" data/animate/models/lp
cp "$REPO/tests/data/liveportrait/small_models.yaml" data/animate/models/lp/liveportrait/models.yaml
"$ANIMATE" "${J[@]}" -o lp.mp4 --bbox 70,70,120,120 >/dev/null 2>err.txt
expect_that "LivePortrait is the default" grep -q '^animate: model lp ' err.txt
expect_that "no hint any more" sh -c "! grep -q 'models fetch' err.txt"
expect_that "its result is there" test -s lp.mp4
"$ANIMATE" -m heads "${J[@]}" -o heads.mp4 >/dev/null 2>err.txt
expect_that "drawn heads by name" grep -q '^animate: model default ' err.txt
expect_that "evaluate keeps to the drawn heads" sh -c "'$ANIMATE' evaluate --data heads --heads 1 --pairs 1 --transfers 0 | grep -q default"
expect_that "bench measures the default" sh -c "'$ANIMATE' bench --frames 1 | grep -q '^lp '"
"$ANIMATE" doctor --json >report.json
expect_that "photos can be animated" test "$(field '[a["ready"] for a in d["abilities"] if a["what"].startswith("photos")]')" = "[True]"
expect_that "the list marks it" sh -c "'$ANIMATE' models list | grep -q '^lp .*default'"

# A pointer in place of a network: back to the drawn heads, and both doctor and list say why.
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 9\n' \
  >data/animate/models/lp/liveportrait/base_models/warping_module.pth
"$ANIMATE" "${J[@]}" -o heads.mp4 >/dev/null 2>err.txt
expect_that "not the default with a pointer in it" grep -q '^animate: model default ' err.txt
expect_that "the doctor names it" sh -c "'$ANIMATE' doctor | grep -q 'note *model *lp: .*1 LFS pointer'"
expect_that "the list names it" sh -c "'$ANIMATE' models list | grep -q '^lp .*1 LFS pointer'"
rm data/animate/models/lp/liveportrait/base_models/warping_module.pth
expect_that "what is missing is listed" sh -c "'$ANIMATE' models | grep -q '^lp .*missing 3 of 7 files'"
finish
