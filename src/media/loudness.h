#pragma once

#include <filesystem>
#include <vector>

namespace animate::media {

// How loud a sound is over time: decibels against full scale of the root mean square of all channels' mean, one number
// for each 1 / `rate` seconds from its first sample to its last; -infinity where there is silence. `rate` above 0, up
// to 1000. What follows `most_seconds` is not read. Throws Error(Input) for a file without sound, or one that FFmpeg
// cannot decode.
std::vector<double> loudness_of(const std::filesystem::path& path, double rate, double most_seconds);

}  // namespace animate::media
