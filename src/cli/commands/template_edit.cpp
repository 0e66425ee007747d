#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/overwrite.h"
#include "cli/commands/template_commands.h"
#include "cli/common_flags.h"
#include "motion/face_template.h"
#include "motion/template_blend.h"
#include "motion/template_clock.h"
#include "motion/template_file.h"
#include "motion/template_loop.h"
#include "motion/template_mirror.h"

namespace animate::cli {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// A template in, a template out. The input is in memory before the output is begun, so that both may be one file.
class TemplateEdit : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("input", input_, "motion template to read: .motion or LivePortrait's .pkl, told by content")
        ->option_text("FILE")
        ->required();
    app.add_option(output_flag(), output_, "motion template to write; a name in .pkl is written for LivePortrait")
        ->option_text("FILE")
        ->required()
        ->group("Files");
    app.add_flag("--overwrite,!--no-overwrite", overwrite_, "replace a file that exists already (default on)")
        ->group("Files");
    declare_options(app);
  }

  void run(std::stop_token) override {
    check_options();
    check_overwrite(output_, overwrite_);
    motion::save_motion_template(output_, edit(motion::load_motion_template(input_)));
    std::puts(output_.c_str());
  }

 protected:
  virtual const char* output_flag() const { return "-o,--output"; }
  virtual void declare_options(CLI::App&) {}
  virtual void check_options() const {}
  virtual motion::MotionTemplate edit(const motion::MotionTemplate& motion) const = 0;

  std::string shown() const { return show(input_); }

 private:
  std::string input_;
  std::string output_;
  bool overwrite_ = true;
};

class TemplateTrim : public TemplateEdit {
  void declare_options(CLI::App& app) override {
    std::vector<catalog::OptionRow> rows;
    catalog::RowCollector row(rows, "Trim");
    row.seconds("start", start_, 0, kInfinite, "time from which frames are kept, as in 1.5 or 0:05");
    row.seconds("end", end_, 0, kInfinite, "time before which they are kept; default: to the end");
    bind_options(app, rows);
  }
  void check_options() const override {
    check(start_ > 0 || std::isfinite(end_), ErrorKind::Usage, "template trim: give --start, --end or both");
    check(start_ < end_, ErrorKind::Usage, "--start {:g} does not lie before --end {:g}; swap or correct them", start_,
          end_);
  }
  motion::MotionTemplate edit(const motion::MotionTemplate& motion) const override {
    const motion::MotionTemplate result = motion::trim(motion, start_, end_, shown());
    log::info("{} of {} frames kept", result.frames.size(), motion.frames.size());
    return result;
  }

  double start_ = 0;
  double end_ = kInfinite;
};

class TemplateLoop : public TemplateEdit {
  void declare_options(CLI::App& app) override {
    std::vector<catalog::OptionRow> rows;
    catalog::RowCollector row(rows, "Loop");
    row.seconds("min-length", options_.min_seconds, 0, 1e6, "shortest loop in seconds; 0: half of the template");
    row.seconds("blend", options_.blend_seconds, 0, 1e6, "seconds over which the end goes over into the beginning");
    bind_options(app, rows);
  }
  motion::MotionTemplate edit(const motion::MotionTemplate& motion) const override {
    motion::LoopResult loop = motion::find_loop(motion, options_, shown());
    log::info(
        "the loop has frames {} to {}: from its last to its first frame it is {:.2f} ordinary steps, before it "
        "was {:.2f}",
        loop.first, loop.last - 1, loop.step_after, loop.step_before);
    return std::move(loop.motion);
  }

  motion::LoopOptions options_;
};

class TemplateMirror : public TemplateEdit {
  motion::MotionTemplate edit(const motion::MotionTemplate& motion) const override {
    check(motion.family == motion::kLivePortraitFamily, ErrorKind::Input,
          "{}: holds motion of the model family {}, whose keypoints have no left and right; only LivePortrait's can be "
          "mirrored",
          shown(), motion.family);
    return motion::to_motion_template(motion::mirror(motion::to_face_template(motion, shown()), shown()));
  }
};

class TemplateBlend : public TemplateEdit {
  void declare_options(CLI::App& app) override {
    app.add_option("second", second_, "the other motion template")->option_text("FILE")->required();
    std::vector<catalog::OptionRow> rows;
    catalog::RowCollector row(rows, "Blend");
    row.number("weight", weight_, 0, 1, "both at once: 0 is the first, 1 the second");
    row.seconds("crossfade", crossfade_, 0, 1e6,
                "one after the other instead, the first going over into the second in X seconds");
    bind_options(app, rows);
    app.get_option("--weight")->excludes("--crossfade");
  }
  motion::MotionTemplate edit(const motion::MotionTemplate& motion) const override {
    const motion::MotionTemplate second = motion::load_motion_template(second_);
    return std::isfinite(crossfade_) ? motion::crossfade(motion, second, crossfade_, show(second_))
                                     : motion::mix(motion, second, weight_, show(second_));
  }

  std::string second_;
  double weight_ = 0.5;
  double crossfade_ = kInfinite;
};

class TemplateRetime : public TemplateEdit {
  void declare_options(CLI::App& app) override {
    std::vector<catalog::OptionRow> rows;
    catalog::RowCollector row(rows, "Time");
    row.text("fps", fps_, "RATE", "frames a second, as in 25 or 30000/1001; motion is interpolated, its length stays");
    row.number("speed", speed_, 0.01, 100, "times as fast, with the same frames; the sound is let go");
    bind_options(app, rows);
  }
  void check_options() const override {
    check(fps_.kind != RateChoice::Kind::Own || speed_ != 1, ErrorKind::Usage,
          "template retime: give --fps, --speed or both");
    check(fps_.kind == RateChoice::Kind::Own || fps_.kind == RateChoice::Kind::Fixed, ErrorKind::Usage,
          "--fps {}: names a clip, and there is none; give a number, as in 25 or 30000/1001", fps_.text());
  }
  motion::MotionTemplate edit(const motion::MotionTemplate& motion) const override {
    const auto thousandths = static_cast<int64_t>(std::llround(speed_ * 1000));
    const int64_t common = std::gcd(thousandths, int64_t{1000});
    const motion::MotionTemplate moved = motion::change_speed(motion, {thousandths / common, 1000 / common}, shown());
    return fps_.kind == RateChoice::Kind::Fixed ? motion::resample(moved, fps_.rate) : moved;
  }

  RateChoice fps_;
  double speed_ = 1;
};

class TemplateConvert : public TemplateEdit {
  // Two files one after the other, as `animate convert` takes them; or with -o.
  const char* output_flag() const override { return "output,-o,--output"; }
  motion::MotionTemplate edit(const motion::MotionTemplate& motion) const override { return motion; }
};

}  // namespace

std::unique_ptr<Command> make_template_trim() { return std::make_unique<TemplateTrim>(); }
std::unique_ptr<Command> make_template_loop() { return std::make_unique<TemplateLoop>(); }
std::unique_ptr<Command> make_template_mirror() { return std::make_unique<TemplateMirror>(); }
std::unique_ptr<Command> make_template_blend() { return std::make_unique<TemplateBlend>(); }
std::unique_ptr<Command> make_template_retime() { return std::make_unique<TemplateRetime>(); }
std::unique_ptr<Command> make_template_convert() { return std::make_unique<TemplateConvert>(); }

}  // namespace animate::cli
