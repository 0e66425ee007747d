#include "serve/job_runner.h"

#include <spdlog/fmt/fmt.h>

#include <filesystem>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "serve/jpeg.h"
#include "serve/json_file.h"
#include "serve/stored_file.h"

namespace animate::serve {
namespace {

namespace fs = std::filesystem;

constexpr int kPreviewSide = 640;

// Tells the book how far a job is, and lets others onto the device between its frames.
class JobProgress : public Progress {
 public:
  JobProgress(JobBook& book, std::string id, Device::Turn& turn) : book_(book), id_(std::move(id)), turn_(turn) {}

  void start(std::string_view phase, std::optional<int64_t> total) override {
    total_ = total;
    watch_.restart();
    told_ = 0;
    book_.change(
        id_,
        [&](Job& job) {
          job.stage = phase;
          job.done = 0;
          job.total = total;
          job.seconds_left.reset();
        },
        false);
    turn_.between_frames();
  }

  void advance(int64_t done) override {
    turn_.between_frames();
    // Ten times a second is more than anyone sees.
    const double now = watch_.seconds();
    if (done > 1 && now - told_ < 0.1) return;
    told_ = now;
    tell(done, now);
  }

  void finish(int64_t done) override { tell(done, watch_.seconds()); }

 private:
  void tell(int64_t done, double now) {
    book_.change(
        id_,
        [&](Job& job) {
          job.done = done;
          job.seconds_left.reset();
          if (total_ && done > 0 && done <= *total_) {
            job.seconds_left = now / static_cast<double>(done) * static_cast<double>(*total_ - done);
          }
        },
        false);
  }

  JobBook& book_;
  std::string id_;
  Device::Turn& turn_;
  std::optional<int64_t> total_;
  Stopwatch watch_;
  double told_ = 0;
};

}  // namespace

JobRunner::JobRunner(const Engine& engine, JobBook& book, const JobMaker& maker, ModelShelf& models, Device& device,
                     DiskSpace& space)
    : engine_(engine),
      book_(book),
      maker_(maker),
      models_(models),
      device_(device),
      space_(space),
      thread_([this](std::stop_token stop) { run(std::move(stop)); }) {}

JobRunner::~JobRunner() { book_.close(); }

void JobRunner::run(std::stop_token stop) {
  while (const auto taken = book_.take(stop)) run_one(*taken);
}

void JobRunner::run_one(const JobBook::Taken& taken) {
  const std::string id = taken.job.id;
  const auto over = [&](JobState state, int status, const std::string& sentence) {
    book_.change(
        id,
        [&](Job& job) {
          job.state = state;
          job.finished = seconds_since_1970();
          job.seconds_left.reset();
          job.error = sentence;
          job.error_status = status;
        },
        true);
    log::info("job {}: {}{}", id, word_of(state), sentence.empty() ? "" : ": " + sentence);
  };
  try {
    make(taken.job, taken.cancelled);
    over(JobState::Done, 0, "");
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Cancelled) {
      over(JobState::Cancelled, 0, "");
    } else if (error.kind() == ErrorKind::DiskFull) {
      // Before the state is saved, which takes room, too.
      std::error_code ec;
      std::filesystem::remove(book_.folder(id) / "report.json", ec);
      over(JobState::Failed, 507, kDiskFull);
    } else {
      over(JobState::Failed, status_of(error.kind()), maker_.names_of(taken.job).shown(error.what()));
    }
  } catch (const Refusal& refusal) {
    over(JobState::Failed, refusal.status(), refusal.what());
  } catch (const std::exception& error) {
    log::error("internal error: {}", error.what());
    over(JobState::Failed, 500, "internal error; the server's log tells more");
  }
}

void JobRunner::make(const Job& job, std::stop_token cancelled) {
  space_.check_room();
  const fs::path folder = book_.folder(job.id);
  const std::string file = "result" + job.format;
  const PathNames names = maker_.names_of(job);
  const auto stage = [&](const char* text) {
    book_.change(
        job.id, [&](Job& j) { j.stage = text; }, false);
  };

  stage("opening the model");
  // Of the shelf only what a driver moves is taken; a codec is small and loads with its job, and a dream's networks are
  // too large to be kept.
  std::shared_ptr<const Model> model;
  if (maker_.is_driven(job)) model = models_.get(maker_.model_of(job), maker_.options_of(job).fomm);
  // Hashing weights takes long, the first time: before the device is taken.
  std::optional<ModelFacts> facts;
  if (model && !maker_.is_template(job)) facts = model->facts();
  Device::Turn turn(device_);
  JobProgress progress(book_, job.id, turn);
  AnimateSummary summary;
  if (!maker_.is_driven(job)) {
    const auto make_it = maker_.is_faces(job) ? &JobRunner::draw_faces : &JobRunner::dream_clip;
    summary = (this->*make_it)(job, folder / file, progress, cancelled);
    stage("finishing");
    write_preview(folder / file);
  } else if (maker_.is_template(job)) {
    summary = model->run(maker_.extraction(job, folder / file), progress, cancelled);
  } else {
    report::JobRecord record;
    record.job = maker_.animation(job, folder / file);
    record.model = std::move(facts);
    PathNames shown = names;
    for (const ModelFile& part : record.model->files) shown.add(part.path, part.path.filename());
    const auto write_report = [&] {
      write_bytes(folder / "report.json", shown.shown(report::report_json(record)) + "\n");
    };
    try {
      summary = model->run(record.job, progress, cancelled);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Cancelled) throw;
      if (const auto* strict = dynamic_cast<const StrictError*>(&error)) record.summary = strict->facts();
      record.error = error.what();
      write_report();
      throw;
    }
    record.summary = summary;
    write_report();
    stage("finishing");
    write_preview(folder / file);
  }
  std::error_code ec;
  JobResult result;
  result.file = file;
  result.name = maker_.result_name(job);
  result.bytes = fs::file_size(folder / file, ec);
  result.width = summary.width;
  result.height = summary.height;
  result.frames = summary.frames;
  result.seconds = summary.seconds;
  space_.count(bytes_below(folder));
  book_.change(
      job.id,
      [&](Job& j) {
        j.result = result;
        j.done = summary.frames;
        for (const std::string& warning : summary.warnings) j.warnings.push_back(names.shown(warning));
      },
      false);
}

AnimateSummary JobRunner::draw_faces(const Job& job, const fs::path& output, Progress& progress,
                                     std::stop_token cancelled) {
  FacesJob faces = maker_.faces(job, output);
  FacesResult made = engine_.make_face_maker()->make(faces, progress, std::move(cancelled));
  report::JobRecord record;
  record.job.output = output;
  record.job.options.output = faces.writing;
  record.own_options = catalog::rows_of(faces.options);
  record.model = std::move(made.model);
  record.summary = made.summary;
  write_own_report(job, std::move(record));
  return made.summary;
}

AnimateSummary JobRunner::dream_clip(const Job& job, const fs::path& output, Progress& progress,
                                     std::stop_token cancelled) {
  DreamJob dream = maker_.dream(job, output);
  DreamResult made = engine_.make_dreamer()->make(dream, progress, std::move(cancelled));
  report::JobRecord record;
  record.job.source = dream.source;
  record.job.output = output;
  record.job.options.output = dream.writing;
  record.own_options = catalog::rows_of(dream.options);
  record.model = std::move(made.model);
  record.summary = made.summary;
  write_own_report(job, std::move(record));
  return made.summary;
}

// Of a job that no driver moves.
void JobRunner::write_own_report(const Job& job, report::JobRecord record) const {
  PathNames shown = maker_.names_of(job);
  for (const ModelFile& part : record.model->files) shown.add(part.path, part.path.filename());
  write_bytes(record.job.output.parent_path() / "report.json", shown.shown(report::report_json(record)) + "\n");
}

// A result that cannot be shown small is still a result.
void JobRunner::write_preview(const fs::path& result) {
  try {
    if (!reader_) reader_ = engine_.make_picture_reader();
    const Image picture = reader_->shrink(reader_->read(result), kPreviewSide);
    write_bytes(result.parent_path() / "preview.jpg", encode_jpeg(picture, 85));
  } catch (const Error& error) {
    log::warn("{}", error.what());
  }
}

}  // namespace animate::serve
