#pragma once

#include <memory>
#include <stop_token>
#include <thread>

#include "animate/engine.h"
#include "report/job_report.h"
#include "serve/device.h"
#include "serve/job_book.h"
#include "serve/job_maker.h"
#include "serve/model_shelf.h"

namespace animate::serve {

// Runs the jobs of the book, one after the other, on a thread of its own.
class JobRunner {
 public:
  JobRunner(const Engine& engine, JobBook& book, const JobMaker& maker, ModelShelf& models, Device& device,
            DiskSpace& space);
  // Cancels the job at hand and waits for its end.
  ~JobRunner();
  JobRunner(const JobRunner&) = delete;
  JobRunner& operator=(const JobRunner&) = delete;

 private:
  void run(std::stop_token stop);
  void run_one(const JobBook::Taken& taken);
  void make(const Job& job, std::stop_token cancelled);
  AnimateSummary draw_faces(const Job& job, const std::filesystem::path& output, Progress& progress,
                            std::stop_token cancelled);
  AnimateSummary dream_clip(const Job& job, const std::filesystem::path& output, Progress& progress,
                            std::stop_token cancelled);
  void write_own_report(const Job& job, report::JobRecord record) const;
  void write_preview(const std::filesystem::path& result);

  const Engine& engine_;
  JobBook& book_;
  const JobMaker& maker_;
  ModelShelf& models_;
  Device& device_;
  DiskSpace& space_;
  std::unique_ptr<PictureReader> reader_;
  std::jthread thread_;
};

}  // namespace animate::serve
