#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "animate/job.h"
#include "animate/progress.h"
#include "engine/portrait/face_finder.h"
#include "engine/portrait/portrait_job.h"
#include "models/liveportrait/liveportrait_model.h"

namespace animate::engine {

// A LivePortrait job (models/liveportrait/README.md#jobs): picture or video + driver -> video, or a picture from two
// stills. All motion is read first, then pictures stream: memory grows by about two kilobytes a frame, never by
// pictures. Without a driver it is run_portrait_edit().
AnimateSummary run_portrait_animation(const models::liveportrait::LivePortraitModel& model, const CheckedJob& job,
                                      Progress& progress, std::stop_token stop);
// The same with faces found by `finder`, and, for tests, PortraitJob::device_faces by choice.
AnimateSummary run_portrait_animation(const models::liveportrait::LivePortraitModel& model, const CheckedJob& job,
                                      FaceFinder& finder, Progress& progress, std::stop_token stop,
                                      std::optional<bool> device_faces = std::nullopt);

// Driver -> motion template, ours or LivePortrait's by the output's suffix.
AnimateSummary run_portrait_extraction(const models::liveportrait::LivePortraitModel& model,
                                       const CheckedTemplateJob& job, Progress& progress, std::stop_token stop);

// Refuses combinations that would leave one of the options without effect. `shown` is the source. Throws Error(Usage).
void check_portrait_options(const AnimateOptions& options, bool video, const std::string& shown);

}  // namespace animate::engine
