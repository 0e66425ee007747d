// Noise levels, samplers and random numbers against those of diffusers, AnimateLCM and torch.
#include <cmath>

#include "diffusion/guidance.h"
#include "diffusion/latent_noise.h"
#include "diffusion/sampler.h"
#include "diffusion/sampler_plan.h"
#include "golden/svd_case.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate;
using diffusion::SamplerKind;
using diffusion::SamplerPlan;
using test::some_svd_cases;
using test::SvdCase;

namespace {

torch::Tensor of_numbers(const std::vector<double>& numbers) { return torch::tensor(numbers, torch::kDouble); }

std::vector<double> times_of(const SamplerPlan& plan) {
  std::vector<double> times;
  for (const auto& step : plan.steps) times.push_back(step.time);
  return times;
}

SamplerKind kind_of(const std::string& name) {
  if (name == "euler_a") return SamplerKind::EulerAncestral;
  if (name == "dpmpp_2m") return SamplerKind::DpmPlusPlus;
  return diffusion::sampler_of(name);
}

diffusion::DiscreteSchedule schedule_of(const nlohmann::json& run) {
  diffusion::DiscreteSchedule schedule;
  schedule.times = run.at("num_train_timesteps");
  schedule.beta_start = run.at("beta_start");
  schedule.beta_end = run.at("beta_end");
  schedule.betas =
      run.at("beta_schedule") == "linear" ? diffusion::BetaSchedule::Linear : diffusion::BetaSchedule::ScaledLinear;
  const std::string spacing = run.at("timestep_spacing");
  schedule.spacing = spacing == "leading"    ? diffusion::TimeSpacing::Leading
                     : spacing == "linspace" ? diffusion::TimeSpacing::Linspace
                                             : diffusion::TimeSpacing::Trailing;
  schedule.offset = run.at("steps_offset");
  schedule.ends_clean = run.value("set_alpha_to_one", true);
  schedule.prediction =
      run.at("prediction_type") == "epsilon" ? diffusion::Prediction::Noise : diffusion::Prediction::Velocity;
  return schedule;
}

}  // namespace

TEST_CASE("noise by a seed is torch's, drawn one after the other") {
  for (SvdCase& golden : some_svd_cases("torch_generator")) {
    for (const auto& seed : golden.config().at("seeds")) {
      diffusion::LatentNoise noise(seed.get<uint64_t>());
      size_t draw = 0;
      for (const auto& size : golden.config().at("sizes")) {
        const auto count = size.get<int64_t>();
        golden.compare("seed_" + seed.dump() + "/draw_" + std::to_string(draw++) + "_of_" + std::to_string(count),
                       noise.draw({count}));
      }
    }
    golden.require_all_compared();
  }
}

TEST_CASE("noise levels of video diffusion and of consistency sampling are the originals'") {
  for (const auto& [cases, kind] : {std::pair("edm_sigmas", SamplerKind::Euler), {"lcm_sigmas", SamplerKind::Lcm}}) {
    for (SvdCase& golden : some_svd_cases(cases)) {
      for (const std::string& key : golden.keys("expect/sigmas_")) {
        const std::string number = key.substr(key.rfind('_') + 1);
        const auto plan = diffusion::plan_edm(kind, std::stoll(number));
        golden.compare("sigmas_" + number, of_numbers(diffusion::edm_sigmas(kind, std::stoll(number))));
        golden.compare("timesteps_" + number, of_numbers(times_of(plan)));
        if (golden.has("expect/init_noise_sigma_" + number)) {
          golden.compare("init_noise_sigma_" + number, torch::tensor(plan.start_scale, torch::kDouble));
        }
      }
      golden.require_all_compared();
    }
  }
}

TEST_CASE("trajectories of all samplers for discrete times are the originals'") {
  for (SvdCase& golden : some_svd_cases("discrete_samplers")) {
    const nlohmann::json& tolerance = golden.entry().at("tolerance");
    for (const auto& run : golden.config().at("runs")) {
      const std::string key = run.at("key");
      INFO(key);
      const SamplerKind kind = kind_of(run.at("sampler"));
      const auto plan = diffusion::plan_discrete(kind, schedule_of(run), run.at("steps"));
      REQUIRE(plan.steps.size() == run.at("calls").get<size_t>());

      const auto times = golden.tensor("expect/" + key + "/timesteps");
      CHECK((times - of_numbers(times_of(plan))).abs().max().item<double>() <= tolerance.at("timesteps").get<double>());
      const auto start = golden.tensor("expect/" + key + "/init_noise_sigma").item<double>();
      CHECK(std::abs(plan.start_scale / start - 1) <= tolerance.at("init_noise_sigma_relative").get<double>());
      if (golden.has("expect/" + key + "/sigmas")) {
        const auto sigmas = golden.tensor("expect/" + key + "/sigmas");
        std::vector<double> ours;
        for (const auto& step : plan.steps) ours.push_back(step.sigma);
        ours.push_back(0);
        CHECK((sigmas - of_numbers(ours)).abs().max().item<double>() <= tolerance.at("sigmas").get<double>());
      }

      diffusion::Sampler sampler(plan);
      auto x = sampler.start(golden.input("normal"));
      std::vector<torch::Tensor> path{x};
      while (!sampler.done()) {
        const auto output = sampler.network_input(x) * 0.3 + 0.1 * std::sin(sampler.step().time / 100);
        const auto noise =
            sampler.step().draws ? golden.input("noise")[static_cast<int64_t>(sampler.at())] : torch::Tensor();
        x = sampler.advance(x, output, noise);
        path.push_back(x);
      }
      golden.compare(key + "/path", torch::stack(path));
    }
  }
}

TEST_CASE("a sampler's name and number of steps are checked") {
  CHECK(test::error_of(ErrorKind::Usage, [] { diffusion::sampler_of("heun"); }) ==
        "--sampler heun: there is no such sampler; choose one of euler, euler-a, dpm++, pndm, ddim, lcm");
  CHECK(diffusion::name_of(diffusion::sampler_of("dpm++")) == "dpm++");
  CHECK(test::error_of(ErrorKind::Usage, [] { diffusion::plan_edm(SamplerKind::Euler, 0); }) ==
        "--steps 0: has to be from 1 to 1000");
  CHECK(test::error_of(ErrorKind::Usage, [] { diffusion::plan_edm(SamplerKind::Lcm, 41); }) ==
        "--steps 41: has to be from 1 to 40");
  CHECK(test::error_of(ErrorKind::Usage, [] { diffusion::plan_discrete(SamplerKind::Lcm, {}, 4); }) ==
        "--sampler lcm: needs a model that was distilled for it; choose another sampler");
}

TEST_CASE("samplers for video lead to the signal that the network sees everywhere") {
  // A network that always finds the same signal: v of x at sigma follows from it. Not pndm: it adds up outputs of
  // several levels before it takes them for noise, which is exact in the limit of many steps only.
  const auto signal = torch::tensor({0.5F, -1.0F, 2.0F});
  for (const char* name : {"euler", "euler-a", "dpm++", "ddim", "lcm"}) {
    INFO(name);
    diffusion::Sampler sampler(diffusion::plan_edm(diffusion::sampler_of(name), 8));
    diffusion::LatentNoise noise(1);
    auto x = sampler.start(noise.draw({3}));
    while (!sampler.done()) {
      const double sigma = sampler.step().sigma;
      const double alpha = 1 / std::sqrt(sigma * sigma + 1);
      const auto output = (x * alpha * alpha - signal) / (sigma * alpha);
      x = sampler.advance(x, output, noise.draw({3}));
    }
    CHECK((x - signal).abs().max().item<double>() < 1e-3);
  }
}

TEST_CASE("guidance grows from the first frame to the last") {
  const diffusion::Guidance guidance{1, 3};
  CHECK(guidance.is_on());
  CHECK_FALSE(diffusion::Guidance{1, 1}.is_on());
  const auto strengths = guidance.of_frames(5);
  CHECK(torch::allclose(strengths.flatten(), torch::tensor({1.0F, 1.5F, 2.0F, 2.5F, 3.0F})));
  const auto conditional = torch::ones({1, 5, 1, 2, 2});
  const auto guided = diffusion::guide(torch::zeros_like(conditional), conditional, strengths);
  CHECK(torch::allclose(guided, strengths.expand_as(conditional)));
}
