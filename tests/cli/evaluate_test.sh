#!/usr/bin/env bash
# animate evaluate: tables, reports and exact sentences, with the identity model and the default one.
source "$(dirname "$0")/lib.sh" "$1"
E=(evaluate -q --progress none --heads 2 --pairs 1 --transfers 1 --frames 6)

# The row of a model in a part's table.
row() { awk -v part="$1:" -v model="$2" '$1 == part {on = 1} NF == 0 {on = 0} on && $1 == model' stdout.txt; }
rows() { awk -v part="$1:" '$1 == part {on = 1; next} NF == 0 {on = 0} on' stdout.txt | wc -l; }

run() { "$ANIMATE" "$@" >stdout.txt 2>stderr.txt </dev/null; }

expect_that "the identity model is measured" run "${E[@]}" -m identity --seed 100000
expect_that "its reconstruction has no fault" grep -qx 'identity *0.0000 ±0.0000 *inf *1.0000 ±0.0000' <(row reconstruction identity)
cp stdout.txt first.txt
expect_that "the same seed again" run "${E[@]}" -m identity --seed 100000
expect_that "gives the same numbers" cmp first.txt stdout.txt
expect_that "another seed" run "${E[@]}" -m identity --seed 100007
expect_that "gives others" test "$(row transfer identity)" != "$(grep '^identity' first.txt | tail -n 1)"

expect_that "two models, with a report" run "${E[@]}" -m identity -m default -o report
expect_that "make two rows of each table, below two of names and units" test "$(rows reconstruction) $(rows transfer)" = "4 4"
expect_that "with the heads' keypoints" grep -q keypoints stdout.txt
expect_that "a picture sheet" test -s report/sheet.png
expect_that "a report with the command" grep -q '"command": ".*evaluate -q.* -m identity -m default -o report"' report/report.json

expect_that "a clip of one's own" run evaluate -q --progress none -m identity --data "$DRIVING"
expect_that "has one row" grep -q '^identity *0.0000 *inf *1.0000$' stdout.txt

printf 'clip,frame,point,x,y\na,0,0,1,2\n' >real.csv
printf 'clip,frame,point,x,y\na,0,0,2,5\n' >generated.csv
expect_that "keypoints from files" run evaluate -q --keypoints-real real.csv --keypoints-generated generated.csv
expect_that "their distance" grep -q '^generated.csv *2.000 *0.0000$' stdout.txt

expect_error 2 "--data photos: no such folder or clip; give heads, a folder of clips or a video" evaluate --data photos -o out/x
expect_error 2 "--save-frames: needs a folder; add -o FOLDER" evaluate --save-frames
expect_error 2 "--heads 0 and --transfers 0 leave nothing to measure; give at least one of them" \
  evaluate --heads 0 --transfers 0
expect_error 2 "--keypoints-real and --keypoints-generated are compared with each other; give both" \
  evaluate --keypoints-real real.csv
echo "no network" >no.onnx
expect_error 1 "no.onnx: is not an ONNX model, or only a part of one; download it again" evaluate --keypoints no.onnx -o out/x
expect_error 1 "out/no/such: the folder out/no does not exist; create it or choose another output" \
  evaluate -m identity -o out/no/such
mkdir empty
expect_error 1 "empty: holds no clips; fill it with folders of frames, .png or .jpg strips, .gif, .mp4 or .mov \
files" evaluate -m identity --data empty
expect_error 1 'missing: no model of this name is found; `animate models` lists what there is' evaluate -m identity -m missing
if command -v python3 >/dev/null 2>&1; then
  python3 "$REPO/tests/cli/make_liveportrait_weights.py" "$REPO/tests/data/liveportrait/small_keys.json" weights
  cp "$REPO/tests/data/liveportrait/small_models.yaml" weights/liveportrait/models.yaml
  expect_error 2 "weights: LivePortrait has no absolute keypoints for this protocol; evaluate models of the family fomm" \
    evaluate -m identity -m weights -o out/x
fi
finish
