#pragma once

#include <memory>
#include <span>

#include "face/detector_blobs.h"
#include "face/face_detector.h"
#include "onnx/model.h"

namespace animate::face {

// YuNet (Wu et al., 2023) from the OpenCV Zoo, exports of March 2023 and later: one anchor a cell, raw levels in the
// order blue, green, red. A cell at column c and row r of stride s means a box with its centre at
// s * (c + b0, r + b1) and sides s * exp(b2), s * exp(b3), points s * (c + p0, r + p1), and the score
// sqrt(class * object), both first cut to 0..1.

// The faces in what the network gave: twelve arrays in any order. Overlaps above 0.3 suppressed, best score first.
std::vector<Face> decode_yunet(std::span<const FloatArray> outputs, int input_size, double scale, double threshold,
                               const std::string& name);

// A graph with an open input shape is run at 640x640.
std::unique_ptr<FaceDetector> make_yunet_detector(onnx::Model model, const FaceDetectorOptions& options);

}  // namespace animate::face
