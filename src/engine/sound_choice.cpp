#include "engine/sound_choice.h"

#include "base/error.h"
#include "base/path_text.h"
#include "media/media_info.h"

namespace animate::engine {
namespace {

std::optional<media::AudioSource> driving_sound(const DrivingClip& driving, std::vector<std::string>& warnings) {
  if (const auto sound = driving.sound()) return media::AudioSource{sound->path, sound->start, sound->end};
  if (driving.is_template() && !driving.stored()->audio_path.empty()) {
    warnings.push_back(show(path_of_text(driving.stored()->audio_path)) +
                       ": the sound of the motion template is no longer there; give it with --audio FILE");
  }
  return std::nullopt;
}

std::optional<media::AudioSource> source_sound(const std::filesystem::path& source_video) {
  if (source_video.empty() || media::probe_media(source_video).audio_codec.empty()) return std::nullopt;
  return media::AudioSource{source_video, 0, std::nullopt};
}

}  // namespace

std::optional<media::AudioSource> choose_sound(const SoundChoice& audio, const DrivingClip& driving,
                                               const std::filesystem::path& source_video,
                                               std::vector<std::string>& warnings) {
  if (audio.kind == SoundChoice::Kind::None) return std::nullopt;
  if (audio.kind == SoundChoice::Kind::Source) {
    if (auto sound = source_sound(source_video)) return sound;
    return driving_sound(driving, warnings);
  }
  if (audio.kind == SoundChoice::Kind::Driving) {
    if (auto sound = driving_sound(driving, warnings)) return sound;
    return source_sound(source_video);
  }
  return media::AudioSource{audio.file, 0, std::nullopt};
}

std::optional<media::AudioSource> sound_without_driver(const SoundChoice& audio,
                                                       const std::filesystem::path& source_video) {
  if (audio.kind == SoundChoice::Kind::None) return std::nullopt;
  if (audio.kind != SoundChoice::Kind::File) return source_sound(source_video);
  return media::AudioSource{audio.file, 0, std::nullopt};
}

}  // namespace animate::engine
