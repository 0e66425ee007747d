#include "engine/portrait/edit_plan.h"

#include <algorithm>

#include "base/error.h"
#include "motion/open_ratios.h"

namespace animate::engine {
namespace {

void check_opening(const models::liveportrait::LivePortraitModel& model, const std::vector<motion::FaceFrame>& faces,
                   const std::string& shown, const char* name, bool retargets) {
  check(!retargets, ErrorKind::Usage, "--set {0} and --{1}-retargeting both open the {0}; give one of them", name,
        name == std::string_view("eyes") ? "eye" : "lip");
  check(model.retargeter() != nullptr, ErrorKind::Model,
        "{}: the model has no stitching_retargeting_module.pth, which --set {} needs; add it to the model's folder",
        model.info().name, name);
  const bool measured = std::any_of(faces.begin(), faces.end(), [](const auto& f) { return f.ratios.has_value(); });
  check(measured, ErrorKind::Input,
        "{}: how far eyes and lips are open is not known, which --set {} needs; put landmark.onnx into the model's "
        "folder or give it with --landmarks-203",
        shown, name);
}

}  // namespace

void check_edit(const models::liveportrait::LivePortraitModel& model, const LivePortraitOptions& options,
                const EditSettings& settings, const std::vector<motion::FaceFrame>& faces, const std::string& shown) {
  if (settings.sets(motion::kEyesControl)) check_opening(model, faces, shown, "eyes", options.eye_retargeting);
  if (settings.sets(motion::kLipControl)) check_opening(model, faces, shown, "lip", options.lip_retargeting);
}

Points3 edited_still(const models::liveportrait::LivePortraitModel& model, const motion::FaceFrame& face,
                     motion::FaceEdit edit) {
  // A slider of the original's page that stands where it starts, at the face's own ratio, changes nothing.
  if (face.ratios) {
    const auto [left, right] = face.ratios->eyes;
    if (edit.eyes_open == motion::slider_start((static_cast<double>(left) + right) / 2)) edit.eyes_open.reset();
    if (edit.lip_open == motion::slider_start(face.ratios->lip)) edit.lip_open.reset();
  }
  return motion::edited_keypoints(face, edit, model.retargeter());
}

std::vector<motion::FaceEdit> plan_edits(const PortraitJob& job, const FramePlan& plan,
                                         const std::vector<motion::FaceFrame>& faces) {
  const EditSettings& settings = job.own.set;
  if (settings.empty()) return {};
  check_edit(job.model, job.own, settings, faces, show(job.job.source.path));
  std::vector<motion::FaceEdit> edits;
  edits.reserve(plan.frames.size());
  for (size_t i = 0; i < plan.frames.size(); ++i) {
    const double seconds = static_cast<double>(plan.frames[i].pts) * plan.timing.time_base.value();
    edits.push_back(motion::edit_at(settings, seconds, i));
    edits.back().stitching = job.own.stitching;
  }
  return edits;
}

}  // namespace animate::engine
