#!/usr/bin/env bash
# What scripts/in_debian.sh says before it makes anything; the making itself is what .ci/run does with it.
# shellcheck source=tests/cli/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$1"
SCRIPT=$REPO/scripts/in_debian.sh
export XDG_CACHE_HOME=$WORK/cache

# expect_stop CODE SENTENCE COMMAND…: the command ends with CODE, and its last line is "in_debian.sh: SENTENCE".
expect_stop() {
  local code=$1 sentence=$2 got line
  shift 2
  "$@" >stdout.txt 2>stderr.txt </dev/null
  got=$?
  line=$(tail -n 1 stderr.txt)
  if [ "$got" = "$code" ] && [ "$line" = "in_debian.sh: $sentence" ] && [ ! -s stdout.txt ]; then
    passed=$((passed + 1))
  else
    note "$*" "expected $code: in_debian.sh: $sentence" "got      $got: $line"
  fi
}

give="give a release and a command, as in: scripts/in_debian.sh 13 scripts/demo.sh"
expect_stop 2 "14: no Debian that this script knows (12 and 13 are); $give" "$SCRIPT" 14 true
expect_stop 2 "trixie: no Debian that this script knows (12 and 13 are); $give" "$SCRIPT" trixie
expect_stop 2 "no release is given; $give" "$SCRIPT"

if [ "$(id -u)" -ne 0 ]; then
  expect_stop 1 "root is needed to make and enter a Debian; run it with sudo" "$SCRIPT" 13 true
  finish
  exit
fi
expect_stop 1 "root is needed to make and enter a Debian; run it with sudo" \
  setpriv --reuid=65534 --regid=65534 --clear-groups bash "$SCRIPT" 13 true
if ! command -v debootstrap >/dev/null; then
  finish
  exit
fi

folder=$XDG_CACHE_HOME/animate/debian-12
if [ "$(df --output=avail -B1G "$WORK" | tail -n 1)" -gt 9 ]; then
  unreached=http://127.0.0.1:9/debian
  expect_stop 1 "Debian 12 could not be made (E: Failed getting release file $unreached/dists/bookworm/Release); look at $folder/debootstrap.log, see whether the mirror is reached, or name another with ANIMATE_DEBIAN_MIRROR" \
    env ANIMATE_DEBIAN_MIRROR=$unreached "$SCRIPT" 12 true
  expect_that "no half-made Debian stays" test ! -e "$folder/root" -a ! -e "$folder/root.part" -a ! -e "$folder/made"
  # What an interrupted run leaves is not taken for a Debian.
  mkdir -p "$folder/root/bin" "$folder/root.part" && touch "$folder/made"
  ANIMATE_DEBIAN_MIRROR=$unreached "$SCRIPT" 12 true >stdout.txt 2>stderr.txt </dev/null
  expect_that "a half-made Debian is made anew" grep -q "making Debian 12 in $folder/root" stderr.txt
  expect_that "and cleared away" test ! -e "$folder/root"
fi
mkdir small
if mount -t tmpfs -o size=50m tmpfs small 2>/dev/null; then
  expect_stop 1 "$WORK/small/animate/debian-12: a Debian with its build takes 8 GB, and 0 GB are free; free some, or name another folder with XDG_CACHE_HOME" \
    env XDG_CACHE_HOME="$WORK/small" "$SCRIPT" 12 true
  umount small
fi
touch file
expect_stop 1 "$WORK/file/animate/debian-13: the folder cannot be made; name another with XDG_CACHE_HOME" \
  env XDG_CACHE_HOME="$WORK/file" "$SCRIPT" 13 true
expect_that "nothing stays mounted" bash -c "! grep -q '$WORK' /proc/mounts"
finish
