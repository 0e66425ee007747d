#!/usr/bin/env bash
# animate train: a short run on drawn heads, interrupted and resumed, gives what an uninterrupted one gives.
source "$(dirname "$0")/lib.sh" "$1"
sed -e 's/frame_shape: .*/frame_shape: [64, 64, 3]/' -e 's/batch_size: .*/batch_size: 2/' \
  -e 's/block_expansion: .*/block_expansion: 8/' -e 's/max_features: .*/max_features: 16/' \
  -e 's/num_blocks: 4/num_blocks: 2/' -e 's/scales: .*/scales: [1, 0.5]/' \
  "$REPO/configs/default/train.yaml" >train.yaml
T=(train --config train.yaml --data heads -q --log-every 2 --checkpoint-every 3 --sheet-every 4)
expect_ok whole/model.safetensors "${T[@]}" -o whole --steps 6
expect_ok parts/model.safetensors "${T[@]}" -o parts --steps 3
expect_ok parts/model.safetensors "${T[@]}" -o parts --steps 6
expect_that "a resumed run gives the same weights" cmp whole/model.safetensors parts/model.safetensors
expect_that "three lines of the log" test "$(wc -l <whole/log.jsonl)" = 3
expect_that "a picture sheet" test -s whole/sheets/0000004.png
expect_ok out/a.mp4 -m whole/model.safetensors -q -s "$SOURCE" -d "$DRIVING" -o out/a.mp4 --end 0.1
mkdir -p folder && cp whole/model.safetensors folder/ && echo "model_params: {}" >folder/train.yaml
expect_ok out/b.mp4 -m folder -q -s "$SOURCE" -d "$DRIVING" -o out/b.mp4 --end 0.1
rm -f out/*
expect_error 2 "whole: has 6 steps already; give more --steps to go on" "${T[@]}" -o whole --steps 6
sed -i 's/lr_generator: .*/lr_generator: 0.5/' train.yaml
expect_error 2 "whole/checkpoint.pth.tar: was trained with another config (train_params.lr_generator: 2.0e-4 -> 0.5); resume \
with that config, or train into another folder" "${T[@]}" -o whole --steps 9
expect_error 2 "--data photos: no such folder; give a folder of clips, or heads" train --config "$REPO/configs/default/train.yaml" --data photos -o out/x

# The default model's phases, made small: each goes on from the one before, and measures itself on held-out heads.
small() { # PHASE
  sed -e 's/frame_shape: .*/frame_shape: [64, 64, 3]/' -e 's/batch_size: .*/batch_size: 2/' \
    -e 's/block_expansion: .*/block_expansion: 4/' -e 's/max_features: .*/max_features: 8/' -e 's/num_blocks: .*/num_blocks: 2/' \
    -e 's/scales: .*/scales: [1]/' -e 's/validate_every: .*/validate_every: 2/' -e 's/validate_heads: .*/validate_heads: 2/' \
    "$REPO/configs/default/phases/$1.yaml"
}
small a-detector >a.yaml
small b-motion >b.yaml
P=(train --data heads --log-every 1 --sheet-every 2 --progress none)
expect_ok a/model.safetensors "${P[@]}" --config a.yaml -o a --steps 3
expect_that "a phase tells its figures" grep -qE "^  left_lids_correlation +-?[0-9.]+  wanted at least 0.98" stderr.txt
expect_that "every second step and at the end" test "$(grep -c '"validation":{"points":' a/log.jsonl)" = 2
expect_ok a_parts/model.safetensors "${P[@]}" -q --config a.yaml -o a_parts --steps 1
expect_ok a_parts/model.safetensors "${P[@]}" -q --config a.yaml -o a_parts --steps 3
expect_that "a resumed phase gives the same weights" cmp a/model.safetensors a_parts/model.safetensors
expect_ok b/model.safetensors "${P[@]}" --config b.yaml --init a/model.safetensors -o b --steps 1
expect_that "the next phase takes all of its weights" grep -q "starts from the weights of a/model.safetensors; 0 of its tensors do not fit" stderr.txt
expect_that "and measures the motion field" grep -qE "^  detected_flow_error +[0-9.]+  wanted at most 0.01" stderr.txt
expect_ok out/c.png -m b/model.safetensors -q -s "$SOURCE" -d "$SOURCE" -o out/c.png
rm -f out/*
expect_error 2 "--data $REPO: the phase 'detector' of the config learns from what is known of drawn heads; give --data heads, or a \
config without 'train_params.phase'" train --config a.yaml --data "$REPO" -o out/x
sed 's/  phase: .*//' a.yaml >none.yaml
expect_error 1 "none.yaml: 'train_params.loss_weights.keypoint_distance' has an effect only in a phase; add 'train_params.phase', or \
leave it out" train --config none.yaml --data heads -o out/x
finish
