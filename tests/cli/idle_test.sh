#!/usr/bin/env bash
# Motion without a clip through the binary: animate --idle, -d idle, animate template make --idle.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
need ffprobe
A=(-q -m heads -s "$SOURCE")
fact() { "$ANIMATE" template info "$2" | sed -n "s/^$1: //p"; }

for word in --idle --seconds --seed --liveliness --talk; do
  expect_that "--help speaks of $word" sh -c "'$ANIMATE' --help | grep -q -- $word"
  expect_that "template make --help speaks of $word" sh -c "'$ANIMATE' template make --help | grep -q -- $word"
done

expect_error 2 "--idle: moves without a driver; leave out -d $DRIVING" "${A[@]}" -d "$DRIVING" --idle -o out/l.mp4
expect_error 2 "--seconds 0: is not a length from 0.2 to 3600 seconds; give one, as in --seconds 10" \
  "${A[@]}" --idle --seconds 0 -o out/l.mp4
expect_error 2 "--liveliness: 3 is not a number from 0 to 2; see \`animate --help\`" "${A[@]}" --idle --liveliness 3 -o out/l.mp4
expect_error 2 "--seconds, --seed, --liveliness and --talk are of motion without a clip; give --idle in place of a driver, or leave \
them out" "${A[@]}" -d "$DRIVING" --seed 3 -o out/l.mp4
expect_error 2 "--no-relative: takes the driver's pose itself, and without a driver there are only changes; leave it out" \
  "${A[@]}" --idle --no-relative -o out/l.mp4
expect_error 1 "none.wav: no such file; check the path" "${A[@]}" --idle --talk none.wav -o out/l.mp4
expect_error 1 "identity: is a model of the family identity that was not trained on drawn heads, so nobody knows which of its \
points is an eye or a mouth, and --idle has nothing to move; use the drawn heads (-m heads) or LivePortrait, or a driver" \
  -q -m identity -s "$SOURCE" --idle -o out/l.mp4
expect_error 2 "-d DRIVING is missing; give a clip, or --idle for motion without one" template make -o out/a.motion

# A living still.
expect_ok out/l.mp4 "${A[@]}" --idle --seconds 0.4 -o out/l.mp4 --report l.json
expect_that "ten frames" test "$(probe v r_frame_rate,nb_read_frames out/l.mp4)" = 25/1,10
expect_that "a report without a driver's file" sh -c "grep -q '\"made_by\": \"formulas\"' l.json"
expect_that "it says how it moves" sh -c "ffprobe -v error -show_format out/l.mp4 | grep -q 'movement by formulas'"
rm -f out/*
# The long word for it, another rate, a name of its own.
mkdir -p out/made
expect_ok "out/made/sample_source--idle.mp4" "${A[@]}" -d idle --seconds 0.4 --fps 10 -o out/made
expect_that "four frames" test "$(probe v nb_read_frames out/made/sample_source--idle.mp4)" = 4
rm -rf out/*

# As a template: the same seed the same motion, another seed another one.
expect_ok out/a.motion template make -q -m heads --idle --seconds 3 --seed 3 -o out/a.motion
expect_ok out/b.motion template make -q -m heads --idle --seconds 3 --seed 3 -o out/b.motion
expect_ok out/c.motion template make -q -m heads --idle --seconds 3 --seed 4 -o out/c.motion
expect_that "the same seed" cmp out/a.motion out/b.motion
expect_that "another seed" sh -c "! cmp -s out/a.motion out/c.motion"
expect_that "75 frames" test "$(fact frames out/a.motion)" = 75
expect_that "of the model's family" test "$(fact family out/a.motion)" = fomm
rm -f out/*
expect_error 1 "out/a.pkl: only motion of the family liveportrait can be written as a pickle, this one is of fomm; write a .motion \
file instead" template make -q -m heads --idle -o out/a.pkl

# Talk: the motion lasts as long as the sound, which the result has; a longer motion is told.
ffmpeg -v error -nostdin -f lavfi -i "sine=d=0.6,volume='if(lt(t,0.3),1,0)':eval=frame" talk.wav
expect_ok out/t.mkv "${A[@]}" --idle --talk talk.wav -o out/t.mkv
expect_that "fifteen frames" test "$(probe v nb_read_frames out/t.mkv)" = 15
expect_that "with the sound" test -n "$(probe a codec_name out/t.mkv)"
expect_ok out/t.motion template make -m heads --idle --talk talk.wav --seconds 2 -o out/t.motion
expect_that "what is missing is told" grep -q "talk.wav: lasts 0.6 s, the motion 2.0 s; after it the mouth rests" stderr.txt
rm -f out/*

# LivePortrait's own pickles, with small random weights.
if python3 "$REPO/tests/cli/make_liveportrait_weights.py" "$REPO/tests/data/liveportrait/small_keys.json" weights; then
  cp "$REPO/tests/data/liveportrait/small_models.yaml" weights/liveportrait/models.yaml
  expect_ok out/i.pkl template make -q -m weights --idle --seconds 2 -o out/i.pkl
  expect_that "fifty frames" test "$(fact frames out/i.pkl)" = 50
  expect_that "with open ratios" test "$(fact open_ratios out/i.pkl)" = yes
fi
finish
