#pragma once

#include <string>

#include "serve/bench_live.h"

namespace animate::cli {

// What a live session costs, as text for people and as a JSON document.
std::string live_bench_table(const serve::LiveBenchReport& report);
std::string live_bench_json(const serve::LiveBenchReport& report);

}  // namespace animate::cli
