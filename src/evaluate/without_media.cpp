// The evaluation of a build without FFmpeg and OpenCV: drawn heads only.
#include "base/error.h"
#include "evaluate/clip_reconstruction.h"
#include "evaluate/frame_judge.h"

namespace animate::evaluate {
namespace {

constexpr const char* kRefusal = "this build has no FFmpeg and OpenCV; build again with -DANIMATE_MEDIA=ON";

}  // namespace

std::unique_ptr<FrameJudge> make_frame_judge(const EvaluateJob& job) {
  check(job.keypoints.empty() && job.embedding.empty(), ErrorKind::Usage, "{}", kRefusal);
  return nullptr;
}

std::vector<std::filesystem::path> clips_of(const EvaluateJob&) { fail(ErrorKind::Usage, "{}", kRefusal); }

EvaluatedPart reconstruct_clips(const Task&, const std::vector<std::filesystem::path>&) {
  fail(ErrorKind::Usage, "{}", kRefusal);
}

}  // namespace animate::evaluate
