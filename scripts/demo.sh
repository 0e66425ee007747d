#!/usr/bin/env bash
# From a fresh clone to a result: sets up, then animates the sample portrait with the sample clip.
# usage: scripts/demo.sh [animate's own arguments, in place of the sample's]
set -euo pipefail
from=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Set-up talks on stderr, so that stdout holds the result's path alone.
scripts/setup.sh >&2
animate=$root/build/release/bin/animate
if [ $# -gt 0 ]; then
  cd "$from"
  exec "$animate" "$@"
fi
mkdir -p animations
output=animations/sample_source--sample_driving.mp4
# The sample is a drawn head, whatever models this machine has.
result=$("$animate" -m heads -s configs/default/sample_source.png -d configs/default/sample_driving.mp4 -o "$output" | tail -n 1)
echo "demo: the result lies at $(realpath "${result:-$output}")"
