#include "motion/rotation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/error.h"

namespace animate::motion {
namespace {

constexpr size_t kBins = 66;
constexpr double kDegrees = 180 / std::numbers::pi;
constexpr float kPi = std::numbers::pi_v<float>;

using Matrix3d = std::array<std::array<double, 3>, 3>;
using Quaternion = std::array<double, 4>;  // w, x, y, z

template <typename To, typename From>
To converted(const From& matrix) {
  To result;
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) result[i][j] = static_cast<typename To::value_type::value_type>(matrix[i][j]);
  }
  return result;
}

double determinant(const Matrix3d& m) {
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
         m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

// The matrix of cofactors: determinant * inverse transposed.
Matrix3d cofactors(const Matrix3d& m) {
  Matrix3d result;
  for (size_t i = 0; i < 3; ++i) {
    const size_t i1 = (i + 1) % 3, i2 = (i + 2) % 3;
    for (size_t j = 0; j < 3; ++j) {
      const size_t j1 = (j + 1) % 3, j2 = (j + 2) % 3;
      result[i][j] = m[i1][j1] * m[i2][j2] - m[i1][j2] * m[i2][j1];
    }
  }
  return result;
}

Quaternion normalized(Quaternion q) {
  double length = 0;
  for (const double part : q) length += part * part;
  length = std::sqrt(length);
  for (double& part : q) part /= length;
  return q;
}

// Starts from the largest of the four parts, so that nothing small is ever divided by.
Quaternion to_quaternion(const Matrix3d& m) {
  const double trace = m[0][0] + m[1][1] + m[2][2];
  size_t largest = 0;
  for (size_t i = 1; i < 3; ++i) {
    if (m[i][i] > m[largest][largest]) largest = i;
  }
  Quaternion q;
  if (trace > m[largest][largest]) {
    q = {1 + trace, m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]};
  } else {
    const size_t i = largest, j = (i + 1) % 3, k = (i + 2) % 3;
    q[0] = m[k][j] - m[j][k];
    q[1 + i] = 1 + m[i][i] - m[j][j] - m[k][k];
    q[1 + j] = m[i][j] + m[j][i];
    q[1 + k] = m[i][k] + m[k][i];
  }
  return normalized(q);
}

Matrix3 to_matrix(const Quaternion& q) {
  const auto [w, x, y, z] = q;
  const Matrix3d m{{{1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)},
                    {2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)},
                    {2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)}}};
  return converted<Matrix3>(m);
}

}  // namespace

float degrees_from_bins(std::span<const float> logits) {
  if (logits.size() == 1) return logits[0];
  check(logits.size() == kBins, ErrorKind::Model,
        "motion extractor: a pose head gives {} values, not {} bins; use weights of LivePortrait", logits.size(),
        kBins);
  const float largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  double weighted = 0;
  for (size_t i = 0; i < kBins; ++i) {
    const float weight = std::exp(logits[i] - largest);
    sum += weight;
    weighted += static_cast<double>(i) * weight;
  }
  return static_cast<float>(3 * weighted / sum - 97.5);
}

Matrix3 rotation_matrix(const HeadPose& pose) {
  const float x = pose.pitch / 180 * kPi, y = pose.yaw / 180 * kPi, z = pose.roll / 180 * kPi;
  const float cx = std::cos(x), sx = std::sin(x);
  const float cy = std::cos(y), sy = std::sin(y);
  const float cz = std::cos(z), sz = std::sin(z);
  const Matrix3 about_x{{{1, 0, 0}, {0, cx, -sx}, {0, sx, cx}}};
  const Matrix3 about_y{{{cy, 0, sy}, {0, 1, 0}, {-sy, 0, cy}}};
  const Matrix3 about_z{{{cz, -sz, 0}, {sz, cz, 0}, {0, 0, 1}}};
  return transpose(multiply(multiply(about_z, about_y), about_x));
}

HeadPose head_pose(const Matrix3& rotation) {
  const auto r = converted<Matrix3d>(rotation);
  const double cos_yaw = std::hypot(r[0][0], r[0][1]);
  HeadPose pose;
  pose.yaw = static_cast<float>(std::atan2(-r[0][2], cos_yaw) * kDegrees);
  if (cos_yaw < 1e-6) {
    pose.pitch = static_cast<float>(std::atan2(-r[2][1], r[1][1]) * kDegrees);
  } else {
    pose.pitch = static_cast<float>(std::atan2(r[1][2], r[2][2]) * kDegrees);
    pose.roll = static_cast<float>(std::atan2(r[0][1], r[0][0]) * kDegrees);
  }
  return pose;
}

Matrix3 multiply(const Matrix3& a, const Matrix3& b) {
  Matrix3 result{};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) result[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
  }
  return result;
}

Matrix3 transpose(const Matrix3& matrix) {
  Matrix3 result;
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) result[i][j] = matrix[j][i];
  }
  return result;
}

Matrix3 slerp(const Matrix3& a, const Matrix3& b, double weight) {
  if (weight == 0 || a == b) return a;
  if (weight == 1) return b;
  const Quaternion from = to_quaternion(converted<Matrix3d>(a));
  Quaternion to = to_quaternion(converted<Matrix3d>(b));
  double cosine = 0;
  for (size_t i = 0; i < 4; ++i) cosine += from[i] * to[i];
  if (cosine < 0) {  // q and -q are the same rotation: the nearer one
    cosine = -cosine;
    for (double& part : to) part = -part;
  }
  double keep = 1 - weight;
  double take = weight;
  if (cosine < 1 - 1e-9) {  // nearer than that the chord is the arc
    const double angle = std::acos(cosine);
    keep = std::sin(keep * angle) / std::sin(angle);
    take = std::sin(take * angle) / std::sin(angle);
  }
  Quaternion between;
  for (size_t i = 0; i < 4; ++i) between[i] = keep * from[i] + take * to[i];
  return to_matrix(normalized(between));
}

Matrix3 nearest_rotation(const Matrix3& matrix) {
  // Newton's way to the polar factor: the mean of a matrix and its inverse transposed, until they agree.
  auto m = converted<Matrix3d>(matrix);
  for (int step = 0; step < 50; ++step) {
    const double volume = determinant(m);
    if (!(volume > 1e-12)) return matrix;
    const Matrix3d inverse = cofactors(m);
    double change = 0;
    for (size_t i = 0; i < 3; ++i) {
      for (size_t j = 0; j < 3; ++j) {
        const double mean = (m[i][j] + inverse[i][j] / volume) / 2;
        change = std::max(change, std::abs(mean - m[i][j]));
        m[i][j] = mean;
      }
    }
    if (change < 1e-14) break;
  }
  return converted<Matrix3>(m);
}

double angle_between(const Matrix3& a, const Matrix3& b) {
  // The rotation from one to the other; atan2 stays exact for small turns, where acos of a cosine does not.
  const auto turn = converted<Matrix3d>(multiply(transpose(a), b));
  const double sine = std::hypot(turn[2][1] - turn[1][2], turn[0][2] - turn[2][0], turn[1][0] - turn[0][1]);
  const double cosine = turn[0][0] + turn[1][1] + turn[2][2] - 1;
  return std::atan2(sine, cosine) * kDegrees;
}

}  // namespace animate::motion
