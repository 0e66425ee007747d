#!/usr/bin/env bash
# Disks that are full, or fill up: one sentence, exit code 1, nothing half-written, and what was good before stays.
# Needs to mount small disks of its own, which takes root.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
need python3
mkdir small
if ! mount -t tmpfs -o size=64k tmpfs small 2>/dev/null; then
  echo "skipped: no small disk can be mounted here"
  exit 77
fi
umount small
# small_disk FOLDER SIZE: an empty disk there, gone when the test ends.
disks=()
small_disk() {
  mkdir -p "$1"
  mount -t tmpfs -o size="$2" tmpfs "$1"
  disks+=("$WORK/$1")
}
trap 'for disk in "${disks[@]}"; do umount "$disk"; done; chmod -R u+w "$WORK"; rm -rf "$WORK"' EXIT

# A single job.
small_disk small 64k
"$ANIMATE" -s "$SOURCE" -d "$DRIVING" -o small/x.mp4 -m identity --crf 0 >stdout.txt 2>stderr.txt
expect_that "a job, exit code" test $? = 1
expect_that "a job: $(tail -n 1 stderr.txt)" grep -qx "animate: small/x.mp4: no space left on the device; free some or choose another output" stderr.txt
expect_that "a job leaves nothing" test -z "$(ls -A small)"

# A batch: the rest is not tried, and the next run goes on.
lines() { grep -c "\"status\":\"$1\"" "$2"; }
mkdir portraits
for n in 1 2 3 4 5 10; do cp "$SOURCE" "portraits/face$n.png"; done
ffmpeg -nostdin -v error -y -i "$DRIVING" -t 0.6 -c:v libx264 -c:a aac a.mp4
small_disk batch 120k
"$ANIMATE" batch -s portraits -d a.mp4 -o batch --crf 0 >stdout.txt 2>stderr.txt
expect_that "a batch, exit code" test $? = 1
expect_that "a batch: $(tail -n 1 stderr.txt)" grep -Eq "^animate: [0-5] done, 0 skipped as finished, 1 failed, [0-5] left: the disk is full; free some space and run again$" stderr.txt
expect_that "nothing half-written on it" test -z "$(find batch -name '.*' -type f)"
made=$(lines done batch/report.jsonl)
mount -o remount,size=8m batch
"$ANIMATE" batch -q -s portraits -d a.mp4 -o batch --crf 0 >stdout.txt 2>stderr.txt
expect_that "goes on after that: $(tail -n 1 stderr.txt)" test "$(ls batch/*.mp4 | wc -l)" = 6
expect_that "with the rest only" test "$(wc -l <stdout.txt)" = $((6 - made))

# Training: a disk that is full, and one that fills up between two checkpoints.
sed -e 's/frame_shape: .*/frame_shape: [64, 64, 3]/' -e 's/batch_size: .*/batch_size: 2/' \
  -e 's/block_expansion: [0-9]*/block_expansion: 4/g' -e 's/max_features: [0-9]*/max_features: 8/g' \
  -e 's/num_blocks: 5/num_blocks: 2/g' -e 's/num_bottleneck_blocks: .*/num_bottleneck_blocks: 1/' \
  -e 's/num_kp: [0-9]*/num_kp: 12/' "$REPO/configs/fomm/vox-256.yaml" >vox.yaml
T=(train --config vox.yaml --data heads --log-every 1 --progress none --sheet-every 0 --checkpoint-every 2 -q)
expect_ok whole/model.safetensors "${T[@]}" -o whole --steps 8
small_disk disk 8m
expect_ok disk/run/model.safetensors "${T[@]}" -o disk/run --steps 2
cp disk/run/checkpoint.pth.tar good.pth.tar
head -c 16m /dev/zero >disk/ballast 2>/dev/null
"$ANIMATE" "${T[@]}" -o disk/run --steps 8 >stdout.txt 2>stderr.txt
expect_that "training, exit code" test $? = 1
expect_that "training: $(tail -n 1 stderr.txt)" grep -qE "^animate: disk/run/[a-z.]*: no space left on the device; free some" stderr.txt
expect_that "the last good checkpoint stays" cmp disk/run/checkpoint.pth.tar good.pth.tar
expect_that "no half of one is left" test "$(find disk/run -type f | wc -l)" = 3
# Room for the log, not for a checkpoint.
size=$(stat -c %s good.pth.tar)
rm disk/ballast && head -c $(($(df --output=avail -B1 disk | tail -n 1) - size / 2)) /dev/zero >disk/ballast
"$ANIMATE" "${T[@]}" -o disk/run --steps 8 >stdout.txt 2>stderr.txt
expect_that "a disk that fills up: $(tail -n 1 stderr.txt)" grep -qE "^animate: disk/run/checkpoint.pth.tar: no space left on the device; free some" stderr.txt
expect_that "the last good checkpoint still stays" cmp disk/run/checkpoint.pth.tar good.pth.tar
rm disk/ballast
expect_ok disk/run/model.safetensors "${T[@]}" -o disk/run --steps 8
expect_that "resumed after that, it is the same run" cmp disk/run/model.safetensors whole/model.safetensors

# A download: told before it begins.
mkdir -p served && head -c 300000 /dev/urandom >served/one.pth
sum=$(sha256sum served/one.pth | cut -d ' ' -f 1)
: >log.txt
python3 "$REPO/tests/cli/weights_server.py" served log.txt >port.txt &
SERVER=$!
trap 'kill $SERVER; for disk in "${disks[@]}"; do umount "$disk"; done; chmod -R u+w "$WORK"; rm -rf "$WORK"' EXIT
for _ in $(seq 100); do [ -s port.txt ] && break; sleep 0.1; done
cat >list.json <<EOF
{"models": [{"name": "small", "family": "fomm", "about": "a test", "page": "https://example.org", "files": [{"path": "one.pth",
 "url": "http://127.0.0.1:$(cat port.txt)/one.pth", "size": 300000, "sha256": "$sum", "licence": "MIT", "needed": true, "purpose": "a test"}]}]}
EOF
small_disk full 200k
ANIMATE_WEIGHTS_LIST=$WORK/list.json "$ANIMATE" models fetch small --to full >stdout.txt 2>stderr.txt
expect_that "a download, exit code" test $? = 1
expect_that "a download: $(tail -n 1 stderr.txt)" grep -q '^animate: full: no space left for the download: 300000 more bytes are needed, ' stderr.txt
expect_that "a download leaves nothing" test -z "$(find full -type f)"
finish
