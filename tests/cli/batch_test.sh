#!/usr/bin/env bash
# animate batch: killed and run again, shards side by side, manifests, bad files.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
need ffprobe
need python3
FF=(ffmpeg -nostdin -v error -y)
lines() { cat "${@:2}" | grep -c "\"status\":\"$1\""; }
# Outputs that were made more than once, by the reports.
twice() { grep -h '"status":"done"' "$@" | sed 's/.*"output":"\([^"]*\)".*/\1/' | sort | uniq -d; }
frames() { ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 "$1"; }

mkdir portraits
for n in 1 2 3 4 5 10; do cp "$SOURCE" "portraits/face$n.png"; done
echo "no picture" >portraits/notes.txt
: >portraits/.hidden.png
"${FF[@]}" -i "$DRIVING" -t 0.6 -c:v libx264 -c:a aac a.mp4
"${FF[@]}" -ss 1 -i "$DRIVING" -t 0.4 -c:v libx264 -c:a aac b.mp4

# Stored motion gives what the driver itself gives, to the byte, with sound; so do two jobs at a time.
expect_ok direct/face1--a.mp4 batch -q -s portraits/face1.png -d a.mp4 -o direct
expect_that "one job reads its driver itself" grep -q '"motion":"direct"' direct/report.jsonl
for options in "" "--start 0.2" "--reference auto" "--end 0.4 --audio none" "--fps 30 --no-relative"; do
  # shellcheck disable=SC2086
  expect_ok x.mp4 -q -s portraits/face2.png -d a.mp4 -o x.mp4 $options
  rm -rf pair
  # shellcheck disable=SC2086
  expect_ok pair/face2--a.mp4 batch -q -s portraits/face1.png portraits/face2.png -d a.mp4 -o pair $options
  expect_that "motion extracted once ($options)" grep -q '"motion":"extracted"' pair/report.jsonl
  expect_that "motion reused ($options)" grep -q '"motion":"reused"' pair/report.jsonl
  expect_that "the same video ($options)" cmp x.mp4 pair/face2--a.mp4
done

# The same with LivePortrait, in its published layout with small random weights: a picture, and a source video.
python3 "$REPO/tests/cli/make_liveportrait_weights.py" "$REPO/tests/data/liveportrait/small_keys.json" weights
cp "$REPO/tests/data/liveportrait/small_models.yaml" weights/liveportrait/models.yaml
LP=(-q -m weights --bbox 70,70,120,120)
"${FF[@]}" -i a.mp4 -frames:v 6 -c:v libx264 -an moving.mp4
"${FF[@]}" -i b.mp4 -frames:v 4 -c:v libx264 -c:a aac d.mp4
for source in portraits/face2.png moving.mp4; do
  name=$(basename "$source" | sed 's/\..*//')
  expect_ok y.mp4 "${LP[@]}" -s "$source" -d d.mp4 -o y.mp4 --reference auto
  rm -rf faces
  "$ANIMATE" batch "${LP[@]}" -s portraits/face1.png "$source" -d d.mp4 -o faces --reference auto >stdout.txt 2>stderr.txt
  expect_that "LivePortrait, motion reused for $source: $(tail -n 1 stderr.txt)" grep -q '"motion":"reused"' faces/report.jsonl
  expect_that "LivePortrait, the same video of $source" cmp y.mp4 "faces/$name--d.mp4"
done

# Killed half-way, run again: complete, nothing twice, nothing half-written.
"$ANIMATE" batch -q -s portraits -d a.mp4 b.mp4 -o all >stdout.txt 2>stderr.txt &
victim=$!
for _ in $(seq 1200); do
  [ -e all/report.jsonl ] && [ "$(lines done all/report.jsonl)" -ge 5 ] && break
  sleep 0.05
done
# In the middle of a result: its temporary file is there.
for _ in $(seq 400); do
  compgen -G "all/.face*" >/dev/null && break
  sleep 0.01
done
kill -9 $victim
wait $victim 2>/dev/null
before=$(lines done all/report.jsonl)
expect_that "killed half-way, after $before" test "$before" -ge 5 -a "$before" -lt 12
expect_that "the kill left something" test -n "$(find all -mindepth 1 -name '.*')"
printf '{"status":"done","outp' >>all/report.jsonl
"$ANIMATE" batch -q -s portraits -d a.mp4 b.mp4 -o all >stdout.txt 2>stderr.txt
code=$?
expect_that "the second run: $(tail -n 1 stderr.txt)" test $code = 0
expect_that "the broken line is mended" grep -qx "animate: warning: all/report.jsonl: the last line was broken and has been removed" stderr.txt
expect_that "every line is JSON" python3 -c 'import json; [json.loads(line) for line in open("all/report.jsonl")]'
expect_that "twelve results and the report" test "$(ls -A all | wc -l)" = 13
expect_that "twelve done in all" test "$(lines done all/report.jsonl)" = 12
expect_that "what was finished is skipped" test "$(lines skipped all/report.jsonl)" = "$before"
expect_that "nothing twice: $(twice all/report.jsonl)" test -z "$(twice all/report.jsonl)"
for n in 1 2 3 4 5 10; do
  expect_that "face$n--a is whole" test "$(frames "all/face$n--a.mp4")" = 15
  expect_that "face$n--b is whole" test "$(frames "all/face$n--b.mp4")" = 10
done
"$ANIMATE" batch -s portraits -d a.mp4 b.mp4 -o all >stdout.txt 2>stderr.txt
expect_that "a third run has nothing to do" grep -qx "animate: 0 done, 12 skipped as finished, 0 failed; all/report.jsonl has a line for each" stderr.txt
touch -d 2001-01-01 portraits/face2.png
"$ANIMATE" batch -s portraits -d b.mp4 -o all --crf 18 >stdout.txt 2>stderr.txt
expect_that "a changed portrait is done again" grep -qx "animate: all/face2--b.mp4: is made again (the source changed)" stderr.txt
expect_that "only it" test "$(cat stdout.txt)" = all/face2--b.mp4

# Ctrl-C: exit code 130, the job at hand leaves nothing.
"$ANIMATE" batch -s portraits -d "$DRIVING" -o stopped >stdout.txt 2>stderr.txt &
victim=$!
for _ in $(seq 1200); do
  compgen -G "stopped/.face*" >/dev/null && break
  sleep 0.05
done
kill -TERM $victim
wait $victim
expect_that "interrupted: exit code" test $? = 130
expect_that "interrupted: $(tail -n 1 stderr.txt)" grep -q "^animate: interrupted: . done, 0 skipped as finished, 0 failed, . left; the same command goes on from here$" stderr.txt
expect_that "nothing half-written" test -z "$(find stopped -name '.*')"

# Two shards at the same time, then two jobs at a time.
"$ANIMATE" batch -q -s portraits -d a.mp4 b.mp4 -o shards --shard 1/2 >one.txt 2>stderr1.txt &
first=$!
"$ANIMATE" batch -q -s portraits -d a.mp4 b.mp4 -o shards --shard 2/2 >two.txt 2>stderr2.txt
expect_that "second shard" test $? = 0
wait $first
expect_that "first shard" test $? = 0
expect_that "six jobs each" test "$(wc -l <one.txt)" = 6 -a "$(wc -l <two.txt)" = 6
expect_that "all of them" test "$(ls shards/*.mp4 | wc -l)" = 12
expect_that "each once" test -z "$(twice shards/report-*.jsonl)"
expect_that "nothing else is left" test "$(ls -A shards | wc -l)" = 14
expect_that "the same as without shards" cmp shards/face10--b.mp4 all/face10--b.mp4
"$ANIMATE" batch -q -s portraits -d a.mp4 b.mp4 -o two --jobs 2 >stdout.txt 2>stderr.txt
expect_that "two at a time: $(tail -n 1 stderr.txt)" test "$(lines done two/report.jsonl)" = 12
expect_that "motion still read once a driver" test "$(grep -c '"motion":"extracted"' two/report.jsonl)" = 2
expect_that "twelve results and nothing else" test "$(ls -A two | wc -l)" = 13
"$ANIMATE" -q -s portraits/face3.png -d b.mp4 -o one-thread.mp4 --threads 1 >stdout.txt 2>stderr.txt
"$ANIMATE" batch -q -s portraits -d b.mp4 -o threads --jobs 2 --threads 1 >stdout.txt 2>stderr.txt
expect_that "the same as alone" cmp one-thread.mp4 threads/face3--b.mp4
expect_error 2 "--shard 3/2: the parts are numbered from 1 to 2" batch -s portraits -d a.mp4 -o out --shard 3/2

# A manifest; paths are its folder's, one line is broken, one has a wrong option.
mkdir lists
cp portraits/face1.png a.mp4 lists
cat >lists/jobs.jsonl <<'J'
{"source": "face1.png", "driving": "a.mp4", "output": "one.mp4", "crf": 30, "end": 0.2}
{"source": "face1.png", "driving": "a.mp4", "output": "two.mp4"
{"source": "face1.png", "driving": "a.mp4", "output": "three.webm", "model": "identity"}
{"source": "face1.png", "driving": "a.mp4", "output": "four.mp4", "crff": 30}
J
"$ANIMATE" batch --manifest lists/jobs.jsonl >stdout.txt 2>stderr.txt
expect_that "manifest with a broken line: exit code" test $? = 1
expect_that "the broken line has its number" grep -qx "animate: lists/jobs.jsonl line 2: is not JSON; correct the line" stderr.txt
expect_that "so has the wrong option" grep -qx "animate: lists/jobs.jsonl line 4: crff: is no option; did you mean crf?" stderr.txt
expect_that "last line: $(tail -n 1 stderr.txt)" test "$(tail -n 1 stderr.txt)" = "animate: 2 done, 0 skipped as finished, 2 failed; lists/report.jsonl has a line for each, and the same command tries them again"
expect_that "the others ran" test "$(frames lists/one.mp4)" = 5 -a "$(frames lists/three.webm)" = 15
expect_that "models by name" grep -q '"model":"identity"' lists/report.jsonl
printf '{"source":"a.png","driving":"b.mp4","output":"c.mp4"}\n{"source":"d.png","driving":"b.mp4","output":"./c.mp4"}\n' >same.jsonl
expect_error 2 "c.mp4: two jobs would write it, same.jsonl line 1 and same.jsonl line 2; give each an output of its own" batch --manifest same.jsonl -o out
expect_error 1 "none.jsonl: no such file; check the path" batch --manifest none.jsonl
expect_error 2 "--manifest: the jobs' files stand in it; leave out -s and -d" batch --manifest same.jsonl -s portraits
expect_error 2 "-o FOLDER is missing; give portraits, drivers and a folder: animate batch -s portraits/ -d driving.mp4 -o results/" batch -s portraits -d a.mp4
expect_error 2 "--start 3 does not lie before --end 2; swap or correct them" batch -s portraits -d a.mp4 -o out/x --start 3 --end 2

# A text file named .jpg among good ones, a named file that is no picture, two pictures of one name.
cp "$SOURCE" portraits/face1.jpg
expect_error 2 "out/face1--a.mp4: two jobs would write it, portraits/face1.jpg with a.mp4 and portraits/face1.png with a.mp4; tell them apart with --pattern, as in {source_name}{source_extension}--{driving_name}.mp4" batch -s portraits -d a.mp4 -o out --pattern "{source_name}--{driving_name}.mp4"
echo hello >portraits/face1.jpg
"$ANIMATE" batch -q -s portraits/face1.jpg portraits/face2.png portraits/notes.txt -d b.mp4 -o mixed --pattern '{driving_name}/{index}-{source_name}{source_extension}.mp4' >stdout.txt 2>stderr.txt
expect_that "bad portraits: exit code" test $? = 1
expect_that "bad portraits: the good one is done" test "$(cat stdout.txt)" = mixed/b/1-face2.png.mp4
for bad in face1.jpg notes.txt; do
  expect_that "$bad has its sentence" grep -qx "animate: portraits/$bad: is not a picture; give a JPEG, PNG, WebP, AVIF, HEIC, BMP or TIFF file" stderr.txt
done
rm portraits/face1.jpg

finish
