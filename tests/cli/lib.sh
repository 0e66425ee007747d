# Shared by the tests of the real binary. Each test file sources this with the program as $1.
# A test is a call of expect_ok / expect_error; `finish` prints the count and sets the exit code.
set -u
ANIMATE=$(realpath "$1")
REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
WORK=$(mktemp -d)
trap 'chmod -R u+w "$WORK"; rm -rf "$WORK"' EXIT
cd "$WORK" || exit 1
mkdir out
export HOME=$WORK XDG_DATA_HOME=$WORK/data LC_ALL=C.UTF-8
# Results are compared byte by byte: the time in their metadata stands still.
export SOURCE_DATE_EPOCH=981173106
unset ANIMATE_MODELS
SOURCE=$REPO/configs/default/sample_source.png
DRIVING=$REPO/configs/default/sample_driving.mp4
passed=0
failed=0

note() {
  failed=$((failed + 1))
  printf 'FAILED %s\n' "$1"
  shift
  printf '  %s\n' "$@"
}

# expect_error CODE MESSAGE ARGUMENTS…: the program ends with CODE, its last line on stderr is exactly
# "animate: MESSAGE", it prints nothing on stdout and leaves nothing in out/.
expect_error() {
  local code=$1 message=$2 got line
  shift 2
  "$ANIMATE" "$@" >stdout.txt 2>stderr.txt </dev/null
  got=$?
  line=$(tail -n 1 stderr.txt)
  if [ "$got" != "$code" ] || [ "$line" != "animate: $message" ]; then
    note "animate $*" "expected $code: animate: $message" "got      $got: $line"
  elif [ -s stdout.txt ]; then
    note "animate $*" "printed on stdout: $(head -n 1 stdout.txt)"
  elif [ -n "$(ls -A out)" ]; then
    note "animate $*" "left behind: $(ls -A out)"
    rm -rf out/* out/.[!.]*
  else
    passed=$((passed + 1))
  fi
}

# expect_ok LAST_STDOUT_LINE ARGUMENTS…: exit code 0 and that last line on stdout.
expect_ok() {
  local expected=$1 got line
  shift
  "$ANIMATE" "$@" >stdout.txt 2>stderr.txt </dev/null
  got=$?
  line=$(tail -n 1 stdout.txt)
  if [ "$got" != 0 ] || [ "$line" != "$expected" ]; then
    note "animate $*" "expected 0: $expected" "got      $got: $line" "$(tail -n 1 stderr.txt)"
  else
    passed=$((passed + 1))
  fi
}

# expect_that DESCRIPTION COMMAND…: the command succeeds. What it printed is shown when it does not.
expect_that() {
  local description=$1
  shift
  if "$@" >"$WORK/.that.txt" 2>&1; then
    passed=$((passed + 1))
  else
    note "$description" "$*"
    head -n 25 "$WORK/.that.txt" | sed 's/^/  | /'
  fi
}

# probe v|a ENTRIES FILE: what ffprobe tells of a stream, as comma-separated values; frames are counted.
probe() { ffprobe -v error -count_frames -select_streams "$1" -show_entries "stream=$2" -of csv=p=0 "$3"; }

# expect_change_in_the_middle PICTURE: it is $SOURCE but for more than 500 pixels, none of which is near its left or right
# border or in a band taller than 140.
expect_change_in_the_middle() {
  ffmpeg -v error -nostdin -y -i "$SOURCE" -f rawvideo -pix_fmt rgb24 source.raw
  ffmpeg -v error -nostdin -y -i "$1" -f rawvideo -pix_fmt rgb24 result.raw
  expect_that "pixels of $1 change in the crop only" python3 - "$(probe v width "$SOURCE")" <<'PYTHON'
import sys
width = int(sys.argv[1])
a, b = open("source.raw", "rb").read(), open("result.raw", "rb").read()
assert len(a) == len(b)
changed = [i // 3 for i in range(len(a)) if a[i] != b[i]]
xs, ys = [i % width for i in changed], [i // width for i in changed]
assert len(changed) > 500 and min(xs) > 20 and max(xs) < width - 20 and max(ys) - min(ys) < 140, (len(changed), min(xs), max(xs))
PYTHON
}

need() {
  command -v "$1" >/dev/null 2>&1 && return
  echo "skipped: $1 is not installed"
  exit 77
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}
