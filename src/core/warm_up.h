#pragma once

#include <functional>
#include <future>
#include <thread>

namespace animate::core {

// Work that is done ahead, on a thread of its own, so that who needs its effect finds it done: a GPU's first calls load
// libraries, choose kernels and record graphs while this program still opens files and looks for faces.
class WarmUp {
 public:
  WarmUp() = default;
  // Waits for the work.
  ~WarmUp() = default;
  WarmUp(const WarmUp&) = delete;
  WarmUp& operator=(const WarmUp&) = delete;

  // At most once, before others may wait. What the work throws is dropped: whoever needs it does it again and tells.
  void start(std::function<void()> work);

  // Returns when the work is done; at once where none was started, and for the work itself. Thread-safe.
  void wait() const;

 private:
  std::shared_future<void> done_;
  std::jthread thread_;  // joins before the rest goes
};

}  // namespace animate::core
