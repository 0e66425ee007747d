#include "models/liveportrait/local_motion_maps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/nn/fast_conv/linear_neighbours.h"

namespace animate::models::liveportrait {
namespace {

// One motion along one axis.
struct AxisMotion {
  std::vector<float> driving, source;        // Gaussians at the grid's places
  std::vector<core::nn::Neighbours> places;  // what to sample there
};

// The grid's outermost places are -1 and 1, yet sampling takes these for the pixels' edges: as in the original
// (models/liveportrait/README.md#aligned-and-not).
AxisMotion axis_motion(int64_t size, float driving, float source, double variance) {
  AxisMotion axis;
  for (int64_t i = 0; i < size; ++i) {
    const float place = static_cast<float>(i) * (2 / static_cast<float>(size - 1)) - 1;
    const auto gaussian = [&](float centre) {
      return static_cast<float>(std::exp(-0.5 / variance * std::pow(static_cast<double>(place - centre), 2)));
    };
    axis.driving.push_back(gaussian(driving));
    axis.source.push_back(gaussian(source));
    axis.places.push_back(core::nn::neighbours(place - driving + source, size, /*corners=*/false));
  }
  return axis;
}

using Motion = std::array<AxisMotion, 3>;  // x, y, z

std::vector<Motion> all_motions(const LocalMotions& m) {
  std::vector<Motion> motions;
  const std::array<int64_t, 3> sizes{m.width, m.height, m.depth};
  for (int64_t k = 0; k <= m.count; ++k) {
    Motion motion;
    for (size_t axis = 0; axis < 3; ++axis) {
      const size_t at = static_cast<size_t>(k - 1) * 3 + axis;
      // The background stays where it is, and both its Gaussians are the same.
      motion[axis] = k == 0 ? axis_motion(sizes[axis], 0, 0, m.variance)
                            : axis_motion(sizes[axis], m.driving[at], m.source[at], m.variance);
    }
    motions.push_back(std::move(motion));
  }
  return motions;
}

// A line of voxels, mixed of the four lines round its place in y and z. -> [W, C]
void mix_lines(const LocalMotions& m, const core::nn::Neighbours& y, const core::nn::Neighbours& z, float* line) {
  const int64_t length = m.width * m.channels;
  std::fill_n(line, length, 0.0F);
  for (int k = 0; k < z.count; ++k) {
    for (int j = 0; j < y.count; ++j) {
      const float* const from = m.volume + (z.at[k] * m.height + y.at[j]) * length;
      const float weight = z.weight[k] * y.weight[j];
      for (int64_t i = 0; i < length; ++i) line[i] += weight * from[i];
    }
  }
}

void write_line(const LocalMotions& m, const Motion& motion, int64_t d, int64_t h, const float* line, float* to) {
  const auto& [x, y, z] = motion;
  const int64_t step = (m.count + 1) * (1 + m.channels);
  const float driving = z.driving[d] * y.driving[h];
  const float source = z.source[d] * y.source[h];
  for (int64_t w = 0; w < m.width; ++w, to += step) {
    to[0] = driving * x.driving[w] - source * x.source[w];
    std::fill_n(to + 1, m.channels, 0.0F);
    for (int i = 0; i < x.places[w].count; ++i) {
      const float* const from = line + x.places[w].at[i] * m.channels;
      for (int64_t c = 0; c < m.channels; ++c) to[1 + c] += x.places[w].weight[i] * from[c];
    }
  }
}

}  // namespace

void make_local_motion_maps(const LocalMotions& m, int64_t threads, float* maps) {
  const std::vector<Motion> motions = all_motions(m);
  const int64_t step = (m.count + 1) * (1 + m.channels);
#pragma omp parallel num_threads(static_cast <int>(threads))
  {
    std::vector<float> line(static_cast<size_t>(m.width * m.channels));
#pragma omp for
    for (int64_t row = 0; row < m.depth * m.height; ++row) {
      const int64_t d = row / m.height;
      const int64_t h = row % m.height;
      for (int64_t k = 0; k <= m.count; ++k) {
        const Motion& motion = motions[static_cast<size_t>(k)];
        mix_lines(m, motion[1].places[h], motion[2].places[d], line.data());
        write_line(m, motion, d, h, line.data(), maps + row * m.width * step + k * (1 + m.channels));
      }
    }
  }
}

}  // namespace animate::models::liveportrait
