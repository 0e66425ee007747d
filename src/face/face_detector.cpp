#include "face/face_detector.h"

#include "base/error.h"
#include "face/scrfd_detector.h"
#include "face/yunet_detector.h"
#include "onnx/model.h"

namespace animate::face {

std::unique_ptr<FaceDetector> make_face_detector(const FaceDetectorOptions& options) {
  if (options.model.empty()) return FaceDetector::create();
  onnx::Model model = onnx::Model::read(options.model);
  constexpr size_t scrfd_outputs = 9;
  constexpr size_t yunet_outputs = 12;
  const size_t outputs = model.outputs().size();
  if (outputs == scrfd_outputs) return make_scrfd_detector(std::move(model), options);
  if (outputs == yunet_outputs) return make_yunet_detector(std::move(model), options);
  fail(ErrorKind::Model,
       "{}: is no face detector that is known here (it has {} outputs); give SCRFD with points, YuNet, or haar",
       model.name(), outputs);
}

}  // namespace animate::face
