#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "serve/application.h"
#include "serve/job_runner.h"
#include "serve/parts.h"

namespace animate::serve {

// The whole server but its sockets.
class Service : public Application {
 public:
  Service(const ServeSettings& settings, const Engine& engine, Access access);
  ~Service() override;

  PlannedRequest plan(RequestHead head) override;
  void answer(PlannedRequest& planned, const Reply& reply) override;
  void complete(const RequestHead& head, Response& response) const override;

  // Opens the model and begins with the jobs; returns at once.
  void start();
  // Cancels the job at hand, ends streams of events, drops what waits for the device. What is queued stays on disk.
  void stop();

  const Router& router() const { return router_; }

 private:
  void warm_up();
  void clean_up(std::stop_token stop);

  Parts parts_;
  Router router_;
  std::unique_ptr<JobRunner> runner_;
  std::jthread warming_, cleaning_;
};

}  // namespace animate::serve
