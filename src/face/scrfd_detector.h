#pragma once

#include <memory>
#include <span>

#include "face/detector_blobs.h"
#include "face/face_detector.h"
#include "onnx/model.h"

namespace animate::face {

// SCRFD (Guo et al., 2021) as InsightFace runs it (models/liveportrait/README.md#detector).

// The faces in what the network gave: nine arrays in any order. Boxes and points in pixels of the picture, overlaps
// above 0.4 suppressed, best score first. `name` for messages.
std::vector<Face> decode_scrfd(std::span<const FloatArray> outputs, int input_size, double scale, double threshold,
                               const std::string& name);

// A graph with an open input shape is run at 512x512 if it is det_10g, as LivePortrait does, else at 640x640.
std::unique_ptr<FaceDetector> make_scrfd_detector(onnx::Model model, const FaceDetectorOptions& options);

}  // namespace animate::face
