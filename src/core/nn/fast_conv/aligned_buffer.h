#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace animate::core::nn {

// Floats on a cache line's boundary. Contents are undefined until written; growing loses them.
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(size_t count) { reserve(count); }

  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  size_t size() const { return size_; }

  // Room for at least `count` floats. Never shrinks: a buffer kept between calls allocates for the largest only.
  void reserve(size_t count) {
    if (count <= size_) return;
    data_.reset();  // first, so that old and new never exist together
    const size_t bytes = (count * sizeof(float) + kAlignment - 1) / kAlignment * kAlignment;
    data_.reset(static_cast<float*>(std::aligned_alloc(kAlignment, bytes)));
    size_ = data_ == nullptr ? 0 : count;
    if (data_ == nullptr) throw std::bad_alloc();
  }

 private:
  static constexpr size_t kAlignment = 64;
  struct Free {
    void operator()(float* data) const { std::free(data); }
  };
  std::unique_ptr<float, Free> data_;
  size_t size_ = 0;
};

}  // namespace animate::core::nn
