#!/usr/bin/env bash
# Real jobs through the binary with the model that ships: odd names, containers, sound, interruption.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
need ffprobe
E2=(-q --end 0.4)

expect_ok out/a.mp4 -s "$SOURCE" -d "$DRIVING" -o out/a.mp4 "${E2[@]}"
expect_that "ten frames" test "$(probe v nb_read_frames out/a.mp4)" = 10
expect_that "25 a second" test "$(probe v r_frame_rate out/a.mp4)" = 25/1
expect_that "with sound" test "$(probe a codec_name out/a.mp4)" = aac

# Names with spaces, quotes, percent signs, colons, UTF-8 and a leading dash.
cp -- "$SOURCE" "-it's a \"süß\" 100%d: ☃.png"
cp -- "$DRIVING" "-dri ver.mp4"
expect_ok "-rés ult.mp4" -s "-it's a \"süß\" 100%d: ☃.png" -d "-dri ver.mp4" -o "-rés ult.mp4" "${E2[@]}"
expect_that "the odd name is there" test -s "./-rés ult.mp4"
expect_ok "out/2.mp4" "--source=-it's a \"süß\" 100%d: ☃.png" --driving="-dri ver.mp4" --output=out/2.mp4 "${E2[@]}"

for suffix in mkv mov webm gif; do
  expect_ok "out/c.$suffix" -s "$SOURCE" -d "$DRIVING" -o "out/c.$suffix" "${E2[@]}" --crf 30
  expect_that "ten frames in .$suffix" test "$(probe v nb_read_frames "out/c.$suffix")" = 10
done
expect_ok "out/f-%03d.png" -s "$SOURCE" -d "$DRIVING" -o "out/f-%03d.png" "${E2[@]}"
expect_that "ten pictures" test "$(ls out/f-*.png | wc -l)" = 10

# The pictures, their folder and a GIF as drivers.
mkdir frames && cp out/f-*.png frames
expect_ok out/from-folder.mp4 -s "$SOURCE" -d frames -o out/from-folder.mp4 -q
expect_that "ten frames from a folder" test "$(probe v nb_read_frames out/from-folder.mp4)" = 10
expect_ok out/from-pattern.mp4 -s "$SOURCE" -d "out/f-%03d.png" -o out/from-pattern.mp4 -q
expect_that "ten frames from a pattern" test "$(probe v nb_read_frames out/from-pattern.mp4)" = 10
expect_ok out/from-gif.mp4 -s "$SOURCE" -d out/c.gif -o out/from-gif.mp4 -q
expect_that "ten frames from a GIF" test "$(probe v nb_read_frames out/from-gif.mp4)" = 10

# Motion templates give what their clip gives, sound included.
expect_ok out/m.motion template -d "$DRIVING" -o out/m.motion "${E2[@]}"
expect_ok out/m2.motion -q template make -d "$DRIVING" -o out/m2.motion --end 0.4
expect_that "template and template make are one" cmp out/m.motion out/m2.motion
expect_ok out/t.mp4 -s "$SOURCE" -d out/m.motion -o out/t.mp4 -q
expect_that "the template's frames" test "$(probe v nb_read_frames out/t.mp4)" = 10
expect_that "the template's sound" test "$(probe a codec_name out/t.mp4)" = aac
expect_ok "out/t.gif" -s "$SOURCE" -d out/m.motion -o out/t.gif -q --audio none

# inspect and convert.
expect_ok "audio_channels: 1" inspect "$DRIVING"
expect_ok "}" inspect "$REPO/configs/default/heads-256.safetensors" --json
expect_that "inspect --json is JSON" python3 -m json.tool stdout.txt
"$ANIMATE" inspect "$REPO/configs/default/heads-256.safetensors" 2>stderr.txt | head -n 1 >/dev/null
expect_that "a reader that stops early is no error" test ! -s stderr.txt
expect_ok out/h.safetensors convert "$REPO/configs/default/heads-256.safetensors" out/h.safetensors --half -q
SMALL=("$REPO/tests/data/golden/fomm/checkpoints/nomotion.zip.pth.tar" --config "$REPO/tests/data/golden/fomm/configs/nomotion.yaml" -q)
expect_ok out/whole.safetensors convert "${SMALL[@]}" out/whole.safetensors
expect_ok out/halved.safetensors convert "${SMALL[@]}" out/halved.safetensors --half
expect_that "half of the size" test $((10 * $(stat -c %s out/halved.safetensors))) -lt $((7 * $(stat -c %s out/whole.safetensors)))
expect_ok out/half.mp4 -s "$SOURCE" -d "$DRIVING" -o out/half.mp4 -m out/h.safetensors "${E2[@]}"
expect_ok out/best.mp4 -s "$SOURCE" -d "$DRIVING" -o out/best.mp4 "${E2[@]}" --reference auto --adapt-scale
expect_ok out/wide.mp4 -s "$SOURCE" -d "$DRIVING" -o out/wide.mp4 "${E2[@]}" --concat --show-keypoints
expect_that "three panels" test "$(probe v width out/wide.mp4)" = 768
expect_ok out/lines.mp4 -s "$SOURCE" -d "$DRIVING" -o out/lines.mp4 "${E2[@]}" --progress json
expect_that "progress as JSON lines" python3 -c 'import json; [json.loads(l) for l in open("stdout.txt").read().splitlines()[:-1]]'
expect_that "models lists the default" sh -c "'$ANIMATE' models | grep -q '^default .*fomm'"
expect_that "bench without weights" "$ANIMATE" bench --random-weights --config "$REPO/tests/data/golden/fomm/configs/nomotion.yaml" --frames 1 --baseline

# Ctrl-C: exit code 130, nothing left.
rm -rf out/* && mkdir -p out
"$ANIMATE" -s "$SOURCE" -d "$DRIVING" -o out/stopped.mp4 >stdout.txt 2>stderr.txt &
pid=$!
while kill -0 "$pid" 2>/dev/null && [ -z "$(ls -A out)" ]; do sleep 0.05; done
kill -INT "$pid"
wait "$pid"
expect_that "an interrupted job ends with 130" test $? = 130
expect_that "it says so" grep -qx "animate: interrupted; nothing was written" stderr.txt
expect_that "it leaves nothing behind" test -z "$(ls -A out)"
finish
