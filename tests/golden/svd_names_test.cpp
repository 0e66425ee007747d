// Names and shapes of all arrays at full size, in both spellings, against lists of the published files.
#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "core/renamed_weights.h"
#include "core/weights.h"
#include "golden/svd_case.h"
#include "models/video_diffusion/clip_vision.h"
#include "models/video_diffusion/unet.h"
#include "models/video_diffusion/vae_decoder.h"
#include "models/video_diffusion/vae_encoder.h"
#include "models/video_diffusion/weight_names.h"
#include "support/catch.h"
#include "support/skip.h"

using namespace animate;
using namespace animate::models::video_diffusion;
using core::ExpectedArray;

namespace {

namespace fs = std::filesystem;
using Rows = std::set<std::vector<std::string>>;

fs::path list(const std::string& name) { return test::svd_root() / "names" / name; }

Rows rows_of(const std::string& name) {
  Rows rows;
  std::ifstream file(list(name));
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> row;
    std::istringstream parts(line);
    for (std::string part; std::getline(parts, part, '\t');) row.push_back(part);
    rows.insert(row);
  }
  REQUIRE_FALSE(rows.empty());
  return rows;
}

std::vector<ExpectedArray> arrays_of(const torch::nn::Module& network, const core::NameTable& names) {
  return core::expected_arrays(network, names);
}

std::vector<ExpectedArray> vae_arrays() {
  const VaeConfig config;
  auto arrays = arrays_of(*VaeEncoder(config), single_file_names(config));
  const auto decoder = arrays_of(*VaeDecoder(config), single_file_names(config));
  arrays.insert(arrays.end(), decoder.begin(), decoder.end());
  return arrays;
}

int64_t numbers_of(const std::vector<ExpectedArray>& arrays) {
  int64_t sum = 0;
  for (const ExpectedArray& array : arrays) {
    int64_t product = 1;
    for (const int64_t side : array.shape) product *= side;
    sum += product;
  }
  return sum;
}

std::string text(const std::vector<int64_t>& shape) { return core::shape_text(shape); }

// What stands in one list and not in the other, for a message.
std::string difference(const Rows& ours, const Rows& theirs) {
  std::string told;
  const auto tell = [&](const Rows& some, const Rows& others, const char* word) {
    int told_rows = 0;
    for (const auto& row : some) {
      if (others.contains(row) || told_rows++ >= 5) continue;
      told += word;
      for (const std::string& part : row) told += " " + part;
      told += "\n";
    }
  };
  tell(ours, theirs, "ours only:");
  tell(theirs, ours, "theirs only:");
  return told;
}

void compare(const Rows& ours, const Rows& theirs) {
  INFO(difference(ours, theirs));
  CHECK(ours == theirs);
}

}  // namespace

TEST_CASE("full-size networks have as many arrays and numbers as are published") {
  // Of the published files; the lists of names say the same and are long.
  const UnetConfig unet;
  const auto unet_arrays = arrays_of(*VideoUnet(unet), single_file_names(unet));
  CHECK(unet_arrays.size() == 1428);
  CHECK(numbers_of(unet_arrays) == 1'524'623'082);
  CHECK(vae_arrays().size() == 374);
  CHECK(numbers_of(vae_arrays()) == 97'742'847);
  const ClipConfig clip;
  const auto clip_arrays = arrays_of(*ClipVision(clip), single_file_names(clip));
  CHECK(clip_arrays.size() == 520);
  CHECK(numbers_of(clip_arrays) == 632'076'800);
  std::set<std::string> names;
  for (const auto& array : clip_arrays) names.insert(array.stored.name);
  CHECK(names.size() == 392);
}

TEST_CASE("full-size names and shapes are the published ones, in both spellings", "[optional]") {
  if (!fs::exists(list("unet.txt"))) return test::skip("svd/names is not in $ANIMATE_FIXTURES");
  const UnetConfig unet;
  Rows ours;
  for (const auto& array : arrays_of(*VideoUnet(unet), single_file_names(unet))) {
    ours.insert({array.name, array.stored.name, text(array.shape)});
    CHECK(array.stored_shape() == array.shape);
  }
  compare(ours, rows_of("unet.txt"));

  ours.clear();
  for (const auto& array : vae_arrays()) {
    ours.insert({array.name, array.stored.name, text(array.shape), text(array.stored_shape())});
  }
  compare(ours, rows_of("vae.txt"));

  ours.clear();
  Rows original;
  const ClipConfig clip;
  for (const auto& array : arrays_of(*ClipVision(clip), single_file_names(clip))) {
    ours.insert({array.name, text(array.shape)});
    original.insert({array.stored.name, text(array.stored_shape())});
  }
  compare(ours, rows_of("clip.txt"));
  compare(original, rows_of("clip_original.txt"));
}

TEST_CASE("what else the published single file holds is left alone, and nothing else is", "[optional]") {
  if (!fs::exists(list("single_file_unused.txt"))) return test::skip("svd/names is not in $ANIMATE_FIXTURES");
  for (const auto& row : rows_of("single_file_unused.txt")) {
    INFO(row.front());
    CHECK(is_unused(row.front()));
  }
  for (const auto& row : rows_of("unet.txt")) CHECK_FALSE(is_unused(row[1]));
  for (const auto& row : rows_of("vae.txt")) CHECK_FALSE(is_unused(row[1]));
  for (const auto& row : rows_of("clip_original.txt")) CHECK_FALSE(is_unused(row[0]));
}
