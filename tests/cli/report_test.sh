#!/usr/bin/env bash
# Reports, --strict, --preview and provenance through the binary, with the model that ships and with small random
# LivePortrait weights.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
need ffprobe
need python3
unset SOURCE_DATE_EPOCH
python3 "$REPO/tests/cli/make_liveportrait_weights.py" "$REPO/tests/data/liveportrait/small_keys.json" weights
cp "$REPO/tests/data/liveportrait/small_models.yaml" weights/liveportrait/models.yaml
LP=(-m weights -q --bbox 70,70,120,120)
JOB=(-q -s "$SOURCE" -d "$DRIVING" --end 0.4)
SHORT=(-q -s "$SOURCE" -d "$DRIVING" --end 0.1)
WEIGHTS=$(ls "$REPO"/configs/default/*.safetensors)
export SOURCE DRIVING WEIGHTS

# expect_json DESCRIPTION FILE EXPRESSION: Python, with the report as r, sha(path) and the other names below.
expect_json() {
  local description=$1 file=$2 expression=$3 said
  if said=$(python3 - "$file" "$expression" 2>&1 <<'PYTHON'
import hashlib, json, os, sys
r = json.load(open(sys.argv[1]))
sha = lambda path: hashlib.sha256(open(path, "rb").read()).hexdigest()
SOURCE, DRIVING, WEIGHTS = (os.environ[n] for n in ("SOURCE", "DRIVING", "WEIGHTS"))
if not eval(sys.argv[2]):
    sys.exit("false; the report has:\n" + json.dumps(r, indent=1))
PYTHON
  ); then passed=$((passed + 1)); else note "$description" "$expression" "$said"; fi
}

# The report of a FOMM job: every fact against the files themselves.
expect_ok out/a.mp4 "${JOB[@]}" -o out/a.mp4 --report r.json --adapt-scale --crf 23
expect_json "status and program" r.json 'r["status"] == "ok" and r["program"] == "animate" and r["version"].count(".") == 2'
expect_json "the source" r.json 'r["inputs"]["source"] == {"path": SOURCE, "bytes": os.path.getsize(SOURCE), "sha256": sha(SOURCE)}'
expect_json "the driver" r.json 'r["inputs"]["driving"]["sha256"] == sha(DRIVING)'
expect_json "the model" r.json 'r["model"]["name"] == "default" and r["model"]["family"] == "fomm" and r["model"]["sha256"] == sha(WEIGHTS)'
expect_json "its file" r.json 'r["model"]["files"][0]["role"] == "weights" and r["model"]["files"][0]["sha256"] == sha(WEIGHTS)'
expect_json "changed options only" r.json 'r["options"] == {"adapt-scale": True, "end": 0.4, "crf": 23}'
expect_json "the command line" r.json 'r["command"][1:4] == ["-q", "-s", SOURCE] and r["command"][-1] == "23"'
expect_json "device and library" r.json 'r["device"].startswith(("cpu", "cuda")) and r["libtorch"][0].isdigit()'
expect_json "the result" r.json 'r["output"]["frames"] == 10 and r["output"]["sha256"] == sha("out/a.mp4") and r["output"]["width"] == 256'
expect_json "seconds add up" r.json '0 < r["seconds"]["motion"] < r["seconds"]["total"] and 0 < r["seconds"]["rendering"] < r["seconds"]["total"]'
expect_json "nothing is smoothed" r.json '0 < r["jitter"]["before_smoothing"] == r["jitter"]["after_smoothing"] < 0.1 and r["jitter"]["frames"] == 10'
expect_json "no warnings" r.json 'r["warnings"] == [] and r["without_face"] == [] and r["reference_frame"] == 0'
expect_ok out/b.mp4 "${JOB[@]}" -o out/b.mp4 --report r.json --reference 3
expect_json "the reference frame" r.json 'r["reference_frame"] == 3'
expect_ok "out/f-%02d.png" "${JOB[@]}" -o "out/f-%02d.png" --report r.json
expect_json "a result of pictures" r.json 'r["output"]["files"] == 10'

# LivePortrait: several weights files, a smoother, a driver without faces here and there.
expect_ok out/lp.mp4 "${LP[@]}" -s "$SOURCE" -d "$DRIVING" --end 0.4 -o out/lp.mp4 --report r.json --smooth 1
expect_json "LivePortrait's files" r.json 'r["model"]["family"] == "liveportrait" and {f["role"]: f["sha256"] for f in r["model"]["files"] if "pth" in f["path"]} == {f["role"]: sha(f["path"]) for f in r["model"]["files"] if "pth" in f["path"]} and len(r["model"]["files"]) >= 5'
expect_json "its hash is that of the list" r.json 'r["model"]["sha256"] == hashlib.sha256("".join("%s  %s\n" % (f["sha256"], f["role"]) for f in r["model"]["files"] if "pth" in f["path"]).encode()).hexdigest()'
expect_json "smoothing is seen" r.json 'r["jitter"]["after_smoothing"] < 0.9 * r["jitter"]["before_smoothing"]'
expect_json "its options" r.json 'r["options"]["smooth"] == 1 and r["options"]["bbox"] == "70,70,120,120"'
ffmpeg -v error -nostdin -t 0.2 -i "$DRIVING" -c:v libx264 source.mp4
expect_ok out/v.mp4 "${LP[@]}" -s source.mp4 -d "$DRIVING" --end 0.2 -o out/v.mp4 --report r.json
expect_json "a source video is smoothed by default" r.json 'r["jitter"]["after_smoothing"] < r["jitter"]["before_smoothing"]'

# A job that fails has a report too.
rm -rf out/* out/.[!.]*
expect_error 1 "none.mp4: no such file; check the path" -q -s "$SOURCE" -d none.mp4 -o out/none.mp4 --report failed.json
expect_json "status and message" failed.json 'r["status"] == "failed" and r["message"].startswith("none.mp4: ")'
expect_json "what was known" failed.json 'r["inputs"]["source"]["sha256"] == sha(SOURCE) and "error" in r["inputs"]["driving"]'
expect_error 2 "$SOURCE: is a file of the job itself; give --report another name" "${JOB[@]}" -o out/a.mp4 --report "$SOURCE"
expect_error 1 "no/r.json: the folder no does not exist; create it or choose another output" "${JOB[@]}" -o out/a.mp4 \
  --report no/r.json

# --strict: the same job with and without; nothing is put in place.
ffmpeg -v error -nostdin -f lavfi -i color=c=gray:s=128x128:d=1 -frames:v 1 gray.png
GRAY=(-q -s gray.png -d "$DRIVING" --end 0.2 --crop auto)
NO_FACE="gray.png: no face was found; its centre square is animated (choose another part with --crop x,y,w,h)"
expect_ok out/g.mp4 "${GRAY[@]}" -o out/g.mp4 --report r.json
expect_json "a warning alone" r.json 'r["status"] == "ok" and len(r["warnings"]) == 1'
rm -rf out/* out/.[!.]*
expect_error 1 "$NO_FACE; nothing was written, as --strict refuses a result with a warning" "${GRAY[@]}" -o out/g.mp4 \
  --strict --report r.json
expect_json "a refused job tells its facts" r.json \
  'r["status"] == "failed" and r["output"]["frames"] == 5 and len(r["warnings"]) == 1 and "sha256" not in r["output"]'
expect_error 1 "$NO_FACE; nothing was written, as --strict refuses a result with 2 warnings" "${GRAY[@]}" \
  -o "out/g-%d.png" --strict
expect_ok out/ok.mp4 "${JOB[@]}" -o out/ok.mp4 --strict
rm -rf out/* out/.[!.]*

# Without -o: a failing job leaves no folder, a good one has its result there.
expect_error 1 "none.png: no such file; check the path" -q -s none.png -d "$DRIVING"
expect_that "no empty folder" test ! -e animations
expect_ok "animations/gray--$(basename "$DRIVING")" -q -s gray.png -d "$DRIVING" --end 0.2
expect_that "its result" test -s "animations/gray--$(basename "$DRIVING")"
rm -rf animations/* && "$ANIMATE" -q -s none.png -d "$DRIVING" >/dev/null 2>&1
expect_that "a folder that was there stays" test -d animations
rm -rf animations out/* out/.[!.]*

# Provenance: the same words in every container and picture.
export SOURCE_DATE_EPOCH=981173106
HASH=$(sha256sum "$WEIGHTS" | cut -c1-12)
tags() { ffprobe -v error -show_entries format_tags -of default=nw=1 "$1" | tr A-Z a-z; }
for suffix in mp4 mov mkv webm; do
  expect_ok "out/p.$suffix" "${SHORT[@]}" --crf 40 -o "out/p.$suffix"
  tags "out/p.$suffix" >tags.txt
  expect_that "synthetic, by which model: .$suffix" grep -q "tag:comment=synthetic: .*model default (fomm, sha256 $HASH)" tags.txt
  expect_that "its time: .$suffix" grep -q "tag:creation_time=2001-02-03t04:05:06" tags.txt
  expect_that "IPTC's word: .$suffix" grep -q "trainedalgorithmicmedia" tags.txt
done
# What ffprobe does not show is read from the bytes.
expect_ok out/p.gif "${SHORT[@]}" -o out/p.gif
expect_ok out/p-%d.png "${SHORT[@]}" -o out/p-%d.png
expect_ok out/p-%d.jpg "${SHORT[@]}" -o out/p-%d.jpg
for file in out/p.gif out/p-1.png out/p-3.png out/p-1.jpg; do
  expect_that "synthetic, by which model: $file" grep -aq "Synthetic: .*model default (fomm, sha256 $HASH)" "$file"
  expect_that "$file is sound" ffmpeg -v error -xerror -i "$file" -f null -
done
for file in out/p-1.png out/p-3.png out/p-1.jpg; do
  expect_that "IPTC's word where photo programs look: $file" grep -aq \
    "<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia<" "$file"
done
expect_that "PNG texts are seen by ffprobe" sh -c "ffprobe -v error -show_entries frame_tags out/p-1.png | grep -q 'Software=animate '"

# Bit for bit the same twice with SOURCE_DATE_EPOCH, and other bytes with another one.
for suffix in mp4 mkv webm gif; do
  expect_ok "out/q.$suffix" "${SHORT[@]}" --crf 40 -o "out/q.$suffix"
  [ "$suffix" = gif ] || expect_that "the same bytes: .$suffix" cmp "out/p.$suffix" "out/q.$suffix"
done
SOURCE_DATE_EPOCH=5 expect_ok out/q.mp4 "${SHORT[@]}" --crf 40 -o out/q.mp4
expect_that "another time, other bytes" test "$(cmp -s out/p.mp4 out/q.mp4; echo $?)" = 1
unset SOURCE_DATE_EPOCH

# Without provenance nothing of it is left.
for suffix in mp4 mkv gif; do
  expect_ok "out/n.$suffix" "${SHORT[@]}" -o "out/n.$suffix" --no-provenance
  expect_that "no words: .$suffix" test "$(grep -aciE 'synthetic|trainedAlgorithmic|heads-256|animate [0-9]' "out/n.$suffix")" = 0
done
expect_ok out/n-%d.png "${SHORT[@]}" -o out/n-%d.png --no-provenance
expect_that "no words: .png" test "$(grep -aciE 'synthetic|xmpmeta|animate' out/n-1.png)" = 0

# Contact sheets: one large panel and five columns, for both families, to --preview or -o, or a name of our making.
size() { ffprobe -v error -select_streams v -show_entries stream=width,height -of csv=p=0 "$1"; }
expect_ok out/sheet.png -q -s "$SOURCE" -d "$DRIVING" --preview out/sheet.png --report r.json
expect_that "its size" test "$(size out/sheet.png)" = 1862,568
expect_json "what a preview reports" r.json 'r["preview"] and r["output"]["frames"] == 5 and r["output"]["width"] == 1862'
expect_ok out/sheet2.png --preview -q -s "$SOURCE" -d "$DRIVING" -o out/sheet2.png --no-provenance --crop auto --paste-back on
expect_ok "animations/$(basename "$SOURCE" .png)--$(basename "$DRIVING" .mp4)_preview.png" -q -s "$SOURCE" -d "$DRIVING" --preview
expect_ok out/lp.jpg "${LP[@]}" -s "$SOURCE" -d "$DRIVING" --end 0.4 --preview out/lp.jpg
expect_that "LivePortrait's has the same size" test "$(size out/lp.jpg)" = 1862,568
expect_ok out/lpv.png "${LP[@]}" -s source.mp4 -d "$DRIVING" --end 0.1 --preview out/lpv.png
expect_that "three frames, three columns" test "$(size out/lpv.png)" = 1338,568
expect_ok t.motion template make -q -m weights -d "$DRIVING" -o t.motion --end 0.2
expect_ok out/lpt.png "${LP[@]}" -s "$SOURCE" -d t.motion --preview out/lpt.png
rm -rf out/* out/.[!.]*
expect_error 2 "out/sheet.mp4: a contact sheet is a picture; give --preview a name that ends in .png or .jpg" "${JOB[@]}" \
  --preview out/sheet.mp4
expect_error 1 "$NO_FACE; nothing was written, as --strict refuses a result with a warning" "${GRAY[@]}" --strict \
  --preview out/g.png
SOURCE_DATE_EPOCH=x expect_error 2 \
  "SOURCE_DATE_EPOCH: x is no time in seconds since 1970; correct the variable or unset it" "${JOB[@]}" -o out/x.mp4
finish
