#!/usr/bin/env bash
# Stored motion edited through the binary: results, exact sentences, nothing left behind. Needs no model and no engine.
source "$(dirname "$0")/lib.sh" "$1"
need python3
# On some machines the first python3 of the path is not the distribution's.
for PYTHON in python3 /usr/bin/python3 ""; do
  [ -z "$PYTHON" ] || ! "$PYTHON" -c "import numpy" 2>/dev/null || break
done
if [ -z "$PYTHON" ]; then
  echo "skipped: there is no python3 with NumPy to load what is written"
  exit 77
fi
cp "$REPO"/tests/data/golden/liveportrait/templates/*.pkl .
cp -r "$REPO"/tests/data/golden/liveportrait/templates/must_reject .
python3 "$REPO/tests/cli/make_template.py" fomm.motion
T="animate template"
# fact NAME FILE: one line of `template info`.
fact() { "$ANIMATE" template info "$2" | sed -n "s/^$1: //p"; }
expect_fact() { expect_that "$1 of $3 is $2, not $(fact "$1" "$3")" test "$(fact "$1" "$3")" = "$2"; }

expect_that "template --help" "$ANIMATE" template --help
for word in make info trim loop mirror blend retime convert Examples:; do
  expect_that "$T --help speaks of $word" sh -c "'$ANIMATE' template --help | grep -q -- '$word'"
done
for command in make info trim loop mirror blend retime convert; do
  expect_that "$T $command --help" "$ANIMATE" template "$command" --help
done
expect_that "template make --help speaks of --driving" sh -c "'$ANIMATE' template make --help | grep -q -- --driving"

# Both ways between the formats, to the byte: what we write does not change any more.
expect_ok out/a.motion template convert new_format.pkl -o out/a.motion
expect_ok out/b.pkl template convert out/a.motion -o out/b.pkl
expect_ok out/c.motion template convert out/b.pkl -o out/c.motion
expect_that "ours to theirs to ours" cmp out/a.motion out/c.motion
expect_ok out/d.pkl template convert out/c.motion -o out/d.pkl
expect_that "theirs to ours to theirs" cmp out/b.pkl out/d.pkl
expect_fact format "LivePortrait pickle" out/b.pkl
expect_fact format animate-motion out/c.motion
expect_that "Python loads it" "$PYTHON" "$REPO/tests/motion/check_template.py" out/b.pkl new_format.pkl

# info.
expect_ok "largest_expression_change_frame: 0" template info single_frame.pkl
expect_fact frames 7 new_format.pkl
expect_fact canonical_points yes new_format.pkl
expect_fact canonical_points no old_format.pkl
expect_fact open_ratios no animal_format.pkl
expect_fact family fomm fomm.motion
expect_ok "}" template info old_format.pkl --json
expect_that "info --json is JSON" python3 -c 'import json; assert json.load(open("stdout.txt"))["frames"] == 5'

# By other programs and other versions of Python: the same frames.
"$PYTHON" - <<'PY'
import gzip, pickle
good = pickle.load(open("new_format.pkl", "rb"))
def lists(value):
    if isinstance(value, dict): return {key: lists(one) for key, one in value.items()}
    if isinstance(value, list): return [lists(one) for one in value]
    return value.tolist() if hasattr(value, "tolist") else value
def save(name, value, protocol=4):
    with open(name, "wb") as file: pickle.dump(value, file, protocol)
for protocol in range(6): save(f"p{protocol}.pkl", good, protocol)
for protocol in (0, 1, 4): save(f"l{protocol}.pkl", lists(good), protocol)
save("unknown.pkl", {**good, "c_eyes_lst": None, "c_lip_lst": None})
save("empty.pkl", {**good, "c_eyes_lst": [], "c_lip_lst": []})
save("uncounted.pkl", {key: value for key, value in good.items() if key != "n_frames"})
save("low.pkl", {**good, "n_frames": 2})
save("list.pkl", [1, 2, 3], 0)
open("packed.pkl", "wb").write(gzip.compress(open("new_format.pkl", "rb").read()))
PY
for file in p0 p1 p2 p3 p4 p5 l0 l1 l4 uncounted low; do
  expect_ok out/o.motion template convert "$file.pkl" -o out/o.motion
  expect_that "$file.pkl holds what new_format.pkl holds" cmp out/o.motion out/a.motion
done
expect_that "a low n_frames is told" grep -q "low.pkl: .*'n_frames' is 2; all the frames it holds are taken (7)" stderr.txt
for file in unknown empty; do
  expect_fact frames 7 "$file.pkl"
  expect_fact open_ratios no "$file.pkl"
done

# Times.
expect_ok out/t.motion template trim fomm.motion --start 0.08 --end 0.2 -o out/t.motion
expect_fact frames 3 out/t.motion
expect_ok out/r.pkl template retime new_format.pkl --fps 29.97 -o out/r.pkl
expect_fact frame_rate 30000/1001 out/r.pkl
expect_fact frames 8 out/r.pkl
expect_ok out/s.motion template retime fomm.motion --speed 0.5 -o out/s.motion
expect_fact frame_rate 25/2 out/s.motion
expect_fact seconds 0.8 out/s.motion
expect_ok out/s.motion template retime fomm.motion --speed 0.5 --fps 25 -o out/s.motion
expect_fact frames 20 out/s.motion

# Loops, blends and mirrors.
expect_ok out/l.motion template loop fomm.motion --min-length 0.2 -o out/l.motion
expect_that "the loop is reported" grep -q "ordinary steps" stderr.txt
expect_ok out/m.motion template blend fomm.motion fomm.motion --weight 0.5 -o out/m.motion
expect_ok out/m0.motion template convert fomm.motion -o out/m0.motion
expect_that "half of a motion and half of itself is the motion" cmp out/m.motion out/m0.motion
expect_ok out/x.motion template blend fomm.motion out/t.motion --crossfade 0.08 -o out/x.motion
expect_fact frames 11 out/x.motion
expect_ok out/m1.pkl template mirror new_format.pkl -o out/m1.pkl
expect_ok out/m2.pkl template mirror out/m1.pkl -o out/m2.pkl
expect_that "a mirror changes the motion" sh -c '! cmp -s out/m1.pkl out/b.pkl'
expect_that "mirrored twice is the same" cmp out/m2.pkl out/b.pkl

# The input may be the output; nothing else is left in the folder.
cp new_format.pkl out/same.pkl
expect_ok out/same.pkl template trim out/same.pkl --start 0.1 --end 1 -o out/same.pkl -q
expect_fact frames 4 out/same.pkl
expect_that "no temporary file is left" test -z "$(ls -A out | grep '^\.')"
cp new_format.pkl "it's a \"süß\" ☃.pkl"
expect_ok "-odd.pkl" template convert "it's a \"süß\" ☃.pkl" -o "-odd.pkl"
expect_that "the odd name is there" test -s ./-odd.pkl
rm -rf out/*

# Refusals.
expect_error 2 "template: what to do is missing; \`animate template --help\` lists make, info, trim, …" template
expect_error 2 "inf: unknown command; did you mean info?" template inf a.motion
expect_error 2 "--output is required; see \`animate --help\`" template -d "$DRIVING"
expect_error 2 "--output is required; see \`animate --help\`" template make -d "$DRIVING"
expect_error 2 "--output is required; see \`animate --help\`" template convert new_format.pkl
expect_error 2 "--strat: unknown flag; did you mean --start?" template trim new_format.pkl --strat 1 -o out/a.motion
expect_error 2 "template trim: give --start, --end or both" template trim new_format.pkl -o out/a.motion
expect_error 2 "--start 2 does not lie before --end 1; swap or correct them" template trim new_format.pkl --start 2 --end 1 -o out/a.motion
expect_error 1 "new_format.pkl: no frame begins from 3 s on, they begin from 0 to 0.24 s; widen the range" template trim new_format.pkl --start 3 -o out/a.motion
expect_error 2 "template retime: give --fps, --speed or both" template retime new_format.pkl -o out/a.motion
expect_error 2 "--fps x: is not a frame rate; give a number up to 1000 or a fraction, as in 25 or 30000/1001" template retime new_format.pkl --fps x -o out/a.motion
expect_error 2 "--speed: 0 is not a number from 0.01 to 100; see \`animate --help\`" template retime new_format.pkl --speed 0 -o out/a.motion
expect_error 2 "--weight: 2 is not a number from 0 to 1; see \`animate --help\`" template blend new_format.pkl new_format.pkl --weight 2 -o out/a.motion
expect_error 2 "--crossfade 9: is longer than the shorter template (0.28 s); give less" template blend new_format.pkl new_format.pkl --crossfade 9 -o out/a.motion
expect_error 1 "new_format.pkl: holds motion of the model family liveportrait, the first template of fomm; give two of one family" template blend fomm.motion new_format.pkl -o out/a.motion
expect_error 1 "fomm.motion: holds motion of the model family fomm, whose keypoints have no left and right; only LivePortrait's can be mirrored" template mirror fomm.motion -o out/a.motion
expect_error 1 "out/a.pkl: only motion of the family liveportrait can be written as a pickle, this one is of fomm; write a .motion file instead" template convert fomm.motion -o out/a.pkl
expect_error 1 "single_frame.pkl: has 1 frames (0.04 s), too few for a loop of 0.02 s; ask for a shorter one with --min-length" template loop single_frame.pkl -o out/a.motion
expect_error 1 "out/a.pkl: 2500/1 frames a second are more than LivePortrait's templates may have (1000); lower them with \`animate template retime --fps\`" template retime new_format.pkl --speed 100 -o out/a.pkl
expect_error 1 "packed.pkl: is compressed with gzip; unpack it (\`gunzip -c FILE.gz > FILE\`) and give what comes out" template info packed.pkl
expect_error 1 "list.pkl: as a motion template of LivePortrait it holds no dict; make it again" template info list.pkl
expect_error 1 "none.pkl: no such file; check the path" template info none.pkl
expect_error 1 "$SOURCE: is not a motion template; make one with \`animate template -d clip.mp4 -o clip.motion\`" template info "$SOURCE"
expect_error 1 "must_reject/global_call.pkl: the pickle in it calls os.getpid, which is not data; nothing was executed; get the file from a source you trust" template info must_reject/global_call.pkl
expect_error 1 "must_reject/numpy_other_callable.pkl: the pickle in it mentions numpy.fromstr, which is not data; nothing was executed; get the file from a source you trust" template convert must_reject/numpy_other_callable.pkl -o out/a.motion
expect_error 1 "nowhere/a.pkl: the folder nowhere does not exist; create it or choose another output" template convert new_format.pkl -o nowhere/a.pkl
for file in must_reject/*; do
  "$ANIMATE" template convert "$file" -o out/a.motion >stdout.txt 2>stderr.txt
  expect_that "$file is refused with 1" test $? = 1
  expect_that "$file is refused in one line that names it" sh -c "test \$(wc -l <stderr.txt) = 1 && grep -q '^animate: $file: .*; ' stderr.txt"
  expect_that "$file leaves nothing" test -z "$(ls -A out)"
done
finish
