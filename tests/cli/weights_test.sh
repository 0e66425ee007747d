#!/usr/bin/env bash
# LivePortrait's weights as people have them elsewhere: the same pictures come out, bit for bit.
source "$(dirname "$0")/lib.sh" "$1"
need python3
python3 "$REPO/tests/cli/make_liveportrait_weights.py" "$REPO/tests/data/liveportrait/small_keys.json" weights
cp "$REPO/tests/data/liveportrait/small_models.yaml" weights/liveportrait/models.yaml
cp "$REPO/tests/data/golden/liveportrait/templates/animal_format.pkl" move.pkl
JOB=(-s "$SOURCE" -d move.pkl --bbox 70,70,120,120 --end 0.05 --no-provenance)
expect_ok lp.safetensors convert weights lp.safetensors -q
python3 "$REPO/tests/cli/weights_layouts.py" lp.safetensors .
cp weights/liveportrait/models.yaml flat
cp weights/liveportrait/models.yaml folder
expect_ok plain.png -q -m weights "${JOB[@]}" -o plain.png
for weights in flat folder folder/base_models orig_mod.safetensors no_counter.safetensors; do
  expect_ok got.png -v -m "$weights" "${JOB[@]}" -o got.png
  cp stderr.txt told.txt
  expect_that "$weights paints the same picture" cmp got.png plain.png
  rm -f got.png
  case $weights in
    orig_mod*) expect_that "wrappers are told once" test "$(grep -c "of a wrapper, which is left out" told.txt)" = 1 ;;
    no_counter*) expect_that "missing counters are told" grep -q "no num_batches_tracked, which only training needs" told.txt ;;
  esac
done
expect_error 1 "extra.safetensors: the weights of spade_generator do not fit the config; give the config they were trained \
with; 1 unexpected: extra" -q -m extra.safetensors "${JOB[@]}" -o out/e.png

# The animals' folder beside the humans': its own newer set, their retargeting file; each said.
mkdir -p pretrained/liveportrait pretrained/liveportrait_animals
cp -r weights/liveportrait/retargeting_models pretrained/liveportrait
cp -r weights/liveportrait/base_models pretrained/liveportrait_animals/base_models
cp -r weights/liveportrait/base_models pretrained/liveportrait_animals/base_models_v1.1
cp weights/liveportrait/models.yaml pretrained/liveportrait_animals
A=pretrained/liveportrait_animals
expect_ok got.png -m $A "${JOB[@]}" -o got.png
expect_that "the animals' weights paint" cmp got.png plain.png
expect_that "which set is taken is told" grep -qx "animate: $A/base_models_v1.1/\*.pth: these weights are taken; \
$A/base_models/\*.pth would serve too: give the folder with -m for it" stderr.txt
expect_that "--animal is named" grep -q "$A: by its name this folder holds weights for animals; .* --animal" stderr.txt
expect_that "their retargeting file is found" sh -c "! grep -q 'the face is not stitched' stderr.txt"
expect_ok got.png -m $A --animal "${JOB[@]}" -o got.png
expect_that "--animal is not named to whoever gave it" sh -c "! grep -q 'by its name' stderr.txt"
finish
