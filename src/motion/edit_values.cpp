#include "motion/edit_values.h"

#include <algorithm>

#include "motion/edit_controls.h"

namespace animate::motion {
namespace {

double value_at(const EditSettings::Track& track, double time) {
  const auto& keys = track.keys;
  if (!track.keyed || time <= keys.front().time) return keys.front().value;
  const auto after = std::upper_bound(keys.begin(), keys.end(), time,
                                      [](double t, const EditSettings::Key& key) { return t < key.time; });
  if (after == keys.end()) return keys.back().value;
  const EditSettings::Key& before = *(after - 1);
  const double share = (time - before.time) / (after->time - before.time);
  return before.value + share * (after->value - before.value);
}

}  // namespace

FaceEdit edit_at(const EditSettings& settings, double seconds, size_t frame) {
  FaceEdit edit;
  for (const EditSettings::Track& track : settings.tracks()) {
    const double value = value_at(track, track.in_frames ? static_cast<double>(frame) : seconds);
    if (const auto slider = edit_controls()[track.control].slider) {
      edit.sliders[*slider] = value;
    } else {
      (track.control == kEyesControl ? edit.eyes_open : edit.lip_open) = value;
    }
  }
  return edit;
}

}  // namespace animate::motion
