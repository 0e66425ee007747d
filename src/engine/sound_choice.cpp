#include "engine/sound_choice.h"

#include "base/error.h"
#include "base/path_text.h"
#include "media/media_info.h"

namespace animate::engine {
namespace {

std::optional<media::AudioSource> driving_sound(const DrivingClip& driving, std::vector<std::string>& warnings) {
  if (const auto sound = driving.sound()) {
    media::AudioSource from{sound->path, sound->start, sound->end};
    from.video_stream = sound->video_stream;
    from.longest_gap_seconds = driving.longest_gap_seconds();
    from.pictures_are_read = !driving.is_template();
    return from;
  }
  if (driving.is_template() && !driving.stored()->audio_path.empty()) {
    warnings.push_back(show(path_of_text(driving.stored()->audio_path)) +
                       ": the sound of the motion template is no longer there; give it with --audio FILE");
  }
  return std::nullopt;
}

std::optional<media::AudioSource> source_sound(const Input& source) {
  if (!source.is_clip() || media::probe_media(source.path).audio_codec.empty()) return std::nullopt;
  media::AudioSource from{source.path};
  from.video_stream = source.video_stream;
  from.longest_gap_seconds = source.longest_gap_seconds;
  from.pictures_are_read = true;
  return from;
}

}  // namespace

std::optional<media::AudioSource> choose_sound(const SoundChoice& audio, const DrivingClip& driving,
                                               const Input& source, std::vector<std::string>& warnings) {
  if (audio.kind == SoundChoice::Kind::None) return std::nullopt;
  if (audio.kind == SoundChoice::Kind::Source) {
    if (auto sound = source_sound(source)) return sound;
    return driving_sound(driving, warnings);
  }
  if (audio.kind == SoundChoice::Kind::Driving) {
    if (auto sound = driving_sound(driving, warnings)) return sound;
    return source_sound(source);
  }
  return media::AudioSource{audio.file};
}

std::optional<media::AudioSource> sound_without_driver(const SoundChoice& audio, const Input& source) {
  if (audio.kind == SoundChoice::Kind::None) return std::nullopt;
  if (audio.kind != SoundChoice::Kind::File) return source_sound(source);
  return media::AudioSource{audio.file};
}

void tell_short_sound(const SoundChoice& audio, double seconds, std::vector<std::string>& warnings) {
  if (audio.kind != SoundChoice::Kind::File) return;
  constexpr double heard = 0.1;
  const auto length = media::probe_media(audio.file).duration_seconds;
  if (!length || *length > seconds - heard) return;
  warnings.push_back(fmt::format("{}: lasts {:.1f} s and the result {:.1f} s; the rest is silent", show(audio.file),
                                 *length, seconds));
}

}  // namespace animate::engine
