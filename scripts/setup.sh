#!/usr/bin/env bash
# Makes a fresh Debian 12 or 13 able to run animate: installs the distribution's packages and builds the program.
# usage: scripts/setup.sh [--tests] [--no-build] [--cuda [--add-contrib] [--cudnn FOLDER]]
#   --tests        what the tests need too: their packages, their programs
#   --no-build     packages only
#   --cuda         LibTorch with CUDA and CUDA's toolkit in place of the plain LibTorch; Debian 13 has them as packages
#   --add-contrib  adds the archive areas that have them (contrib, non-free); without it they are only named
#   --cudnn FOLDER takes cuDNN (libcudnn*.so.9) from there; else Debian's package fetches it from NVIDIA
# Safe to run again; what is there already is left alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# To build and run the program.
needed=(build-essential cmake ninja-build ccache mold pkg-config libtorch-dev libopenblas0-openmp libopencv-dev opencv-data
  libavcodec-dev libavformat-dev libavutil-dev libswscale-dev libswresample-dev libavfilter-dev libcli11-dev
  libspdlog-dev libfmt-dev libyaml-cpp-dev libonnx-dev libprotobuf-dev nlohmann-json3-dev zlib1g-dev
  libssl-dev libcurl4-openssl-dev libhwy-dev libheif-dev libwebp-dev liblcms2-dev
  libboost-dev libturbojpeg0-dev ca-certificates)
# For the tests only: the test framework, a maker of films to test with, the layer check and the templates; a browser and
# what drives it for the server's page.
for_tests=(catch2 libbenchmark-dev ffmpeg python3 python3-numpy openssl chromium chromium-driver python3-selenium)

usage() {
  echo "setup.sh: $*; see --help" >&2
  exit 2
}
build=yes
tests=no
cuda=no
add_contrib=no
cudnn=
while [ $# -gt 0 ]; do
  case $1 in
    --tests) tests=yes ;;
    --no-build) build=no ;;
    --cuda) cuda=yes ;;
    --add-contrib) add_contrib=yes ;;
    --cudnn)
      [ $# -gt 1 ] || usage "--cudnn needs a folder"
      cudnn=$2
      shift
      ;;
    --help | -h)
      sed -n '2,9s/^# //p' "scripts/setup.sh"
      exit 0
      ;;
    *) usage "$1: is no option of this script" ;;
  esac
  shift
done
[ "$cuda" = yes ] || [ "$add_contrib$cudnn" = no ] || usage "--add-contrib and --cudnn go with --cuda"
[ "$tests" = no ] || needed+=("${for_tests[@]}")

if ! command -v dpkg-query >/dev/null; then
  echo "setup.sh: this is no Debian; install the counterparts of these packages, then run cmake --preset release:" >&2
  echo "${needed[*]}" >&2
  exit 1
fi
if [ "$cuda" = yes ]; then
  # shellcheck source=scripts/setup_cuda.sh
  source scripts/setup_cuda.sh
  needed=("${needed[@]/#libtorch-dev/libtorch-cuda-dev}" nvidia-cuda-toolkit)
  prepare_cuda "$add_contrib" "$cudnn"
elif [ "$(dpkg-query -W -f='${db:Status-Status}' libtorch-cuda-dev 2>/dev/null || true)" = installed ]; then
  # The two exclude each other; who has the one with CUDA keeps it.
  needed=("${needed[@]/#libtorch-dev/libtorch-cuda-dev}")
fi
missing=()
for package in "${needed[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: all packages are installed"
elif [ "$(id -u)" -ne 0 ]; then
  echo "setup: packages are missing; install them and run this again:" >&2
  echo "sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
else
  # Package lists that are absent or older than a day name versions that the mirrors may no longer have.
  if [ -z "$(find /var/lib/apt/lists -name '*_Packages*' -mtime -1 -print -quit 2>/dev/null)" ]; then
    echo "setup: updating the package lists"
    apt-get update -qq
  fi
  echo "setup: installing ${missing[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" || {
    [ "$cuda" = no ] || tell_cudnn
    exit 1
  }
fi
[ "$build" = yes ] || exit 0

# A file that includes LibTorch takes the compiler about 2 GB.
memory_kb=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)
jobs=$((memory_kb / 2000000))
[ "$jobs" -le "$(nproc)" ] || jobs=$(nproc)
[ "$jobs" -ge 1 ] || jobs=1
settings=()
for option in ANIMATE_WERROR ANIMATE_TEST_CASES; do
  [ -z "${!option:-}" ] || settings+=("-D$option=${!option}")
done
# Whoever has once built the tests keeps them: only a new build folder is made without.
if [ "$tests" = yes ]; then
  settings+=(-DANIMATE_TESTS=ON)
  targets=(all)
else
  [ -e build/release/CMakeCache.txt ] || settings+=(-DANIMATE_TESTS=OFF)
  targets=(animate)
fi
echo "setup: building with $jobs jobs"
cmake --preset release ${settings[@]+"${settings[@]}"}
cmake --build --preset release --parallel "$jobs" --target "${targets[@]}"
echo "setup: the program is build/release/bin/animate"
