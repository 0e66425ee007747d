#pragma once

#include <cstddef>
#include <string>

namespace animate::batch {

// Part `number` of `count`, from 1. Jobs are dealt round in the plan's order, so that N machines that see the same
// inputs do every job exactly once without talking to each other.
struct Shard {
  size_t number = 1;
  size_t count = 1;

  bool owns(size_t job) const { return job % count == number - 1; }
  // "report.jsonl", or "report-2-of-3.jsonl".
  std::string report_name() const;
};

// "I/N"; empty: all of it. Throws Error(Usage).
Shard parse_shard(const std::string& text);

}  // namespace animate::batch
