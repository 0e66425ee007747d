#!/usr/bin/env bash
# A video LDM from its five stages to a clip: animate train, dream, inspect, convert, models, with tiny networks.
source "$(dirname "$0")/lib.sh" "$1"
# The smallest networks that have every kind of layer.
config() {
  cat >"$1.yaml" <<YAML
model_params:
  video_ldm_params:
    picture: 16
    frames: 4
    labels: [turn, talk]
    autoencoder: {channels: [4, 4], latent_channels: 2, groups: 2}
    unet: {channels: [4, 8], heads: [1, 2], attends: [False, True], groups: 2, id_width: 4, context_width: 3}
train_params: {stage: $1, batch_size: 2, lr: 1.0e-3, validate_clips: 2, clips: 4}
YAML
}
T=(train --data heads --progress none --log-every 1)
before=()
for stage in autoencoder image temporal prediction interpolation; do
  config $stage
  expect_ok $stage/model.safetensors "${T[@]}" --config $stage.yaml "${before[@]}" -o $stage --steps 2 --sheet-every 2
  expect_that "$stage shows a sheet" test -s $stage/sheets/0000002.png
  before=(--init $stage/model.safetensors)
done
expect_ok again/model.safetensors "${T[@]}" --config image.yaml --init image/checkpoint.pth.tar -o again --steps 1
expect_that "figures stand beside what needs no network" grep -q '"mse_sigma_80":.*"mse_trivial":' interpolation/log.jsonl
expect_that "a prediction is measured from one and from two frames" grep -q '"mse_sigma_3_known_2":' prediction/log.jsonl

# Clips: by a seed, by labels, chained, denser, larger.
D=(dream -s "$SOURCE" -m interpolation/model.safetensors -q --progress none --steps 2)
expect_ok out/a.mp4 "${D[@]}" -o out/a.mp4 --report out/a.json
expect_that "three frames are set between two" python3 - <<'PYTHON'
import json
report = json.load(open("out/a.json"))
assert report["status"] == "ok" and report["output"]["frames"] == 13, report
assert report["output"]["width"] == 16 and report["model"]["family"] == "video_ldm", report
PYTHON
expect_ok "out/b%02d.png" "${D[@]}" -o "out/b%02d.png" --interpolate 0
expect_that "without, a run has its own frames" bash -c '[ -e out/b04.png ] && [ ! -e out/b05.png ]'
expect_ok "out/c%02d.png" "${D[@]}" -o "out/c%02d.png" --interpolate 0
expect_that "the same seed dreams the same" cmp out/b04.png out/c04.png
expect_ok "out/d%02d.png" "${D[@]}" -o "out/d%02d.png" --interpolate 0 --seed 5
expect_that "another seed dreams another clip" bash -c '! cmp -s out/b04.png out/d04.png'
expect_ok "out/e%02d.png" "${D[@]}" -o "out/e%02d.png" --interpolate 0 --labels turn,talk --guidance 2
expect_that "labels make another clip" bash -c '! cmp -s out/b04.png out/e04.png'
expect_ok "out/f%02d.png" "${D[@]}" -o "out/f%02d.png" --interpolate 0 --length 9
expect_that "a chain has as many frames as were asked for" bash -c '[ -e out/f09.png ] && [ ! -e out/f10.png ]'
expect_that "and begins as one run does" cmp out/b04.png out/f04.png
expect_ok "out/g%02d.png" "${D[@]}" -o "out/g%02d.png" --interpolate 2 --frames 2 --width 32 --height 32
expect_that "twice denser, and enlarged" bash -c '[ -e out/g17.png ] && [ ! -e out/g18.png ]'
expect_ok "out/h%02d.png" dream -s "$SOURCE" -m prediction/model.safetensors -q --progress none --steps 2 -o "out/h%02d.png"
expect_that "a prediction's file makes clips, too" bash -c '[ -e out/h04.png ] && [ ! -e out/h05.png ]'
"$ANIMATE" "${D[@]}" --check -o out/x.mp4 >check.txt
expect_that "its cost is told before" grep -qE "^clip +13 frames of 16x16" check.txt
rm -rf out/*

# As any model: packed, listed, inspected.
expect_ok packed.safetensors convert interpolation/model.safetensors packed.safetensors -q
expect_ok "out/p%02d.png" dream -s "$SOURCE" -m packed.safetensors -q --progress none --steps 2 --interpolate 0 -o "out/p%02d.png"
mkdir -p models/mine && cp interpolation/model.safetensors models/mine/
expect_that "it is in the list of models" bash -c '"$0" models list | grep -qE "^mine +video_ldm"' "$ANIMATE"
rm -rf out/*

# Figures beside true clips, and what a prediction alone becomes.
"$ANIMATE" evaluate -m interpolation/model.safetensors --heads 2 --transfers 2 --frames 16 -q --progress none -o report >table.txt 2>stderr.txt
expect_that "evaluate tells of distances by our own features" grep -q "Fréchet (clips by detector), true, shuffled" table.txt
expect_that "and how much moves" python3 - <<'PYTHON'
import json
model = json.load(open("report/report.json"))["models"][0]
assert model["family"] == "video_ldm" and model["clips"]["figures"]["true_movement"]["mean"] > 0, model
assert "frechet_end" in model["chain"]["figures"] and "dense_movement" in model["dense"]["figures"], model
PYTHON
expect_error 2 "--data, --keypoints, --embedding and --save-frames: a video LDM is measured on drawn heads, and follows no driver; leave \
them out" evaluate -m interpolation/model.safetensors -q --data .

# Clips in a folder: nothing is known of what they do; those that are too short are refused.
for part in train test; do
  mkdir -p long/$part short/$part
  "$ANIMATE" heads -o drawn-$part --seed 3 --frames 14 --size 64 -q >/dev/null 2>&1 && mv drawn-$part/driving.mp4 long/$part/a.mp4
  "$ANIMATE" heads -o drawn-$part --seed 4 --frames 6 --size 64 -q >/dev/null 2>&1 && mv drawn-$part/driving.mp4 short/$part/b.mp4
done
F=(train --progress none -q)
expect_ok folder/model.safetensors "${F[@]}" --config temporal.yaml --data long --init image/model.safetensors -o folder --steps 2
expect_error 1 "short: the stage temporal needs clips of 13 frames to train on and to measure on, and the longest one has 6; give longer \
clips" "${F[@]}" --config temporal.yaml --data short --init image/model.safetensors -o out/x

# What cannot be done is said in one sentence.
expect_error 2 "image.yaml: the stage image begins with what the stage autoencoder learnt; give that one's model.safetensors with --init" \
  train --config image.yaml --data heads -q -o out/x
expect_error 1 "autoencoder/model.safetensors: holds the stage autoencoder, and the stage temporal begins with the stage image; give that \
one's model" train --config temporal.yaml --data heads -q -o fresh --steps 1 --init autoencoder/model.safetensors
sed 's/stage: prediction/stage: prediction, context_frames: [4]/' prediction.yaml >long.yaml
expect_error 1 "long.yaml: 'train_params.context_frames' holds 4, and a clip has 4 frames, of which one at least has to be predicted; give \
fewer" train --config long.yaml --data heads -q -o out/x
sed 's/turn, talk/turn, wave/' image.yaml >wave.yaml
expect_error 1 "wave.yaml: 'model_params.video_ldm_params.labels' holds 'wave', which nobody can tell of a drawn clip; choose from turn, \
nod, smile, blink, talk" train --config wave.yaml --data heads -q -o out/x
expect_error 2 "--labels turn,smile: model does not know 'smile'; it knows turn, talk" "${D[@]}" -o out/x.mp4 --labels turn,smile
expect_error 2 "image/model.safetensors: is a video LDM of the stage image, which cannot go on from a photo; train the stage prediction on it" \
  dream -s "$SOURCE" -m image/model.safetensors -q -o out/x.mp4
expect_error 2 "--interpolate 1: model has no network for that; train the stage interpolation on it, or leave it out" \
  dream -s "$SOURCE" -m prediction/model.safetensors -q -o out/x.mp4 --interpolate 1
expect_error 2 "--width 32 --height 16: a video LDM paints square pictures; give both alike" "${D[@]}" -o out/x.mp4 --width 32 --height 16
expect_error 2 "--frames 2: a chain goes on from 2 frames, so give 3 or more" "${D[@]}" -o out/x.mp4 --frames 2 --length 60
expect_error 2 "--labels: is for a video LDM, and this model is none; leave it out" dream -s "$SOURCE" -q -o out/x.mp4 --labels turn \
  -m "$REPO/tests/data/golden/svd/checkpoint/diffusers"
expect_error 2 "model: is a video LDM, which no driver moves; use it with \`animate dream\`, or give another model with -m" \
  -m interpolation/model.safetensors -q -s "$SOURCE" -d "$DRIVING" -o out/x.mp4
finish
