#!/bin/sh
# Builds the libFuzzer targets and runs each for a while from the small files under tests/data.
# usage: scripts/fuzz.sh [seconds per target, default 60] [target …]
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- pickle torch_zip torch_legacy safetensors npz config template onnx picture requests

build=build/fuzz
cmake --preset fuzz -DANIMATE_MEDIA=OFF >/dev/null
for target in "$@"; do
  cmake --build "$build" --target "${target}_fuzz"
done

golden=tests/data/golden
for target in "$@"; do
  seeds=$build/seeds/$target
  corpus=$build/corpus/$target
  mkdir -p "$seeds" "$corpus" "$build/crashes"
  case $target in
    torch_zip) find "$golden" -name '*zip*.pth*' -size -60k -exec cp -f {} "$seeds" \; ;;
    torch_legacy) find "$golden" -name '*legacy*.pth*' -size -60k -exec cp -f {} "$seeds" \; ;;
    config) find configs "$golden" -name '*.yaml' -exec cp -f {} "$seeds" \; ;;
    picture) cp -f tests/data/pictures/tiny.* "$seeds" ;;
    requests)
      printf -- '--x\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\ndata\r\n--x--\r\n' >"$seeds/form"
      printf '/api/v1/files?name=a%%20b.png' >"$seeds/target"
      printf '{"crf": 20, "face": "left", "end": 1.5, "audio": "none"}' >"$seeds/options"
      { printf '{"id": 1, "captured": 2.5}\n' && cat tests/data/pictures/tiny.jpg; } >"$seeds/frame"
      printf 'bytes=0-99' >"$seeds/range"
      ;;
    npz) find "$golden" -name '*.npz' -size -60k -exec cp -f {} "$seeds" \; ;;
    onnx) cp -f tests/data/onnx/*.onnx "$seeds" ;;
    template) find "$golden" -path '*/templates/*.pkl' -size -60k -exec cp -f {} "$seeds" \; ;;
    safetensors) find "$golden" -name '*.safetensors' -size -60k -exec cp -f {} "$seeds" \; ;;
    pickle)
      # In a zip of torch the pickle is stored as it is.
      find "$golden" -name '*zip*.pth*' -size -60k | while read -r zip; do
        unzip -p "$zip" '*/data.pkl' >"$seeds/$(basename "$zip").pkl" 2>/dev/null || true
      done
      find "$golden" -name '*.pkl' -size -60k -exec cp -f {} "$seeds" \;
      ;;
  esac
  echo "== ${target}_fuzz, $seconds s, $(find "$seeds" -type f | wc -l) seeds"
  # 1 GiB and 10 s: a file that asks for more is a fault of the reader's bounds.
  "$build/bin/${target}_fuzz" -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=1024 -malloc_limit_mb=512 \
    -timeout=10 -print_final_stats=1 -verbosity=0 -print_funcs=0 -artifact_prefix="$build/crashes/$target-" "$corpus" "$seeds"
done
echo "no crash"
