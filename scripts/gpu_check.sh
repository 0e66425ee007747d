#!/usr/bin/env bash
# What whoever has an NVIDIA GPU can run for us: builds what is needed, tests the networks on the GPU in all precisions,
# measures them beside the original's computation and beside PyTorch, and ends in one table, as text and as JSON.
# usage: scripts/gpu_check.sh [--device cuda|cpu] [--tiny] [--build FOLDER] [--no-build] [--out FOLDER] [--minutes N]
#                             [-DNAME=VALUE…]
#   --device cpu    a rehearsal without a GPU; the CPU computes in fp32 alone
#   --tiny          small networks and few frames: does everything work, not how fast is it
#   --build FOLDER  where it builds (build/gpu_check); --no-build takes what is there
#   --out FOLDER    where results go (build/gpu_check/results)
#   --minutes N     no step begins after so many minutes (8), building not counted
#   -DNAME=VALUE    for CMake, as -DCMAKE_PREFIX_PATH=/path/to/libtorch; else the system's LibTorch, else python3's
# Needs cmake, a compiler, LibTorch 2 with CUDA or PyTorch, nvcc, and the smaller libraries of scripts/setup.sh; OpenCV and
# FFmpeg may be missing. A step that fails does not stop the others; the exit code is 1 where any failed.
set -uo pipefail
from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

device=cuda
tiny=no
build=build/gpu_check
build_it=yes
out=
minutes=8
settings=()
wrong() {
  echo "gpu_check.sh: $*; see --help" >&2
  exit 2
}
# A path as the caller means it.
from_here() { [[ $1 = /* ]] && echo "$1" || echo "$from/$1"; }
while [ $# -gt 0 ]; do
  case $1 in
    --device | --build | --out | --minutes) [ $# -gt 1 ] || wrong "$1 needs a value" ;;&
    --device)
      [[ $2 =~ ^(cpu|cuda(:[0-9]+)?)$ ]] || wrong "--device $2: is neither cpu nor cuda nor cuda:N"
      device=$2
      shift
      ;;
    --tiny) tiny=yes ;;
    --build)
      build=$(from_here "$2")
      shift
      ;;
    --no-build) build_it=no ;;
    --out)
      out=$(from_here "$2")
      shift
      ;;
    --minutes)
      [[ $2 =~ ^[1-9][0-9]*$ ]] || wrong "--minutes $2: is no number of minutes"
      minutes=$2
      shift
      ;;
    -D*) settings+=("$1") ;;
    --help | -h)
      sed -n '2,15s/^# \{0,1\}//p' scripts/gpu_check.sh
      exit 0
      ;;
    *) wrong "$1: is no option of this script" ;;
  esac
  shift
done
out=${out:-$build/results}
rm -rf "$out"
mkdir -p "$out" || exit 1
out=$(realpath "$out")

stop() {
  echo "gpu_check.sh: $*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

build_program() {
  have cmake || stop "cmake is not installed; install it"
  if [[ " ${settings[*]-} " != *CMAKE_PREFIX_PATH* && " ${settings[*]-} " != *Torch_DIR* ]] && ! system_torch; then
    local of_python
    of_python=$(python3 -c 'import torch; print(torch.utils.cmake_prefix_path)' 2>/dev/null) ||
      stop "no LibTorch was found; name one with -DCMAKE_PREFIX_PATH=/path/to/libtorch, or install PyTorch for python3"
    settings+=("-DCMAKE_PREFIX_PATH=$of_python")
  fi
  if ! have pkg-config || ! pkg-config --exists libavformat libavcodec libswscale libavfilter libheif libwebp lcms2 ||
    ! { pkg-config --exists opencv4 || ls /usr/lib/*/cmake/opencv4 >/dev/null 2>&1; }; then
    settings+=(-DANIMATE_MEDIA=OFF)
  fi
  local generator=()
  ! have ninja || generator=(-G Ninja)
  cmake -S . -B "$build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release -DANIMATE_UNITY=ON -DANIMATE_TESTS=ON \
    ${settings[@]+"${settings[@]}"} >"$out/configure.log" 2>&1 || {
    tail -n 5 "$out/configure.log" >&2
    stop "CMake failed; see $out/configure.log"
  }
  grep -E '^-- (LibTorch|CUDA)' "$out/configure.log"
  local memory_kb jobs
  memory_kb=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)
  jobs=$((memory_kb / 2000000))
  [ "$jobs" -le "$(nproc)" ] || jobs=$(nproc)
  [ "$jobs" -ge 1 ] || jobs=1
  echo "gpu_check: building with $jobs jobs (some minutes)"
  cmake --build "$build" --parallel "$jobs" --target animate animate_engine_library device_tests fomm_golden_tests \
    >"$out/build.log" 2>&1 || {
    tail -n 30 "$out/build.log" >&2
    stop "the build failed; see $out/build.log"
  }
}
system_torch() { ls /usr/lib/*/cmake/Torch/TorchConfig.cmake /usr/share/cmake/Torch/TorchConfig.cmake >/dev/null 2>&1; }

[ "$build_it" = no ] || build_program
for program in animate device_tests fomm_golden_tests; do
  [ -x "$build/bin/$program" ] || stop "$build/bin/$program is not built; leave out --no-build"
done
animate=$(realpath "$build")/bin/animate
bin=$(realpath "$build")/bin

started=$SECONDS
failed=0
# step NAME LIMIT COMMAND…: in its own log; what it prints on stdout lies in NAME.out.
step() {
  local name=$1 limit=$2 begin=$SECONDS state code
  shift 2
  if [ $((SECONDS - started)) -ge $((minutes * 60)) ]; then
    state="not run"
  else
    timeout -k 5 "$limit" "$@" >"$out/$name.out" 2>"$out/$name.log" </dev/null
    code=$?
    case $code in
      0) state=ok ;;
      77) state=skipped ;;
      124 | 137) state="timed out" ;;
      *) state=failed ;;
    esac
  fi
  case $state in failed | "timed out" | "not run") failed=$((failed + 1)) ;; esac
  printf '%-12s %4d s  %s\n' "$state" $((SECONDS - begin)) "$name"
  printf '{"step": "%s", "state": "%s", "seconds": %d}\n' "$name" "$state" $((SECONDS - begin)) >>"$out/steps.jsonl"
}

if [ "$device" = cpu ]; then precisions=(fp32); else precisions=(fp32 tf32 fp16 bf16); fi
# shellcheck disable=SC2034
fomm=configs/fomm/vox-256.yaml
liveportrait=configs/liveportrait/models.yaml
frames=20
memory_frames=2000
if [ "$tiny" = yes ]; then
  # shellcheck disable=SC2034
  fomm=tests/data/golden/fomm/configs/nojac.yaml
  # shellcheck disable=SC2034
  liveportrait=tests/data/liveportrait/small_models.yaml
  frames=1
  memory_frames=72
elif [ "$device" = cpu ]; then
  frames=3
  memory_frames=200
fi
export ANIMATE_TEST_RESULTS=$out/tests.jsonl ANIMATE_TEST_DEVICE=$device

step doctor 30 "$animate" doctor --json
step golden-fp32 90 "$bin/fomm_golden_tests" "FOMM networks agree with the original in every stage"
for precision in "${precisions[@]}"; do
  step "networks-$precision" 60 env "ANIMATE_TEST_PRECISION=$precision" "$bin/device_tests" "~memory stays flat over many frames"
done
step memory 120 env "ANIMATE_TEST_FRAMES=$memory_frames" "$bin/device_tests" "memory stays flat over many frames"
for model in fomm liveportrait; do
  for precision in "${precisions[@]}"; do
    step "bench-$model-$precision" 60 "$animate" bench --config "${!model}" --random-weights --device "$device" \
      --precision "$precision" --frames "$frames" --no-probe --compare baseline --json
  done
done
for model in fomm liveportrait; do
  step "python-$model" 150 python3 tests/bench/time_networks.py --model "$model" --config "${!model}" --device "$device" \
    --precisions "$(IFS=, && echo "${precisions[*]}")" --frames "$frames"
done

echo
if have python3; then
  python3 scripts/gpu_check_table.py "$out" || failed=$((failed + 1))
else
  echo "gpu_check.sh: without python3 there is no table; the numbers lie in $out" >&2
fi
[ "$failed" = 0 ]
