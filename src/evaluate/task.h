#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "animate/evaluator.h"
#include "animate/progress.h"
#include "base/error.h"
#include "evaluate/contact_sheet.h"
#include "evaluate/frame_judge.h"
#include "evaluate/head_judge.h"
#include "evaluate/picture_measures.h"
#include "models/driven_model.h"

namespace animate::evaluate {

// What one measurement of one model works with.
struct Task {
  const models::DrivenModel& model;
  const EvaluateJob& job;
  FrameJudge* judge;            // may be nullptr
  const HeadJudge* head_judge;  // may be nullptr
  ContactSheet& sheet;
  // Called with clip, frame number, driving and generated picture of a reconstruction where frames are kept; may be
  // empty.
  std::function<void(const std::string&, int64_t, const torch::Tensor&, const torch::Tensor&)> keep;
  Progress& progress;
  std::stop_token stop;

  void stop_if_asked() const {
    check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
  }
};

// Figures of a reconstruction, in the order of the table.
std::span<const FigureKind> reconstruction_kinds();

// Absolute keypoints, as the paper's protocol has them.
MotionOptions absolute_motion();

// Adds what any reconstructed frame is judged by: L1, PSNR, SSIM, the networks from outside. Both [1, 3, H, W] on the
// CPU. Keeps the frames if asked to.
void judge_frame(const Task& task, const std::string& item, int64_t frame, const torch::Tensor& driving,
                 const torch::Tensor& result, Tally& tally);

}  // namespace animate::evaluate
