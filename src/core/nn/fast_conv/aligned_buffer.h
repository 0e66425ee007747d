#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace animate::core::nn {

// Floats on a cache line's boundary; many of them in huge pages, of which the kernel has 500 times fewer to clear and a
// processor to look up. Contents are undefined until written; growing loses them.
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
    const size_t wanted = count * sizeof(float);
    const size_t alignment = wanted < kLarge ? kCacheLine : kHugePage;
    const size_t bytes = (wanted + alignment - 1) / alignment * alignment;
    data_.reset(static_cast<float*>(std::aligned_alloc(alignment, bytes)));
    size_ = data_ == nullptr ? 0 : count;
    if (data_ == nullptr) throw std::bad_alloc();
    // Only a hint: a kernel without huge pages gives small ones.
    if (alignment == kHugePage) madvise(data_.get(), bytes, MADV_HUGEPAGE);
  }

 private:
  static constexpr size_t kCacheLine = 64;
  static constexpr size_t kHugePage = size_t{2} << 20;
  static constexpr size_t kLarge = 4 * kHugePage;  // from here on what rounding up wastes is little
  struct Free {
    void operator()(float* data) const { std::free(data); }
  };
  std::unique_ptr<float, Free> data_;
  size_t size_ = 0;
};

}  // namespace animate::core::nn
