#!/usr/bin/env bash
# A photo that moves without a driver: animate dream, with a model of tiny random weights.
source "$(dirname "$0")/lib.sh" "$1"
MODEL=$REPO/tests/data/golden/svd/checkpoint/diffusers
PHOTO=$REPO/tests/data/golden/svd/photo.png
P=(dream -s "$PHOTO" -m "$MODEL" -q --progress none)
D=("${P[@]}" --width 32 --height 16 --steps 2 --fps 7)

# A clip; the same twice by its seed, another one with another.
expect_ok out/a.mp4 "${D[@]}" -o out/a.mp4 --frames 3 --report out/a.json
expect_that "three frames of 32x16" python3 - <<'PYTHON'
import json
report = json.load(open("out/a.json"))
assert report["status"] == "ok" and report["output"]["frames"] == 3, report
assert report["output"]["width"] == 32 and report["output"]["height"] == 16, report
assert report["model"]["family"] == "video_diffusion" and report["options"]["seed"] == 0, report
PYTHON
expect_ok "out/b%d.png" "${D[@]}" -o "out/b%d.png" --frames 3
expect_ok "out/c%d.png" "${D[@]}" -o "out/c%d.png" --frames 3
expect_that "the same seed dreams the same" cmp out/b2.png out/c2.png
expect_ok "out/d%d.png" "${D[@]}" -o "out/d%d.png" --frames 3 --seed 5
expect_that "another seed dreams another clip" bash -c '! cmp -s out/b2.png out/d2.png'

# All samplers, fits, chains, kept latents; chunks change a clip.
for sampler in euler-a dpm++ pndm ddim lcm; do
  expect_ok "out/$sampler.png" "${D[@]}" -o "out/$sampler.png" --frames 1 --sampler "$sampler"
done
for fit in pad squeeze; do
  expect_ok "out/$fit.png" "${D[@]}" -o "out/$fit.png" --frames 1 --fit "$fit"
done
expect_ok "out/e%d.png" "${D[@]}" -o "out/e%d.png" --frames 3 --length 6 --keep-latents out/kept.safetensors
expect_that "a chain has as many frames as were asked for" bash -c '[ -e out/e6.png ] && [ ! -e out/e7.png ]'
expect_that "a chain begins like one run" cmp out/b1.png out/e1.png
expect_that "latents are kept" test -s out/kept.safetensors
expect_ok "out/f%d.png" "${D[@]}" -o "out/f%d.png" --frames 3 --decode-chunk 1
expect_that "how many frames are decoded at once shows" bash -c '! cmp -s out/b1.png out/f1.png'
rm -rf out/*

# What it costs, before anything is read.
"$ANIMATE" "${D[@]}" -o out/a.mp4 --frames 3 --check >plan.txt 2>stderr.txt
expect_that "the plan tells work, memory and time" bash -c 'grep -q "^calls  *4 of the UNet" plan.txt && grep -q "^work .*TFLOP" plan.txt && grep -q "^memory .*GB" plan.txt && grep -q "^time .*about" plan.txt'
expect_that "a plan writes nothing" test -z "$(ls -A out)"

# Bad input: each in one sentence, nothing left behind.
expect_error 2 "-s PHOTO is missing; give the picture that the clip starts from: animate dream -s photo.jpg -o clip.mp4" \
  dream -m "$MODEL" -o out/a.mp4
expect_error 2 "--width 33: has to be a multiple of 8; give 40" "${P[@]}" -o out/a.mp4 --width 33 --height 16
expect_error 2 "--width and --height belong together; give both or neither" dream -s "$PHOTO" -m "$MODEL" -o out/a.mp4 --width 32
expect_error 2 "--guidance x: is no strength; give a number from 0 to 30, or first:last as in 1:3" "${D[@]}" -o out/a.mp4 --guidance x
expect_error 2 "--steps 9: lcm knows 1 to 8; give fewer, or another sampler" "${P[@]}" -o out/a.mp4 --steps 9 --sampler lcm
expect_error 2 "--precision fp16: video diffusion computes in fp32 or tf32 so far; leave it out" "${D[@]}" -o out/a.mp4 --precision fp16
expect_error 2 "--keep-latents out/l.pt: latents are kept as .safetensors; give such a name" "${D[@]}" -o out/a.mp4 --keep-latents out/l.pt
expect_error 1 "svd: no image-to-video model of this name is found; get Stable Video Diffusion from https://huggingface.co/stabilityai/stable-video-diffusion-img2vid (the folders unet, vae and image_encoder with their config.json, 4.5 GB as .fp16.safetensors; Stability AI's community licence, to be accepted there), and give its folder with -m" \
  dream -s "$PHOTO" -m svd -o out/a.mp4
mkdir -p half/unet half/image_encoder
cp "$MODEL/unet/config.json" half/unet
cp "$MODEL/image_encoder/config.json" half/image_encoder
expect_error 1 "half/vae: is missing; an image-to-video model's folder holds unet, vae and image_encoder" \
  dream -s "$PHOTO" -m half -o out/a.mp4
expect_that "more frames than memory are refused with numbers" bash -c '
  "$0" dream -s "$1" -m "$2" -o out/a.mp4 --width 8192 --height 8192 --frames 1024 -q 2>err.txt; [ $? = 1 ] &&
  grep -qE "^animate: 1024 frames of 8192x8192 need [0-9.]+ GB of memory, and [0-9.]+ GB are free; give fewer" err.txt' \
  "$ANIMATE" "$PHOTO" "$MODEL"
finish
