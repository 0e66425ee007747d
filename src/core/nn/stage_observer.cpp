#include "core/nn/stage_observer.h"

#include <utility>

namespace animate::core::nn {
namespace {

thread_local StageObserver::Show observer;

}  // namespace

StageObserver::StageObserver(Show show) { observer = std::move(show); }

StageObserver::~StageObserver() { observer = nullptr; }

bool is_observed() { return observer != nullptr; }

void show_stage(const torch::nn::Module& module, const torch::Tensor& output) {
  if (observer) observer(module, output);
}

}  // namespace animate::core::nn
