#!/usr/bin/env bash
# LivePortrait jobs through the binary, with small random weights in the published folder layout.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
need ffprobe
need python3
python3 "$REPO/tests/cli/make_liveportrait_weights.py" "$REPO/tests/data/liveportrait/small_keys.json" weights
cp "$REPO/tests/data/liveportrait/small_models.yaml" weights/liveportrait/models.yaml
M=(-m weights -q)
# The sample picture is drawn: its face is placed by hand.
FACE=(--bbox 70,70,120,120)
E2=(--end 0.1)
frames() { probe v nb_read_frames "$1"; }

# A picture and a clip; the full picture comes back, with sound.
expect_ok out/a.mp4 "${M[@]}" -s "$SOURCE" -d "$DRIVING" -o out/a.mp4 "${FACE[@]}" "${E2[@]}"
expect_that "three frames" test "$(frames out/a.mp4)" = 3
expect_that "the picture's size" test "$(probe v width,height out/a.mp4)" = "$(probe v width,height "$SOURCE")"
expect_that "with the driver's sound" test "$(probe a codec_name out/a.mp4)" = aac

# Outside the crop every pixel is the source's, bit for bit.
# (Provenance names the model's file, and these pictures are compared with another file's.)
expect_ok out/p-%02d.png "${M[@]}" --no-provenance -s "$SOURCE" -d "$DRIVING" -o out/p-%02d.png \
  --bbox 100,110,50,50 "${E2[@]}"
expect_change_in_the_middle out/p-02.png

# The original's spellings, output names, and a still driver.
ffmpeg -v error -nostdin -i "$DRIVING" -frames:v 1 driver.png
expect_ok "out/$(basename "$SOURCE" .png)--driver.jpg" "${M[@]}" -s "$SOURCE" -d driver.png --output_dir out/ "${FACE[@]}" \
  --flag_relative_motion --flag_stitching --flag_pasteback --no-flag-use-half-precision --flag_force_cpu \
  --driving_option pose-friendly --driving_multiplier 0.8 --animation_region exp --audio_priority driving \
  --source_max_dim 200 --scale 2.5 --vy_ratio -0.1 --flag_do_rot --det_thresh 0.2 --flag_normalize_lip \
  --scale_crop_driving_video 2.1 --driving_smooth_observation_variance 1e-6 --compat liveportrait
expect_that "shrunk to 200 pixels" test "$(probe v width "out/$(basename "$SOURCE" .png)--driver.jpg")" = 200
expect_ok "out/$(basename "$SOURCE" .png)--driver_concat.jpg" "${M[@]}" -s "$SOURCE" -d driver.png -o out/ "${FACE[@]}" --concat
expect_that "three panels" test \
  "$(probe v width,height "out/$(basename "$SOURCE" .png)--driver_concat.jpg")" = 1536,512
expect_ok out/whole.png "${M[@]}" -s "$SOURCE" -d driver.png -o out/whole.png --no_flag_do_crop
expect_that "the painted frame alone" test "$(probe v width,height out/whole.png)" = 512,512

# A source video, as a file and as a folder of frames; its sound where the driver has none.
ffmpeg -v error -nostdin -t 0.2 -i "$DRIVING" -c:v libx264 -c:a aac source.mp4
mkdir frames && ffmpeg -v error -nostdin -t 0.2 -i "$DRIVING" frames/%03d.png
expect_ok out/v.mp4 "${M[@]}" -s source.mp4 -d frames -o out/v.mp4 "${FACE[@]}" "${E2[@]}"
expect_that "as long as the shorter one" test "$(frames out/v.mp4)" = 3
expect_that "with the source's sound" test "$(probe a codec_name out/v.mp4)" = aac
expect_ok out/w.mp4 "${M[@]}" -s frames -d "$DRIVING" -o out/w.mp4 "${FACE[@]}" "${E2[@]}" --on-mismatch mirror
expect_that "as long as the source" test "$(frames out/w.mp4)" = 5
expect_ok out/x.mp4 "${M[@]}" -s "$SOURCE" -d "$DRIVING" -o out/x.mp4 "${FACE[@]}" "${E2[@]}" --fps 10
expect_that "at a rate of its own" test "$(probe v r_frame_rate out/x.mp4)" = 10/1

# Templates: ours, the original's, and both give what the clip gives.
expect_ok t.pkl template make "${M[@]}" -d "$DRIVING" -o t.pkl "${E2[@]}"
expect_ok t.motion template convert t.pkl -o t.motion
for form in pkl motion; do
  expect_ok "out/t-$form-%02d.png" "${M[@]}" --no-provenance -s "$SOURCE" -d "t.$form" -o "out/t-$form-%02d.png" \
    --bbox 100,110,50,50
  expect_that "the clip's frames from .$form" cmp out/p-03.png "out/t-$form-03.png"
done

# One file instead of the folder, found like any other model.
mkdir models
expect_ok models/lp.safetensors convert weights models/lp.safetensors
expect_ok out/one-%02d.png -m models/lp.safetensors -q --no-provenance -s "$SOURCE" -d t.pkl -o out/one-%02d.png \
  --bbox 100,110,50,50
expect_that "the packed model paints the same" cmp out/p-03.png out/one-03.png
expect_that "it is listed" sh -c "'$ANIMATE' models | grep -q 'lp .*liveportrait'"
expect_that "bench prints the original's table" sh -c "'$ANIMATE' bench -m weights --frames 1 | grep -q 'W warping network'"
rm -rf out/* out/.[!.]*

# What is refused, and how.
D=("${M[@]}" -s "$SOURCE" -d "$DRIVING" -o out/e.mp4 --end 0.1)
expect_error 2 "--bbox and --points both place the face; give one of them" "${D[@]}" --bbox 1,2,30,40 \
  --points "1,2;3,4;5,6;7,8;9,10"
expect_error 2 "--crop 1,2,30,40: LivePortrait crops around a face; place the face with --bbox x,y,w,h" "${D[@]}" \
  --crop 1,2,30,40
expect_error 2 "--face all: needs the faces pasted back; leave out --crop none, --no-paste-back and --compat's --no-stitching" \
  "${D[@]}" --face all --no_flag_pasteback
expect_error 2 "--reference 1.5: is not a frame; use first, auto, neutral or a frame number from 0" "${D[@]}" --reference 1.5
expect_error 1 "$DRIVING: --reference 9: the driving clip has only 3 frames; use a number from 0 to 2" "${D[@]}" \
  "${FACE[@]}" --reference 9
expect_error 1 "$SOURCE: how far eyes and lips are open is not known, which --lip-retargeting needs; put landmark.onnx into \
the model's folder or give it with --landmarks-203" "${D[@]}" "${FACE[@]}" --flag_lip_retargeting
expect_error 2 "--face all: works on pictures; choose one face of the video source.mp4" "${M[@]}" -s source.mp4 \
  -d "$DRIVING" -o out/e.mp4 --face all
ffmpeg -v error -nostdin -f lavfi -i color=c=gray:s=64x64:d=1 -frames:v 1 gray.png
expect_error 1 "gray.png: no face was found; place it by hand with --bbox x,y,w,h, give a better --detector, or animate the \
whole picture with --crop none" "${M[@]}" -s gray.png -d "$DRIVING" -o out/e.mp4
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 16923827\n' >det.onnx
expect_that "an LFS pointer is told" sh -c "'$ANIMATE' ${M[*]} -s '$SOURCE' -d '$DRIVING' -o out/e.mp4 --detector det.onnx 2>&1 \
  | grep -q 'det.onnx: .*LFS'"
rm weights/liveportrait/base_models/{spade_generator,warping_module}.pth
expect_error 1 "weights/liveportrait: the LivePortrait weights are incomplete, missing base_models/spade_generator.pth, \
base_models/warping_module.pth; download them from https://huggingface.co/KwaiVGI/LivePortrait into the same places" "${D[@]}"
# A template of another program without ratios (tests/data, the animals' layout): only retargeting refuses it.
cp "$REPO/tests/data/golden/liveportrait/templates/animal_format.pkl" bare.pkl
expect_ok out/bare.png -m models/lp.safetensors -q -s "$SOURCE" -d bare.pkl "${FACE[@]}" --end 0.05 -o out/bare.png
rm -f out/bare.png
for flag in eye lip; do
  expect_error 1 "bare.pkl: this template does not tell how far eyes and lips are open (c_eyes_lst, c_lip_lst), which \
--$flag-retargeting needs; leave --$flag-retargeting out, or give a clip or another template" -m models/lp.safetensors \
    -s "$SOURCE" -d bare.pkl "${FACE[@]}" -o out/e.mp4 "--$flag-retargeting"
done
# A template of another family, and one that calls something when Python reads it.
expect_ok m.motion template make -q -m heads -d "$DRIVING" -o m.motion "${E2[@]}"
expect_error 1 "m.motion: holds motion of the model family fomm, not of LivePortrait; make the template with a \
LivePortrait model" -m models/lp.safetensors -q -s "$SOURCE" -d m.motion -o out/e.mp4
printf '\x80\x02cos\nsystem\nX\x0d\x00\x00\x00touch ran.txt\x85R.' >evil.pkl
expect_that "a calling pickle is refused and named" sh -c "'$ANIMATE' -q -m models/lp.safetensors -s '$SOURCE' -d evil.pkl \
  -o out/e.mp4 2>&1 | grep -q 'evil.pkl: .*os.system'"
expect_that "and nothing ran" test ! -e ran.txt
finish
