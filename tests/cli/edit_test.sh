#!/usr/bin/env bash
# `animate edit` and --set through the binary, with small random weights in the published folder layout.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
need ffprobe
need python3
python3 "$REPO/tests/cli/make_liveportrait_weights.py" "$REPO/tests/data/liveportrait/small_keys.json" weights
cp "$REPO/tests/data/liveportrait/small_models.yaml" weights/liveportrait/models.yaml
E=(edit -q -s "$SOURCE")
M=(-m weights)
# The sample picture is drawn: its face is placed by hand, small, so that much stays outside of it.
FACE=(--bbox 100,110,50,50)
STEM=$(basename "$SOURCE" .png)

# The list of sliders, without the engine.
expect_that "17 sliders are listed" test "$("$ANIMATE" edit --list | tail -n +2 | wc -l)" = 17
expect_that "with ranges and the original's names" sh -c \
  "'$ANIMATE' edit --list | grep -Eq '^gaze_y +-63 +63 +0 +eyes look up and down +eyeball_direction_y\$'"
expect_that "--help tells the grammar" sh -c "'$ANIMATE' edit --help | grep -q 'NAME@TIME=VALUE,TIME=VALUE'"

# What is refused, and how; no folder is left behind.
expect_error 1 "no LivePortrait model is found, which editing needs; get it with \`animate models fetch liveportrait\`, or give the \
folder of its weights with -m" "${E[@]}" --set smile=1
expect_that "no folder is left" test ! -e animations
expect_error 2 "--set smiel=1: there is no slider smiel; did you mean smile?" "${E[@]}" --set smiel=1
expect_error 2 "--set 1s=1: the keyframe of smile at 1s stands behind the one at 2s; put them in the order of their times" \
  "${E[@]}" -o out/a.mp4 --set smile@2s=0,1s=1
expect_error 2 "--set smile=0.2: smile is set twice; set it once" "${E[@]}" --set smile=0.6 --set yaw=1,smile=0.2
expect_error 1 "--set yaw=90: 90 is outside the range of yaw, -25 to 25, which --strict refuses; give a value in the range" \
  "${E[@]}" --strict --set yaw=90
expect_error 2 "--set is missing; say what to change, as in --set smile=0.6,yaw=-8 (\`animate edit --list\` shows all)" \
  "${E[@]}" -o out/a.png
expect_error 2 "-s SOURCE is missing; give a picture or video: animate edit -s portrait.jpg --set smile=0.6" edit --set smile=1
expect_error 2 "out/a.png: one picture cannot show keyframes; give a name as in out.mp4, or a value for all frames" \
  "${E[@]}" -o out/a.png --set smile@0s=0,1s=1
expect_error 1 "default: is a model of the family fomm, and editing needs LivePortrait; give the folder of its weights with -m" \
  "${E[@]}" -m "$REPO/configs/default" -o out/a.png --set smile=1
expect_error 2 "--set: edits with LivePortrait, and default is a model of the family fomm; leave it out or give LivePortrait \
with -m" -q -m "$REPO/configs/default" -s "$SOURCE" -d "$DRIVING" -o out/a.mp4 --end 0.1 --set smile=1
expect_error 2 "--silent-lips: is for \`animate edit\`, which has no driver; leave out one" -q -s "$SOURCE" -d "$DRIVING" \
  -o out/a.mp4 --silent-lips
expect_error 1 "$SOURCE: how far eyes and lips are open is not known, which --set lip needs; put landmark.onnx into the model's \
folder or give it with --landmarks-203" "${E[@]}" "${M[@]}" "${FACE[@]}" -o out/a.png --set lip=0.2

# A picture; outside the crop every pixel is the source's, bit for bit.
expect_ok out/a.png "${E[@]}" "${M[@]}" "${FACE[@]}" -o out/a.png --set smile=1.3,yaw=20 --set gaze_x=12
expect_change_in_the_middle out/a.png
# Without a name, with a value that is clamped; the model is found where models are looked for.
mkdir models && mv weights/liveportrait models/ && rmdir weights
expect_ok "animations/${STEM}_edited.jpg" "${E[@]}" "${FACE[@]}" --set yaw=90
expect_that "the clamping is told" grep -q "warning: --set yaw=90: 90 is outside the range of yaw, -25 to 25; 25 is used" \
  stderr.txt
M=(-m models/liveportrait)

# Keyframes make a clip of a picture.
expect_ok out/k.mp4 "${E[@]}" "${M[@]}" "${FACE[@]}" -o out/k.mp4 --fps 10 --set yaw@0s=-20,0.2s=20 --set smile=1
expect_that "three frames at its rate" test "$(probe v r_frame_rate,nb_read_frames out/k.mp4)" = 10/1,3

expect_ok out/r.png "${E[@]}" "${M[@]}" "${FACE[@]}" -o out/r.png --set smile=1 --report r.json
expect_that "a report of it" sh -c "grep -q '\"status\": \"ok\"' r.json && grep -aq trainedAlgorithmicMedia out/r.png"

# A video keeps its frames, times and sound.
ffmpeg -v error -nostdin -t 0.12 -i "$DRIVING" -c:v libx264 -c:a aac source.mp4
expect_ok out/v.mp4 edit -q "${M[@]}" "${FACE[@]}" -s source.mp4 -o out/v.mp4 --set yaw@0f=-20,2f=20,smile=0.5
expect_that "as many frames, as fast" test "$(probe v r_frame_rate,nb_read_frames out/v.mp4)" = \
  "$(probe v r_frame_rate,nb_read_frames source.mp4)"
expect_that "with its sound" test "$(probe a codec_name out/v.mp4)" = aac
rm -f out/v.mp4
expect_ok out/v.mp4 edit -q "${M[@]}" "${FACE[@]}" -s source.mp4 -o out/v.mp4 --silent-lips --audio none
expect_that "silent" test -z "$(probe a codec_name out/v.mp4)"

# On top of a driver: neutral settings change no bit, and keyframes start from there.
A=(-q "${M[@]}" "${FACE[@]}" -s "$SOURCE" -d "$DRIVING" --end 0.06)
expect_ok out/n-%d.png "${A[@]}" -o out/n-%d.png
expect_ok out/m-%d.png "${A[@]}" -o out/m-%d.png --set smile=0,z=1 --set yaw@0f=0,1f=20
expect_that "the first frame is the same" cmp out/n-1.png out/m-1.png
expect_that "the second is another" sh -c "! cmp -s out/n-2.png out/m-2.png"
# Settings travel through a file of options.
"$ANIMATE" --print-config --set smile=1,yaw@0s=2,1s=3 --set roll=3 >set.toml
expect_that "and come out as they went in" sh -c \
  "'$ANIMATE' --preset set.toml --print-config | grep -qx 'set = \"smile=1,yaw@0s=2,1s=3;roll=3\"'"
finish
