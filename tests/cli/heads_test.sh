#!/usr/bin/env bash
# animate heads: what it writes, that the same seed writes the same, and what it refuses.
source "$(dirname "$0")/lib.sh" "$1"
need ffprobe

expect_ok out/a heads -o out/a --seed 7 --frames 12 --size 64 -q
expect_that "twelve frames" test "$(probe v nb_read_frames out/a/driving.mp4)" = 12
expect_that "of that size" test "$(probe v width,height out/a/driving.mp4)" = 64,64
expect_that "25 a second" test "$(probe v r_frame_rate out/a/driving.mp4)" = 25/1
expect_that "the source's size" test "$(probe v width,height out/a/source.png)" = 64,64
expect_that "a line a keypoint and a head line" test "$(wc -l <out/a/keypoints.csv)" = 205
expect_that "eight numbers a line" test "$(cut -d, -f 8 out/a/keypoints.csv | grep -c .)" = 205
expect_that "nothing else" test "$(ls -A out/a | wc -l)" = 3
expect_ok out/b heads -o out/b --seed 7 --frames 12 --size 64 -q
for file in source.png keypoints.csv driving.mp4; do
  expect_that "the same seed gives the same $file" cmp "out/a/$file" "out/b/$file"
done
# Into a folder that exists; another head for the source leaves the driver as it is.
touch out/b/mine
expect_ok out/b heads -o out/b --seed 7 --frames 12 --size 64 --identity 3 -q
expect_that "another source" test "$(cmp -s out/a/source.png out/b/source.png; echo $?)" = 1
expect_that "the same motion" cmp out/a/keypoints.csv out/b/keypoints.csv
expect_that "what lay there still does" test -e out/b/mine
rm -rf out/*

expect_error 2 "--size: 4 is not a number from 64 to 1024; see \`animate --help\`" heads -o out/x --size 4
expect_error 2 "--size 65: is odd, which videos cannot be; use an even number" heads -o out/x --size 65
expect_error 2 "--frames: 0 is not a number from 1 to 100000; see \`animate --help\`" heads -o out/x --frames 0
expect_error 2 "--identity 5: is the driver's own head; choose another number than --seed" heads -o out/x --seed 5 --identity 5
expect_error 1 "out/no/x: the folder out/no does not exist; create it or choose another output" heads -o out/no/x
echo >file
expect_error 1 "file: is not a folder; choose another output" heads -o file
if [ "$(id -u)" != 0 ]; then
  mkdir closed && chmod a-w closed
  expect_error 1 "closed/x: the folder closed is not writable; choose another output or change its permissions" heads -o closed/x
fi
finish
