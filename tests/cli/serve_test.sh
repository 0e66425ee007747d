#!/usr/bin/env bash
# `animate serve`: the real server and a client with nothing but Python's standard library.
source "$(dirname "$0")/lib.sh" "$1"
for program in ffmpeg ffprobe python3 openssl; do need "$program"; done
python3 "$REPO/tests/cli/make_liveportrait_weights.py" "$REPO/tests/data/liveportrait/small_keys.json" weights
cp "$REPO/tests/data/liveportrait/small_models.yaml" weights/liveportrait/models.yaml

expect_error 2 "--port: 70000 is not a number from 0 to 65535; see \`animate --help\`" serve --port 70000
expect_error 1 "no-keys.txt: no such file; check the path" serve --port 0 --data out2 --keys no-keys.txt
printf 'anna short\n' >keys.txt
expect_error 1 "keys.txt: the key in line 1 has fewer than 16 characters; choose a longer one" serve --port 0 --data out2 --keys keys.txt
# An address of nobody's (RFC 5737): what a resolver makes of a name depends on the network.
expect_error 1 "--host 203.0.113.7: is no address of this machine (Cannot assign requested address); give another" serve \
  --host 203.0.113.7 --data out2
# A folder that cannot be one says why.
printf 'a file' >taken
expect_error 1 "$WORK/taken: the folder cannot be made (Not a directory); choose another --data folder" serve --port 0 --data taken
expect_that "which is still there" grep -qx 'a file' taken

mkdir run && cd run || exit 1
expect_that "the server" env PYTHONPATH="$REPO/tests/serve" PYTHONDONTWRITEBYTECODE=1 \
  python3 "$REPO/tests/serve/server_test.py" "$ANIMATE" "$SOURCE" "$DRIVING" "$WORK/weights"
cat "$WORK/.that.txt"
cd "$WORK" || exit 1
finish
