#include "engine/portrait/edit_plan.h"

#include <algorithm>

#include "base/error.h"

namespace animate {
namespace {

void check_opening(const PortraitJob& job, const std::vector<FaceFrame>& faces, const char* name, bool retargets) {
  check(!retargets, ErrorKind::Usage, "--set {0} and --{1}-retargeting both open the {0}; give one of them", name,
        name == std::string_view("eyes") ? "eye" : "lip");
  check(job.model.retargeter() != nullptr, ErrorKind::Model,
        "{}: the model has no stitching_retargeting_module.pth, which --set {} needs; add it to the model's folder",
        job.model.info().name, name);
  const bool measured = std::any_of(faces.begin(), faces.end(), [](const auto& f) { return f.ratios.has_value(); });
  check(measured, ErrorKind::Input,
        "{}: how far eyes and lips are open is not known, which --set {} needs; put landmark.onnx into the model's "
        "folder or give it with --landmarks-203",
        show(job.job.source), name);
}

}  // namespace

std::vector<FaceEdit> plan_edits(const PortraitJob& job, const OutputPlan& plan, const std::vector<FaceFrame>& faces) {
  const EditSettings settings = EditSettings::parse(job.own.set);
  if (settings.empty()) return {};
  if (settings.sets(kEyesControl)) check_opening(job, faces, "eyes", job.own.eye_retargeting);
  if (settings.sets(kLipControl)) check_opening(job, faces, "lip", job.own.lip_retargeting);
  std::vector<FaceEdit> edits;
  edits.reserve(plan.frames.size());
  for (size_t i = 0; i < plan.frames.size(); ++i) {
    const double seconds = static_cast<double>(plan.frames[i].pts) * plan.timing.time_base.value();
    edits.push_back(settings.at(seconds, i));
    edits.back().stitching = job.own.stitching;
  }
  return edits;
}

}  // namespace animate
