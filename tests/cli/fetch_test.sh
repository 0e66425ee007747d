#!/usr/bin/env bash
# animate models list|fetch|check against a server on this machine: nothing real is downloaded.
source "$(dirname "$0")/lib.sh" "$1"
need python3
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy
export no_proxy=127.0.0.1,localhost

# A small model of three files in LivePortrait's kind of layout, and its list.
mkdir -p served/small/base
python3 - <<'PYTHON'
import hashlib, json, random
random.seed(7)
files = []
for name, size, needed in (("small/base/one.pth", 300000, True), ("small/base/two.pth", 70001, True), ("small/eyes.onnx", 1234, False)):
    data = random.randbytes(size)
    open("served/" + name, "wb").write(data)
    files.append({"path": name, "url": f"http://127.0.0.1:PORT/{name}", "size": size,
                  "sha256": hashlib.sha256(data).hexdigest(), "licence": "MIT", "needed": needed, "purpose": "a test"})
byhand = dict(files[0], path="hand.pth", url=None)
page = {"family": "fomm", "about": "a test", "page": "https://example.org"}
json.dump({"models": [{"name": "small", **page, "files": files}, {"name": "hand", **page, "files": [byhand]}]}, open("list.in", "w"))
PYTHON
: >log.txt
python3 "$REPO/tests/cli/weights_server.py" served log.txt >port.txt &
SERVER=$!
trap 'kill $SERVER; chmod -R u+w "$WORK"; rm -rf "$WORK"' EXIT
for _ in $(seq 100); do [ -s port.txt ] && break; sleep 0.1; done
PORT=$(cat port.txt)
sed "s/PORT/$PORT/g" list.in >list.json
export ANIMATE_WEIGHTS_LIST=$WORK/list.json
URL=http://127.0.0.1:$PORT
F=(models fetch small -q)
same() { cmp "served/$1" "$2/$1"; }
requests() { grep -c . log.txt; }

# The whole model into the search path, where it is listed; a second run asks the server for nothing.
expect_ok "$WORK/data/animate/models/small" "${F[@]}"
for file in small/base/one.pth small/base/two.pth small/eyes.onnx; do
  expect_that "$file is whole" same "$file" "$WORK/data/animate/models/small"
done
expect_that "nothing unfinished is left" test -z "$(find data -name '*.part*')"
before=$(requests)
expect_ok "$WORK/data/animate/models/small" "${F[@]}"
expect_that "a second run downloads nothing" test "$(requests)" = "$before"
export ANIMATE_MODELS=$WORK/first:$WORK/second
expect_ok "$WORK/first/small" "${F[@]}"
unset ANIMATE_MODELS

# Cut twice within one run: it goes on by itself, each time where it was.
: >log.txt
expect_ok cut "${F[@]}" --to cut --from "$URL/cut/120000"
expect_that "cut twice and whole" same small/base/one.pth cut
expect_that "the server saw the ranges" test "$(grep one.pth log.txt | cut -d' ' -f2 | tr '\n' ' ')" = "- bytes=120000- bytes=240000- "
expect_that "they name the version" test "$(grep one.pth log.txt | cut -d' ' -f3 | tr '\n' ' ')" = '- "first" "first" '

# Cut over two runs: the first fails with a sentence and keeps its part, the second asks for the rest only.
: >log.txt
expect_error 1 "$URL/cut/100000/small/base/one.pth: the connection was cut; run the same command again, which goes on there" \
  "${F[@]}" --to runs --from "$URL/cut/100000" --retries 0
expect_that "the part is kept" test "$(stat -c %s runs/small/base/one.pth.part)" = 100000
expect_that "nothing of the name is there" test ! -e runs/small/base/one.pth
expect_ok runs "${F[@]}" --to runs
expect_that "whole after the second run" same small/base/one.pth runs
expect_that "the second run asked for the rest" grep -q '^/small/base/one.pth bytes=100000- "first" 206 200000$' log.txt
expect_that "no part is left" test -z "$(find runs -name '*.part*')"

# The server has another version meanwhile: If-Range brings all of it. One that knows no ranges sends all, too.
"$ANIMATE" "${F[@]}" --to version --from "$URL/cut/5000/etag/old" --retries 0 2>/dev/null
: >log.txt
expect_ok version "${F[@]}" --to version --from "$URL/etag/new"
expect_that "all of it was sent again" grep -q '^/etag/new/small/base/one.pth bytes=5000- "old" 200 300000$' log.txt
expect_that "and it is right" same small/base/one.pth version
"$ANIMATE" "${F[@]}" --to plain --from "$URL/norangecut/5000" --retries 0 2>/dev/null
expect_ok plain "${F[@]}" --to plain --from "$URL/norange"
expect_that "right without ranges" same small/base/one.pth plain
expect_error 1 "$URL/norangecut/5000/small/base/one.pth: the connection was cut; run the same command again, which goes on there" \
  "${F[@]}" --to never --from "$URL/norangecut/5000" --retries 1
# A part that holds something else: found out by the hash, then fetched anew.
mkdir -p stale/small/base && head -c 4000 /dev/zero >stale/small/base/one.pth.part
expect_ok stale "${F[@]}" --to stale
expect_that "a foreign beginning is replaced" same small/base/one.pth stale

# Another file: nothing is installed, nothing is left.
mkdir -p served/wrong/small/base served/long/small/base served/page/small/base
head -c 300000 /dev/zero >served/wrong/small/base/one.pth
head -c 300001 /dev/zero >served/long/small/base/one.pth
echo '<html>log in first</html>' >served/page/small/base/one.pth
zero=$(sha256sum served/wrong/small/base/one.pth | cut -d' ' -f1)
right=$(sha256sum served/small/base/one.pth | cut -d' ' -f1)
ANOTHER="nothing was installed, fetch it from elsewhere with --from"
expect_error 1 "$URL/wrong/small/base/one.pth: is not the published file: its SHA-256 is $zero, the published one $right; $ANOTHER" \
  "${F[@]}" --to out/w --from "$URL/wrong"
expect_error 1 "$URL/long/small/base/one.pth: is not the published file: the server has 300001 bytes, published are 300000; $ANOTHER" \
  "${F[@]}" --to out/w --from "$URL/long"
expect_error 1 "$URL/page/small/base/one.pth: is not the published file: the server has 26 bytes, published are 300000; $ANOTHER" \
  "${F[@]}" --to out/w --from "$URL/page"

# Servers that refuse, send away or say nothing.
expect_error 1 "$URL/none/small/base/one.pth: the server has no such file (404); check the address, or try again later" \
  "${F[@]}" --to out/w --from "$URL/none"
expect_error 1 "$URL/status/403/small/base/one.pth: the server does not hand it out (403); fetch it by hand or from elsewhere with --from" \
  "${F[@]}" --to out/w --from "$URL/status/403"
expect_error 1 "$URL/status/503/small/base/one.pth: the server answered 503; try again later, or elsewhere with --from" \
  "${F[@]}" --to out/w --from "$URL/status/503" --retries 1
expect_ok redirected "${F[@]}" --to redirected --from "$URL/redirect/5"
expect_error 1 "$URL/redirect/6/small/base/one.pth: it is redirected more than 5 times; check the address" \
  "${F[@]}" --to out/w --from "$URL/redirect/6"
expect_error 1 "$URL/file-redirect/small/base/one.pth: it is redirected to what is not a safe http(s) address; check the address" \
  "${F[@]}" --to out/w --from "$URL/file-redirect"
expect_error 1 "$URL/silent/small/base/one.pth: nothing came for 2 s; run the same command again, which goes on there" \
  "${F[@]}" --to out/w --from "$URL/silent" --retries 0 --stall 2
expect_error 1 "http://127.0.0.1:1/small/base/one.pth: the server cannot be reached; check the network, or try again later" \
  "${F[@]}" --to out/w --from http://127.0.0.1:1 --retries 0
expect_error 1 "http://no.such.host.invalid/small/base/one.pth: the server's name is not known; check the address and the network" \
  "${F[@]}" --to out/w --from http://me:secret@no.such.host.invalid
expect_error 1 "ftp://127.0.0.1/small/base/one.pth: is no http or https address; correct it" "${F[@]}" --to out/w --from ftp://127.0.0.1
sed 's|http://127.0.0.1:PORT|http://files.example.org|g' list.in >plain.json
ANIMATE_WEIGHTS_LIST=plain.json expect_error 1 "http://files.example.org/small/base/one.pth: is not encrypted; use https, or name \
the server with --from if you trust it" "${F[@]}" --to out/w

# Ctrl-C keeps the part and says so.
"$ANIMATE" "${F[@]}" --to stopped --from "$URL/slow" 2>stopped.txt &
RUNNING=$!
for _ in $(seq 100); do [ -s stopped/small/base/one.pth.part ] && break; sleep 0.1; done
expect_error 1 "stopped/small/base/one.pth.part: another program is downloading it; wait until that is done" "${F[@]}" --to stopped
kill -INT $RUNNING
wait $RUNNING
expect_that "exit code 130" test $? = 130
expect_that "says where it goes on" grep -q '^animate: stopped; 150000 of 300000 bytes are kept in stopped/small/base/one.pth.part, the same command goes on there$' stopped.txt
: >log.txt
expect_ok stopped "${F[@]}" --to stopped
expect_that "and it does" grep -q '^/small/base/one.pth bytes=150000- "first" 206 150000$' log.txt

# What is there already is not overwritten unless it is worthless or that is asked for.
echo "weights of my own" >runs/small/base/two.pth
expect_error 1 "runs/small/base/two.pth: is there but is not the published file; move it away, or add --replace to overwrite it" \
  "${F[@]}" --to runs
expect_ok runs "${F[@]}" --to runs --replace
expect_that "replaced" same small/base/two.pth runs
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 70001\n' >runs/small/base/two.pth
expect_ok runs "${F[@]}" --to runs
expect_that "a pointer is replaced" same small/base/two.pth runs

# Folders that cannot be written.
mkdir closed && chmod a-w closed
if [ "$(id -u)" != 0 ]; then
  expect_error 1 "closed/small/base: cannot be written, permission is denied; choose another folder with --to" "${F[@]}" --to closed
fi
touch file
expect_that "a file for a folder" sh -c "'$ANIMATE' ${F[*]} --to file 2>&1 | grep -q '^animate: file/small/base: cannot be written'"
(trap '' XFSZ; ulimit -f 100; "$ANIMATE" "${F[@]}" --to limited 2>limited.txt)
expect_that "a write that fails" grep -q '^animate: limited/small/base/one.pth.part: no space left for the download; free some and run the same command, which goes on here$' limited.txt
expect_ok limited "${F[@]}" --to limited
expect_that "goes on after that" same small/base/one.pth limited

# The commands' own words.
expect_error 2 "smal: no published model has this name (is small meant?); \`animate models fetch\` lists them" models fetch smal
expect_error 1 "hand: is published without a stable address; download hand.pth by hand (see https://example.org), then run \`animate models check\` on it" \
  models fetch hand -q
"$ANIMATE" models fetch >names.txt
expect_that "what can be fetched is listed" grep -q '^small *371.2 kB  MIT  a test$' names.txt
ANIMATE_WEIGHTS_LIST=none.json expect_error 1 "none.json: no such file; check the path" models fetch small
echo '{"models": [{"name": "x"}]}' >odd.json
ANIMATE_WEIGHTS_LIST=odd.json expect_error 1 "odd.json: models[0]: the key family is missing; correct the list or install the program again" models

# Networks that are not for commercial use come only when they are asked for, their licence shown and taken.
mkdir -p served/asked/insightface && head -c 700 /dev/zero >served/asked/insightface/det.onnx
head -c 900 /dev/urandom >served/asked/own.pth
python3 - "$PORT" <<'PYTHON'
import hashlib, json, sys
files = []
for name, extra in (("asked/own.pth", {"licence": "MIT", "needed": True}),
                    ("asked/insightface/det.onnx", {"licence": "non-commercial research", "needed": False, "only_with": "insightface"})):
    data = open("served/" + name, "rb").read()
    files.append({"path": name, "url": f"http://127.0.0.1:{sys.argv[1]}/{name}", "size": len(data),
                  "sha256": hashlib.sha256(data).hexdigest(), "purpose": "a test", **extra})
json.dump({"models": [{"name": "asked", "family": "liveportrait", "about": "a test", "page": "https://example.org", "files": files}]},
          open("asked.json", "w"))
PYTHON
export ANIMATE_WEIGHTS_LIST=$WORK/asked.json
expect_ok clean models fetch asked --to clean
expect_that "by default nothing of InsightFace comes" test "$(find clean -type f)" = clean/asked/own.pth
expect_that "and its licence is not talked about" sh -c "! grep -qi 'non-commercial' stderr.txt"
expect_error 2 "--insightface: its networks are not for commercial use; add --accept-licence to say that you take that" \
  models fetch asked --to untaken --insightface
expect_that "what was not taken is not fetched" test ! -e untaken
expect_ok taken models fetch asked --to taken --insightface --accept-licence
expect_that "what was taken is whole" cmp served/asked/insightface/det.onnx taken/asked/insightface/det.onnx
expect_that "its licence was shown first" grep -q \
  '^animate: warning: asked/insightface/det.onnx: licence: non-commercial research; see https://github.com/deepinsight/insightface#license$' stderr.txt
# At a terminal the answer is asked for: anything but yes is no.
for answer in no yes; do
  python3 - "$ANIMATE" $answer >asked.txt 2>&1 <<'PYTHON'
import os, pty, sys
program, answer = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.execv(program, [program, "models", "fetch", "asked", "--to", "typed-" + answer, "--insightface"])
seen = b""
while b"type yes" not in seen:
    seen += os.read(terminal, 4096)
os.write(terminal, answer.encode() + b"\n")
try:
    while chunk := os.read(terminal, 4096):
        seen += chunk
except OSError:  # how Linux tells that the other side is closed
    pass
print(seen.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
PYTHON
  code=$?
  if [ $answer = no ]; then
    expect_that "no is a stop: $code" test $code = 130
    expect_that "that says so" grep -q 'the licence was not taken; nothing was fetched' asked.txt
    expect_that "nothing was fetched" test ! -e typed-no
  else
    expect_that "yes is enough: $code" test $code = 0
    expect_that "and brings them" cmp served/asked/insightface/det.onnx typed-yes/asked/insightface/det.onnx
  fi
done
export ANIMATE_WEIGHTS_LIST=$WORK/list.json
expect_error 2 "--insightface: small has no networks of InsightFace; leave it out" models fetch small --insightface

# A licence that is to be taken before anything comes; a page behind a login; a size that is only about.
mkdir -p served/clip && head -c 90000 /dev/urandom >served/clip/unet.safetensors
cat >terms.py <<'PYTHON'
import hashlib, json, sys
port, gated = sys.argv[1], sys.argv[2] == "gated"
data = open("served/clip/unet.safetensors", "rb").read()
file = {"path": "clip/unet.safetensors", "url": None if gated else f"http://127.0.0.1:{port}/clip/unet.safetensors",
        "size": len(data) + 77, "exact": False, "sha256": hashlib.sha256(data).hexdigest(), "licence": "Community", "needed": True, "purpose": "a test"}
print(json.dumps({"models": [{"name": "clip", "family": "video_diffusion", "about": "a test", "page": "https://example.org",
                              "licence_page": "https://example.org/terms", "gated": gated, "files": [file]}]}))
PYTHON
python3 terms.py "$PORT" open >terms.json
python3 terms.py "$PORT" gated >gated.json
export ANIMATE_WEIGHTS_LIST=$WORK/terms.json
expect_error 2 "clip: its licence is Community, see https://example.org/terms; add --accept-licence to say that you take that" \
  models fetch clip --to terms -q
expect_that "what was not taken is not fetched" test ! -e terms
expect_ok terms models fetch clip --to terms --accept-licence
expect_that "the licence was shown" grep -q '^animate: warning: clip: licence: Community; read it at https://example.org/terms$' stderr.txt
expect_that "a file of about that size is whole" same clip/unet.safetensors terms
"$ANIMATE" models fetch clip --to again --accept-licence -q --from "$URL/cut/50000" --retries 0 >/dev/null 2>&1
expect_that "its part is kept" test "$(stat -c %s again/clip/unet.safetensors.part)" = 50000
expect_ok again models fetch clip --to again --accept-licence -q
expect_that "and goes on" same clip/unet.safetensors again
mkdir -p served/short/clip && head -c 40000 served/clip/unet.safetensors >served/short/clip/unet.safetensors
expect_error 1 "$URL/short/clip/unet.safetensors: is not the published file: the server has 40000 bytes, published are 90077; $ANOTHER" \
  models fetch clip --to out/w --accept-licence -q --from "$URL/short"
export ANIMATE_WEIGHTS_LIST=$WORK/gated.json
expect_error 1 "clip: its page hands files out only to those who have logged in and accepted the licence there; go to https://example.org, accept it, download clip/unet.safetensors, and keep this name below out/w" \
  models fetch clip --to out/w --accept-licence -q
expect_ok house models fetch clip --to house --accept-licence -q --from "$URL"
"$ANIMATE" models fetch >names.txt
expect_that "the list says that a login is needed" grep -q '^clip *90.1 kB  Community  a test; by hand after a login, see https://example.org$' names.txt
export ANIMATE_WEIGHTS_LIST=$WORK/list.json

# check: one line a file, exit code 1 for what is wrong.
"$ANIMATE" models check runs >check.txt 2>&1
expect_that "a right folder" test $? = 0
expect_that "three lines and a sum" grep -q '^3 right, 0 wrong, 0 absent, 0 unknown$' check.txt
cp runs/small/base/one.pth other-name.pth
expect_ok "1 right, 0 wrong, 0 absent, 0 unknown" models check other-name.pth
expect_that "known by its hash" "$ANIMATE" models check other-name.pth
printf X | dd of=runs/small/base/one.pth bs=1 seek=1000 conv=notrunc 2>/dev/null
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 70001\n' >runs/small/base/two.pth
rm runs/small/eyes.onnx
"$ANIMATE" models check runs >check.txt 2>err.txt
expect_that "exit code 1" test $? = 1
expect_that "one byte is enough" grep -q "^WRONG    runs/small/base/one.pth: has the SHA-256 [0-9a-f]*, published is $right: damaged or another file$" check.txt
expect_that "a pointer is named" grep -q '^WRONG    runs/small/base/two.pth: is a Git-LFS pointer' check.txt
expect_that "what is missing" grep -q '^absent   small/eyes.onnx: is missing, it is for a test$' check.txt
expect_that "and what to do" grep -q '^animate: runs: 2 of its files are not what was published; `animate models fetch small --to FOLDER --replace` gets them again$' err.txt
mkdir empty
expect_error 1 "empty: holds no weights files; give a model's folder or a weights file" models check empty
expect_error 1 "nothing: no such file; check the path" models check nothing
finish
