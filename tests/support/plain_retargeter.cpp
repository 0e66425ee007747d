#include "support/plain_retargeter.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "checkpoint/checkpoint.h"

namespace animate::test {
namespace {

std::vector<float> flat(const Points3& points) {
  std::vector<float> values;
  for (const Point3& point : points) values.insert(values.end(), point.begin(), point.end());
  return values;
}

std::vector<float> read_floats(const checkpoint::Checkpoint& checkpoint, const std::string& name) {
  const checkpoint::ArrayInfo& info = checkpoint.info(name);
  if (info.dtype != checkpoint::DType::F32) throw std::runtime_error(name + " is not float32");
  std::vector<float> values(static_cast<size_t>(info.numel()));
  checkpoint.read(name, std::as_writable_bytes(std::span(values)));
  return values;
}

}  // namespace

PlainRetargeter::PlainRetargeter(const std::filesystem::path& path) {
  const checkpoint::Checkpoint checkpoint = checkpoint::Checkpoint::open(path);
  const std::map<std::string, Network*> networks{
      {"retarget_shoulder", &stitching_}, {"retarget_eye", &eye_}, {"retarget_mouth", &lip_}};
  // network name -> number of a layer -> layer; "retarget_eye.mlp.2.weight"
  std::map<std::string, std::map<int, Layer>> layers;
  for (const std::string& name : checkpoint.names()) {
    std::string key = name;
    for (size_t at = 0; (at = key.find("module.")) != std::string::npos;) key.erase(at, 7);
    const size_t mlp = key.find(".mlp.");
    if (mlp == std::string::npos || !networks.contains(key.substr(0, mlp))) continue;
    size_t digits = 0;
    const int number = std::stoi(key.substr(mlp + 5), &digits);
    Layer& layer = layers[key.substr(0, mlp)][number];
    (key.substr(mlp + 5 + digits) == ".weight" ? layer.weight : layer.bias) = read_floats(checkpoint, name);
  }
  for (const auto& [name, network] : networks) {
    for (auto& [number, layer] : layers[name]) network->push_back(std::move(layer));
    if (network->empty()) throw std::runtime_error(path.string() + " has no " + name);
  }
}

std::vector<float> PlainRetargeter::run(const Network& network, std::vector<float> values) {
  for (const Layer& layer : network) {
    if (layer.weight.size() != layer.bias.size() * values.size()) throw std::runtime_error("a layer does not fit");
    std::vector<float> next(layer.bias);
    for (size_t row = 0; row < next.size(); ++row) {
      double sum = next[row];
      for (size_t i = 0; i < values.size(); ++i) {
        sum += static_cast<double>(layer.weight[row * values.size() + i]) * values[i];
      }
      next[row] = static_cast<float>(&layer == &network.back() ? sum : std::max(sum, 0.0));
    }
    values = std::move(next);
  }
  return values;
}

Points3 PlainRetargeter::stitch(const Points3& source, const Points3& driving) const {
  std::vector<float> input = flat(source);
  const std::vector<float> second = flat(driving);
  input.insert(input.end(), second.begin(), second.end());
  const std::vector<float> output = run(stitching_, std::move(input));
  Points3 result = driving;
  const size_t shift = 3 * driving.size();
  for (size_t k = 0; k < result.size(); ++k) {
    for (size_t axis = 0; axis < 3; ++axis) result[k][axis] += output.at(3 * k + axis);
    result[k][0] += output.at(shift);
    result[k][1] += output.at(shift + 1);
  }
  return result;
}

Points3 PlainRetargeter::delta(const Network& network, const Points3& source, std::span<const float> ratios) {
  std::vector<float> input = flat(source);
  input.insert(input.end(), ratios.begin(), ratios.end());
  const std::vector<float> output = run(network, std::move(input));
  Points3 result(source.size());
  for (size_t k = 0; k < result.size(); ++k) result[k] = {output.at(3 * k), output.at(3 * k + 1), output.at(3 * k + 2)};
  return result;
}

Points3 PlainRetargeter::eye_delta(const Points3& source, const std::array<float, 3>& ratios) const {
  return delta(eye_, source, ratios);
}

Points3 PlainRetargeter::lip_delta(const Points3& source, const std::array<float, 2>& ratios) const {
  return delta(lip_, source, ratios);
}

}  // namespace animate::test
