#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace animate::serve {

// Who computes when. One job at a time has the device for as long as it runs; what people wait for at a screen (a
// slider's preview, a live frame) goes between its frames, one task of each waiting client, in the order of arrival.
// Without a job they follow each other. Thread-safe.
class Device {
 public:
  Device();
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  // A short piece of work, done on the device's own thread. Neither call may throw.
  struct Task {
    std::string client;  // one task of a client waits at most: a newer one takes its place
    std::function<void()> run;
    std::function<void()> dropped;  // in place of run: a newer one came, or the server stops; may be empty
  };
  void post(Task task);
  // The task at hand ends; what waits, and what comes later, is dropped. A job keeps its turn.
  void close();
  // Drops what waits of this client.
  void forget(const std::string& client);

  // Held by the thread that runs a job.
  class Turn {
   public:
    explicit Turn(Device& device) : device_(device) { device_.begin_job(); }
    ~Turn() { device_.end_job(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    // Lets in those who wait now, and returns when they are done.
    void between_frames() { device_.let_in(); }

   private:
    Device& device_;
  };

 private:
  void begin_job();
  void end_job();
  void let_in();
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Task> waiting_;
  bool job_ = false;      // a job has the device
  size_t let_in_ = 0;     // tasks that the job still waits for
  bool running_ = false;  // a task
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace animate::serve
