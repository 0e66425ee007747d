#!/usr/bin/env bash
# Flags: what is understood, what is refused and in which words.
source "$(dirname "$0")/lib.sh" "$1"
D=(-s "$SOURCE" -d "$DRIVING" -o out/x.mp4)

VERSION=$(sed -n 's/^project(animate VERSION \([0-9.]*\).*/\1/p' "$REPO/CMakeLists.txt")
"$ANIMATE" --version >version.txt
expect_that "the version is CMake's, with the commit where there is one" \
  grep -Eqx "animate ${VERSION//./\\.}( \([0-9a-f]{10}(, changed since)?\))?" version.txt

# How the commit gets there, in a checkout of its own.
if command -v git >/dev/null && command -v cmake >/dev/null; then
  commit() { cmake -DSOURCE="$WORK/checkout" -DCOMMIT="$1" -DHEADER="$WORK/commit.h" -P "$REPO/scripts/cmake/AnimateCommit.cmake"; }
  named() { sed -n 's/^#define ANIMATE_COMMIT "\(.*\)"$/\1/p' commit.h; }
  git -c init.defaultBranch=main init -q checkout
  echo one >checkout/file
  git -C checkout add file
  git -C checkout -c user.name=a -c user.email=a@b commit -qm one
  head=$(git -C checkout rev-parse --short=10 HEAD)
  commit ""
  expect_that "a clean checkout is named" test "$(named)" = "$head"
  touch -d 2001-01-01 commit.h
  commit ""
  expect_that "nothing is written where nothing changed" test "$(stat -c %Y commit.h)" -lt 1000000000
  echo two >checkout/file
  commit ""
  expect_that "a changed one says so" test "$(named)" = "$head, changed since"
  commit abc
  expect_that "a packager's word counts" test "$(named)" = abc
  rm -rf checkout/.git
  commit ""
  expect_that "without git there is none" test "$(named)" = ""
fi
"$ANIMATE" --help >whole.txt 2>&1
expect_that "a switch is told with both its forms" grep -q -- '^  --\[no-\]relative  ' whole.txt
expect_that "one empty line lies between groups" sh -c "! grep -qz '\n\n\n' whole.txt"
sed 's/\[no-\]//g' whole.txt >help.txt
for word in --source --driving --output --model --config --relative --adapt-scale --reference --crop --paste-back \
  --codec --crf --preset --pix-fmt --fps --audio --concat --show-keypoints --device --half --precision --batch --align-corners \
  --progress --print-config --verbose --quiet Examples: template inspect convert bench models; do
  expect_that "--help speaks of $word" grep -q -- "$word" help.txt
done
expect_that "three worked examples" test "$(grep -c '^  animate ' help.txt)" = 3
for command in template inspect convert bench dream faces heads models "models fetch" "models check" doctor; do
  expect_that "$command --help" "$ANIMATE" $command --help
done

expect_error 2 "-s SOURCE is missing; give a picture and a driver: animate -s source.jpg -d driving.mp4"
expect_error 2 "-d DRIVING is missing; give a picture and a driver: animate -s source.jpg -d driving.mp4" -s "$SOURCE"
expect_error 2 "--sorce: unknown flag; did you mean --source?" --sorce a.jpg
expect_error 2 "--weight: unknown flag; \`animate --help\` lists them" -s a.jpg -d b.mp4 --weight 1
expect_error 2 "--wieght: unknown flag; did you mean --weight?" template blend a.pkl b.pkl --wieght 1 -o c.pkl
expect_error 2 "--zzzzzzzzzz: unknown flag; \`animate --help\` lists them" "${D[@]}" --zzzzzzzzzz
expect_error 2 "templat: unknown command; did you mean template?" templat -d "$DRIVING"
expect_error 2 "--crf: 99 is not a number from 0 to 63; see \`animate --help\`" "${D[@]}" --crf 99
expect_error 2 "--align-corners: maybe is not one of auto|on|off; see \`animate --help\`" "${D[@]}" --align-corners maybe
expect_error 2 "--reference foo: is not a frame; use first, auto, neutral or a frame number from 0" "${D[@]}" --reference foo
expect_error 2 "--reference neutral: is known for LivePortrait only; use first, auto or a frame number" "${D[@]}" --reference neutral
expect_error 2 "--device gpu: unknown device; use auto, cpu, cuda or cuda:N" "${D[@]}" --device gpu
expect_error 2 "--device cud: unknown device; use auto, cpu, cuda or cuda:N" "${D[@]}" --device cud
expect_error 2 "--batch 0: is not a number of frames; use auto or a number from 1 to 64" "${D[@]}" --batch 0
expect_error 2 "--batch all: is not a number of frames; use auto or a number from 1 to 64" "${D[@]}" --batch all
expect_error 2 "--precision: fp8 is not one of auto|fp32|tf32|fp16|bf16; see \`animate --help\`" "${D[@]}" --precision fp8
expect_error 2 "--half means --precision fp16, not bf16; leave one of them out" "${D[@]}" --half --precision bf16
expect_error 2 "--batch 65: is not a number of frames; use auto or a number from 1 to 64" template make -d "$DRIVING" -o out/a.motion --batch 65
expect_error 2 "--fps abc: is not a frame rate; give a number up to 1000 or a fraction, as in 25 or 30000/1001" "${D[@]}" --fps abc
expect_error 2 "--paste-back needs a crop to put back; add --crop auto or --crop x,y,w,h" "${D[@]}" --paste-back
expect_error 2 "--start 3 does not lie before --end 2; swap or correct them" "${D[@]}" --start 3 --end 2
expect_error 2 "--audio source: a picture has no sound; use --audio driving, none or a file" "${D[@]}" --audio source
expect_error 2 "out/x.xyz: .xyz is not a kind of file that can be written; end the name in .mp4, .mov, .mkv, .webm, .gif, .png, .jpg" -s "$SOURCE" -d "$DRIVING" -o out/x.xyz
expect_error 2 "out/x.mp4: this FFmpeg has no video encoder named nope; try libx264" "${D[@]}" --codec nope
expect_error 2 "12y: is not a frame size; give N or WIDTHxHEIGHT in pixels, up to 8192" "${D[@]}" --frame-size 12y
expect_error 2 "--random-weights needs a config; add --config FILE.yaml" bench --random-weights
expect_error 2 "out/x.bin: the output must end in .safetensors" convert "$REPO/configs/default/heads-256.safetensors" out/x.bin

# Underscores, dashes and the original program's own names mean the same. The identity model keeps these fast.
M=(-m identity -q --end 0.2)
expect_ok out/a.mp4 --source_image "$SOURCE" --driving_video "$DRIVING" --result_video out/a.mp4 --relative --adapt_scale --find_best_frame --cpu --audio "${M[@]}"
expect_ok out/b.mp4 --source "$SOURCE" --driving "$DRIVING" --output out/b.mp4 --best_frame 1 --show_keypoints "${M[@]}"
expect_ok out/c.mp4 animate -s "$SOURCE" -d "$DRIVING" -o out/c.mp4 --no-relative "${M[@]}"
rm -rf out/*

# Options from a file, and the file that --print-config writes.
"$ANIMATE" --crf 30 --no-relative --print-config >own.toml
expect_that "--print-config shows what is set" grep -q '^crf = 30$' own.toml
expect_ok "compat = \"none\"" --preset own.toml --print-config
expect_that "--preset reads it back" grep -q '^crf = 30$' stdout.txt
expect_that "--preset reads flags back" grep -q '^relative = false$' stdout.txt
echo 'no-such-option = 3' >odd.toml
expect_error 2 "--preset: INI was not able to parse no-such-option; \`animate --print-config\` shows the names" "${D[@]}" --preset odd.toml
expect_error 2 "--preset: none.toml was not readable (missing?); check the path" "${D[@]}" --preset none.toml

# Without -o the result is named after its two inputs.
expect_ok "animations/sample_source--sample_driving.mp4" -s "$SOURCE" -d "$DRIVING" "${M[@]}"
expect_ok "out/sample_source--sample_driving.mp4" -s "$SOURCE" -d "$DRIVING" -o out "${M[@]}"
finish
