#!/usr/bin/env bash
# animate train on folders of clips: a published config as it is (made small), resuming, and everything that can be wrong.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
need python3
FF=(ffmpeg -nostdin -v error -y)
mkdir -p data/train data/test
# Three identities in every form that a clip may have.
"${FF[@]}" -f lavfi -i testsrc=size=64x64:rate=10:duration=1 -c:v libx264 -pix_fmt yuv420p 'data/train/id1#a.mp4'
"${FF[@]}" -f lavfi -i testsrc2=size=64x64:rate=10:duration=1 -c:v libx264 -pix_fmt yuv420p 'data/train/id1#b.mov'
"${FF[@]}" -f lavfi -i rgbtestsrc=size=64x64:rate=10:duration=0.5,hue=h=90*t 'data/train/id2#a.gif'
"${FF[@]}" -f lavfi -i testsrc2=size=64x64:rate=10:duration=0.6,tile=6x1 -frames:v 1 'data/train/id3#a.png'
mkdir 'data/train/id4#a.mp4' && "${FF[@]}" -f lavfi -i testsrc=size=64x64:rate=10:duration=0.6 'data/train/id4#a.mp4/%04d.png'
cp 'data/train/id1#a.mp4' data/test/
: >data/train/.hidden.mp4

# The published configuration for talking heads with smaller networks and frames.
sed -e 's/frame_shape: .*/frame_shape: [64, 64, 3]/' -e 's/batch_size: .*/batch_size: 2/' \
  -e 's/block_expansion: [0-9]*/block_expansion: 4/g' -e 's/max_features: [0-9]*/max_features: 8/g' \
  -e 's/num_blocks: 5/num_blocks: 2/g' -e 's/num_bottleneck_blocks: .*/num_bottleneck_blocks: 1/' \
  -e 's/num_epochs: .*/num_epochs: 2/' -e 's/num_repeats: .*/num_repeats: 2/' "$REPO/configs/fomm/vox-256.yaml" >vox.yaml
R=(train --config vox.yaml --log-every 1 --progress none)
T=("${R[@]}" --data data --sheet-every 4)
# Four identities twice an epoch in batches of two, two epochs: eight steps.
expect_ok whole/model.safetensors "${T[@]}" -o whole
expect_that "steps come from epochs" test "$(wc -l <whole/log.jsonl)" = 8
expect_that "the second epoch is counted" grep -q '^{"step":8,"epoch":2' whole/log.jsonl
expect_that "the clips are counted" grep -qx "animate: data: 5 clips to train on, 1 to test with" stderr.txt
expect_that "the missing VGG-19 is told" grep -qx "animate: the perceptual loss needs VGG-19's weights, which --vgg names; the structural loss stands in for it" stderr.txt
expect_that "a picture sheet" test -s whole/sheets/0000004.png
expect_ok parts/model.safetensors "${T[@]}" -o parts --steps 3
expect_ok parts/model.safetensors "${T[@]}" -o parts --steps 8
expect_that "a resumed run gives the same weights" cmp whole/model.safetensors parts/model.safetensors
losses() { sed -E 's/"seconds":[^,]*,//' "$1/log.jsonl"; }
expect_that "and the same log" test "$(losses whole)" = "$(losses parts)"
expect_ok out/a.png -m whole/model.safetensors -q -s "$SOURCE" -d "$SOURCE" -o out/a.png
rm -f out/*

# VGG-19, narrow: its widths are told from the shapes.
python3 - <<'PY'
import json, random, struct
random.seed(1)
header, blob, inputs = {}, b"", 3
for place in (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28):
    for name, shape in ((f"features.{place}.weight", [4, inputs, 3, 3]), (f"features.{place}.bias", [4])):
        count = 1
        for size in shape:
            count *= size
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(blob), len(blob) + 4 * count]}
        blob += struct.pack(f"<{count}f", *(random.gauss(0, 0.3) for _ in range(count)))
    inputs = 4
text = json.dumps(header).encode()
open("vgg.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + blob)
PY
expect_error 1 "a pyramid level of 8x8 pixels is too small for the perceptual loss, which needs 16; leave its scale out of \
'train_params.scales' or train with larger frames" "${T[@]}" -o vgg --vgg vgg.safetensors --steps 1
sed 's/scales: \[1, 0.5, 0.25, 0.125\]/scales: [1, 0.5, 0.25]/' vox.yaml >three.yaml
V=(train --config three.yaml --data data --log-every 1 --sheet-every 0 --progress none)
expect_ok vgg/model.safetensors "${V[@]}" -o vgg --vgg vgg.safetensors --steps 2
expect_that "the perceptual loss is used" grep -q '"perceptual":' vgg/log.jsonl
expect_that "and nothing stands in for it" test "$(grep -c structural vgg/log.jsonl stderr.txt | grep -c ':0')" = 2
expect_error 2 "vgg/checkpoint.pth.tar: was begun with --vgg; go on with the same" "${V[@]}" -o vgg --steps 4
sed 's/perceptual: .*/perceptual: [0, 0, 0, 0, 0]/' three.yaml >plain.yaml
expect_error 2 "--vgg vgg.safetensors: has no effect, for 'train_params.loss_weights.perceptual' of the config is 0; leave it out" \
  train --config plain.yaml --data data -o out/x --vgg vgg.safetensors
expect_error 1 "whole/model.safetensors: is not VGG-19 ('features.0.weight' is missing); give torchvision's vgg19-dcbb9e9d.pth" \
  "${T[@]}" -o out/x --vgg whole/model.safetensors

# Folders that cannot be trained on.
mkdir -p empty still/one
"${FF[@]}" -f lavfi -i testsrc=size=64x64 -frames:v 1 still/one/1.png
cp still/one/1.png still/two.png
D=(train --config vox.yaml -o out/x --data)
expect_error 2 "--data photos: no such folder; give a folder of clips, or heads" "${D[@]}" photos
expect_error 1 "vox.yaml: is a file; give the folder that holds the clips" "${D[@]}" vox.yaml
expect_error 1 "empty: holds no clips; fill it with folders of frames, .png or .jpg strips, .gif, .mp4 or .mov files" "${D[@]}" empty
expect_error 1 "still: no clip has two frames, so nothing moves; give clips of several frames (a folder of frames has to lie inside the data folder)" "${D[@]}" still
sed 's/batch_size: .*/batch_size: 99/' vox.yaml >many.yaml
expect_error 2 "data: 4 items, each 2 times an epoch, are fewer than a batch of 99; lower 'train_params.batch_size' or raise \
'train_params.num_repeats'" train --config many.yaml -o out/x --data data
mkdir broken && echo nothing >broken/a.mp4 && : >broken/b.png
expect_that "clips without one that can be read" test "$("$ANIMATE" "${D[@]}" broken 2>&1 | grep -c '^animate: broken: none of its 1 clips can be read; the first: broken/')" = 1
# A frame among others is a clip of that frame twice.
cp -r data mixed && cp still/one/1.png 'mixed/train/id5#a.png'
expect_ok mixed_run/model.safetensors "${R[@]}" -q -o mixed_run --data mixed --steps 4
# Another size is a decision of the user's; what was trained until then is kept.
mkdir 'mixed/train/id6#a' && "${FF[@]}" -f lavfi -i testsrc=size=64x48:rate=10:duration=0.2 'mixed/train/id6#a/%d.png'
"$ANIMATE" "${R[@]}" -o sizes --data mixed --checkpoint-every 100 >stdout.txt 2>stderr.txt
expect_that "another size ends the run" test $? = 1
expect_that "with a sentence: $(tail -n 1 stderr.txt)" grep -qxE "animate: mixed/train/id6#a/[12].png: is 64x48 pixels, the data set's frames are 64x64; scale or crop it to that size, or correct 'dataset_params.frame_shape' of the config" stderr.txt

# Damage in the middle of an epoch: skipped, counted, named once, and the same however often the run is interrupted.
cp -r data damaged && echo broken >'damaged/train/id7#a.mp4' && echo broken >'damaged/train/id4#a.mp4/0003.png'
expect_ok bad/model.safetensors "${R[@]}" -o bad --data damaged --steps 12
expect_that "a damaged clip is named once" test "$(grep -c "^animate: warning: damaged/train/id7#a.mp4: .*; another clip is taken in its place$" stderr.txt)" = 1
expect_that "the summary counts" grep -qE "^animate: warning: [0-9]+ times a clip or picture could not be read and another one was taken in its place$" stderr.txt
count=$(grep -oE '"skipped":[0-9]+' bad/log.jsonl | awk -F: '{ sum += $2 } END { print sum }')
expect_that "as the log does" grep -q "warning: $count times a clip" stderr.txt
expect_ok bad_parts/model.safetensors "${R[@]}" -o bad_parts --data damaged --steps 5
expect_ok bad_parts/model.safetensors "${R[@]}" -o bad_parts --data damaged --steps 12
expect_that "damage does not disturb a resumed run" cmp bad/model.safetensors bad_parts/model.safetensors

# Resuming as it was begun.
expect_error 2 "whole/checkpoint.pth.tar: was begun with --seed 1; go on with the same" "${T[@]}" -o whole --steps 9 --seed 2
expect_error 2 "whole/checkpoint.pth.tar: was begun with a folder of clips as --data; go on with the same" "${R[@]}" -o whole --steps 9 --data heads
sed -i.old -e 's/num_kp: 10/num_kp: 11/' -e 's/max_features: 8/max_features: 16/' vox.yaml
"$ANIMATE" "${T[@]}" -o whole --steps 9 >stdout.txt 2>stderr.txt
expect_that "another layout, exit code" test $? = 2
expect_that "another layout is refused by its keys: $(tail -n 1 stderr.txt)" grep -qE "^animate: whole/checkpoint.pth.tar: was trained with another config \(.*model_params.common_params.num_kp: 10 -> 11; .*\); resume with that config, or train into another folder$" stderr.txt
mv vox.yaml.old vox.yaml
expect_error 1 "whole/model.safetensors: has no 'optimizer_generator' and so cannot be resumed; give a checkpoint of a training run, \
or start a new run from its weights" "${T[@]}" -o out/x --resume whole/model.safetensors
expect_error 1 "vgg.safetensors: has no 'generator' entry; give a checkpoint of a training run of FOMM" "${T[@]}" -o out/x --resume vgg.safetensors
expect_error 2 "--amp on: is for CUDA, and this run is on the CPU; leave it out" "${T[@]}" -o out/x --amp on --device cpu

# Numbers that are none: a checkpoint whose optimiser remembers an infinite gradient breaks the weights in one step.
expect_ok early/model.safetensors "${T[@]}" -q -o early --steps 3
python3 - <<'PY'
import struct, zipfile
with zipfile.ZipFile("early/checkpoint.pth.tar") as old, zipfile.ZipFile("wild.pth.tar", "w", zipfile.ZIP_STORED) as new:
    contents = {name: old.read(name) for name in old.namelist()}
    # A parameter's state is its count of steps, then the mean of its gradients.
    place = next(i for i in range(len(contents)) if contents.get(f"archive/data/{i}") == struct.pack("<f", 3.0))
    mean = f"archive/data/{place + 1}"
    contents[mean] = struct.pack("<f", float("inf")) * (len(contents[mean]) // 4)
    for name, content in contents.items():
        new.writestr(name, content)
PY
expect_nan() { # DESCRIPTION SENTENCE ARGUMENTS...
  "$ANIMATE" "${T[@]}" -q "${@:3}" >stdout.txt 2>stderr.txt
  expect_that "$1, exit code" test $? = 1
  expect_that "$1: $(tail -n 1 stderr.txt)" grep -qxF "animate: vox.yaml: $2" stderr.txt
}
expect_nan "a bad loss" "the loss is no longer a number at step 5; lower the learning rates and begin again, for there is no checkpoint yet" \
  -o wild --resume wild.pth.tar --checkpoint-every 100
expect_that "nothing bad is kept" test ! -e wild/checkpoint.pth.tar -a ! -e wild/model.safetensors
mkdir kept && cp wild.pth.tar kept/checkpoint.pth.tar
expect_nan "bad weights" "the weights are no longer numbers at step 4; lower the learning rates and begin a new run with --init \
kept/checkpoint.pth.tar, the last good checkpoint" -o kept --checkpoint-every 1
expect_that "the last good checkpoint stays as it was" cmp kept/checkpoint.pth.tar wild.pth.tar

finish
