// A photo as a frame, and what a dream will cost.
#include "base/error.h"
#include "core/weights.h"
#include "diffusion/sampler.h"
#include "engine/dream/dream_picture.h"
#include "engine/dream/dream_plan.h"
#include "engine/dream/kept_latents.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/pictures.h"
#include "support/temp_dir.h"

using namespace animate;
using namespace animate::engine;

namespace {

DreamJob job_of(const DreamOptions& options) {
  DreamJob job;
  job.options = options;
  return job;
}

DreamPlan plan_of(const DreamOptions& options, const Image& photo = test::plain(640, 480, 0, 0, 0)) {
  return plan_dream(job_of(options), {}, photo, torch::kCPU);
}

DreamOptions lasting(int64_t frames, int64_t length) {
  DreamOptions options;
  options.frames = frames;
  options.length = length;
  return options;
}

bool is_black(const Image& image, int x, int y) {
  const uint8_t* pixel = image.row(y) + 3 * x;
  return pixel[0] == 0 && pixel[1] == 0 && pixel[2] == 0;
}

}  // namespace

TEST_CASE("sides follow the photo's shape in whole multiples") {
  const auto landscape = size_like(test::plain(1024, 576, 0, 0, 0), 1024 * 576, 64);
  CHECK(landscape.width == 1024);
  CHECK(landscape.height == 576);
  const auto square = size_like(test::plain(100, 100, 0, 0, 0), 1024 * 576, 64);
  CHECK(square.width == 768);
  CHECK(square.height == 768);
  const auto strip = size_like(test::plain(5000, 20, 0, 0, 0), 1024 * 576, 64);
  CHECK(strip.height == 64);
}

TEST_CASE("a photo of another shape is cut, padded or squeezed") {
  const Image photo = test::plain(40, 20, 200, 100, 50);
  for (const PictureFit fit : {PictureFit::Crop, PictureFit::Squeeze}) {
    const Image frame = fit_picture(photo, {24, 24}, fit);
    CHECK(frame.width() == 24);
    CHECK(frame.height() == 24);
    CHECK_FALSE(is_black(frame, 0, 0));
    CHECK_FALSE(is_black(frame, 23, 23));
  }
  const Image padded = fit_picture(photo, {24, 24}, PictureFit::Pad);
  CHECK(is_black(padded, 12, 0));
  CHECK(is_black(padded, 12, 23));
  CHECK_FALSE(is_black(padded, 0, 12));
  CHECK_FALSE(is_black(padded, 23, 12));
  // The middle is kept: halves of two colours stay halves.
  Image halves = test::plain(60, 20, 0, 0, 255);
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 30; ++x) halves.row(y)[3 * x] = 255;
  }
  const Image cut = fit_picture(halves, {16, 16}, PictureFit::Crop);
  CHECK(cut.row(8)[0] == 255);
  CHECK(cut.row(8)[3 * 15] == 0);
}

TEST_CASE("a plan fills in what was left open, and tells what the model was not trained for") {
  const DreamPlan usual = plan_of({}, test::plain(1024, 576, 0, 0, 0));
  CHECK(usual.frames == 14);
  CHECK(usual.length == 14);
  CHECK(usual.runs == 1);
  CHECK(usual.steps == 25);
  CHECK(usual.calls == 50);
  CHECK(usual.width == 1024);
  CHECK(usual.hints.empty());
  CHECK(usual.tflop == Approx(50 * 43.1 + 97 + 2.6 + 0.34).epsilon(0.01));

  DreamOptions few;
  few.sampler = DreamSampler::Lcm;
  few.width = 256;
  few.height = 256;
  few.fps = 3;
  const DreamPlan lcm = plan_of(few);
  CHECK(lcm.steps == 4);
  CHECK(lcm.calls == 4);
  CHECK(lcm.hints.size() == 2);

  DreamOptions chain;
  chain.frames = 5;
  chain.length = 14;
  chain.sampler = DreamSampler::Pndm;
  const DreamPlan chained = plan_of(chain);
  CHECK(chained.runs == 4);  // 5 + 4 + 4 + 1
  CHECK(chained.calls == 4 * 26 * 2);
  CHECK(plan_of(lasting(5, 13)).runs == 3);
  CHECK(plan_of(lasting(5, 5)).runs == 1);
  CHECK(chained.memory == Approx(plan_of(lasting(5, 5)).memory).epsilon(0.01));
  CHECK(test::error_of(ErrorKind::Usage, [] { plan_of(lasting(1, 2)); }) ==
        "--length 2: cannot be chained of single frames; give --frames 2 or more");
  DreamOptions odd;
  odd.width = 36;
  odd.height = 32;
  CHECK(test::error_of(ErrorKind::Usage, [&] { plan_of(odd); }) ==
        "36x32: both sides have to be multiples of 8; give --width and --height that are");

  DreamPlan large = usual;
  large.free_memory = 1e9;
  CHECK_THROWS_AS(require_memory(large), Error);
  large.free_memory = 0;  // not known
  require_memory(large);
}

TEST_CASE("a sampler goes on where another one was left") {
  torch::manual_seed(5);
  const auto noise = torch::randn({1, 3, 4, 2, 2});
  const auto output_of = [](const torch::Tensor& x) { return torch::tanh(x); };
  for (const auto kind :
       {diffusion::SamplerKind::Euler, diffusion::SamplerKind::DpmPlusPlus, diffusion::SamplerKind::Pndm}) {
    INFO(diffusion::name_of(kind));
    diffusion::Sampler whole(diffusion::plan_edm(kind, 6));
    auto latents = whole.start(noise);
    for (int i = 0; i < 4; ++i) latents = whole.advance(latents, output_of(whole.network_input(latents)));
    diffusion::Sampler rest(diffusion::plan_edm(kind, 6));
    diffusion::SamplerState state = whole.state();
    rest.restore(state);
    auto others = latents.clone();
    while (!whole.done()) {
      latents = whole.advance(latents, output_of(whole.network_input(latents)));
      others = rest.advance(others, output_of(rest.network_input(others)));
    }
    CHECK(rest.done());
    CHECK(torch::equal(latents, others));
    state.remembered.clear();
    CHECK(test::error_of(ErrorKind::Usage, [&] { rest.restore(state); }) ==
          "what a sampler remembers after 4 steps is not whole; begin from noise");
    state.at = 9;
    CHECK_THROWS_AS(rest.restore(state), Error);
  }
}

TEST_CASE("kept latents come back with what belongs to them, and are refused for other options") {
  const test::TempDir dir;
  const std::filesystem::path file = dir / "kept.safetensors";
  DreamOptions options;
  options.seed = 7;
  DreamPlan plan;
  plan.steps = 5;
  models::video_diffusion::LatentsSoFar kept;
  kept.latents = torch::rand({1, 2, 4, 3, 3});
  kept.sampler = {2, torch::rand({1, 2, 4, 3, 3}), {torch::rand({1, 2, 4, 3, 3}), torch::rand({1, 2, 4, 3, 3})}};
  save_latents(file, kept, options, plan, 0);
  const auto back = read_latents(file, options, plan);
  CHECK(torch::equal(back.latents, kept.latents));
  CHECK(back.sampler.at == 2);
  CHECK(torch::equal(back.sampler.before, kept.sampler.before));
  REQUIRE(back.sampler.remembered.size() == 2);
  CHECK(torch::equal(back.sampler.remembered[1], kept.sampler.remembered[1]));

  DreamOptions other = options;
  other.seed = 8;
  CHECK(test::error_of(ErrorKind::Usage, [&] { read_latents(file, other, plan); }) ==
        file.string() + ": was kept with --seed 7, and this job has 8; give the same");
  DreamPlan chain = plan;
  chain.runs = 2;
  CHECK(test::error_of(ErrorKind::Usage, [&] { read_latents(file, options, chain); }) ==
        file.string() + ": only a clip of one run goes on from latents; leave out --length");
  core::save_tensors(file, {{"latents", kept.latents}}, {{"family", "fomm"}});
  CHECK(test::error_of(ErrorKind::Input, [&] { read_latents(file, options, plan); }) ==
        file.string() + ": holds no latents that --keep-latents kept; give such a file");
}

TEST_CASE("guidance is written as one number or two") {
  CHECK(GuidanceRange::parse("1:3") == GuidanceRange{1, 3});
  CHECK(GuidanceRange::parse("2.5") == GuidanceRange{2.5, 2.5});
  CHECK(GuidanceRange::parse(GuidanceRange{1.5, 2}.text()) == GuidanceRange{1.5, 2});
  for (const char* text : {"", ":", "1:", "a", "1:2:3", "-1", "nan", "31"}) {
    INFO(text);
    CHECK_THROWS_AS(GuidanceRange::parse(text), Error);
  }
  DreamOptions options;
  CHECK(guidance_of(options) == GuidanceRange{1, 3});
  options.sampler = DreamSampler::Lcm;
  CHECK(guidance_of(options) == GuidanceRange{1, 1});
}
