#include "models/operation_recorder.h"

#include <ATen/record_function.h>
#include <torch/cuda.h>

#include <memory>
#include <utility>

#include "base/error.h"
#include "base/stopwatch.h"

namespace animate::models {
namespace {

// What the observers write into; they are plain functions, so it is found through `current`.
struct Observed {
  bool waits_for_gpu = false;
  int64_t depth = 0;
  std::vector<RecordedOperation> operations;
};

thread_local Observed* current = nullptr;

struct OutermostCall : at::ObserverContext {
  std::vector<c10::IValue> inputs;  // kept: LibTorch may have moved them on when the call ends
  Stopwatch watch;
};

std::unique_ptr<at::ObserverContext> on_begin(const at::RecordFunction& call) {
  if (current == nullptr || current->depth++ > 0) return nullptr;
  auto outermost = std::make_unique<OutermostCall>();
  const auto inputs = call.inputs();
  outermost->inputs.assign(inputs.begin(), inputs.end());
  if (current->waits_for_gpu) torch::cuda::synchronize();
  outermost->watch.restart();
  return outermost;
}

void on_end(const at::RecordFunction& call, at::ObserverContext* context) {
  if (current == nullptr) return;
  --current->depth;
  if (context == nullptr) return;
  const auto& outermost = static_cast<const OutermostCall&>(*context);
  if (current->waits_for_gpu) torch::cuda::synchronize();
  const double milliseconds = 1000 * outermost.watch.seconds();
  RecordedOperation recorded;
  static_cast<OperationCost&>(recorded) = operation_cost(call.name(), outermost.inputs, call.outputs());
  recorded.milliseconds = milliseconds;
  current->operations.push_back(std::move(recorded));
}

// The observers, for as long as this lives.
class Observers {
 public:
  explicit Observers(Observed& observed) {
    check(current == nullptr, ErrorKind::Internal, "operations are recorded within a recording");
    current = &observed;
    handle_ = at::addThreadLocalCallback(at::RecordFunctionCallback(on_begin, on_end)
                                             .needsInputs(true)
                                             .needsOutputs(true)
                                             .scopes({at::RecordScope::FUNCTION}));
  }
  ~Observers() {
    at::removeCallback(handle_);
    current = nullptr;
  }
  Observers(const Observers&) = delete;
  Observers& operator=(const Observers&) = delete;

 private:
  at::CallbackHandle handle_ = 0;
};

}  // namespace

Recording record_operations(const std::function<void()>& work, torch::Device device) {
  Observed observed;
  observed.waits_for_gpu = device.is_cuda();
  Recording recording;
  {
    const Observers observers(observed);
    const Stopwatch watch;
    work();
    if (observed.waits_for_gpu) torch::cuda::synchronize();
    recording.milliseconds = 1000 * watch.seconds();
  }
  recording.operations = std::move(observed.operations);
  return recording;
}

}  // namespace animate::models
