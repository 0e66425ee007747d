#!/usr/bin/env bash
# Whether the files for CUDA are in libanimate where CMake chose them, by its symbols and by the doctor's words; and that
# such a build runs on the CPU of a machine without a driver, with one line that says so. A build without CUDA has none of
# them.   usage: cuda_build_test.sh PROGRAM ENGINE yes|no
ENGINE=$(realpath "$2")
BUILT=$3
# shellcheck source=tests/cli/lib.sh
source "$(dirname "$0")/lib.sh" "$1"
need nm

# An engine that the loader does not load for want of the driver's library, by a name that no driver has.
echo 'void driver() {}' >driver.cpp
echo 'void driver(); void engine() { driver(); }' >engine.cpp
mkdir -p alone/bin alone/lib
cp "$ANIMATE" alone/bin/animate
c++ -shared -fPIC driver.cpp -o libcuda.so.0 -Wl,-soname,libcuda.so.0
c++ -shared -fPIC engine.cpp libcuda.so.0 -o alone/lib/libanimate.so.0
rm libcuda.so.0
with=$ANIMATE
ANIMATE=$WORK/alone/bin/animate
BRINGS="it comes with NVIDIA's driver; where there is none, apt-get install libcuda1 brings the file alone"
expect_error 1 "libanimate.so.0: the engine cannot be loaded (libcuda.so.0: cannot open shared object file: No such file or directory); $BRINGS" \
  bench --config "$REPO/configs/fomm/vox-256.yaml" --random-weights
"$ANIMATE" doctor >doctor.txt 2>stderr.txt
expect_that "the doctor finds the main job stopped" test $? = 1
expect_that "and names the library and what brings it" \
  grep -qxF "animate: engine: $WORK/alone/lib/libanimate.so.0 cannot be loaded, missing libcuda.so.0; $BRINGS" stderr.txt
ANIMATE=$with

nm -D "$ENGINE" >symbols.txt
"$ANIMATE" doctor >doctor.txt
J=(-m heads -s "$SOURCE" -d "$DRIVING" --end 0.1 -o out/a.mp4)
if [ "$BUILT" = no ]; then
  expect_that "no CUDA in it" sh -c "! grep -q 'CUDAGraph\|c10_cuda\|4cuda.*CUDACachingAllocator' symbols.txt"
  expect_that "the doctor speaks of none" sh -c "! grep -q ' CUDA  ' doctor.txt"
  expect_that "nor does a job" sh -c "! '$ANIMATE' ${J[*]} 2>&1 | grep -i cuda"
  rm -rf out/*
  expect_error 1 "--device cuda: this LibTorch finds no CUDA device; use --device cpu or install a CUDA LibTorch" \
    -m heads -s "$SOURCE" -d "$DRIVING" -o out/b.mp4 --device cuda
  rm -rf out/*
  finish
  exit
fi
expect_that "CUDA graphs are recorded" grep -q ' U _ZN2at4cuda9CUDAGraph13capture_begin' symbols.txt
expect_that "cards are named" grep -q ' U _ZN2at4cuda19getDevicePropertiesE' symbols.txt
expect_that "the doctor says so" grep -q '^ok *CUDA *[0-9.]*, cuDNN [0-9.]*; CUDA graphs and copies beside the kernels are built in$' doctor.txt
if grep -q '^note *device *cpu, .*; LibTorch is built for CUDA, but no NVIDIA driver is loaded$' doctor.txt; then
  "$ANIMATE" "${J[@]}" >stdout.txt 2>stderr.txt
  expect_that "a job runs on the CPU" test $? = 0
  expect_that "with one line that says why" test "$(grep -c '^animate: LibTorch is built for CUDA, but finds no NVIDIA driver or card; running on the cpu$' stderr.txt)" = 1
  expect_that "and no other of CUDA" test "$(grep -ci cuda stderr.txt)" = 1
  rm -rf out/*
  expect_error 1 "--device cuda: no NVIDIA driver or card is found; see \`animate doctor\`, or use --device cpu" \
    -m heads -s "$SOURCE" -d "$DRIVING" -o out/b.mp4 --device cuda
fi
finish
