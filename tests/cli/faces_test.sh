#!/usr/bin/env bash
# An autoencoder of faces, from its training to drawn faces: animate train, faces, evaluate, convert, inspect, models.
source "$(dirname "$0")/lib.sh" "$1"
GOLDEN=$REPO/tests/data/golden/autoencoder
cat >small.yaml <<'YAML'
model_params:
  autoencoder_params: {width: 2, encoded_dim: 6}
train_params:
  {num_epochs: 2, batch_size: 4, optimiser: adam, lr: 1.0e-3, pictures: 12, distribution_pictures: 12, validate_pictures: 4,
   linear_code_pictures: 8}
YAML

# Training: resumed as uninterrupted, figures beside a linear code, SGD by key.
T=(train --config small.yaml --data heads --progress none --log-every 1 --sheet-every 2)
expect_ok whole/model.safetensors "${T[@]}" -o whole
expect_that "held-out error and linear code are told" grep -qE "^  mse_to_linear_code +[0-9.]+  wanted at most 1" stderr.txt
expect_that "two epochs of three steps" test "$(grep -c '"mse"' whole/log.jsonl)" -ge 6
expect_that "a picture sheet" test -s whole/sheets/0000002.png
expect_ok parts/model.safetensors "${T[@]}" -q -o parts --steps 2
expect_ok parts/model.safetensors "${T[@]}" -q -o parts --steps 6
expect_that "a resumed run gives the same weights" cmp whole/model.safetensors parts/model.safetensors
sed -e 's/optimiser: adam, lr: 1.0e-3/optimiser: sgd, lr: 0.01, momentum: 0.9/' small.yaml >sgd.yaml
S=(train --config sgd.yaml --data heads -q --progress none)
expect_ok s/model.safetensors "${S[@]}" -o s --steps 4
expect_ok sp/model.safetensors "${S[@]}" -o sp --steps 2
expect_ok sp/model.safetensors "${S[@]}" -o sp --steps 4
expect_that "momentum is kept over a resume" cmp s/model.safetensors sp/model.safetensors

# Faces: a sheet, single pictures, a walk; the same twice; a report.
F=(faces -m whole/model.safetensors -q --progress none)
expect_ok out/a.png "${F[@]}" -o out/a.png --count 10 --seed 3 --report out/a.json
expect_ok out/b.png "${F[@]}" -o out/b.png --count 10 --seed 3
expect_that "the same seed draws the same faces" cmp out/a.png out/b.png
expect_ok out/c.png "${F[@]}" -o out/c.png --count 10 --seed 4
expect_that "another seed draws others" bash -c '! cmp -s out/a.png out/c.png'
expect_that "the report tells seed and model" python3 - <<'PYTHON'
import json
report = json.load(open("out/a.json"))
assert report["status"] == "ok" and report["options"]["seed"] == 3 and report["options"]["count"] == 10, report
assert report["model"]["family"] == "autoencoder" and report["output"]["width"] == 8 * 66 + 2, report
assert "source" not in report["inputs"], report
PYTHON
mkdir -p photos
expect_ok photos/%03d.png "${F[@]}" -o photos/%03d.png --count 24 --size 80
expect_that "single pictures, enlarged" test "$(ls photos | wc -l)" = 24
expect_ok out/walk.mp4 "${F[@]}" -o out/walk.mp4 --count 3 --steps 4 --size 64
expect_ok "out/w%02d.png" "${F[@]}" -o "out/w%02d.png" --walk --count 2 --steps 3
expect_that "a walk as a series" test "$(ls out/w0?.png | wc -l)" = 6
rm -f out/*

# Files of the original: whole, wrapped, the decoder alone with its npz beside it.
expect_ok out/full.safetensors convert "$GOLDEN/full.pth" out/full.safetensors -q
mkdir -p seed && cp "$GOLDEN/decoder_only.pth" seed/model.pth && cp "$GOLDEN/face_distribution.npz" seed/
M=(--count 2 --temperature 0 --no-provenance -q --progress none)
expect_ok out/seed.png faces -m seed -o out/seed.png "${M[@]}"
expect_ok out/whole.safetensors convert seed/model.pth out/whole.safetensors -q
expect_ok out/again.png faces -m out/whole.safetensors -o out/again.png "${M[@]}"
expect_that "what is converted has the same mean face" cmp out/seed.png out/again.png
expect_that "inspect tells of an npz" bash -c '"$0" inspect "$1/face_distribution.npz" | grep -q "NumPy npz"' "$ANIMATE" "$GOLDEN"
mkdir -p models/mine && cp whole/model.safetensors models/mine/
expect_that "it is in the list of models" bash -c '"$0" models list | grep -qE "^mine +autoencoder"' "$ANIMATE"
expect_that "its networks are measured" bash -c '"$0" bench -m whole/model.safetensors --frames 1 --no-probe | grep -q decoder' "$ANIMATE"
rm -f out/*

# A folder and a list of faces: broken pictures are passed over and counted; --fit-only.
ls photos/*.png >list.txt
echo "no picture" >photos/000.png
expect_ok folder/model.safetensors train --config small.yaml --data photos --progress none -o folder --steps 3
expect_that "a broken picture is named" grep -q "photos/000.png" stderr.txt
expect_ok fit/model.safetensors train --config small.yaml --data list.txt --progress none --init whole/model.safetensors -o fit --fit-only
expect_that "only the distribution is new" grep -q "the distribution of the codes of 12 faces" stderr.txt
expect_ok out/fit.png faces -m fit/model.safetensors -q --progress none -o out/fit.png --count 2
rm -f out/*

# Figures: the error beside a linear code's, Fréchet distances that are not called FID.
E=(evaluate -m whole/model.safetensors --progress none -q --heads 2 --pairs 2 --faces 8 --linear-code 8)
"$ANIMATE" "${E[@]}" -o report >table.txt 2>stderr.txt
expect_that "evaluate tells of a codec" grep -q "linear code" table.txt
expect_that "and of distances by our own features" grep -q "Fréchet (detector)" table.txt
expect_that "in the report, too" python3 - <<'PYTHON'
import json
model = json.load(open("report/report.json"))["models"][0]
assert model["family"] == "autoencoder" and model["codes"]["figures"]["mse"]["mean"] > 0, model
assert {"frechet_detector_drawn", "frechet_detector_unfitted", "frechet_detector_linear"} <= set(model["faces"]["figures"]), model
PYTHON

# What cannot be done is said in one sentence.
mkdir -p bare && cp "$GOLDEN/decoder_only.pth" bare/
expect_error 1 "decoder_only: has no distribution of its codes, which faces are drawn from; fit one with \`animate train --fit-only\`, or \
give it with --distribution FILE.npz" faces -m bare/decoder_only.pth -q --progress none -o out/x.png
expect_error 1 "$WORK/seven.npz: is a distribution of 7 numbers, and the codes of model have 6; give the one that was fitted with it" \
  faces -m whole/model.safetensors -q --progress none -o out/x.png --distribution "$(python3 - <<'PYTHON'
import os, struct, zipfile
def npy(shape, numbers):
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }" % (shape,)
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack("<%dd" % len(numbers), *numbers)
with zipfile.ZipFile("seven.npz", "w") as out:
    out.writestr("arr_0.npy", npy("(7,)", [0] * 7))
    out.writestr("arr_1.npy", npy("(7, 7)", [float(i % 8 == 0) for i in range(49)]))
print(os.path.abspath("seven.npz"))
PYTHON
)"
expect_that "a temperature out of range is refused" bash -c '"$0" faces -m whole/model.safetensors -o out/x.png --temperature 9 2>&1 | grep -q -- "--temperature"' "$ANIMATE"
expect_error 2 "-o OUTPUT is missing; give a name for the sheet: animate faces -o faces.png" faces
expect_error 2 "out/x.png: is one picture, and --walk makes a clip; give a name that ends in .mp4, or leave out --walk" \
  faces -m whole/model.safetensors -q -o out/x.png --walk
expect_error 2 "model: is an autoencoder of faces, which no driver moves; use it with \`animate faces\` or \`animate morph\`, or give \
another model with -m" -m whole/model.safetensors -q -s "$SOURCE" -d "$DRIVING" -o out/x.mp4
expect_error 2 "heads-256: is a model of the family fomm, which has no codes of faces; give an autoencoder of faces with -m" \
  faces -m "$REPO/configs/default/heads-256.safetensors" -q -o out/x.png
mkdir -p one none && cp photos/001.png one/
expect_error 1 "one: holds 1 picture of faces, and there is nothing to learn from fewer than two; add more" \
  train --config small.yaml --data one -q -o out/x
"$ANIMATE" train --config small.yaml --data none -q -o out/x >stdout.txt 2>stderr.txt
expect_that "a folder without pictures is refused" test "$?" = 1 -a -z "$(ls -A out)"
expect_error 2 "--data nowhere: no such folder or list; give heads, a folder of faces or a list of them" \
  train --config small.yaml --data nowhere -q -o out/x
expect_error 2 "--fit-only: there are no weights to fit a distribution to; give them with --init, or the output folder of a run with -o" \
  train --config small.yaml --data heads -q -o out/x --fit-only
expect_error 2 "--fit-only: fits the distribution of an autoencoder's codes, and this config is of another family; leave it out" \
  train --config "$REPO/configs/default/train.yaml" --data heads -q -o out/x --fit-only
sed 's/lr: 1.0e-3/lr: 0.5/' small.yaml >other.yaml
expect_error 2 "whole/checkpoint.pth.tar: was trained with another config (train_params.lr: 1.0e-3 -> 0.5); resume with that config, or \
train into another folder" train --config other.yaml --data heads -q -o whole --steps 9
finish
