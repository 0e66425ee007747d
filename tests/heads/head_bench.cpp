// Speed of the renderer, and a sheet to look at: heads_bench "[sheet]" writes heads_sheet.png into the working folder,
// six heads in six poses, keypoints as green dots (grey where the face is turned away).
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/stopwatch.h"
#include "heads/head_renderer.h"
#include "heads/warp_truth.h"
#include "support/catch.h"
#ifdef ANIMATE_HEADS_SHEET
#include "media/image_io.h"
#endif

using namespace animate::heads;
using namespace animate::media;
using namespace animate;

TEST_CASE("pictures a second at 256 x 256") {
  std::vector<Head> heads;
  for (uint64_t i = 0; i < 32; ++i) heads.push_back(sample_head(i, i));
  for (const int64_t chunk : {1, 2, 4, 8}) {
    RenderOptions options;
    options.chunk = chunk;
    render_heads(std::span(heads).first(4), options);
    const Stopwatch watch;
    const auto pictures = render_heads(heads, options);
    std::printf("chunk %d: %.1f pictures a second\n", static_cast<int>(chunk), 32 / watch.seconds());
    CHECK(pictures.std().item<float>() > 0.05F);
  }
}

TEST_CASE("true warps of eight pairs") {
  std::vector<Head> source, driving;
  for (uint64_t i = 0; i < 8; ++i) {
    source.push_back(sample_head(i, 0));
    driving.push_back(sample_head(i, 1));
  }
  for (const int64_t size : {64, 128}) {
    CHECK(warp_truth(source, driving, size).visible.mean().item<float>() > 0.5F);
    const Stopwatch watch;
    for (int i = 0; i < 10; ++i) warp_truth(source, driving, size);
    std::printf("%dx%d: %.1f ms\n", static_cast<int>(size), static_cast<int>(size), 100 * watch.seconds());
  }
}

// To compare two builds: a change of the renderer's house must not change a bit of its pictures.
TEST_CASE("fingerprints of pictures", "[.hash]") {
  for (const int64_t size : {64, 100, 160, 256}) {
    std::vector<Head> heads;
    for (uint64_t i = 0; i < 48; ++i) heads.push_back(sample_head(i, i, 1.2F));
    RenderOptions options;
    options.size = size;
    const auto pictures = render_heads(heads, options).contiguous();
    uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    for (size_t i = 0; i < pictures.nbytes(); ++i) {
      hash = (hash ^ static_cast<const uint8_t*>(pictures.data_ptr())[i]) * 0x100000001b3U;
    }
    std::printf("%d: %016llx\n", static_cast<int>(size), static_cast<unsigned long long>(hash));
    CHECK(pictures.std().item<float>() > 0.05F);
  }
}

#ifdef ANIMATE_HEADS_SHEET
TEST_CASE("sheet", "[.sheet]") {
  const char* first = std::getenv("HEADS_SEED");
  const uint64_t seed = first == nullptr ? 0 : std::strtoull(first, nullptr, 10);
  constexpr int64_t rows = 6, columns = 6;
  RenderOptions options;
  options.size = 160;
  std::vector<Head> heads;
  for (uint64_t i = 0; i < rows; ++i) {
    for (uint64_t j = 0; j < columns; ++j) heads.push_back(sample_head(seed + i, j, j == 0 ? 0.0F : 1.0F));
  }
  const int64_t size = options.size;
  auto sheet = render_heads(heads, options).view({rows, columns, 3, size, size}).permute({0, 3, 1, 4, 2});
  sheet = (sheet * 255).round().to(torch::kUInt8).contiguous();
  Image image(static_cast<int>(columns * size), static_cast<int>(rows * size));
  std::copy_n(sheet.data_ptr<uint8_t>(), image.size_bytes(), image.data());
  const auto truths = truths_of(heads);
  for (int64_t i = 0; i < rows * columns; i += columns - 1) {
    for (int64_t k = 0; k < truths.keypoints.size(1); ++k) {
      const auto at = (truths.keypoints[i][k] + 1) * (static_cast<double>(size) / 2);
      const bool visible = truths.visible[i][k].item<float>() > 0;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          const int64_t x = at[0].item<int64_t>() + dx, y = at[1].item<int64_t>() + dy;
          if (x < 0 || y < 0 || x >= size || y >= size) continue;
          uint8_t* pixel = image.row(static_cast<int>(i / columns * size + y)) + 3 * (i % columns * size + x);
          pixel[0] = pixel[2] = visible ? 0 : 128;
          pixel[1] = visible ? 255 : 128;
        }
      }
    }
  }
  save_image("heads_sheet.png", image);
}
#endif
