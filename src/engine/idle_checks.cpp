#include "engine/idle_checks.h"

#include <cmath>

#include "base/error.h"
#include "base/file_kind.h"
#include "engine/frame_rate.h"
#include "media/media_info.h"

namespace animate::engine {
namespace {

constexpr double kShortest = 0.2;  // below that nothing moves
constexpr double kLongest = 3600;
constexpr double kSlowest = 5;  // frames a second that still show a blink

void check_talk(const std::filesystem::path& talk, const std::filesystem::path& output) {
  require_file(talk, "a file with sound");
  std::error_code ec;
  check(!std::filesystem::equivalent(output, talk, ec) || ec, ErrorKind::Usage,
        "{}: is the sound of --talk itself and would be overwritten; choose another output", show(output));
  media::check_sound(talk);
}

}  // namespace

void check_idle(const AnimateOptions& options, const Input& driving, const std::filesystem::path& output) {
  const IdleOptions& idle = options.idle;
  if (!driving.is_idle()) {
    check(idle == IdleOptions(), ErrorKind::Usage,
          "--seconds, --seed, --liveliness and --talk are of motion without a clip; give --idle in place of a driver, "
          "or leave them out");
    return;
  }
  check(!std::isfinite(idle.seconds) || (idle.seconds >= kShortest && idle.seconds <= kLongest), ErrorKind::Usage,
        "--seconds {:g}: is not a length from {:g} to {:g} seconds; give one, as in --seconds 10", idle.seconds,
        kShortest, kLongest);
  const auto rate = fixed_rate(options.output.fps);
  check(!rate || rate->value() >= kSlowest, ErrorKind::Usage,
        "--fps {}: is too slow for blinks; give at least {:g}, or leave it out", options.output.fps.text(), kSlowest);
  check(options.motion.relative, ErrorKind::Usage,
        "--no-relative: takes the driver's pose itself, and without a driver there are only changes; leave it out");
  check(!options.liveportrait.animal, ErrorKind::Usage,
        "--animal: takes the driver's pose itself, and without a driver there are only changes; leave it out");
  if (!idle.talk.empty()) check_talk(idle.talk, output);
}

}  // namespace animate::engine
