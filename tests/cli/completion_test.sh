#!/usr/bin/env bash
# animate completion: what bash completes, word by word; that all three scripts and the manual page know every flag of
# --help.
source "$(dirname "$0")/lib.sh" "$1"
for shell in bash zsh fish man; do
  "$ANIMATE" completion $shell >animate.$shell 2>stderr.txt
  expect_that "completion $shell" test $? = 0 -a -s animate.$shell -a ! -s stderr.txt
done
expect_error 2 "shell is required; see \`animate --help\`" completion
"$ANIMATE" completion tcsh >stdout.txt 2>stderr.txt
expect_that "another shell" test $? = 2 -a ! -s stdout.txt

source ./animate.bash
# completed WORDS…: what is offered for the last of them, in one line.
completed() {
  COMP_WORDS=(animate "$@")
  COMP_CWORD=$#
  _animate 2>/dev/null
  echo "${COMPREPLY[*]}"
}
# expect_offer EXPECTED WORDS…
expect_offer() {
  local offered
  offered=$(completed "${@:2}")
  expect_that "animate ${*:2}: $offered" test "$offered" = "$1"
}
expect_offer "batch" ba
expect_offer "linear smooth" morph --ease ""
expect_offer "--device" --devi
expect_offer "auto cpu" --device ""
expect_offer "cpu" --device = c
expect_offer "cpu" batch --device c
expect_offer "--relative --relative-jacobian" --rela
expect_offer "--no-relative --no-relative-jacobian" --no-rela
expect_offer "make info trim loop mirror blend retime convert" template ""
expect_offer "--start" template trim --st
expect_offer "expression-friendly pose-friendly" --driving-option ""
expect_offer "" -s "" # left to the shell, which knows the files
expect_offer "" batch xyz
expect_offer "bash zsh fish man" completion ""
expect_offer "" --devices
finish_names() { # the flags that --help of a command shows
  "$ANIMATE" "$@" --help | grep -oE '^  +-[^ ]*' | sed 's|\[no-\]||g' | grep -oE -- '--[a-z0-9-]+' | sort -u
}
for command in "" batch edit morph heads bench train evaluate "template make" "models fetch" doctor crops; do
  # shellcheck disable=SC2086
  finish_names $command >names.txt
  expect_that "flags of '$command' are known" test -s names.txt
  for shell in bash zsh man; do
    sed 's/\\-/-/g' animate.$shell >plain.txt
    missing=$(while read -r name; do grep -qE -- "$name([^a-z0-9-]|$)" plain.txt || echo "$name"; done <names.txt)
    expect_that "$shell: missing of '$command': $missing" test -z "$missing"
  done
  missing=$(while read -r name; do grep -qE -- "-l ${name#--}( |$)" animate.fish || echo "$name"; done <names.txt)
  expect_that "fish: missing of '$command': $missing" test -z "$missing"
done
for shell in bash zsh fish; do
  if command -v $shell >/dev/null; then expect_that "$shell reads it" $shell -n animate.$shell; fi
done
expect_that "the page has its parts" test "$(grep -c '^\.SH' animate.man)" -gt 15
expect_that "no text becomes a request" test -z "$(grep -E "^[.']" animate.man | grep -vE '^\.(TH|SH|SS|TP|PP|B|br|nf|fi|sp|\\")( |$)')"
if command -v groff >/dev/null; then
  groff -man -Tutf8 -ww -z animate.man 2>groff.txt
  expect_that "groff has nothing to say" test ! -s groff.txt
fi
finish
