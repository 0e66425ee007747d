#include "serve/device.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.h"

namespace animate::serve {
namespace {

// What happened, in its order.
struct Diary {
  std::mutex mutex;
  std::vector<std::string> lines;
  void add(const std::string& line) {
    const std::scoped_lock lock(mutex);
    lines.push_back(line);
  }
  std::vector<std::string> read() {
    const std::scoped_lock lock(mutex);
    return lines;
  }
};

Device::Task noted(Diary& diary, const std::string& client, const std::string& what) {
  return {client, [&diary, what] { diary.add(what); }, [&diary, what] { diary.add(what + " dropped"); }};
}

// Everything that was posted before is done when this returns.
void settle(Device& device) {
  std::promise<void> done;
  device.post({"settle", [&done] { done.set_value(); }, {}});
  done.get_future().wait();
}

TEST_CASE("of a client's tasks the newest waits, in the place of the first") {
  Diary diary;
  Device device;
  {
    Device::Turn job(device);
    device.post(noted(diary, "a", "a1"));
    device.post(noted(diary, "b", "b1"));
    device.post(noted(diary, "a", "a2"));
    CHECK(diary.read() == std::vector<std::string>{"a1 dropped"});
  }
  settle(device);
  CHECK(diary.read() == std::vector<std::string>{"a1 dropped", "a2", "b1"});
}

TEST_CASE("a job lets in who waits between its frames, once each") {
  Diary diary;
  Device device;
  {
    Device::Turn job(device);
    diary.add("frame 1");
    job.between_frames();  // nobody waits
    device.post(noted(diary, "a", "a1"));
    device.post({"b",
                 [&] {
                   diary.add("b1");
                   device.post(noted(diary, "b", "b2"));
                 },
                 {}});
    diary.add("frame 2");
    job.between_frames();
    diary.add("frame 3");
    job.between_frames();
    diary.add("frame 4");
  }
  CHECK(diary.read() == std::vector<std::string>{"frame 1", "frame 2", "a1", "b1", "frame 3", "b2", "frame 4"});
}

TEST_CASE("a client that goes takes its task along, and does not hold up a job") {
  Diary diary;
  Device device;
  {
    Device::Turn job(device);
    device.post(noted(diary, "a", "a1"));
    device.forget("a");
    job.between_frames();
  }
  CHECK(diary.read() == std::vector<std::string>{"a1 dropped"});
}

TEST_CASE("one job at a time has the device") {
  Device device;
  std::atomic<int> inside = 0, most = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      Device::Turn job(device);
      most = std::max(most.load(), ++inside);
      std::this_thread::yield();
      --inside;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(most == 1);
}

TEST_CASE("a closed device drops what waits and what comes") {
  Diary diary;
  Device device;
  std::promise<void> begun, go_on;
  device.post({"a",
               [&] {
                 begun.set_value();
                 go_on.get_future().wait();
                 diary.add("a1");
               },
               {}});
  begun.get_future().wait();
  device.post(noted(diary, "b", "b1"));
  std::thread closer([&] { device.close(); });
  go_on.set_value();
  closer.join();
  device.post(noted(diary, "c", "c1"));
  const auto lines = diary.read();
  CHECK(std::count(lines.begin(), lines.end(), "a1") == 1);
  CHECK(std::count(lines.begin(), lines.end(), "c1 dropped") == 1);
  CHECK(std::count_if(lines.begin(), lines.end(), [](const std::string& line) { return line.starts_with("b1"); }) == 1);
}

}  // namespace
}  // namespace animate::serve
