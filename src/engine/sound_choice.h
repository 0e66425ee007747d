#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/driving_clip.h"
#include "media/video_writer.h"

namespace animate::engine {

// Whose sound a result gets, from --audio driving|source|none|FILE. "driving" falls back to the source video's sound
// when the driver has none, as the original's audio_priority does, and "source" to the driver's.
// A source that is a picture has none. Adds to `warnings` where a template's sound is gone.
std::optional<media::AudioSource> choose_sound(const SoundChoice& audio, const DrivingClip& driving,
                                               const Input& source, std::vector<std::string>& warnings);

// The same for a job without a driver: the source video's sound, none, or a file's.
std::optional<media::AudioSource> sound_without_driver(const SoundChoice& audio, const Input& source);

// Adds a warning where the sound that `audio` names ends before a clip of `seconds` does.
void tell_short_sound(const SoundChoice& audio, double seconds, std::vector<std::string>& warnings);

}  // namespace animate::engine
