#!/usr/bin/env bash
# animate crops: a film told to be cut into clips of one head each.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
expect_error 1 "none.mp4: no such file; check the path" crops none.mp4
expect_error 2 "a film is missing; give one: animate crops film.mp4" crops
echo text >text.mp4
expect_error 1 "text.mp4: is not a video or picture that FFmpeg can read; give an MP4, MOV, MKV, WebM, GIF, JPEG or PNG file" crops text.mp4
expect_error 2 "--min-frames: -1 is not a number from 0 to 1099511627776; see \`animate --help\`" crops "$DRIVING" --min-frames -1
expect_error 1 "none.onnx: no such file; check the path" crops "$DRIVING" --detector none.onnx

# Nobody to be seen.
ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=160x120:rate=10:duration=2 'a test.mp4'
"$ANIMATE" crops 'a test.mp4' --min-frames 3 >stdout.txt 2>stderr.txt
expect_that "nobody is no error" test $? = 0 -a ! -s stdout.txt
expect_that "nobody: $(tail -n 1 stderr.txt)" grep -qx "animate: warning: a test.mp4: no face stays in one place for more than 3 frames; give a lower --min-frames" stderr.txt
finish
