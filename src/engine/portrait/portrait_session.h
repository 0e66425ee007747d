#pragma once

#include <torch/types.h>

#include <memory>
#include <optional>
#include <vector>

#include "animate/session.h"
#include "engine/portrait/face_finder.h"
#include "engine/portrait/portrait_composer.h"
#include "engine/portrait/portrait_source.h"
#include "face/driving_crop.h"
#include "models/liveportrait/liveportrait_model.h"
#include "motion/motion_transfer.h"

namespace animate::engine {

// A LivePortrait session. What a job knows of the whole driver is done step by step here: the driving crop follows the
// face with a lag, nothing is smoothed, and a picture without a face holds the last pose.
class PortraitSession : public Session {
 public:
  // `finder` says where faces are, in the source and in the driving pictures.
  PortraitSession(std::shared_ptr<const models::liveportrait::LivePortraitModel> model, const Image& source,
                  const AnimateOptions& options, std::unique_ptr<FaceFinder> finder);

  SessionFrame animate(const Image& driving, std::optional<double> time) override;
  void recalibrate() override;
  void set_options(const AnimateOptions& options) override;
  Image edit(const EditSettings& settings) override;
  std::vector<SessionFace> faces() const override;

 private:
  struct Seen {
    std::optional<motion::FaceFrame> face;  // absent: no face is to be seen
    Image view;
  };
  Seen look_at(const Image& driving, double passed);
  void start_from(const motion::FaceFrame& reference);
  // Paints every face at its keypoints, and puts all back.
  Image painted(const std::vector<Points3>& driving, const Image& driving_view);

  std::shared_ptr<const models::liveportrait::LivePortraitModel> model_;
  AnimateOptions options_;
  std::unique_ptr<FaceFinder> finder_;
  SourcePortrait portrait_;
  std::vector<torch::Tensor> appearances_;  // one a face
  std::unique_ptr<FaceTrack> track_;
  std::optional<face::FaceCorners> box_;        // of the driver's face, where it is cropped
  std::optional<motion::FaceFrame> reference_;  // where relative motion starts from
  std::vector<motion::MotionTransfer> moves_;   // one a face, from there
  std::optional<motion::FaceFrame> last_;       // held where no face is to be seen
  PortraitComposer composer_;
  size_t frame_ = 0;
  double time_ = 0;
};

}  // namespace animate::engine
