#include "engine/portrait/edit_checks.h"

#include "base/error.h"
#include "base/file_suffix.h"

namespace animate::engine {
namespace {

void check_edit_of_source(const CheckedJob& job, const LivePortraitOptions& own) {
  const EditSettings& settings = own.set;
  const bool picture = job.source.is_picture();
  check(!job.options.output.concat, ErrorKind::Usage, "--concat: shows the driver, and editing has none; leave it out");
  check(!own.animal, ErrorKind::Usage, "--animal: needs a driver, and editing has none; leave it out");
  if (own.silent_lips) {
    check(!picture, ErrorKind::Usage, "--silent-lips: works on a source video; give the picture {} settings with --set",
          show(job.source.path));
    check(settings.empty(), ErrorKind::Usage,
          "--silent-lips: takes all expression but the eyes away and --set adds to it; give one of them");
  } else {
    check(!settings.empty(), ErrorKind::Usage,
          "--set is missing; say what to change, as in --set smile=0.6,yaw=-8 (`animate edit --list` shows all)");
  }
  if (!picture) {
    check(!names_one_written_picture(job.output), ErrorKind::Usage,
          "{}: the edited video {} does not fit into one picture; give a name as in out.mp4 or out-%05d.png",
          show(job.output), show(job.source.path));
  } else if (names_one_written_picture(job.output)) {
    check(!settings.moves(), ErrorKind::Usage,
          "{}: one picture cannot show keyframes; give a name as in out.mp4, or a value for all frames",
          show(job.output));
  } else {
    check(settings.moves(), ErrorKind::Usage,
          "{}: nothing would move in it; give keyframes as in smile@0s=0,2s=1, or a name as in out.jpg",
          show(job.output));
  }
}

}  // namespace

void check_edits(const CheckedJob& job) {
  const LivePortraitOptions& own = job.options.liveportrait;
  if (job.is_edit()) {
    check_edit_of_source(job, own);
  } else {
    check(!own.silent_lips, ErrorKind::Usage,
          "--silent-lips: is for `animate edit`, which has no driver; leave out one");
  }
}

}  // namespace animate::engine
