#include "train/autoencoder_task.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "base/counted.h"
#include "base/error.h"
#include "base/file_kind.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "core/device.h"
#include "core/picture_grid.h"
#include "core/weights.h"
#include "dataset/sheet_file.h"
#include "heads/counter_random.h"
#include "models/autoencoder/face_picture.h"
#include "models/autoencoder/layout.h"
#include "models/autoencoder/linear_code.h"
#include "models/autoencoder/networks.h"
#include "models/face_distribution.h"
#include "train/batches_ahead.h"
#include "train/face_data.h"

namespace animate::train {
namespace {

namespace autoencoder = models::autoencoder;

// Of all variance, what the stored directions hold.
constexpr double kKeptShare = 0.999;
// The linear code that the shipped model has to beat, whatever its own length.
constexpr int64_t kShortCode = 64;
constexpr int64_t kFacesAtOnce = 64;

std::shared_ptr<autoencoder::FaceAutoencoderImpl> fresh_autoencoder(const TrainJob& job,
                                                                    const AutoencoderConfig& config,
                                                                    const torch::Device& device) {
  torch::manual_seed(static_cast<uint64_t>(job.options.seed));
  auto networks = std::make_shared<autoencoder::FaceAutoencoderImpl>(config.model);
  networks->to(device);
  return networks;
}

std::vector<int64_t> first_numbers(int64_t count) {
  std::vector<int64_t> numbers(static_cast<size_t>(count));
  std::iota(numbers.begin(), numbers.end(), int64_t{0});
  return numbers;
}

class AutoencoderTask : public TrainingTask {
 public:
  AutoencoderTask(const TrainJob& job, const AutoencoderConfig& config)
      : options_(job.options),
        config_(config),
        setup_{config.yaml, job.options.seed, job.data ? "faces" : "heads", "mse"},
        device_(core::choose_device(job.options.runtime.device)),
        networks_(fresh_autoencoder(job, config, device_)),
        data_(open_faces(job, config)),
        ahead_([this](int64_t step) {
          return data_->take(numbers_of_step(*data_, config_.batch_size, seed(), step), true);
        }) {
    if (config.optimiser == AutoencoderConfig::Optimiser::Adam) {
      adam_.emplace(networks_->parameters(), config.lr, Adam::Betas{0.9, 0.999});
    } else {
      sgd_.emplace(networks_->parameters(), config.lr, config.momentum);
    }
  }

  RunSetup setup() const override { return setup_; }

  TrainingState state() override {
    TrainingState state{"an autoencoder", {{"model", networks_.get()}}, {}};
    state.optimisers.push_back({"optimizer", adam_ ? &*adam_ : nullptr, false, sgd_ ? &*sgd_ : nullptr});
    return state;
  }

  int64_t steps_per_epoch() const override {
    return steps_of_epoch(*data_, config_.batch_size, options_.steps_per_epoch);
  }
  int64_t planned_steps() const override { return config_.num_epochs * steps_per_epoch(); }
  int64_t validate_every() const override { return config_.validate_every; }

  std::vector<std::string> start_from(const checkpoint::Checkpoint& weights) override {
    const autoencoder::Scopes scopes = autoencoder::scopes_of(weights);
    std::vector<std::string> fresh;
    const auto take = [&fresh](torch::nn::Module& network, const checkpoint::CheckpointScope& scope,
                               const std::string& name) {
      for (const std::string& left : core::load_matching_state(network, scope, name)) {
        // What batch normalisation counts has no part in the result.
        if (!left.ends_with("num_batches_tracked")) fresh.push_back(name + "." + left);
      }
    };
    take(*networks_->encoder, scopes.encoder, "encoder");
    take(*networks_->decoder, scopes.decoder, "decoder");
    check(fresh.size() < core::state_names(*networks_).size(), ErrorKind::Model,
          "{}: none of its weights fit this config; give the config that they were trained with", weights.name());
    return fresh;
  }

  int64_t fetch(int64_t step) override {
    batch_ = ahead_.at(step);
    return batch_.skipped;
  }

  StepLosses step(const TrainingStep& now) override {
    networks_->train();
    set_learning_rate(now.step);
    shown_ = flipped(faces_of(batch_.bytes), now.step);
    painted_ = networks_->forward(shown_);
    StepLosses losses;
    losses.objective.add("mse", torch::mse_loss(painted_, shown_));
    const auto loss = losses.objective.total();
    if (!std::isfinite(loss.item<double>())) throw NotANumber("the loss");
    loss.backward();
    if (adam_) {
      adam_->step();
      adam_->zero_grad();
    } else {
      sgd_->step();
      sgd_->zero_grad();
    }
    return losses;
  }

  // A row of faces, below it what the networks made of them.
  void write_sheet(const std::filesystem::path& path) const override {
    const torch::NoGradGuard no_grad;
    const int64_t columns = std::min<int64_t>(8, shown_.size(0));
    const auto rows = torch::cat({shown_.narrow(0, 0, columns), painted_.detach().narrow(0, 0, columns)});
    dataset::save_sheet(path, core::grid_image(core::picture_grid(autoencoder::to_unit(rows), columns)));
  }

  std::vector<Figure> validate() override {
    const torch::NoGradGuard no_grad;
    if (!held_out_) held_out_ = data_->held_out(config_.validate_pictures);
    if (!held_out_->bytes.defined()) return {};
    const auto truth = faces_of(held_out_->bytes);
    const int64_t numbers = config_.model.numbers;
    if (!linear_error_) measure_linear_codes(truth);
    const double error = reconstruction_error(truth);
    return {{"mse", error, short_error_},
            {"mse_to_linear_code", error / std::max(*linear_error_, 1e-12), 1},
            {"linear_code_" + std::to_string(numbers), *linear_error_, *linear_error_}};
  }

  void export_model(const std::filesystem::path& path, const std::string& training) const override {
    const torch::NoGradGuard no_grad;
    networks_->eval();
    std::map<std::string, torch::Tensor> tensors;
    const auto keep = [&](const std::string& name, const torch::Tensor& tensor) {
      const bool statistic = name.ends_with("running_var") || name.ends_with("running_mean");
      tensors[name] = tensor.is_floating_point() && !statistic ? tensor.to(torch::kHalf) : tensor;
    };
    for (const auto& item : networks_->named_parameters()) keep(item.key(), item.value());
    for (const auto& item : networks_->named_buffers()) keep(item.key(), item.value());
    for (const auto& [name, tensor] : fitted_distribution().arrays()) tensors["distribution." + name] = tensor;
    core::save_tensors(
        path, tensors,
        {{"format", "animate-model"}, {"family", "autoencoder"}, {"config", config_.yaml}, {"training", training}});
  }

 private:
  uint64_t seed() const { return static_cast<uint64_t>(options_.seed); }

  // Bytes -> [-1, 1] on the device.
  torch::Tensor faces_of(const torch::Tensor& bytes) const {
    return autoencoder::to_signed(autoencoder::from_face_bytes(bytes.to(device_)));
  }

  torch::Tensor flipped(const torch::Tensor& faces, int64_t step) const {
    if (!config_.horizontal_flip) return faces;
    heads::CounterRandom random(seed() ^ 0xF11BULL, static_cast<uint64_t>(step));
    std::vector<torch::Tensor> rows;
    for (int64_t i = 0; i < faces.size(0); ++i) rows.push_back(random.chance(0.5F) ? faces[i].flip({2}) : faces[i]);
    return torch::stack(rows);
  }

  void set_learning_rate(int64_t step) {
    double rate = config_.lr;
    if (config_.lr_half_life > 0) {
      rate *= std::exp2(-static_cast<double>(step) / static_cast<double>(config_.lr_half_life));
    }
    if (adam_) adam_->set_learning_rate(rate);
    if (sgd_) sgd_->set_learning_rate(rate);
  }

  double reconstruction_error(const torch::Tensor& truth) const {
    networks_->eval();
    double sum = 0;
    for (const auto& some : truth.split(kFacesAtOnce)) {
      sum += (networks_->forward(some) - some).square().sum(torch::kDouble).item<double>();
    }
    return sum / static_cast<double>(truth.numel());
  }

  // Numbers of training faces, at most `most` of them where that is not 0.
  std::vector<int64_t> training_numbers(int64_t most) const {
    const int64_t count = data_->count();
    if (count == 0) return first_numbers(most > 0 ? most : config_.linear_code_pictures);
    return first_numbers(most > 0 ? std::min(most, count) : count);
  }

  void measure_linear_codes(const torch::Tensor& truth) {
    const Stopwatch watch;
    const auto known = data_->take(training_numbers(config_.linear_code_pictures), false).bytes;
    short_error_ = 0;
    linear_error_ = 0;
    if (known.size(0) < 2) return;
    const int64_t numbers = config_.model.numbers;
    const auto code = autoencoder::LinearCode::fit(faces_of(known), std::max(numbers, kShortCode));
    short_error_ = code.error(truth, std::min(kShortCode, numbers));
    linear_error_ = code.error(truth, numbers);
    log::info(
        "linear codes, fitted to {}, on {}: mse {:.4f} with 0 numbers (the mean face), {:.4f} with {}, {:.4f} with {} "
        "({:.0f} s)",
        counted(known.size(0), "face"), counted(truth.size(0), "held-out face"), code.error(truth, 0), short_error_,
        std::min({kShortCode, numbers, code.numbers()}), *linear_error_, std::min(numbers, code.numbers()),
        watch.seconds());
  }

  models::FaceDistribution fitted_distribution() const {
    const auto numbers = training_numbers(config_.distribution_pictures);
    models::PooledCovariance codes;
    int64_t skipped = 0;
    for (size_t begin = 0; begin < numbers.size(); begin += kFacesAtOnce) {
      const size_t end = std::min(begin + kFacesAtOnce, numbers.size());
      std::vector<int64_t> some(numbers.begin() + static_cast<std::ptrdiff_t>(begin),
                                numbers.begin() + static_cast<std::ptrdiff_t>(end));
      const FaceBatch batch = data_->take(some, false);
      skipped += batch.skipped;
      codes.add(networks_->encode(faces_of(batch.bytes)).flatten(1));
    }
    check(codes.count() >= 2, ErrorKind::Input,
          "the distribution of codes needs at least two faces, and {} can be read; add more", codes.count());
    if (skipped > 0) log::warn("{} could not be read and has no part in the distribution", counted(skipped, "picture"));
    auto distribution = models::FaceDistribution::of(codes.mean(), codes.covariance(), kKeptShare);
    log::info("the distribution of the codes of {}: {} hold {:.1f} % of their variance", counted(codes.count(), "face"),
              counted(distribution.draws(), "direction"), 100 * kKeptShare);
    return distribution;
  }

  const TrainOptions& options_;
  AutoencoderConfig config_;
  RunSetup setup_;
  torch::Device device_;
  std::shared_ptr<autoencoder::FaceAutoencoderImpl> networks_;
  std::optional<Adam> adam_;
  std::optional<Sgd> sgd_;
  std::unique_ptr<FaceData> data_;
  FaceBatch batch_;
  torch::Tensor shown_, painted_;  // of the last step
  std::optional<FaceBatch> held_out_;
  std::optional<double> linear_error_;
  double short_error_ = 0;
  BatchesAhead<FaceBatch> ahead_;  // last: its thread uses what stands above
};

}  // namespace

std::unique_ptr<TrainingTask> make_autoencoder_task(const TrainJob& job, const AutoencoderConfig& config) {
  check(job.vgg.empty(), ErrorKind::Usage, "--vgg {}: an autoencoder's loss is the mean squared error; leave it out",
        show(job.vgg));
  return std::make_unique<AutoencoderTask>(job, config);
}

TrainSummary fit_only(TrainingTask& task, const TrainJob& job) {
  const Stopwatch watch;
  std::error_code ec;
  std::filesystem::path from = !job.init.empty() ? job.init : job.resume;
  if (from.empty() && std::filesystem::exists(job.output / "checkpoint.pth.tar", ec)) {
    from = job.output / "checkpoint.pth.tar";
  }
  check(!from.empty(), ErrorKind::Usage,
        "--fit-only: there are no weights to fit a distribution to; give them with --init, or the output folder of a "
        "run with -o");
  require_file(from, "a model whose codes are fitted");
  const auto fresh = task.start_from(checkpoint::Checkpoint::open(from));
  check(fresh.empty(), ErrorKind::Model,
        "{}: {} of the config's tensors are not in it or of another shape ({}, …); give whole weights, encoder and "
        "decoder, and the config that they were trained with",
        show(from), fresh.size(), fresh.empty() ? "" : fresh.front());
  std::filesystem::create_directories(job.output, ec);
  check(!ec, ErrorKind::Input, "{}: the folder cannot be made ({}); choose another output", show(job.output),
        ec.message());
  TrainSummary summary;
  summary.model = job.output / "model.safetensors";
  task.export_model(summary.model, fmt::format("weights of {}, distribution fitted", from.filename().string()));
  summary.seconds = watch.seconds();
  return summary;
}

}  // namespace animate::train
