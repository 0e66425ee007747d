#!/usr/bin/env bash
# How CMake finds LibTorch's CUDA, on made-up folders laid out like Debian's packages and PyTorch's zip and wheel, and what
# it says where parts are missing. Nothing of CUDA or LibTorch is needed.   usage: cuda_layouts_test.sh PROGRAM
# shellcheck source=tests/cli/lib.sh
source "$(dirname "$0")/lib.sh" "$1"
need cmake
unset CUDACXX CUDA_PATH CUDA_HOME CUDAToolkit_ROOT CMAKE_PREFIX_PATH

# A shared library that links, under one of LibTorch's or CUDA's names.
echo 'int made_up() { return 0; }' >made_up.cpp
library() {
  mkdir -p "$(dirname "$1")"
  c++ -shared -fPIC made_up.cpp -o "$1" -Wl,-soname,"$(basename "$1")"
}
# torch FOLDER: a LibTorch without CUDA; torch_cuda FOLDER: with it.
torch() {
  mkdir -p "$1/share/cmake/Torch" "$1/include/torch"
  echo "set(Torch_FOUND TRUE)" >"$1/share/cmake/Torch/TorchConfig.cmake"
  library "$1/lib/libtorch_cpu.so"
}
torch_cuda() {
  torch "$1"
  library "$1/lib/libtorch_cuda.so"
  library "$1/lib/libc10_cuda.so"
}

mkdir -p project/cuda
cat >project/CMakeLists.txt <<EOF
cmake_minimum_required(VERSION 3.25)
project(layouts CXX)
list(APPEND CMAKE_MODULE_PATH "$REPO/scripts/cmake")
# The machine's own LibTorch and CUDA are none of this test's business.
list(FILTER CMAKE_SYSTEM_PREFIX_PATH EXCLUDE REGEX ".*")
set(CMAKE_IGNORE_PATH /usr/local/cuda/bin /usr/local/cuda/include /usr/local/cuda/lib /usr/local/cuda/lib64)
if(NO_NVCC)
  set(CMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH OFF)
  set(CMAKE_FIND_USE_CMAKE_SYSTEM_PATH OFF)
endif()
include(AnimateFindTorch)
animate_check_torch()
if(TORCH)
  set(TORCH_INCLUDE_DIRS "\${TORCH}/include")
  include(AnimateCuda)
  set(CMAKE_SYSTEM_LIBRARY_PATH "")
  animate_find_cuda()
  animate_choose_cuda_source(chosen cuda/graph)
  message(STATUS "libraries: \${ANIMATE_CUDA_LIBRARIES}")
  message(STATUS "includes: \${ANIMATE_CUDA_INCLUDES}")
  message(STATUS "chosen: \${chosen}")
  set(folders /opt/cuda/include /usr/include/ \${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES} /opt/cuda/include)
  animate_without_own_folders(folders)
  message(STATUS "without: \${folders}")
endif()
EOF
# It needs the C++ library's headers and CUDA's, and links with a function of the runtime.
cat >project/cuda/graph.cpp <<'EOF'
#include <cstdlib>
#include <cuda_runtime_api.h>
int made_up();
int graph() { return CUDART_VERSION + made_up(); }
EOF
configure() {
  rm -rf build
  cmake -S project -B build "$@" >log.txt 2>&1
}
said() { tr '\n' ' ' <log.txt | tr -s ' ' | grep -qF -- "$1"; }

# PyTorch's wheel: torch beside nvidia/*.
torch_cuda site/torch
library site/nvidia/cuda_runtime/lib/libcudart.so.12
mkdir -p site/nvidia/cuda_runtime/include site/nvidia/cublas/include bin
echo "#define CUDART_VERSION 12040" >site/nvidia/cuda_runtime/include/cuda_runtime_api.h
printf '#!/bin/sh\n' >bin/nvcc && chmod +x bin/nvcc
expect_that "a wheel is configured" configure -DCMAKE_PREFIX_PATH="$WORK/site/torch" -DTORCH="$WORK/site/torch" -DCUDAToolkit_ROOT="$WORK"
expect_that "its libraries are found" said "libraries: $WORK/site/torch/lib/libtorch_cuda.so;$WORK/site/torch/lib/libc10_cuda.so;$WORK/site/nvidia/cuda_runtime/lib/libcudart.so.12"
expect_that "its headers are found" grep -q "includes: .*/nvidia/cuda_runtime/include;.*/nvidia/cublas/include" log.txt
expect_that "the CUDA file is built" grep -q "chosen: cuda/graph.cpp" log.txt
expect_that "the compiler's own folders are left out" grep -q "without: /opt/cuda/include$" log.txt

# PyTorch's zip: CUDA's runtime among LibTorch's own libraries, headers in CUDA's toolkit.
torch_cuda zip/libtorch
mkdir -p toolkit/include toolkit/lib64
cp site/nvidia/cuda_runtime/include/cuda_runtime_api.h toolkit/include/
library toolkit/lib64/libcudart.so
expect_that "a zip is configured" configure -DCMAKE_PREFIX_PATH="$WORK/zip/libtorch" -DTORCH="$WORK/zip/libtorch" \
  -DCUDAToolkit_ROOT="$WORK" -DCUDAToolkit_INCLUDE_DIRS="$WORK/toolkit/include" -DCUDAToolkit_LIBRARY_DIR="$WORK/toolkit/lib64"
expect_that "the toolkit's runtime is taken" said "$WORK/toolkit/lib64/libcudart.so"
expect_that "and its file is built" grep -q "chosen: cuda/graph.cpp" log.txt

# What does not fit is said, and left out.
echo '#error "another interface"' >>project/cuda/graph.cpp
expect_that "a file that does not build is no error" configure -DCMAKE_PREFIX_PATH="$WORK/site/torch" -DTORCH="$WORK/site/torch" -DCUDAToolkit_ROOT="$WORK"
expect_that "its twin is taken" grep -q "chosen: cuda/graph_absent.cpp" log.txt
expect_that "and it is said" said "LibTorch has CUDA, but cuda/graph.cpp does not build with it; see CMakeFiles/cuda_graph.log"

# LibTorch's CUDA without CUDA's compiler, CUDA's headers without LibTorch's CUDA, two LibTorchs.
configure -DCMAKE_PREFIX_PATH="$WORK/site/torch" -DNO_NVCC=ON
expect_that "a CUDA LibTorch without CUDA's compiler stops" test $? = 1
expect_that "with one sentence" said "LibTorch in $WORK/site/torch is built for CUDA, and CUDA's compiler and headers were not found; install them (Debian: nvidia-cuda-toolkit)"
torch plain
expect_that "a plain LibTorch beside CUDA's headers" configure -DCMAKE_PREFIX_PATH="$WORK/plain" -DTORCH="$WORK/plain" \
  -DANIMATE_CUDART_INCLUDE="$WORK/toolkit/include"
expect_that "is told" said "CUDA's headers are in $WORK/toolkit/include, but this LibTorch is built without CUDA"
expect_that "and builds without" grep -q "chosen: cuda/graph_absent.cpp" log.txt
expect_that "two LibTorchs" configure "-DCMAKE_PREFIX_PATH=$WORK/plain;$WORK/zip/libtorch"
expect_that "are told" said "LibTorch in $WORK/plain is taken; there is another in $WORK/zip/libtorch: choose with -DCMAKE_PREFIX_PATH=FOLDER"

# Debian's: in a folder of the architecture, seen by two ways.
mkdir -p debian/usr/lib/x86_64-linux-gnu/cmake/Torch
ln -s usr/lib debian/lib
echo "set(Torch_FOUND TRUE)" >debian/usr/lib/x86_64-linux-gnu/cmake/Torch/TorchConfig.cmake
library debian/usr/lib/x86_64-linux-gnu/libtorch_cpu.so
expect_that "Debian's is one" configure "-DCMAKE_PREFIX_PATH=$WORK/debian/usr;$WORK/debian" \
  -DTorch_DIR="$WORK/debian/lib/x86_64-linux-gnu/cmake/Torch" -DCMAKE_LIBRARY_ARCHITECTURE=x86_64-linux-gnu
expect_that "and nothing is said of another" sh -c "! grep -q 'is taken' log.txt"
library debian/usr/lib/x86_64-linux-gnu/libtorch_cuda.so.2.6
configure -DTorch_DIR="$WORK/debian/lib/x86_64-linux-gnu/cmake/Torch" -DCMAKE_LIBRARY_ARCHITECTURE=x86_64-linux-gnu -DNO_NVCC=ON
expect_that "its CUDA is seen" said "LibTorch in $WORK/debian/usr is built for CUDA"
finish
