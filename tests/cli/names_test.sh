#!/usr/bin/env bash
# Names that people have: too long, not UTF-8, addresses, results that exist already, folders that do not yet.
source "$(dirname "$0")/lib.sh" "$1"
need ffmpeg
need python3
FF=(ffmpeg -nostdin -v error -y)
"${FF[@]}" -i "$DRIVING" -t 0.3 -c:v libx264 -c:a aac d.mp4
cp "$SOURCE" s.png
Q=(-q -m identity)

# Default names are cut in the middle; given ones are refused before anything is read.
a=$(printf 'a%.0s' {1..150})
mkdir long && cp s.png "long/$a.png" && cp d.mp4 "long/${a}é.mp4"
(cd long && "$ANIMATE" "${Q[@]}" -s "$a.png" -d "${a}é.mp4" >stdout.txt 2>stderr.txt)
expect_that "a default name that is too long: $(tail -n 1 long/stderr.txt)" test -s "long/$(cat long/stdout.txt)"
name=$(basename "$(cat long/stdout.txt)")
expect_that "it is as long as may be: ${#name}" test "$(printf %s "$name" | wc -c)" -le 255 -a "$(printf %s "$name" | wc -c)" -ge 250
expect_that "both its ends are kept" grep -q '^aaaa.*~.*aé.mp4$' <<<"$name"
x=$(printf 'x%.0s' {1..260})
expect_error 1 "out/$x.mp4: cannot be created (File name too long); choose another output" "${Q[@]}" -s s.png -d d.mp4 -o "out/$x.mp4"
expect_error 1 "out/$x.motion: cannot be created (File name too long); choose another output" template make -q -m heads -d d.mp4 -o "out/$x.motion"
expect_that "its temporary has a name that fits, letters whole" sh -c \
  "cd long && '$ANIMATE' -q -m identity -s $a.png -d ${a}é.mp4 -o \"\$(printf 'é%.0s' \$(seq 120)).mp4\""

# Bytes that are no UTF-8: in the names of source, driver, folder and result.
odd=$(printf 'caf\xe9')
mkdir "$odd" && cp s.png "$odd/$odd.png" && cp d.mp4 "$odd/$odd.mp4"
"$ANIMATE" "${Q[@]}" -s "$odd/$odd.png" -d "$odd/$odd.mp4" -o "$odd/r.mp4" --report r.json >stdout.txt 2>stderr.txt
expect_that "a single job: $(tail -n 1 stderr.txt)" test -s "$odd/r.mp4"
expect_that "its report is JSON" python3 -c 'import json; assert json.load(open("r.json"))["status"] == "ok"'
mkdir two && cp s.png two/a.png && cp s.png two/b.png
"$ANIMATE" batch "${Q[@]}" -s two -d "$odd/$odd.mp4" -o "$odd/many" >stdout.txt 2>stderr.txt
expect_that "a batch: $(tail -n 1 stderr.txt)" test "$(ls "$odd"/many/*.mp4 | wc -l)" = 2
expect_that "the driver was read once" grep -q '"motion":"reused"' "$odd/many/report.jsonl"
expect_that "its sound is in both" test "$(for f in "$odd"/many/*.mp4; do ffprobe -v error -select_streams a -show_entries stream=codec_name -of csv=p=0 "$f"; done | wc -l)" = 2
"$ANIMATE" batch -m identity -s two -d "$odd/$odd.mp4" -o "$odd/many" >stdout.txt 2>stderr.txt
expect_that "a second run has nothing to do: $(tail -n 1 stderr.txt)" grep -q '^animate: 0 done, 2 skipped as finished, 0 failed' stderr.txt
"$ANIMATE" template make -q -m heads -d "$odd/$odd.mp4" -o "$odd/$odd.motion" >stdout.txt 2>stderr.txt
expect_that "a template: $(tail -n 1 stderr.txt)" test -s "$odd/$odd.motion"
"$ANIMATE" -q -m heads -s s.png -d "$odd/$odd.motion" -o from.mp4 >stdout.txt 2>stderr.txt
expect_that "a template of it drives, with its sound: $(tail -n 1 stderr.txt)" test "$(probe a codec_name from.mp4)" = aac
expect_that "info of it is JSON" sh -c "'$ANIMATE' template info --json '$odd/$odd.motion' | python3 -c 'import json,sys; json.load(sys.stdin)'"

# Addresses of this machine.
expect_ok by.mp4 "${Q[@]}" -s "file://$WORK/s.png" -d "file://localhost$WORK/d.mp4" -o by.mp4
cp s.png "with space.png"
expect_ok by2.mp4 "${Q[@]}" -s "file://$WORK/with%20space.png" -d d.mp4 -o by2.mp4

# A folder that is not there is made; what exists is told, or refused.
expect_ok new/s--d.mp4 "${Q[@]}" -s s.png -d d.mp4 -o new/
expect_ok r.mp4 -m identity -s s.png -d d.mp4 -o r.mp4
expect_that "a new result is not told" sh -c "! grep -q exists stderr.txt"
expect_ok r.mp4 -m identity -s s.png -d d.mp4 -o r.mp4
expect_that "what exists is told" grep -qx "animate: r.mp4: exists and will be replaced" stderr.txt
sum=$(sha256sum r.mp4)
"$ANIMATE" "${Q[@]}" -s s.png -d d.mp4 -o r.mp4 --no-overwrite >stdout.txt 2>stderr.txt
expect_that "or refused, exit code" test $? = 1
expect_that "or refused: $(tail -n 1 stderr.txt)" grep -qx "animate: r.mp4: exists already; choose another output, or leave out --no-overwrite" stderr.txt
expect_that "and stays as it was" test "$(sha256sum r.mp4)" = "$sum"
expect_ok f-%03d.png "${Q[@]}" -s s.png -d d.mp4 -o f-%03d.png --end 0.1
"$ANIMATE" "${Q[@]}" -s s.png -d d.mp4 -o f-%03d.png --no-overwrite >stdout.txt 2>stderr.txt
expect_that "a series, too: $(tail -n 1 stderr.txt)" grep -qx "animate: f-001.png: exists already; choose another output, or leave out --no-overwrite" stderr.txt
python3 "$REPO/tests/cli/make_template.py" a.motion
expect_ok b.motion template convert -q a.motion b.motion
"$ANIMATE" template convert -q a.motion b.motion --no-overwrite >stdout.txt 2>stderr.txt
expect_that "a template, too: $(tail -n 1 stderr.txt)" grep -qx "animate: b.motion: exists already; choose another output, or leave out --no-overwrite" stderr.txt

# Times.
for time in 0.2 0.2s 0:00.2 00:00:00.2; do
  expect_ok t.mp4 "${Q[@]}" -s s.png -d d.mp4 -o t.mp4 --end "$time"
  expect_that "--end $time" test "$(probe v nb_read_frames t.mp4)" = 5
done
expect_error 2 "--end: 1:99 is not a time; write seconds, as in 1.5, or 0:05; see \`animate --help\`" -s s.png -d d.mp4 -o out/x.mp4 --end 1:99
finish
