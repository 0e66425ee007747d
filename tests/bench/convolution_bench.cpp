// The 3 x 3 convolutions of both families, and the 7 x 7 ones that keep their size at many channels, layer by layer, by
// LibTorch and by Winograd: what core/nn/fast_conv chooses by.
//   convolution_bench --benchmark_filter=bottleneck     OMP_NUM_THREADS=1 for one core
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>

#include <array>
#include <string>

#include "core/nn/fast_conv/fast_convolution.h"

namespace {

using animate::core::nn::ConvMode;
using animate::core::nn::FastConvolution;

struct Layer {
  const char* name;
  int64_t in, out, depth, side;  // depth 0: a map
  bool upsampled, modulates;
  int64_t kernel = 3;
};

constexpr auto kLayers = std::to_array<Layer>({
    {"vox down_blocks.0", 64, 128, 0, 256, false, false},
    {"vox down_blocks.1", 128, 256, 0, 128, false, false},
    {"vox bottleneck", 256, 256, 0, 64, false, false},
    {"vox up_blocks.0", 256, 128, 0, 64, true, false},
    {"vox up_blocks.1", 128, 64, 0, 128, true, false},
    {"vox dense_motion encoder.0", 44, 128, 0, 64, false, false},
    {"vox dense_motion encoder.1", 128, 256, 0, 32, false, false},
    {"vox dense_motion encoder.2", 256, 512, 0, 16, false, false},
    {"vox dense_motion encoder.3", 512, 1024, 0, 8, false, false},
    {"vox dense_motion encoder.4", 1024, 1024, 0, 4, false, false},
    {"vox dense_motion decoder.0", 1024, 1024, 0, 2, true, false},
    {"vox dense_motion decoder.1", 2048, 512, 0, 4, true, false},
    {"vox dense_motion decoder.2", 1024, 256, 0, 8, true, false},
    {"vox dense_motion decoder.3", 512, 128, 0, 16, true, false},
    {"vox dense_motion decoder.4", 256, 64, 0, 32, true, false},
    {"vox dense_motion heads", 108, 12, 0, 64, false, false, 7},
    {"vox kp_detector encoder.0", 3, 64, 0, 64, false, false},
    {"vox kp_detector encoder.1", 64, 128, 0, 32, false, false},
    {"vox kp_detector encoder.2", 128, 256, 0, 16, false, false},
    {"vox kp_detector encoder.3", 256, 512, 0, 8, false, false},
    {"vox kp_detector encoder.4", 512, 1024, 0, 4, false, false},
    {"vox kp_detector decoder.0", 1024, 512, 0, 2, true, false},
    {"vox kp_detector decoder.1", 1024, 256, 0, 4, true, false},
    {"vox kp_detector decoder.2", 512, 128, 0, 8, true, false},
    {"vox kp_detector decoder.3", 256, 64, 0, 16, true, false},
    {"vox kp_detector decoder.4", 128, 32, 0, 32, true, false},
    {"F first", 3, 64, 0, 256, false, false},
    {"F down_blocks.0", 64, 128, 0, 256, false, false},
    {"F down_blocks.1", 128, 256, 0, 128, false, false},
    {"F resblocks_3d", 32, 32, 16, 64, false, false},
    {"W hourglass encoder.0", 110, 64, 16, 64, false, false},
    {"W hourglass encoder.1", 64, 128, 16, 32, false, false},
    {"W hourglass encoder.2", 128, 256, 16, 16, false, false},
    {"W hourglass encoder.3", 256, 512, 16, 8, false, false},
    {"W hourglass encoder.4", 512, 1024, 16, 4, false, false},
    {"W hourglass decoder.0", 1024, 512, 16, 2, true, false},
    {"W hourglass decoder.1", 1024, 256, 16, 4, true, false},
    {"W hourglass decoder.2", 512, 128, 16, 8, true, false},
    {"W hourglass decoder.3", 256, 64, 16, 16, true, false},
    {"W hourglass decoder.4", 128, 32, 16, 32, true, false},
    {"W hourglass conv", 142, 142, 16, 64, false, false},
    {"W mask", 142, 22, 16, 64, false, false, 7},
    {"W third", 512, 256, 0, 64, false, false},
    {"G fc", 256, 512, 0, 64, false, false},
    {"G middle shared", 256, 256, 0, 64, false, false},
    {"G middle modulation", 128, 1024, 0, 64, false, true},
    {"G middle conv", 512, 512, 0, 64, false, false},
    {"G up_0 shared", 256, 384, 0, 64, true, false},
    {"G up_0 modulation", 128, 1024, 0, 128, false, true},
    {"G up_0 conv_0", 512, 256, 0, 128, false, false},
    {"G up_1 shared", 256, 384, 0, 128, true, false},
    {"G up_1 modulation", 128, 512, 0, 256, false, true},
    {"G up_1 conv_0", 256, 64, 0, 256, false, false},
    {"G conv_img", 64, 12, 0, 256, false, false},
});

void measure(benchmark::State& state, const Layer& layer, ConvMode mode) {
  const c10::InferenceMode guard;
  const bool volume = layer.depth > 0;
  FastConvolution::Form form;
  form.upsampled = layer.upsampled;
  form.modulates = layer.modulates;
  const int64_t k = layer.kernel;
  const auto weight = volume ? torch::randn({layer.out, layer.in, k, k, k}) : torch::randn({layer.out, layer.in, k, k});
  const FastConvolution convolution(weight, torch::randn({layer.out}), form, mode);
  auto x = volume ? torch::randn({1, layer.in, layer.depth, layer.side, layer.side})
                  : torch::randn({1, layer.in, layer.side, layer.side});
  // As it comes from the layer before.
  const auto last = volume ? torch::MemoryFormat::ChannelsLast3d : torch::MemoryFormat::ChannelsLast;
  if (mode == ConvMode::Winograd) x = x.contiguous(last);
  const auto content = torch::randn({1, layer.out / 2, layer.side, layer.side});
  const auto run = [&] {
    return layer.modulates ? convolution.modulate(x, content, animate::core::nn::instance_statistics(content))
                           : convolution.forward(x);
  };
  run();
  for (auto _ : state) benchmark::DoNotOptimize(run());
  const double outputs = static_cast<double>(layer.out * std::max<int64_t>(layer.depth, 1) * layer.side * layer.side) *
                         (layer.upsampled ? 4 : 1);
  const double operations = 2 * outputs * static_cast<double>(layer.in * k * k * (volume ? k : 1));
  state.counters["GFLOP/s"] = benchmark::Counter(operations * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
}

}  // namespace

int main(int argc, char** argv) {
  for (const Layer& layer : kLayers) {
    for (const auto& [mode, word] :
         {std::pair(ConvMode::Direct, "direct"), std::pair(ConvMode::Winograd, "winograd")}) {
      const std::string name = std::string(layer.name) + "/" + word;
      benchmark::RegisterBenchmark(name.c_str(),
                                   [&layer, mode = mode](benchmark::State& state) { measure(state, layer, mode); })
          ->Unit(benchmark::kMillisecond)
          ->UseRealTime();
    }
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
