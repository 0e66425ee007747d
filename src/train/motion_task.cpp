#include "base/error.h"
#include "train/head_task_base.h"

namespace animate::train {

std::unique_ptr<TrainingTask> make_motion_task(const TrainJob&, const fomm::Config&, const TrainConfig&) {
  fail(ErrorKind::Internal, "the phase is not there yet");
}

}  // namespace animate::train
