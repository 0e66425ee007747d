#!/usr/bin/env bash
# What `cmake --install` puts down works without the build tree: the program with its default model, and a program of
# somebody else's that uses libanimate.   usage: install_test.sh PROGRAM BUILD_FOLDER
BUILD=$(realpath "$2")
source "$(dirname "$0")/lib.sh" "$1"
need cmake
expect_that "install" cmake --install "$BUILD" --prefix "$WORK/prefix"
ANIMATE=$WORK/prefix/bin/animate
expect_that "configs are installed" test -f prefix/share/animate/configs/fomm/vox-256.yaml
expect_that "the list of published weights is found" sh -c "'$ANIMATE' models fetch | grep -q '^liveportrait  *637.2 MB'"
expect_that "the installed engine is found" sh -c "'$ANIMATE' doctor | grep -q '^ok *engine *$WORK/prefix/lib'"
expect_ok out/a.mp4 -s "$SOURCE" -d "$DRIVING" -o out/a.mp4 -q --end 0.2
expect_that "the installed default model is the one that is found" sh -c "'$ANIMATE' models | grep -q '^default .*$WORK/prefix/share'"

mkdir consumer
cat >consumer/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(consumer CXX)
find_package(animate REQUIRED)
add_executable(consumer main.cpp)
target_link_libraries(consumer PRIVATE animate::animate)
EOF
cat >consumer/main.cpp <<'EOF'
#include <animate/error.h>
#include <animate/model.h>
#include <cstdio>

int main(int, char** argv) {
  try {
    const auto model = animate::open_model({"identity", {}});
    animate::NoProgress progress;
    const animate::AnimateJob job{argv[1], argv[2], argv[3], {}};
    std::printf("%d\n", static_cast<int>(model->run(job, progress).frames));
  } catch (const animate::Error& error) {
    std::printf("%s\n", error.what());
    return 1;
  }
}
EOF
expect_that "a consumer configures" cmake -S consumer -B consumer/build -DCMAKE_PREFIX_PATH="$WORK/prefix"
expect_that "a consumer builds" cmake --build consumer/build
expect_that "a consumer animates" sh -c "./consumer/build/consumer '$SOURCE' '$DRIVING' out/b.mp4 2>/dev/null | grep -qx 150"
expect_that "a consumer gets our errors" sh -c "./consumer/build/consumer none.png '$DRIVING' out/c.mp4 2>/dev/null | grep -qx 'none.png: no such file; check the path'"
PKG_CONFIG_PATH=$(dirname "$(find "$WORK/prefix" -name animate.pc)")
export PKG_CONFIG_PATH
need pkg-config
expect_that "pkg-config builds a consumer" sh -c \
  'c++ -std=c++20 consumer/main.cpp -o by_pc $(pkg-config --cflags --libs animate) -Wl,-rpath,"$(pkg-config --variable=libdir animate)"'
expect_that "and it runs" sh -c "./by_pc none.png '$DRIVING' out/c.mp4 2>/dev/null | grep -qx 'none.png: no such file; check the path'"
finish
