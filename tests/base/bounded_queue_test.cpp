#include "base/bounded_queue.h"

#include <atomic>
#include <thread>
#include <vector>

#include "support/catch.h"

using animate::BoundedQueue;

TEST_CASE("a queue delivers in order and ends after close") {
  BoundedQueue<int> queue(4);
  std::vector<int> received;
  std::jthread consumer([&] {
    while (const auto item = queue.pop()) received.push_back(*item);
  });
  for (int i = 0; i < 100; ++i) REQUIRE(queue.push(i));
  queue.close();
  consumer.join();
  REQUIRE(received.size() == 100);
  for (int i = 0; i < 100; ++i) CHECK(received[static_cast<size_t>(i)] == i);
}

TEST_CASE("a closed queue takes nothing more") {
  BoundedQueue<int> queue(1);
  queue.close();
  CHECK_FALSE(queue.push(1));
  CHECK_FALSE(queue.pop().has_value());
}

TEST_CASE("fail drops what is queued and wakes a waiting producer") {
  BoundedQueue<int> queue(1);
  REQUIRE(queue.push(1));
  std::atomic<bool> taken{true};
  std::jthread producer([&] { taken = queue.push(2); });
  queue.fail();
  producer.join();
  CHECK_FALSE(taken);
  CHECK_FALSE(queue.pop().has_value());
  queue.close();
  CHECK_FALSE(queue.push(3));
}

TEST_CASE("several producers and consumers lose nothing") {
  const auto [producers, consumers] = GENERATE(table<int, int>({{1, 1}, {4, 1}, {1, 4}, {4, 4}}));
  BoundedQueue<int> queue(3);
  std::atomic<int> sum{0};
  std::atomic<int> count{0};
  {
    std::vector<std::jthread> readers;
    for (int c = 0; c < consumers; ++c) {
      readers.emplace_back([&] {
        while (const auto item = queue.pop()) {
          sum += *item;
          ++count;
        }
      });
    }
    {
      std::vector<std::jthread> writers;
      for (int p = 0; p < producers; ++p) {
        writers.emplace_back([&] {
          for (int i = 1; i <= 250; ++i) queue.push(i);
        });
      }
    }
    queue.close();
  }
  CHECK(count == producers * 250);
  CHECK(sum == producers * 250 * 251 / 2);
}

TEST_CASE("waiting is counted on the side that waits") {
  BoundedQueue<int> queue(1);
  REQUIRE(queue.push(1));
  CHECK(queue.pushes().times == 0);
  std::atomic<int> told{0};
  queue.on_wait([&told](animate::QueueSide side) { told += side == animate::QueueSide::Producer ? 1 : 100; });
  std::jthread producer([&] { queue.push(2); });
  while (told == 0) std::this_thread::yield();
  CHECK(queue.pop() == 1);
  CHECK(queue.pop() == 2);
  producer.join();
  CHECK(queue.pushes().times == 1);
  CHECK(queue.pushes().seconds > 0);
  const int before = told;
  std::jthread consumer([&] { queue.pop(); });
  while (told == before) std::this_thread::yield();
  queue.close();
  consumer.join();
  CHECK(queue.pops().times >= 1);
  CHECK(queue.pops().seconds > 0);
}
