#!/usr/bin/env bash
# Bad files: one exact sentence, the right exit code, nothing left behind.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
need python3
FF=(ffmpeg -nostdin -v error -y)
bad_source() { local message=$2; expect_error 1 "$1: $message" -s "$1" -d "$DRIVING" -o out/x.mp4; }
bad_driving() { local message=$2; expect_error 1 "$1: $message" -s "$SOURCE" -d "$1" -o out/x.mp4; }
bad_model() { local message=$2; shift 2; expect_error 1 "$message" -s "$SOURCE" -d "$DRIVING" -o out/x.mp4 -m "$@"; }

mkdir folder
: >empty.jpg
: >empty.mp4
echo hello >text.mp4
head -c 80000 "$DRIVING" >half.mp4
"${FF[@]}" -i "$DRIVING" -vn -c copy audio.m4a
cp audio.m4a sound.mp4
"${FF[@]}" -f lavfi -i color=red:size=64x64:duration=0.1 -c:v libx264 -frames:v 0 frameless.mp4
"${FF[@]}" -f lavfi -i color=red:size=64x64:duration=0.1,format=rgb24,crop=1:1 -frames:v 1 one.png
"${FF[@]}" -f lavfi -i color=red:size=20000x16:duration=0.1 -frames:v 1 wide.png
cp "$SOURCE" damaged.png && printf 'XXXXXXXX' | dd of=damaged.png bs=1 seek=5000 conv=notrunc status=none
echo '<!DOCTYPE html><title>404</title>' >page.jpg
printf '\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2\x00\x00\x00\x08mdat' >zero.mp4
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n' >pointer.pth.tar

bad_source missing.jpg "no such file; check the path"
bad_source folder "is a folder; give a picture"
bad_source empty.jpg "the file is empty; download or copy it again"
bad_source page.jpg "is a web page, not the file it is named after; download the file itself"
bad_source one.png "is only 1x1 pixels; give a picture of at least 8x8"
bad_source wide.png "is 20000x16 pixels, more than the 16384 a side or 100000000 in all that are accepted; scale it down first"
bad_source damaged.png "the picture is damaged or ends early; copy or download it again"
bad_source text.mp4 "is not a picture; give a JPEG, PNG, WebP, AVIF, HEIC, BMP or TIFF file"
bad_source audio.m4a "is not a picture; give a JPEG, PNG, WebP, AVIF, HEIC, BMP or TIFF file"
# Other kinds of file in the wrong place are told as what they are.
"$ANIMATE" template make -q -m heads -d "$DRIVING" --end 0.1 -o t.motion >/dev/null
python3 -c 'import pickle, zipfile; pickle.dump({"n_frames": 0}, open("p.pkl", "wb")); zipfile.ZipFile("z.zip", "w").writestr("a.txt", "a")'
cp "$REPO/configs/default/heads-256.safetensors" w.safetensors
bad_source t.motion "is a motion template, which drives; give it with -d, and what it moves with -s"
bad_source p.pkl "is a pickle; a motion template is given with -d, weights with -m, and here a picture or a clip"
for bad in bad_source bad_driving; do
  $bad w.safetensors "holds a network's weights; give it with -m, and a picture or a clip here"
  $bad z.zip "is an archive; unpack it and give a picture or a clip, or give it with -m if it holds weights"
done

bad_driving missing.mp4 "no such file; check the path"
bad_driving folder "the folder holds no pictures; give one with PNG or JPEG files"
bad_driving empty.mp4 "the file is empty; download or copy it again"
bad_driving text.mp4 "is not a video or picture that FFmpeg can read; give an MP4, MOV, MKV, WebM, GIF, JPEG or PNG file"
bad_driving half.mp4 "the file ends early, its index is missing; download or copy it again"
bad_driving audio.m4a "has sound but no picture; give a video or a picture"
bad_driving sound.mp4 "has sound but no picture; give a video or a picture"
bad_driving frameless.mp4 "has no video stream; give a video or a picture"
bad_driving zero.mp4 "the file ends early, its index is missing; download or copy it again"
expect_error 1 "$DRIVING: has no frame from 100 s on; choose a part inside the clip" -s "$SOURCE" -d "$DRIVING" -o out/x.mp4 --start 100
expect_error 1 "missing.wav: no such file; check the path" -s "$SOURCE" -d "$DRIVING" -o out/x.mp4 --audio missing.wav

# A clip that lost its tail gives what decodes, with a warning.
"${FF[@]}" -i "$DRIVING" -t 2 -c copy -movflags +faststart front.mp4
head -c $(($(stat -c %s front.mp4) * 2 / 3)) front.mp4 >cut.mp4
expect_ok out/cut.mp4 -s "$SOURCE" -d cut.mp4 -o out/cut.mp4 -m identity
expect_that "a broken tail is warned of" grep -q "warning: cut.mp4: the file ends early or is damaged after" stderr.txt
rm -f out/cut.mp4

# Outputs that cannot work.
expect_error 1 "none/x.mp4: the folder none does not exist; create it or choose another output" -s "$SOURCE" -d "$DRIVING" -o none/x.mp4
expect_error 1 "text.mp4/x.mp4: text.mp4 is not a folder; choose another output" -s "$SOURCE" -d "$DRIVING" -o text.mp4/x.mp4
cp "$SOURCE" own.png && cp "$DRIVING" own.mp4
expect_error 2 "own.mp4: is the driving clip itself and would be overwritten; choose another output" -s own.png -d own.mp4 -o own.mp4
ln -s own.mp4 link.mp4
expect_error 2 "link.mp4: is the driving clip itself and would be overwritten; choose another output" -s own.png -d own.mp4 -o link.mp4
expect_that "inputs are untouched" cmp -s own.mp4 "$DRIVING"
if [ "$(id -u)" = 0 ]; then
  # Root may read and write anything, so these need another user.
  chmod 755 "$WORK"
  run_as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  mkdir closed && chmod 555 closed
  cp "$SOURCE" secret.png && chmod 600 secret.png
  "${run_as[@]}" "$ANIMATE" -s "$SOURCE" -d "$DRIVING" -o closed/x.mp4 -m identity >stdout.txt 2>stderr.txt
  expect_that "read-only folder: $(tail -n 1 stderr.txt)" grep -qx "animate: closed/x.mp4: the folder closed is not writable; choose another output or change its permissions" stderr.txt
  "${run_as[@]}" "$ANIMATE" -s secret.png -d "$DRIVING" -o closed/x.mp4 -m identity >stdout.txt 2>stderr.txt
  expect_that "unreadable file: $(tail -n 1 stderr.txt)" grep -qx "animate: secret.png: cannot be read (Permission denied); change its permissions" stderr.txt
fi

# Checkpoints.
B=$REPO/tests/data/golden/fomm/bad_checkpoints
C=$REPO/tests/data/golden/fomm/configs/nomotion.yaml
bad_model pointer "pointer.pth.tar: is a Git-LFS pointer, not the file itself; run \`git lfs pull\` in its repository" pointer.pth.tar
bad_model zip "$B/truncated_zip.pth.tar: the zip's end is missing: the download was cut; download it again" "$B/truncated_zip.pth.tar"
bad_model call "$B/call_getcwd_zip.pth.tar: the pickle in it calls posix.getcwd, which is not data; nothing was executed; get the file from a source you trust" "$B/call_getcwd_zip.pth.tar"
bad_model half "$B/missing_generator.legacy.pth.tar: has no 'generator' entry; give a FOMM checkpoint with generator and kp_detector" "$B/missing_generator.legacy.pth.tar"
bad_model shape "$B/shape_mismatch_nomotion.legacy.pth.tar: the weights of kp_detector do not fit the config; give the config they were trained with; 1 of another shape: predictor.encoder.down_blocks.0.conv.weight is [9, 3, 3, 3], the config asks for [10, 3, 3, 3]" "$B/shape_mismatch_nomotion.legacy.pth.tar" --config "$C"
bad_model name "nowhere: no model of this name is found; \`animate models\` lists what there is" nowhere
bad_model path "nowhere.pth.tar: no such file; check the path of the model" nowhere.pth.tar
bad_model config "$C: is a config; give the weights with -m and this file with --config" "$C"

python3 "$REPO/tests/cli/make_checkpoints.py" .
expect_error 1 "evil.pth.tar: the pickle in it calls posix.system, which is not data; nothing was executed; get the file from a source you trust" inspect evil.pth.tar
expect_error 1 "evil.pth.tar: the pickle in it calls posix.system, which is not data; nothing was executed; get the file from a source you trust" -s "$SOURCE" -d "$DRIVING" -o out/x.mp4 -m evil.pth.tar
expect_that "the command in the pickle did not run" test ! -e ran.txt
bad_model deep "deep.pth.tar: the pickle in it is nested too deeply; download it again from a source you trust" deep.pth.tar
bad_model overlap "overlap.safetensors: the tensors 'a' and 'b' overlap; download it again" overlap.safetensors
bad_model range "range.safetensors: the file ends inside the tensor 'a': the download was cut; download it again" range.safetensors
bad_model nan "nan.safetensors: the weight kp.weight of kp_detector holds NaN or infinite values; get an undamaged checkpoint" nan.safetensors
bad_model other "other.safetensors: is not a checkpoint of a model that this program knows (it holds encoder.weight, …); give one with generator and kp_detector, or LivePortrait's folder" other.safetensors
sed 's/num_kp: [0-9]*/num_kp: many/' "$C" >type.yaml
bad_model type "type.yaml: 'model_params.common_params.num_kp' must be a whole number; correct the config" "$REPO/configs/default" --config type.yaml
# An unknown key is told and does no harm.
sed 's/num_kp: \([0-9]*\)/num_kp: \1, num_kq: 7/' "$C" >unknown.yaml
expect_ok out/u.mp4 -s "$SOURCE" -d "$DRIVING" -o out/u.mp4 --end 0.1 --config unknown.yaml -m "$REPO/tests/data/golden/fomm/checkpoints/nomotion.zip.pth.tar"
expect_that "an unknown key is told" grep -qx "animate: warning: unknown.yaml: unknown key 'model_params.common_params.num_kq' is ignored" stderr.txt
finish
