#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace animate::motion {

// Writes a pickle of plain Python values and float32 NumPy arrays that pickle.load() reads with NumPy 1 and 2
// (models/liveportrait/README.md#writing): protocol 4, without memo and frames, which are optional. Dicts and lists are
// opened and closed; inside a dict, keys and values alternate.
class NumpyPickleWriter {
 public:
  NumpyPickleWriter();

  void begin_dict() { out_ += "}("; }
  void end_dict() { out_ += 'u'; }
  void begin_list() { out_ += "]("; }
  void end_list() { out_ += 'e'; }
  void none() { out_ += 'N'; }
  void text(std::string_view utf8);
  void integer(int64_t value);
  void number(double value);
  // Row-major; the product of `shape` is values.size().
  void array(const std::vector<int64_t>& shape, const std::vector<float>& values);

  // The whole pickle, once everything is closed.
  std::string finish() &&;

 private:
  template <typename T>
  void little(T value);

  std::string out_;
};

}  // namespace animate::motion
