// The LivePortrait networks have the names, shapes and order of the published weights.
#include <fstream>
#include <map>

#include "checkpoint/checkpoint.h"
#include "core/weights.h"
#include "models/liveportrait/networks.h"
#include "support/catch.h"
#include "support/fixtures.h"
#include "support/skip.h"

using namespace animate::core;
using namespace animate::checkpoint;
using namespace animate::models;
using namespace animate;
using liveportrait::Networks;

namespace fs = std::filesystem;

TEST_CASE("the networks have exactly the published tensors, in the published order") {
  const auto published = test::read_json(test::fixtures_root() / "liveportrait" / "full_size_keys.json");
  Networks networks{liveportrait::Config{}};
  const auto check_keys = [&](const std::string& name, torch::nn::Module& module) {
    INFO(name);
    std::map<std::string, std::vector<int64_t>> shapes;
    for (const auto& item : module.named_parameters()) shapes[item.key()] = item.value().sizes().vec();
    for (const auto& item : module.named_buffers()) shapes[item.key()] = item.value().sizes().vec();
    std::map<std::string, std::vector<int64_t>> expected;
    for (const auto& [key, info] : published.at(name).items()) expected[key] = info[1].get<std::vector<int64_t>>();
    CHECK(shapes == expected);
    // The file's order is Python's state_dict().
    const auto document =
        nlohmann::ordered_json::parse(std::ifstream(test::fixtures_root() / "liveportrait" / "full_size_keys.json"));
    std::vector<std::string> order;
    for (const auto& [key, info] : document.at(name).items()) order.push_back(key);
    CHECK(state_names(module) == order);
  };
  check_keys(liveportrait::kAppearance, *networks.appearance);
  check_keys(liveportrait::kMotion, *networks.motion);
  check_keys(liveportrait::kWarping, *networks.warping);
  check_keys(liveportrait::kSpade, *networks.spade);
  check_keys("stitching_retargeting_module/retarget_shoulder", *networks.retargeting->stitching);
  check_keys("stitching_retargeting_module/retarget_mouth", *networks.retargeting->lip);
  check_keys("stitching_retargeting_module/retarget_eye", *networks.retargeting->eye);
}

TEST_CASE("the published stitching file loads strictly", "[optional]") {
  const fs::path file = test::material("weights/stitching_retargeting_module.pth");
  if (file.empty()) return test::skip("weights/stitching_retargeting_module.pth is not in $ANIMATE_MATERIAL");
  const auto weights = Checkpoint::open(file);
  const liveportrait::RetargetingNetworks networks{liveportrait::Config{}};
  CHECK_NOTHROW(load_state(*networks.stitching, weights.scope("retarget_shoulder"), "retarget_shoulder"));
  CHECK_NOTHROW(load_state(*networks.lip, weights.scope("retarget_mouth"), "retarget_mouth"));
  CHECK_NOTHROW(load_state(*networks.eye, weights.scope("retarget_eye"), "retarget_eye"));
}
