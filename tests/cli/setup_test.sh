#!/usr/bin/env bash
# What scripts/setup.sh says of --cuda before it installs anything; the installing itself is done by hand, in a Debian 13.
# shellcheck source=tests/cli/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$1"
expect_refusal() { # expect_refusal CODE SENTENCE ARGUMENTS…
  local code=$1 sentence=$2
  shift 2
  "$REPO/scripts/setup.sh" "$@" >out.txt 2>err.txt </dev/null
  expect_that "setup.sh $* ends with $code" test $? = "$code"
  expect_that "setup.sh $* says why" grep -qxF "setup.sh: $sentence" err.txt
}
expect_refusal 2 "--fast: is no option of this script; see --help" --fast
expect_refusal 2 "--cudnn needs a folder; see --help" --cuda --cudnn
expect_refusal 2 "--add-contrib and --cudnn go with --cuda; see --help" --add-contrib
expect_refusal 2 "--add-contrib and --cudnn go with --cuda; see --help" --cudnn /opt/cudnn
if [ "$(. /etc/os-release && echo "${ID:-}${VERSION_ID:-}")" = debian13 ]; then
  mkdir empty
  expect_refusal 1 "--cudnn $WORK/empty: there is no libcudnn.so.9 in it; give the folder of cuDNN 9's libraries" --cuda --no-build --cudnn "$WORK/empty"
  expect_refusal 1 "--cudnn nowhere: is no folder; give the one that libcudnn.so.9 lies in" --cuda --no-build --cudnn nowhere
elif command -v dpkg-query >/dev/null; then
  expect_refusal 1 "--cuda: only Debian 13 has a LibTorch 2 with CUDA as packages; give an upstream one instead: cmake --preset release -DCMAKE_PREFIX_PATH=/path/to/libtorch" --cuda --no-build
fi
finish
