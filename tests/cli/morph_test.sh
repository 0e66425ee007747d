#!/usr/bin/env bash
# animate morph through the binary: results with the model that ships, exact sentences, nothing left behind.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
need ffprobe

# Two drawn heads.
"$ANIMATE" heads -q -o drawn --seed 5 --frames 1 --size 128
cp drawn/source.png b.png
cp "$SOURCE" a.png
M=(morph -q -s a.png -t b.png)

expect_that "morph --help" sh -c "'$ANIMATE' morph --help | grep -q -- --dissolve"
expect_that "--help names it" sh -c "'$ANIMATE' --help | grep -q '^  morph '"
for word in --method --frames --duration --ease --loop --hold --grid --exact-ends; do
  expect_that "morph --help speaks of $word" sh -c "'$ANIMATE' morph --help | sed 's/\[no-\]//g' | grep -q -- $word"
done
expect_that "animate's own help does not" sh -c "! '$ANIMATE' --help | grep -q -- --dissolve"

# What is refused, and how.
expect_error 2 "-s SOURCE is missing; give two pictures: animate morph -s a.png -t b.png -o morph.mp4" morph -t b.png
expect_error 2 "-t TARGET is missing; give two pictures: animate morph -s a.png -t b.png -o morph.mp4" morph -s a.png
expect_error 2 "a.png: would become itself, and nothing would change; give another picture with -t" \
  morph -s a.png -t a.png -o out/m.mp4
expect_error 1 "none.png: no such file; check the path" morph -s a.png -t none.png -o out/m.mp4
expect_error 2 "$DRIVING: is a clip, and a morph goes from picture to picture; give pictures" \
  morph -s a.png -t "$DRIVING" -o out/m.mp4
expect_error 2 "out/m.png: a morph does not fit into one picture; give a name as in out.mp4 or out-%05d.png" \
  "${M[@]}" -o out/m.png
expect_error 2 "b.png: is the target picture itself and would be overwritten; choose another output" "${M[@]}" -o b.png
expect_error 2 "--frames: 1 is not a number from 2 to 100000; see \`animate --help\`" "${M[@]}" -o out/m.mp4 --frames 1
expect_error 2 "--frames and --duration both say how long it takes; give one of them" \
  "${M[@]}" -o out/m.mp4 --frames 10 --duration 1
expect_error 2 "--ease: fast is not one of linear|smooth; see \`animate --help\`" "${M[@]}" -o out/m.mp4 --ease fast
expect_error 2 "--fps driving: names a clip, and there is none; give a number, as in 25 or 30000/1001" \
  "${M[@]}" -o out/m.mp4 --fps driving
expect_error 2 "sheet.gif: a sheet is a picture; give --grid a name that ends in .png or .jpg" \
  "${M[@]}" -o out/m.mp4 --grid sheet.gif
expect_error 2 "--method latent: goes between the codes of a face autoencoder, and default is a model of the family fomm; give \
one with -m, or leave it out" "${M[@]}" -m heads -o out/m.mp4 --method latent
expect_error 2 "--paste-back: only LivePortrait's morphs go back into their pictures; leave it out" \
  "${M[@]}" -m heads -o out/m.mp4 --crop 0,0,128,128 --paste-back
# A picture of another shape is cut out round its face; this one has none.
ffmpeg -v error -nostdin -f lavfi -i color=gray:s=96x64 -frames:v 1 wide.png
expect_error 1 "wide.png: no face was found; choose the part that counts with --crop x,y,w,h, or take all of it with --crop none" \
  morph -q -m heads -s a.png -t wide.png -o out/m.mp4

# Results.
expect_ok out/m.mp4 "${M[@]}" -m heads -o out/m.mp4 --frames 4
expect_that "four frames, 25 a second" test "$(probe v r_frame_rate,nb_read_frames out/m.mp4)" = 25/1,4
expect_that "of the model's size" test "$(probe v width,height out/m.mp4)" = 256,256
expect_that "it says what it is" sh -c "ffprobe -v error -show_format out/m.mp4 | grep -q 'from several pictures that become each other'"
rm -f out/*
expect_ok out/m-%d.png "${M[@]}" -m heads -o out/m-%d.png --frames 3 --crop none --grid sheet.png --report m.json
expect_that "three pictures" test "$(ls out | wc -l)" = 3
ffmpeg -v error -nostdin -y -i out/m-1.png -f rawvideo -pix_fmt rgb24 first.raw
ffmpeg -v error -nostdin -y -i a.png -f rawvideo -pix_fmt rgb24 a.raw
expect_that "the first is the source, to the byte" cmp first.raw a.raw
expect_that "the sheet has three pictures" test "$(probe v width,height sheet.png)" = 200,68
expect_that "the report has the target" python3 - <<'PY'
import json
report = json.load(open("m.json"))
assert report["status"] == "ok" and report["inputs"]["targets"][0]["path"] == "b.png" and "driving" not in report["inputs"], report
assert report["options"]["frames"] == 3, report["options"]
PY
# A chain that goes round, in another format, with a sound that is too short.
ffmpeg -v error -nostdin -f lavfi -i sine=d=0.1 beep.wav
expect_ok out/r.mkv morph -m heads -s a.png -t b.png -t a.png -o out/r.mkv --frames 2 --hold 1 --fps 10 --audio beep.wav
expect_that "six frames" test "$(probe v nb_read_frames out/r.mkv)" = 6
expect_that "with sound" test -n "$(probe a codec_name out/r.mkv)"
expect_that "whose end is told" grep -q "beep.wav: lasts 0.1 s and the result 0.6 s; the rest is silent" stderr.txt
rm -rf out/*
expect_error 1 "beep.wav: lasts 0.1 s and the result 0.4 s; the rest is silent; nothing was written, as --strict refuses a result \
with a warning" morph -q -m heads -s a.png -t b.png -o out/r.mkv --frames 4 --fps 10 --audio beep.wav --strict

# In a batch.
echo '{"source": "a.png", "target": "b.png", "frames": 2, "model": "heads"}' >jobs.jsonl
expect_ok out/a--b_morph.mp4 batch -q --manifest jobs.jsonl -o out
expect_ok "" batch -q --manifest jobs.jsonl -o out
expect_that "the second time it is finished" test ! -s stdout.txt
rm -rf out/*

# Through codes, with the autoencoder that ships.
if [ -e "$REPO/configs/autoencoder" ] && "$ANIMATE" models 2>/dev/null | grep -q autoencoder; then
  expect_ok out/l.mp4 "${M[@]}" --method latent -o out/l.mp4 --grid codes.png
  expect_that "64 frames of 64 pixels" test "$(probe v width,height,nb_read_frames out/l.mp4)" = 64,64,64
  expect_that "the sheet of 64" test "$(probe v width,height codes.png)" = 530,530
  rm -f out/*
  expect_error 2 "--method motion: paints two pictures in one pose, and autoencoder is an autoencoder of faces, which has no \
poses; give another model with -m, or leave it out" "${M[@]}" -m autoencoder --method motion -o out/l.mp4
fi
finish
