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

# expect_that DESCRIPTION COMMAND…: the command succeeds.
expect_that() {
  local description=$1
  shift
  if "$@" >/dev/null 2>&1; then passed=$((passed + 1)); else note "$description" "$*"; fi
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
