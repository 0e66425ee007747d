#!/usr/bin/env bash
# animate serve --bench-live: a clip against a live session of the real server. Nothing here looks at how fast anything is.
source "$(dirname "$0")/lib.sh" "$1"
need python3
need ffmpeg
mkdir temporary
export TMPDIR=$PWD/temporary
ffmpeg -nostdin -v error -y -i "$DRIVING" -vf scale=360:240 -frames:v 9 -c:v libx264 -an wide.mp4
# json FILE EXPRESSION: the value of a Python expression on the document d.
json() { python3 -c "import json, sys; d = json.load(open(sys.argv[1])); print($2)" "$1"; }

"$ANIMATE" serve -m default --bench-live wide.mp4 --json >live.json 2>stderr.txt
expect_that "it ends well: $(tail -n 1 stderr.txt)" test $? = 0
expect_that "the JSON has all parts" test "$(json live.json 'sorted(d)')" = \
  "['answers', 'answers_with_face', 'double_rate', 'frame', 'frames', 'model', 'one_after_the_other', 'result', 'two_sessions']"
expect_that "the clip's frames were sent, their middle square" test \
  "$(json live.json '[d["frames"], d["frame"]["width"], d["frame"]["height"], d["result"]["width"]]')" = "[9, 240, 240, 256]"
expect_that "each has its answer in the first round, the newest ones in the second" test "$(json live.json \
  '9 + 1 <= d["answers"] == 18 - d["double_rate"]["frames_replaced"] <= 18')" = True
expect_that "a head that moves gives one picture after the other" test "$(json live.json \
  'd["one_after_the_other"]["distinct_frames_per_second"] > 0 < d["double_rate"]["distinct_frames_per_second"]')" = True
expect_that "percentiles are in their order, and nothing is free" test "$(json live.json \
  'all(0 < s["median"] <= s["p99"] for s in (d["one_after_the_other"]["inference_ms"], d["one_after_the_other"]["overhead_ms"], d["double_rate"]["delay_ms"]))')" = True
expect_that "the delay counts the inference, too" test "$(json live.json 'd["double_rate"]["delay_in_inferences"] > 0')" = True

expect_that "two sessions at once both get their answers" test "$(json live.json \
  '[0 < slower <= faster for slower, faster in [d["two_sessions"]["distinct_frames_per_second"]]]')" = "[True]"

"$ANIMATE" serve -m default --bench-live wide.mp4 --picture "$SOURCE" >live.txt 2>stderr.txt
for words in "live with default over loopback: 9 frames of 240x240 as JPEG, answers of 256x256" "in Session::animate" \
  "overhead of the way there and back" "delay at double the possible rate" "distinct frames a second: " "two sessions at once: "; do
  expect_that "the table has: $words" grep -q -- "$words" live.txt
done
# A clip of one frame is played again and again.
ffmpeg -nostdin -v error -y -i "$DRIVING" -frames:v 1 one.png
"$ANIMATE" serve -m default --bench-live one.png --json >one.json 2>stderr.txt
expect_that "the same picture is no distinct one" test "$(json one.json \
  '[d["frames"], d["one_after_the_other"]["distinct_frames_per_second"]]')" = "[8, 0.0]"
expect_that "nothing is left of its server" test -z "$(ls -A temporary)$(ls -A data 2>/dev/null)"

expect_error 1 "none.mp4: no such file; check the path" serve --bench-live none.mp4
expect_error 1 "none.png: no such file; check the path" serve --bench-live wide.mp4 --picture none.png
expect_error 1 "no-model: no model of this name is found; \`animate models\` lists what there is" serve --bench-live wide.mp4 -m no-model
expect_error 2 "--port excludes --bench-live; see \`animate --help\`" serve --bench-live wide.mp4 --port 8000
expect_error 2 "--json requires --bench-live; see \`animate --help\`" serve --json
finish
