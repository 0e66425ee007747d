#!/usr/bin/env bash
# The rehearsal of scripts/gpu_check.sh on the CPU with small networks, and what it says where things are missing. It looks
# at whether every step ran and is in the table, not at how fast anything is.   usage: gpu_check_test.sh PROGRAM
# shellcheck source=tests/cli/lib.sh
source "$(dirname "$0")/lib.sh" "$1"
need python3
BUILD=$(dirname "$(dirname "$ANIMATE")")
CHECK=$REPO/scripts/gpu_check.sh
json() { python3 -c "import json, sys; d = json.load(open(sys.argv[1])); print($2)" "$1"; }

"$CHECK" --device cpu --tiny --no-build --build "$BUILD" --out results >out.txt 2>err.txt
expect_that "the rehearsal goes well" test $? = 0
expect_that "every step is done, but what needs a torch that python3 may lack" test "$(json results/table.json \
  '[s["step"] for s in d["steps"] if s["state"] not in ("ok", "skipped") or s["state"] == "skipped" and not s["step"].startswith("python-")]')" = "[]"
expect_that "the steps" test "$(json results/table.json '" ".join(s["step"] for s in d["steps"])')" = \
  "doctor golden-fp32 networks-fp32 memory bench-fomm-fp32 bench-liveportrait-fp32 python-fomm python-liveportrait"
expect_that "both models are timed, and beside the original's computation" test "$(json results/table.json \
  '[(r["model"], r["precision"], r["ours"] > 0, r["baseline"] > 0, r["largest_difference"] <= 1e-3) for r in d["speed"]]')" = \
  "[('nojac', 'fp32', True, True, True), ('small_models', 'fp32', True, True, True)]"
expect_that "frames agree, graphs are equal, memory is flat" test "$(json results/table.json \
  'sorted({(t["what"], t["model"]) for t in d["tests"]})')" = \
  "[('agreement', 'fomm'), ('agreement', 'liveportrait'), ('batch', 'fomm'), ('batch', 'liveportrait'), ('graphs', 'fomm'), ('graphs', 'liveportrait'), ('memory', 'fomm'), ('memory', 'liveportrait')]"
expect_that "the table is printed" grep -q '^nojac  *fp32  *[0-9.]*  *[0-9.]*' out.txt
expect_that "and kept" cmp <(sed -n '/^machine$/,/steps went well$/p' out.txt) <(sed -n '/^machine$/,/steps went well$/p' results/table.txt)

# A step that fails does not stop the others, and the end says so.
mkdir -p broken/bin
printf '#!/bin/sh\necho "no such device" >&2\nexit 3\n' >broken/bin/animate
printf '#!/bin/sh\nexit 0\n' >broken/bin/fomm_golden_tests
printf '#!/bin/sh\nexit 0\n' >broken/bin/device_tests
chmod +x broken/bin/*
"$CHECK" --device cuda --tiny --no-build --build broken --out results2 >out.txt 2>err.txt
expect_that "failed steps make the exit code 1" test $? = 1
expect_that "the others ran" test "$(json results2/table.json '[s["state"] for s in d["steps"] if s["step"] in ("doctor", "golden-fp32", "networks-bf16", "bench-fomm-tf32")]')" = \
  "['failed', 'ok', 'ok', 'failed']"
expect_that "the failed ones are named" grep -q '^  failed: bench-liveportrait-fp16 (see bench-liveportrait-fp16.log)' out.txt
expect_that "their words are kept" grep -q "no such device" results2/bench-fomm-fp32.log

expect_refusal() { # expect_refusal CODE SENTENCE ARGUMENTS…
  local code=$1 sentence=$2
  shift 2
  "$CHECK" "$@" >out.txt 2>err.txt
  expect_that "$* ends with $code" test $? = "$code"
  expect_that "and says why" grep -qxF "gpu_check.sh: $sentence" err.txt
}
expect_refusal 2 "--device gpu: is neither cpu nor cuda nor cuda:N; see --help" --device gpu
expect_refusal 2 "--minutes 0: is no number of minutes; see --help" --minutes 0
expect_refusal 2 "--fast: is no option of this script; see --help" --fast
expect_refusal 1 "$WORK/nowhere/bin/animate is not built; leave out --no-build" --no-build --build nowhere --out results3
finish
