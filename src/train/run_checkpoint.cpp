#include "train/run_checkpoint.h"

#include <charconv>
#include <unordered_map>

#include "base/error.h"
#include "checkpoint/torch_zip_writer.h"
#include "core/weights.h"

namespace animate::train {
namespace {

constexpr const char* kOwn = "animate";
constexpr const char* kVelocity = "momentum_buffer";

// The pickle writer, and the copies on the CPU that it still has to write.
class Writer {
 public:
  void tensor(const std::string& key, const torch::Tensor& tensor) {
    out.text(key);
    kept_.push_back(tensor.detach().to(torch::kCPU).contiguous());
    const auto& copy = kept_.back();
    checkpoint::ArrayInfo info{core::to_dtype(copy.scalar_type()), copy.sizes().vec(), {}};
    info.strides = checkpoint::contiguous_strides(info.shape);
    out.tensor(info, {static_cast<const std::byte*>(copy.data_ptr()), static_cast<size_t>(copy.nbytes())});
  }

  void state(const std::string& key, const torch::nn::Module& module) {
    std::unordered_map<std::string, torch::Tensor> tensors;
    for (const auto& item : module.named_parameters()) tensors[item.key()] = item.value();
    for (const auto& item : module.named_buffers()) tensors[item.key()] = item.value();
    out.text(key);
    out.begin_ordered_dict();
    for (const std::string& name : core::state_names(module)) tensor(name, tensors.at(name));
    out.end_dict();
  }

  void optimiser(const std::string& key, const Adam& adam) {
    out.text(key);
    out.begin_dict();
    out.text("state");
    out.begin_dict();
    for (size_t i = 0; i < adam.moments().size(); ++i) {
      const Adam::Moments& moments = adam.moments()[i];
      if (!moments.exp_avg.defined()) continue;
      out.integer(static_cast<int64_t>(i));
      out.begin_dict();
      tensor("step", torch::tensor(static_cast<float>(moments.steps)));
      tensor("exp_avg", moments.exp_avg);
      tensor("exp_avg_sq", moments.exp_avg_sq);
      out.end_dict();
    }
    out.end_dict();
    out.text("param_groups");
    out.begin_list();
    param_group(adam);
    out.end_list();
    out.end_dict();
  }

  void optimiser(const std::string& key, const Sgd& sgd) {
    out.text(key);
    out.begin_dict();
    out.text("state");
    out.begin_dict();
    for (size_t i = 0; i < sgd.velocities().size(); ++i) {
      if (!sgd.velocities()[i].defined()) continue;
      out.integer(static_cast<int64_t>(i));
      out.begin_dict();
      tensor(kVelocity, sgd.velocities()[i]);
      out.end_dict();
    }
    out.end_dict();
    out.text("param_groups");
    out.begin_list();
    out.begin_dict();
    number("lr", sgd.learning_rate());
    number("momentum", sgd.momentum());
    number("dampening", 0);
    number("weight_decay", 0);
    out.text("nesterov");
    out.boolean(false);
    positions(sgd.parameters().size());
    out.end_dict();
    out.end_list();
    out.end_dict();
  }

  checkpoint::TorchZipWriter out;

 private:
  void param_group(const Adam& adam) {
    out.begin_dict();
    number("lr", adam.learning_rate());
    out.text("betas");
    out.begin_tuple();
    out.number(adam.betas().first);
    out.number(adam.betas().second);
    out.end_tuple();
    number("eps", Adam::kEps);
    number("weight_decay", 0);
    out.text("amsgrad");
    out.boolean(false);
    positions(adam.parameters().size());
    out.end_dict();
  }

  void positions(size_t count) {
    out.text("params");
    out.begin_list();
    for (size_t i = 0; i < count; ++i) out.integer(static_cast<int64_t>(i));
    out.end_list();
  }

  void number(const char* key, double value) {
    out.text(key);
    out.number(value);
  }

  std::vector<torch::Tensor> kept_;
};

// Leaves of the file that are not tensors, by name.
class Scalars {
 public:
  explicit Scalars(const checkpoint::Checkpoint& file)
      : file_(file), values_(file.scalars().begin(), file.scalars().end()) {}

  bool contains(const std::string& name) const { return values_.contains(name); }
  const std::string& text(const std::string& name) const {
    const auto found = values_.find(name);
    check(found != values_.end(), ErrorKind::Model, "{}: has no entry '{}'; give a checkpoint of a training run",
          file_.name(), name);
    return found->second;
  }
  template <typename T>
  T number(const std::string& name) const {
    const std::string& written = text(name);
    T value{};
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
    check(error == std::errc() && end == written.data() + written.size(), ErrorKind::Model,
          "{}: the entry '{}' is not a number; give a checkpoint of a training run", file_.name(), name);
    return value;
  }

 private:
  const checkpoint::Checkpoint& file_;
  std::unordered_map<std::string, std::string> values_;
};

int64_t read_steps(const checkpoint::Checkpoint& file, const Scalars& scalars, const std::string& name) {
  // torch 1.0 kept a plain integer.
  if (!file.contains(name)) return scalars.number<int64_t>(name);
  const auto tensor = core::read_tensor(file.scope(""), name).to(torch::kFloat64);
  const double steps = tensor.numel() == 1 ? tensor.item<double>() : -1;
  constexpr double most = 9007199254740992;  // 2^53
  check(steps >= 0 && steps <= most, ErrorKind::Model, "{}: '{}' is no count of steps; give an undamaged checkpoint",
        file.name(), name);
  return static_cast<int64_t>(steps);
}

torch::Tensor read_moment(const checkpoint::Checkpoint& file, const std::string& name, const torch::Tensor& parameter) {
  check(file.info(name).shape == parameter.sizes().vec(), ErrorKind::Model,
        "{}: '{}' has another shape than its parameter; resume with the config the run was started with", file.name(),
        name);
  return core::read_tensor(file.scope(""), name);
}

void require_optimiser(const checkpoint::Checkpoint& file, const Scalars& scalars, const std::string& key) {
  check(scalars.contains(key + ".param_groups.0.lr"), ErrorKind::Model,
        "{}: has no '{}' and so cannot be resumed; give a checkpoint of a training run, or start a new run from its "
        "weights",
        file.name(), key);
}

// The names of the parameters' states, in the order of the parameters, which are known by the ids they are listed with:
// addresses in torch 1.0, positions today.
std::vector<std::string> state_prefixes(const checkpoint::Checkpoint& file, const Scalars& scalars,
                                        const std::string& key, size_t parameters) {
  const std::string group = key + ".param_groups.0.";
  require_optimiser(file, scalars, key);
  size_t count = 0;
  while (scalars.contains(fmt::format("{}params.{}", group, count))) ++count;
  check(count == parameters, ErrorKind::Model,
        "{}: '{}' is for {} parameters, the network has {}; resume with the config the run was started with",
        file.name(), key, count, parameters);
  std::vector<std::string> prefixes;
  for (size_t i = 0; i < count; ++i) {
    prefixes.push_back(fmt::format("{}.state.{}.", key, scalars.text(fmt::format("{}params.{}", group, i))));
  }
  return prefixes;
}

void load_optimiser(const checkpoint::Checkpoint& file, const Scalars& scalars, const std::string& key, Sgd& sgd) {
  const auto& parameters = sgd.parameters();
  const auto prefixes = state_prefixes(file, scalars, key, parameters.size());
  std::vector<torch::Tensor> velocities(parameters.size());
  for (size_t i = 0; i < parameters.size(); ++i) {
    check(!file.contains(prefixes[i] + "exp_avg"), ErrorKind::Model,
          "{}: '{}' is the state of Adam, and the config says sgd; resume with the config the run was started with",
          file.name(), key);
    const std::string name = prefixes[i] + kVelocity;
    if (file.contains(name)) velocities[i] = read_moment(file, name, parameters[i]);
  }
  sgd.restore(velocities);
  sgd.set_learning_rate(scalars.number<double>(key + ".param_groups.0.lr"));
}

void load_optimiser(const checkpoint::Checkpoint& file, const Scalars& scalars, const std::string& key, Adam& adam) {
  const auto& parameters = adam.parameters();
  const auto prefixes = state_prefixes(file, scalars, key, parameters.size());
  std::vector<Adam::Moments> moments(parameters.size());
  for (size_t i = 0; i < parameters.size(); ++i) {
    const std::string& state = prefixes[i];
    check(!file.contains(state + kVelocity), ErrorKind::Model,
          "{}: '{}' is the state of SGD, and the config says adam; resume with the config the run was started with",
          file.name(), key);
    if (!file.contains(state + "exp_avg")) continue;
    moments[i] = {read_steps(file, scalars, state + "step"), read_moment(file, state + "exp_avg", parameters[i]),
                  read_moment(file, state + "exp_avg_sq", parameters[i])};
  }
  adam.restore(moments);
  adam.set_learning_rate(scalars.number<double>(key + ".param_groups.0.lr"));
}

}  // namespace

void save_run_checkpoint(const std::filesystem::path& path, const TrainingState& state,
                         const TrainingProgress& progress) {
  Writer writer;
  writer.out.begin_dict();
  for (const auto& network : state.networks) writer.state(network.name, *network.module);
  for (const auto& optimiser : state.optimisers) {
    if (optimiser.sgd != nullptr) {
      writer.optimiser(optimiser.name, *optimiser.sgd);
    } else {
      writer.optimiser(optimiser.name, *optimiser.adam);
    }
  }
  writer.out.text("epoch");
  writer.out.integer(progress.epoch);
  writer.out.text(kOwn);
  writer.out.begin_dict();
  writer.tensor("step", torch::tensor(progress.step, torch::kInt64));
  for (const auto& [name, tensor] : progress.extras) writer.tensor("extra." + name, tensor);
  writer.out.end_dict();
  writer.out.end_dict();
  writer.out.write(path);
}

TrainingProgress read_run_progress(const checkpoint::Checkpoint& file, const TrainingState& state) {
  const Scalars scalars(file);
  for (const auto& network : state.networks) {
    check(network.optional || !file.scope(network.name).empty(), ErrorKind::Model,
          "{}: has no '{}' entry; give a checkpoint of a training run of {}", file.name(), network.name, state.family);
  }
  for (const auto& optimiser : state.optimisers) {
    if (!optimiser.optional) require_optimiser(file, scalars, optimiser.name);
  }
  TrainingProgress progress;
  progress.epoch = scalars.number<int64_t>("epoch");
  const auto own = file.scope(kOwn);
  constexpr std::string_view extra = "extra.";
  for (const std::string& name : own.names()) {
    if (name == "step") progress.step = read_steps(file, scalars, std::string(kOwn) + ".step");
    if (name.starts_with(extra)) progress.extras[name.substr(extra.size())] = core::read_tensor(own, name);
  }
  return progress;
}

void load_run_checkpoint(const checkpoint::Checkpoint& file, const TrainingState& state) {
  for (const auto& network : state.networks) {
    const auto scope = file.scope(network.name);
    if (network.optional && scope.empty()) continue;
    core::load_state(*network.module, scope, network.name);
  }
  load_run_optimisers(file, state);
}

void load_run_optimisers(const checkpoint::Checkpoint& file, const TrainingState& state) {
  const Scalars scalars(file);
  for (const auto& optimiser : state.optimisers) {
    if (optimiser.sgd != nullptr) {
      load_optimiser(file, scalars, optimiser.name, *optimiser.sgd);
    } else {
      load_optimiser(file, scalars, optimiser.name, *optimiser.adam);
    }
  }
}

}  // namespace animate::train
