#!/usr/bin/env bash
# Clips and sound as people have them, through the binary with the model that only copies the source (identity): rates,
# streams, jumps, joins, folders, interlaced and HDR clips, GIF.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
need ffprobe
FF=(ffmpeg -nostdin -v error -y)
JOB=(-m identity -s "$SOURCE")
sound_ms() { echo $(($(ffmpeg -v error -i "$1" -vn -af aresample=48000:async=1 -ac 1 -f s16le - 2>/dev/null | wc -c) / 96)); }
between() { [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]; }
# told WORDS: the last command said so on stderr.
told() { expect_that "says: $1" grep -qF -- "$1" stderr.txt; }

# Joined transport streams: every frame and all of the sound, in every container, also from a start on.
for i in 1 2; do
  "${FF[@]}" -f lavfi -i testsrc2=size=64x64:rate=25:duration=1 -f lavfi -i "sine=frequency=$((i * 400)):duration=1" -c:v libx264 -c:a aac "$i.ts"
done
cat 1.ts 2.ts >joined.ts
for suffix in mp4 mkv mov webm; do
  expect_ok "out/j.$suffix" "${JOB[@]}" -d joined.ts -o "out/j.$suffix"
  told "joined.ts: the times of its sound step back at 1.0 s, as where recordings are joined; it is put in order and encoded again"
  expect_that "50 frames in .$suffix" test "$(probe v nb_read_frames "out/j.$suffix")" = 50
  expect_that "2 s of sound in .$suffix" between "$(sound_ms "out/j.$suffix")" 1950 2060
done
expect_ok out/js.mp4 "${JOB[@]}" -d joined.ts -o out/js.mp4 --start 1.2
expect_that "20 frames from 1.2 s on" test "$(probe v nb_read_frames out/js.mp4)" = 20
expect_that "0.8 s of sound from 1.2 s on" between "$(sound_ms out/js.mp4)" 750 870

# A damaged --audio file is told and loses nothing; one that is no sound is refused before any work.
"${FF[@]}" -f lavfi -i sine=duration=2 -c:a flac whole.flac
head -c $(($(stat -c %s whole.flac) / 2)) whole.flac >cut.flac
expect_ok out/d.mp4 "${JOB[@]}" -d 1.ts -o out/d.mp4 --audio cut.flac
told "cut.flac: its sound ends early or is damaged after"
expect_that "25 frames with damaged sound" test "$(probe v nb_read_frames out/d.mp4)" = 25
rm -f out/*
echo "only words" >words.txt
expect_error 1 "words.txt: is not sound that FFmpeg can read; give an MP3, M4A, WAV, FLAC, Ogg or Opus file, or a video that has sound" \
  "${JOB[@]}" -d 1.ts -o out/x.mp4 --audio words.txt
"${FF[@]}" -f lavfi -i sine=duration=1 -ac 8 -c:a flac eight.mka
expect_ok out/e.mp4 "${JOB[@]}" -d 1.ts -o out/e.mp4 --audio eight.mka
told "eight.mka: its sound of 8 channels becomes stereo"

# A cover that is the default stream, and several videos.
"${FF[@]}" -i 1.ts -f lavfi -i color=red:size=640x480:rate=25:duration=0.04 -map 0:v -map 0:a -map 1 -c copy -c:v:1 mjpeg \
  -disposition:v:0 0 -disposition:v:1 default cover.mkv
expect_ok out/c.mp4 "${JOB[@]}" -d cover.mkv -o out/c.mp4
expect_that "the clip, not its cover" test "$(probe v nb_read_frames out/c.mp4)" = 25
expect_ok out/c0.mp4 "${JOB[@]}" -d cover.mkv -o out/c0.mp4 --video-stream 1
expect_that "the cover where it is asked for" test "$(probe v nb_read_frames out/c0.mp4)" = 1
rm -f out/*
expect_error 2 "cover.mkv: has no video stream 2, as there are 2, counted from 0; choose another --video-stream" \
  "${JOB[@]}" -d cover.mkv -o out/x.mp4 --video-stream 2

# A folder of frames at its own rate, with a file of another kind in it.
mkdir frames
"${FF[@]}" -f lavfi -i testsrc2=size=64x64:rate=30 -frames:v 30 frames/%03d.png
echo x >frames/notes.txt
expect_ok out/f.mp4 "${JOB[@]}" -d frames -o out/f.mp4 --driving-fps 30
told "frames: passed over 1 of 31 files, by their names of other kinds: notes.txt"
told "frames: 30 pictures are read at 30 a second"
expect_that "30 frames" test "$(probe v nb_read_frames out/f.mp4)" = 30
expect_that "30 a second" test "$(probe v r_frame_rate out/f.mp4)" = 30/1
rm -f out/*
expect_error 2 "1.ts: is no folder of pictures and has times of its own, so --driving-fps has nothing to set; leave it out, or give the result a rate with --fps" \
  "${JOB[@]}" -d 1.ts -o out/x.mp4 --driving-fps 30

# A jump of two hours: at a constant rate its frame is held for ten seconds, unless the jump is wanted.
# Copied with other times, so that these are Matroska's milliseconds in every FFmpeg.
"${FF[@]}" -f lavfi -i testsrc2=size=64x64:rate=25:duration=1 -c:v libx264 -bf 0 even.mkv
"${FF[@]}" -i even.mkv -c copy \
  -bsf:v "setts=pts='if(gte(PTS\,500)\,PTS+60000\,PTS)':dts='if(gte(DTS\,500)\,DTS+60000\,DTS)'" jump.mkv
expect_ok out/g.mp4 "${JOB[@]}" -d jump.mkv -o out/g.mp4 --fps 5 --report out/g.json
told "jump.mkv: its times jump by 60.0 s at 0.5 s; the picture before is held for 10 s only (--keep-gaps holds it for all of it)"
expect_that "in the report" grep -qF "its times jump by 60.0 s" out/g.json
expect_that "about 55 frames" between "$(probe v nb_read_frames out/g.mp4)" 53 56
expect_ok out/k.mp4 "${JOB[@]}" -d jump.mkv -o out/k.mp4 --fps 5 --keep-gaps
expect_that "about 305 frames" between "$(probe v nb_read_frames out/k.mp4)" 303 306

expect_ok out/g.motion template -m identity -d jump.mkv -o out/g.motion
expect_ok out/t.mp4 "${JOB[@]}" -d out/g.motion -o out/t.mp4 --fps 5
told "out/g.motion: its times jump by 60 s at 0.5 s; the motion is held there for 10 s only (--keep-gaps holds it for all of it)"
expect_that "about 55 frames from a template" between "$(probe v nb_read_frames out/t.mp4)" 53 56

# Interlaced and HDR clips are told.
"${FF[@]}" -f lavfi -i testsrc2=size=352x288:rate=50:duration=0.4 -vf tinterlace=interleave_top -c:v mpeg2video -q:v 2 -flags +ilme+ildct i.ts
expect_ok out/i.mp4 "${JOB[@]}" -d i.ts -o out/i.mp4
told "i.ts: is interlaced, so it is deinterlaced (--deinterlace off keeps it)"
expect_that "10 frames" test "$(probe v nb_read_frames out/i.mp4)" = 10
expect_ok out/i0.mp4 "${JOB[@]}" -d i.ts -o out/i0.mp4 --deinterlace off
expect_that "nothing of it with off" test "$(grep -c interlaced stderr.txt)" = 0
"${FF[@]}" -f lavfi -i testsrc2=size=64x64:rate=25:duration=0.2 -c:v ffv1 \
  -vf format=yuv420p10le,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc hdr.mkv
expect_ok out/h.mp4 "${JOB[@]}" -d hdr.mkv -o out/h.mp4
told "hdr.mkv: is HDR (PQ), so its colours are tone-mapped to BT.709"

# Sixty a second as a GIF plays as long as the clip; -q silences encoders; one frame is a frame.
"${FF[@]}" -f lavfi -i testsrc2=size=64x64:rate=60:duration=0.5 -c:v libx264 sixty.mp4
expect_ok out/s.gif "${JOB[@]}" -d sixty.mp4 -o out/s.gif
expect_that "half a second" test "$(ffprobe -v error -show_entries format=duration -of csv=p=0 out/s.gif | cut -c1-4)" = 0.50
expect_ok out/q.mp4 -q "${JOB[@]}" -d sixty.mp4 -o out/q.mp4 --codec libx265 --end 0.1
expect_that "nothing on stderr" test ! -s stderr.txt
expect_ok out/one.png "${JOB[@]}" -d sixty.mp4 -o out/one.png --end 0.01 --audio none
told "1 frame in "

# A model of square pictures squeezes others: one line says so, for the source and for the driver, and what helps.
"${FF[@]}" -i "$SOURCE" -vf crop=256:180 wide.png
"${FF[@]}" -i "$DRIVING" -t 0.1 -vf crop=200:256 tall.mp4
expect_ok out/sq.mp4 -m heads -s wide.png -d tall.mp4 -o out/sq.mp4
told "wide.png: its 256x180 pixels are squeezed to the model's 256x256; --crop auto animates the face undistorted"
told "tall.mp4: its 200x256 pixels are squeezed to the model's 256x256; a clip of that shape, cropped around the head, drives better"
expect_ok out/sq.mp4 -m heads -s wide.png -d "$DRIVING" --end 0.1 --crop 20,0,180,180 -o out/sq.mp4
expect_that "a square crop of it is not squeezed" sh -c "! grep -q squeezed stderr.txt"

finish
