// One job: a picture and a driver become a video.   usage: one_job SOURCE DRIVING OUTPUT [MODEL]
#include <animate/error.h>
#include <animate/model.h>

#include <cstdio>

namespace {

// Progress is told from the thread that runs the job.
class Lines : public animate::Progress {
 public:
  void start(std::string_view phase, std::optional<int64_t>) override {
    std::printf("%.*s\n", static_cast<int>(phase.size()), phase.data());
  }
  void advance(int64_t) override {}
  void finish(int64_t done) override { std::printf("  %lld frames\n", static_cast<long long>(done)); }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: one_job SOURCE DRIVING OUTPUT [MODEL]\n");
    return 2;
  }
  try {
    animate::AnimateJob job{argv[1], argv[2], argv[3], {}};
    job.options.driving.end = 0.4;  // seconds
    job.options.motion.adapt_scale = true;
    animate::check_job(job);  // before weights are read
    const auto model = animate::open_model({argc > 4 ? argv[4] : "", {}});
    Lines progress;
    const animate::AnimateSummary summary = model->run(job, progress);
    std::printf("%s: %dx%d, %lld frames\n", summary.output.c_str(), summary.width, summary.height,
                static_cast<long long>(summary.frames));
    for (const std::string& warning : summary.warnings) std::printf("warning: %s\n", warning.c_str());
  } catch (const animate::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
