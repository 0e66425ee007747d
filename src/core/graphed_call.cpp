#include "core/graphed_call.h"

#include <algorithm>

#include <exception>
#include <utility>

#include "base/log.h"

// A CUDA graph replays kernels with the very addresses they were recorded with. So every recording has inputs and
// outputs of its own, and values are copied in and out around it:
//
//   call 1, 2   function(inputs)                                  libraries choose kernels, memory pools fill up
//   call 3      recording.inputs = copies; record function(recording.inputs) -> recording.outputs
//   call 3...   inputs --copy--> recording.inputs  [replay]  recording.outputs --copy--> results
//
// A replay is one launch instead of hundreds, which matters where each kernel runs shorter than its launch takes.
namespace animate::core {
namespace {

// Shapes and element types as a text: what a recording is good for. "1,3,256,256,6;;" has an undefined second tensor.
std::string key_of(const GraphedCall::Tensors& tensors) {
  std::string key;
  for (const torch::Tensor& tensor : tensors) {
    if (tensor.defined()) {
      for (const int64_t side : tensor.sizes()) key += std::to_string(side) + ",";
      key += std::to_string(static_cast<int>(tensor.scalar_type()));
    }
    key += ";";
  }
  return key;
}

torch::Tensor copy_of(const torch::Tensor& tensor) { return tensor.defined() ? tensor.clone() : tensor; }

GraphedCall::Tensors copies_of(const GraphedCall::Tensors& tensors) {
  GraphedCall::Tensors copies;
  for (const torch::Tensor& tensor : tensors) copies.push_back(copy_of(tensor));
  return copies;
}

}  // namespace

GraphedCall::GraphedCall(std::string name, Function function, cuda::GraphRecorder recorder)
    : name_(std::move(name)), function_(std::move(function)), recorder_(std::move(recorder)) {}

void GraphedCall::record(Recording& recording, const Tensors& inputs) const {
  recording.inputs = copies_of(inputs);
  try {
    recording.work = recorder_([&recording, this] { recording.outputs = function_(recording.inputs); });
  } catch (const std::exception& error) {
    // For good: what fails for one shape would fail for the next, and each try costs time. `recording` is gone after
    // clear().
    gave_up_ = true;
    recordings_.clear();
    const std::string reason = error.what();
    log::warn("the {} cannot be recorded as a CUDA graph ({}); it runs without", name_,
              reason.substr(0, reason.find('\n')));
  }
}

GraphedCall::Tensors GraphedCall::operator()(const Tensors& inputs) const {
  if (!recorder_) return function_(inputs);
  const std::scoped_lock lock(mutex_);
  // The lock is held to the end: two replays at once would write into the same tensors.
  const std::string key = key_of(inputs);
  if (gave_up_ || !has_place_for(key)) return function_(inputs);
  Recording& recording = recordings_[key];
  if (++recording.calls <= kWarmUps) return function_(inputs);
  if (!recording.work) {
    record(recording, inputs);
    if (gave_up_) return function_(inputs);
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].defined()) recording.inputs[i].copy_(inputs[i], /*non_blocking=*/true);
  }
  recording.work->replay();
  // Copies, since the next replay writes over them. All is queued on one stream, which keeps the order.
  return copies_of(recording.outputs);
}

// Recordings keep their memory, so there are few. A shape that was seen and never recorded, as the rest of a clip at
// its end is, makes room for another.
bool GraphedCall::has_place_for(const std::string& key) const {
  if (recordings_.contains(key) || recordings_.size() < kMostShapes) return true;
  const auto idle =
      std::find_if(recordings_.begin(), recordings_.end(), [](const auto& entry) { return !entry.second.work; });
  if (idle == recordings_.end()) return false;
  recordings_.erase(idle);
  return true;
}

size_t GraphedCall::recorded() const {
  const std::scoped_lock lock(mutex_);
  size_t count = 0;
  for (const auto& [key, recording] : recordings_) count += recording.work ? 1 : 0;
  return count;
}

}  // namespace animate::core
