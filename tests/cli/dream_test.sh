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
# A run that is stopped goes on to the same clip, with a sampler that draws and one that remembers.
for sampler in euler-a dpm++; do
  R=("${P[@]}" --width 32 --height 16 --steps 5 --frames 3 --sampler $sampler)
  expect_ok "out/w%d.png" "${R[@]}" -o "out/w%d.png" --keep-latents whole.safetensors
  python3 - "$ANIMATE" "${R[@]}" -o "out/s%d.png" --keep-latents stopped.safetensors <<'PYTHON'
import subprocess, sys, time, os, signal
command = sys.argv[1:]
# The steps are short: the job is stopped as soon as its first latents are kept.
if os.path.exists("stopped.safetensors"): os.remove("stopped.safetensors")
job = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=open("stopped.txt", "w"))
while not os.path.exists("stopped.safetensors") and job.poll() is None: time.sleep(0.001)
job.send_signal(signal.SIGINT)
job.wait()
PYTHON
  expect_ok "out/t%d.png" "${R[@]}" -o "out/t%d.png" --latents stopped.safetensors
  expect_that "$sampler goes on to the same clip" cmp out/w3.png out/t3.png
  expect_ok "out/u%d.png" "${R[@]}" -o "out/u%d.png" --latents whole.safetensors
  expect_that "$sampler's last latents are only decoded" cmp out/w3.png out/u3.png
done
rm -rf out/*
expect_error 2 "stopped.safetensors: was kept with --steps 5, and this job has 4; give the same" \
  "${P[@]}" --width 32 --height 16 --steps 4 --frames 3 --sampler dpm++ -o out/x.mp4 --latents stopped.safetensors
expect_error 2 "the latents to go on from are [1, 3, 4, 8, 16], and this clip's are [1, 2, 4, 8, 16]; give the same --frames, --width and --height" \
  "${P[@]}" --width 32 --height 16 --steps 5 --frames 2 --sampler dpm++ -o out/x.mp4 --latents stopped.safetensors
expect_error 1 "$MODEL/unet/diffusion_pytorch_model.fp16.safetensors: holds no latents that --keep-latents kept; give such a file" \
  "${R[@]}" -o out/x.mp4 --latents "$MODEL/unet/diffusion_pytorch_model.fp16.safetensors"
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
WHAT="get Stable Video Diffusion (4.5 GB, Stability AI's community licence): \`animate models fetch svd\` shows the licence and tells where it is to be accepted and how the files are called, or give its folder with -m"
expect_error 1 "svd: no image-to-video model of this name is found; $WHAT" \
  dream -s "$PHOTO" -m svd -o out/a.mp4
expect_error 1 "no image-to-video model is given, and none is found; $WHAT" dream -s "$PHOTO" -o out/a.mp4
expect_error 2 "svd: its licence is Stability AI Community License, see https://huggingface.co/stabilityai/stable-video-diffusion-img2vid-xt; add --accept-licence to say that you take that" \
  models fetch svd --to out/svd -q </dev/null
PAGE=https://huggingface.co/stabilityai/stable-video-diffusion-img2vid-xt
expect_error 1 "svd: its page hands files out only to those who have logged in and accepted the licence there; go to $PAGE, accept it, download unet/diffusion_pytorch_model.fp16.safetensors, vae/diffusion_pytorch_model.fp16.safetensors, image_encoder/model.fp16.safetensors with the config.json beside each, and keep these names below out/svd" \
  models fetch svd --to out/svd --accept-licence -q
expect_error 2 "diffusers: is an image-to-video model, which no driver moves; use it with \`animate dream\`, or give another model with -m" \
  -s "$PHOTO" -d "$DRIVING" -m "$MODEL" -o out/a.mp4
mkdir -p half/unet half/image_encoder
cp "$MODEL/unet/config.json" half/unet
cp "$MODEL/image_encoder/config.json" half/image_encoder
expect_error 1 "half/vae: is missing; an image-to-video model's folder holds unet, vae and image_encoder" \
  dream -s "$PHOTO" -m half -o out/a.mp4
expect_that "more frames than memory are refused with numbers" bash -c '
  "$0" dream -s "$1" -m "$2" -o out/a.mp4 --width 8192 --height 8192 --frames 1024 -q 2>err.txt; [ $? = 1 ] &&
  grep -qE "^animate: 1024 frames of 8192x8192 need [0-9.]+ GB of memory, and [0-9.]+ GB are free; give fewer" err.txt' \
  "$ANIMATE" "$PHOTO" "$MODEL"

# The program knows such a model everywhere: in the search path, in lists, packed into one file, measured, by name.
mkdir -p out && rm -rf out/*
export ANIMATE_MODELS=$WORK/found
mkdir -p found && cp -r "$MODEL" found/tiny
expect_that "it is listed with its family" sh -c "'$ANIMATE' models | grep -q '^tiny *video_diffusion '"
expect_that "the doctor tells what it is for" sh -c "'$ANIMATE' doctor | grep -q '^yes *clips without a driver *animate dream -m tiny$'"
# Pictures tell which model made them, which has another name here.
N=(dream -s "$PHOTO" -q --progress none --width 32 --height 16 --steps 2 --frames 3 --no-provenance)
expect_ok "out/g%d.png" "${N[@]}" -o "out/g%d.png"
expect_ok "out/h%d.png" "${N[@]}" -o "out/h%d.png" -m "$MODEL"
expect_that "the only one needs no name" cmp out/g3.png out/h3.png
expect_that "drawn heads stay the default of what a driver moves" sh -c "'$ANIMATE' models | grep -q '^default .*default'"
"$ANIMATE" inspect "$MODEL" >inspected.txt
expect_that "inspect tells its networks" grep -q '^unet: .*/unet/diffusion_pytorch_model.fp16.safetensors$' inspected.txt
expect_ok packed.safetensors convert "$MODEL" packed.safetensors -q
expect_ok "out/i%d.png" "${N[@]}" -m packed.safetensors -o "out/i%d.png"
expect_that "packed it dreams the same" cmp out/g3.png out/i3.png
rm -rf out/*
"$ANIMATE" bench -m tiny --size 64x32 --frames 3 --no-probe >bench.txt
expect_that "bench tells the UNet's call" grep -q '^UNet, one call ' bench.txt
expect_error 2 "--size 60x61: both sides have to be multiples of 2; give such a size" bench -m tiny --size 60x61 --no-probe
rm -rf found/tiny/vae
expect_that "half a model is listed as such" sh -c "'$ANIMATE' models | grep -q '^tiny *video_diffusion '"
expect_error 1 "found/tiny: the weights of an image-to-video model are incomplete, missing those of vae; \`animate models fetch svd\` tells where to get them" inspect found/tiny
unset ANIMATE_MODELS

# A batch's rows: dreams beside each other, skipped when they are there.
cat >jobs.jsonl <<JOBS
{"kind": "dream", "source": "$PHOTO", "model": "$MODEL", "width": 32, "height": 16, "steps": 2, "frames": 3, "fps": 9}
{"kind": "dream", "source": "$PHOTO", "model": "$MODEL", "width": 32, "height": 16, "steps": 2, "frames": 3, "seed": 4, "output": "results/b.gif"}
{"kind": "dream", "source": "$PHOTO", "model": "$MODEL", "relative": false, "output": "results/c.mp4"}
{"kind": "dream", "source": "$PHOTO", "driving": "x.mp4", "model": "$MODEL", "output": "results/d.mp4"}
JOBS
"$ANIMATE" batch --manifest jobs.jsonl -o results >batch.txt 2>batch_err.txt
expect_that "exit code 1 with bad rows" test $? = 1
expect_that "both dreams are there" bash -c '[ -s results/photo_dream.mp4 ] && [ -s results/b.gif ]'
expect_that "what is no option is told" grep -q 'line 3: relative: is no option of a dream' batch_err.txt
expect_that "a dream has no driver" grep -q 'line 4: a dream has no driving and no target; leave them out' batch_err.txt
head -2 jobs.jsonl >good.jsonl
expect_ok "" batch --manifest good.jsonl -o results -q
expect_that "what is finished is skipped" bash -c '[ "$(grep -c "\"skipped\"" results/report.jsonl)" = 2 ]'
finish
