// Trains the judge of `animate evaluate --data heads` (evaluate/head_judge.h) on drawn heads and checks it on others.
// Run by scripts/train_judge.sh, which tells its usage. Interrupted, it goes on from FOLDER/state.safetensors.
#include <ATen/Parallel.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/randn_like.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/stopwatch.h"
#include "checkpoint/checkpoint.h"
#include "core/heatmap.h"
#include "core/weights.h"
#include "evaluate/head_judge.h"
#include "heads/counter_random.h"
#include "heads/head_motion.h"
#include "heads/head_renderer.h"

using namespace animate::checkpoint;
using namespace animate::core;
using namespace animate::evaluate;
using namespace animate::heads;
using namespace animate;

namespace {

constexpr int64_t kBatch = 16;
constexpr uint64_t kSeed = 424242;
// Heads of its own: training of painters takes 0 to 99999, evaluation begins at 100000, the check below at 200000.
constexpr uint64_t kFirstHead = 1000000, kFirstHeldOut = 200000;

torch::Tensor truth_of_readings(const std::vector<heads::Head>& drawn) {
  auto truth = torch::empty({static_cast<int64_t>(drawn.size()), kReadings});
  auto cell = truth.accessor<float, 2>();
  for (size_t i = 0; i < drawn.size(); ++i) {
    const auto b = static_cast<int64_t>(i);
    const auto& mood = drawn[i].expression;
    cell[b][kYaw] = drawn[i].pose.yaw;
    cell[b][kMouth] = mood.mouth;
    cell[b][evaluate::kLeftEye] = mood.left_eye;
    cell[b][evaluate::kRightEye] = mood.right_eye;
  }
  return truth;
}

// Painters blur: a third of the batches is seen as through a smaller picture, a third with noise.
torch::Tensor spoilt(torch::Tensor pictures, heads::CounterRandom& random) {
  if (random.chance(0.35F)) {
    const int64_t side = 44 + random.pick(64), whole = pictures.size(2);
    pictures = at::upsample_bilinear2d(at::adaptive_avg_pool2d(pictures, {side, side}), {whole, whole}, false);
  }
  if (random.chance(0.35F)) pictures = (pictures + at::randn_like(pictures) * random.between(0, 0.04F)).clamp(0, 1);
  return pictures;
}

struct Batch {
  torch::Tensor pictures, readings, points;
};

Batch batch_of(int64_t step) {
  heads::CounterRandom random(kSeed, static_cast<uint64_t>(step));
  std::vector<heads::Head> drawn;
  for (int64_t i = 0; i < kBatch; ++i) {
    const uint64_t identity = kFirstHead + static_cast<uint64_t>(random.pick(1 << 20));
    const auto index = static_cast<uint64_t>(random.pick(1 << 24));
    drawn.push_back(heads::sample_head(identity, index, random.between(0.2F, 1.3F)));
    // A bell clipped at 0 shuts every second mouth; its opening is what is to be learnt.
    if (random.chance(0.4F)) drawn.back().expression.mouth = random.unit();
  }
  torch::manual_seed(static_cast<uint64_t>(step));
  const auto pictures = heads::render_heads(drawn, {HeadJudgeNetworkImpl::kSide, torch::kCPU, 0});
  return {spoilt(pictures, random), truth_of_readings(drawn), heads::truths_of(drawn).keypoints};
}

// Cross-entropy of each map against a bump of one and a half pixels round the true point: it teaches every pixel of the
// map at once, where the distance alone says only which way its mean should go.
torch::Tensor map_loss(const torch::Tensor& logits, const torch::Tensor& points) {
  const double pixel = 2 / static_cast<double>(logits.size(3));
  auto target =
      keypoints_to_gaussian(points, logits.size(2), logits.size(3), 2.25 * pixel * pixel, GridEnds::PictureEdges)
          .flatten(2);
  target = target / target.sum(2, true).clamp_min(1);
  return -(target * torch::log_softmax(logits.flatten(2), 2)).sum(2).mean();
}

// Adam (Kingma and Ba, arXiv 1412.6980), beta 0.9 and 0.99.
class Adam {
 public:
  explicit Adam(std::vector<torch::Tensor> parameters) : parameters_(std::move(parameters)) {
    for (const auto& p : parameters_) {
      mean.push_back(torch::zeros_like(p));
      square.push_back(torch::zeros_like(p));
    }
  }

  void step(int64_t number, double rate) {
    const torch::NoGradGuard no_gradients;
    const auto n = static_cast<double>(number + 1);
    const double first = 1 - std::pow(0.9, n), second = 1 - std::pow(0.99, n);
    for (size_t i = 0; i < parameters_.size(); ++i) {
      auto& p = parameters_[i];
      auto gradient = p.grad();
      mean[i].mul_(0.9).add_(gradient, 0.1);
      square[i].mul_(0.99).addcmul_(gradient, gradient, 0.01);
      p.addcdiv_(mean[i] / first, (square[i] / second).sqrt_().add_(1e-8), -rate);
      gradient.zero_();
    }
  }

  std::vector<torch::Tensor> mean, square;

 private:
  std::vector<torch::Tensor> parameters_;
};

class Trainer {
 public:
  Trainer(std::filesystem::path folder, int64_t steps)
      : folder_(std::move(folder)), steps_(steps), adam_(seeded(network_)->parameters()) {
    std::filesystem::create_directories(folder_);
    if (std::filesystem::exists(state_file())) resume();
  }

  void run() {
    const Stopwatch watch;
    double readings = 0, points = 0;
    for (; step_ < steps_; ++step_) {
      const Batch batch = batch_of(step_);
      network_->train();
      const auto output = network_->forward(batch.pictures);
      const auto unit = torch::tensor({0.35F, 0.3F, 0.4F, 0.4F});
      const auto reading_loss = ((output.readings - batch.readings) / unit).square().mean();
      const auto point_loss = (output.points - batch.points).abs().mean();
      (reading_loss + 20 * point_loss + 0.5 * map_loss(output.logits, batch.points)).backward();
      const double done = static_cast<double>(step_) / static_cast<double>(steps_);
      adam_.step(step_, 2e-3 * (0.02 + 0.98 * 0.5 * (1 + std::cos(3.14159265 * done))));
      readings += reading_loss.item<double>();
      points += point_loss.item<double>();
      if ((step_ + 1) % 100 == 0) {
        std::printf("step %d: readings %.4f, points %.4f, %.0f s\n", static_cast<int>(step_ + 1), readings / 100,
                    points / 100, watch.seconds());
        std::fflush(stdout);
        readings = points = 0;
        save();
      }
      if ((step_ + 1) % 500 == 0) check(20, HeadJudgeNetworkImpl::kSide);
    }
    save();
  }

  // Correlations with the truth over `count` held-out heads in eight poses each.
  void check(int64_t count, int64_t side) {
    std::vector<heads::Head> drawn;
    for (int64_t i = 0; i < count * 8; ++i) {
      drawn.push_back(heads::sample_head(kFirstHeldOut + static_cast<uint64_t>(i / 8), static_cast<uint64_t>(i % 8)));
    }
    report(read(drawn, side), truth_of_readings(drawn), std::to_string(side) + " pixels, random poses");
  }

  // The mean over clips of what a transfer is judged by.
  void check_clips(int64_t clips, int64_t side) {
    torch::Tensor sum = torch::zeros({kReadings}, torch::kFloat64);
    for (int64_t i = 0; i < clips; ++i) {
      const uint64_t seed = kFirstHeldOut + 1000 + static_cast<uint64_t>(i);
      std::vector<heads::Head> drawn;
      for (const auto& motion : heads::smooth_motion(seed, 48)) {
        drawn.push_back(heads::sample_head(seed, drawn.size()));
        drawn.back().pose = motion.pose;
        drawn.back().expression = motion.expression;
      }
      sum += correlations(read(drawn, side), truth_of_readings(drawn));
    }
    print(sum / static_cast<double>(clips), std::to_string(side) + " pixels, mean over clips");
  }

  void write_weights(const std::filesystem::path& path) {
    std::map<std::string, torch::Tensor> tensors;
    for (const auto& [name, tensor] : state()) {
      tensors[name] = tensor.is_floating_point() ? tensor.to(torch::kHalf) : tensor;
    }
    save_tensors(path, tensors, {{"format", "animate-judge"}, {"steps", std::to_string(step_)}});
  }

 private:
  static HeadJudgeNetwork& seeded(HeadJudgeNetwork& network) {
    torch::manual_seed(kSeed);
    network = HeadJudgeNetwork();
    return network;
  }

  std::filesystem::path state_file() const { return folder_ / "state.safetensors"; }

  std::map<std::string, torch::Tensor> state() const {
    std::map<std::string, torch::Tensor> tensors;
    for (const auto& item : network_->named_parameters()) tensors[item.key()] = item.value().detach();
    for (const auto& item : network_->named_buffers()) tensors[item.key()] = item.value();
    return tensors;
  }

  void save() const {
    std::map<std::string, torch::Tensor> tensors;
    for (const auto& [name, tensor] : state()) tensors["network." + name] = tensor;
    for (size_t i = 0; i < adam_.mean.size(); ++i) {
      tensors["mean." + std::to_string(i)] = adam_.mean[i];
      tensors["square." + std::to_string(i)] = adam_.square[i];
    }
    const bool between = step_ < steps_;  // inside the loop, where this step is done
    save_tensors(state_file(), tensors, {{"step", std::to_string(between ? step_ + 1 : step_)}});
  }

  void resume() {
    const Checkpoint file = Checkpoint::open(state_file());
    load_state(*network_, file.scope("network"), "head judge");
    const torch::NoGradGuard no_gradients;
    for (size_t i = 0; i < adam_.mean.size(); ++i) {
      adam_.mean[i].copy_(read_tensor(file.scope("mean"), std::to_string(i)));
      adam_.square[i].copy_(read_tensor(file.scope("square"), std::to_string(i)));
    }
    step_ = std::stoll(file.metadata().at("step"));
    std::printf("goes on at step %d\n", static_cast<int>(step_));
  }

  torch::Tensor read(const std::vector<heads::Head>& drawn, int64_t side) {
    const torch::NoGradGuard no_gradients;
    network_->eval();
    std::vector<torch::Tensor> parts;
    for (size_t begin = 0; begin < drawn.size(); begin += 16) {
      const auto part = std::span(drawn).subspan(begin, std::min<size_t>(16, drawn.size() - begin));
      parts.push_back(network_->forward(as_judge_sees(heads::render_heads(part, {side, torch::kCPU, 0}))).readings);
    }
    return torch::cat(parts);
  }

  static torch::Tensor correlations(const torch::Tensor& a, const torch::Tensor& b) {
    const auto x = a.to(torch::kFloat64) - a.to(torch::kFloat64).mean(0);
    const auto y = b.to(torch::kFloat64) - b.to(torch::kFloat64).mean(0);
    return (x * y).sum(0) / ((x * x).sum(0) * (y * y).sum(0)).sqrt();
  }

  static void print(const torch::Tensor& r, const std::string& what) {
    std::printf("r: yaw %.4f, mouth %.4f, left eye %.4f, right eye %.4f (%s)\n", r[kYaw].item<double>(),
                r[kMouth].item<double>(), r[evaluate::kLeftEye].item<double>(), r[evaluate::kRightEye].item<double>(),
                what.c_str());
    std::fflush(stdout);
  }

  static void report(const torch::Tensor& found, const torch::Tensor& truth, const std::string& what) {
    print(correlations(found, truth), what);
    const auto error = (found - truth).abs().mean(0);
    std::printf("   mean error: yaw %.4f, mouth %.4f, eyes %.4f %.4f\n", error[kYaw].item<double>(),
                error[kMouth].item<double>(), error[evaluate::kLeftEye].item<double>(),
                error[evaluate::kRightEye].item<double>());
  }

  std::filesystem::path folder_;
  int64_t steps_;
  HeadJudgeNetwork network_{nullptr};
  Adam adam_;
  int64_t step_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: train_judge FOLDER STEPS WEIGHTS.safetensors\n");
    return 2;
  }
  try {
    at::set_num_threads(1);
    Trainer trainer(argv[1], std::atoll(argv[2]));
    trainer.run();
    for (const int64_t side : {128, 256}) trainer.check(60, side);
    trainer.check_clips(12, 128);
    trainer.write_weights(argv[3]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "train_judge: %s\n", error.what());
    return 1;
  }
  return 0;
}
