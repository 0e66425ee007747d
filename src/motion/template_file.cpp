#include "motion/template_file.h"

#include <algorithm>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/file_suffix.h"
#include "motion/template_pickle.h"

namespace animate::motion {

bool is_motion_template(const std::filesystem::path& path) {
  const FileKind kind = file_kind_of(path);
  std::error_code ec;
  const bool named = has_template_suffix(path) && std::filesystem::is_regular_file(path, ec);
  return kind == FileKind::Pickle || kind == FileKind::Gzip || named || MotionTemplate::matches(path);
}

MotionTemplate load_motion_template(const std::filesystem::path& path) {
  require_file(path, "a motion template");
  refuse_failed_download(path);
  const FileKind kind = file_kind_of(path);
  if (kind == FileKind::Pickle) return to_motion_template(read_template_pickle(path));
  check(kind != FileKind::Gzip, ErrorKind::Input,
        "{}: is compressed with gzip; unpack it (`gunzip -c FILE.gz > FILE`) and give what comes out", show(path));
  check(kind == FileKind::Safetensors, ErrorKind::Input,
        "{}: is not a motion template; make one with `animate template -d clip.mp4 -o clip.motion`", show(path));
  return MotionTemplate::load(path);
}

void save_motion_template(const std::filesystem::path& path, const MotionTemplate& motion) {
  const std::string suffix = lower_suffix(path);
  if (suffix != ".pkl") return motion.save(path);
  check(motion.family == kLivePortraitFamily, ErrorKind::Input,
        "{}: only motion of the family {} can be written as a pickle, this one is of {}; write a .motion file instead",
        show(path), kLivePortraitFamily, motion.family);
  write_template_pickle(path, to_face_template(motion, show(path)));
}

}  // namespace animate::motion
