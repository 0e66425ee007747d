#!/usr/bin/env bash
# animate bench: tables, JSON and back, comparisons, the roofline, a clip. Nothing here looks at how fast anything is.
source "$(dirname "$0")/lib.sh"
need python3
need ffprobe
CONFIGS=$REPO/tests/data/golden/fomm/configs
B=(bench --random-weights --config "$CONFIGS/nojac.yaml" --frames 1)

# json FILE EXPRESSION: the value of a Python expression on the document d.
json() { python3 -c "import json, sys; d = json.load(open(sys.argv[1])); print($2)" "$1"; }

# Both ways in one run.
"$ANIMATE" "${B[@]}" --compare baseline --layers >table.txt 2>stderr.txt
for words in "peak here: matrix product" "theirs ms" "ratio to baseline: " "pictures of both: largest difference" \
  "layers of a frame" "between operations" "keypoint detector" "whole frame"; do
  expect_that "the table has: $words" grep -q -- "$words" table.txt
done
expect_that "a layer has its shapes" grep -Eq '^(conv2d|winograd2d)[a-z ]* 1x[0-9x]+ +[0-9]+x[0-9x]+ +[0-9]+ ' table.txt
expect_that "the peak is not measured when it is not asked for" \
  sh -c "! '$ANIMATE' bench --random-weights --config '$CONFIGS/nojac.yaml' --frames 1 --no-probe | grep -q 'of peak\|peak here'"

"$ANIMATE" "${B[@]}" --json --layers --compare baseline >ours.json
expect_that "the JSON has all parts" test "$(json ours.json 'sorted(d)')" = \
  "['comparison', 'device', 'frames', 'frames_per_second', 'gflop_per_frame', 'height', 'layers', 'milliseconds_per_frame', 'mode', 'model', 'probe', 'stages', 'width']"
expect_that "the ratio is ours over theirs" test "$(json ours.json \
  'abs(d["comparison"]["ratio"] - d["milliseconds_per_frame"] / d["comparison"]["milliseconds_per_frame"]) < 1e-9')" = True
expect_that "both paths agree" test "$(json ours.json \
  'd["comparison"]["difference"]["largest"] <= 1e-3 and d["comparison"]["difference"]["psnr_db"] >= 60')" = True
expect_that "layers make up the frame's GFLOP" test "$(json ours.json \
  'abs(sum(r["gflop"] for r in d["layers"]["rows"]) - d["gflop_per_frame"]) < 1e-9 < d["gflop_per_frame"]')" = True

# A file written earlier, of either mode.
"$ANIMATE" "${B[@]}" --json --baseline >theirs.json
"$ANIMATE" "${B[@]}" --json --compare theirs.json >again.json
expect_that "the file's times are compared with" test "$(json again.json 'd["comparison"]["with"]')" = theirs.json
expect_that "the file's mode is told" test "$(json again.json 'd["comparison"]["mode"]')" = baseline
expect_that "the file's time is the one compared with" test "$(json again.json 'd["comparison"]["milliseconds_per_frame"]')" = \
  "$(json theirs.json 'd["milliseconds_per_frame"]')"
expect_that "every stage has its ratio" test "$(json again.json \
  '[s["name"] for s in d["comparison"]["stages"] if s["ratio"]] == [s["name"] for s in d["stages"]]')" = True

# Files that are no measurement.
HINT="write the file with \`animate bench --json > FILE\`"
bad() { python3 -c "import json; d = json.load(open('theirs.json')); $1; json.dump(d, open('bad.json', 'w'))"; }
expect_error 1 "none.json: no such file; check the path" "${B[@]}" --compare none.json
echo "whole frame 3 ms" >bad.json
expect_error 1 "bad.json: is not JSON; $HINT" "${B[@]}" --compare bad.json
echo "[1, 2]" >bad.json
expect_error 1 "bad.json: is no object; $HINT" "${B[@]}" --compare bad.json
bad 'del d["milliseconds_per_frame"]'
expect_error 1 "bad.json: milliseconds_per_frame is missing; $HINT" "${B[@]}" --compare bad.json
bad 'd["milliseconds_per_frame"] = 0'
expect_error 1 "bad.json: milliseconds_per_frame is no positive time; $HINT" "${B[@]}" --compare bad.json
bad 'd["stages"][1]["milliseconds"] = "fast"'
expect_error 1 "bad.json: stages[1]: milliseconds is no positive time; $HINT" "${B[@]}" --compare bad.json
bad 'd["stages"] = [d["stages"][0]] * 101'
expect_error 1 "bad.json: stages is no short list; $HINT" "${B[@]}" --compare bad.json
bad 'd["device"] = "x" * 201'
expect_error 1 "bad.json: device is no short text; $HINT" "${B[@]}" --compare bad.json
bad 'd["width"] = -3'
expect_error 1 "bad.json: width is no number of pixels; $HINT" "${B[@]}" --compare bad.json
bad 'd["model"] = "vox"'
expect_error 1 "bad.json: was measured with the model vox, this is nojac; give a file of the same model" "${B[@]}" --compare bad.json
bad 'd["width"] = 64'
expect_error 1 "bad.json: was measured with frames of 64x48, these are 48x48; give a file of the same frame size" \
  "${B[@]}" --compare bad.json
bad 'd["model"] = "\x1b[2Jnojac"'
expect_error 1 "bad.json: was measured with the model \\x1b[2Jnojac, this is nojac; give a file of the same model" \
  "${B[@]}" --compare bad.json
head -c 4000001 /dev/zero | tr '\0' ' ' >bad.json
expect_error 1 "bad.json: is larger than 4 MB; $HINT" "${B[@]}" --compare bad.json
head -c 1000000 /dev/zero | tr '\0' '[' >bad.json
expect_error 1 "bad.json: is not JSON; $HINT" "${B[@]}" --compare bad.json

# Flags that contradict each other.
expect_error 2 "--compare baseline with --baseline compares the original's computation with itself; leave out --baseline" \
  "${B[@]}" --compare baseline --baseline
expect_error 2 "--baseline runs in float32 as the original does; leave out --half and --precision" "${B[@]}" --baseline --half
expect_error 2 "--picture a.png: is the source for a clip; add --clip VIDEO" "${B[@]}" --picture a.png
expect_error 2 "--clip animates with a model's weights; leave out --random-weights" "${B[@]}" --clip "$DRIVING"
expect_error 2 "--clip animates as this program does; leave out --baseline, or --clip for the networks alone" \
  bench -m default --baseline --clip "$DRIVING"
expect_error 2 "--roofline out/a.jpg: must end in .png" "${B[@]}" --roofline out/a.jpg
expect_error 2 "--roofline out/no/a.png: its folder does not exist; make it first" "${B[@]}" --roofline out/no/a.png
expect_error 2 "--roofline needs the machine's limits; leave out --no-probe" "${B[@]}" --roofline out/a.png --no-probe

# The picture is there, whole, and nothing else.
"$ANIMATE" "${B[@]}" --roofline out/roofline.png >table.txt
expect_that "the roofline decodes" test "$(probe v codec_name,width,height out/roofline.png)" = "png,1200,800"
expect_that "nothing beside it" test "$(ls -A out)" = roofline.png
rm -rf out/*

# A clip from end to end, in a temporary folder that goes.
mkdir temporary
TMPDIR=$PWD/temporary "$ANIMATE" bench -m default --frames 2 --no-probe --json --clip "$DRIVING" >clip.json 2>stderr.txt
expect_that "two frames were animated" test "$(json clip.json '[d["clip"][k] for k in ("frames", "width", "height")]')" = "[2, 256, 256]"
expect_that "every stage took its time" test "$(json clip.json \
  'all(d["clip"]["seconds"][k] > 0 for k in ("total", "decoding", "motion", "rendering", "encoding"))')" = True
expect_that "the temporary folder is gone" test -z "$(ls -A temporary)"
TMPDIR=$PWD/temporary "$ANIMATE" bench -m default --frames 1 --no-probe --clip "$DRIVING" --picture "$SOURCE" >clip.txt 2>stderr.txt
for words in "from file to file" "paste back" "whole clip" "1 frame of 256x256"; do
  expect_that "the clip's table has: $words" grep -q -- "$words" clip.txt
done
# What is wrong with the files is told before anything is measured.
expect_error 1 "none.mp4: no such file; check the path" bench -m default --frames 100000 --clip none.mp4
expect_error 1 "none.png: no such file; check the path" bench -m default --frames 100000 --clip "$DRIVING" --picture none.png
expect_that "nothing is left by what failed" test -z "$(ls -A temporary)"
finish
