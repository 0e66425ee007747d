#pragma once

namespace animate::core {

// oneDNN 3.7, which Debian 13's LibTorch 2.6 convolves with on CPUs, is wrong where the channels that come in are more
// than one of its vectors (16 floats, or 8) but not a whole number of them: it pads them to whole vectors and leaves in
// the padding whatever lay in memory. Small maps and fresh memory hide it; a picture of some size in a program that has
// run for a while comes out noisy, or black where a NaN was left.

// Makes LibTorch's convolutions right on this CPU where they are not: from then on oneDNN gets channels that we have
// padded, at no measurable cost. The check runs once in a process and takes some ten milliseconds. Call this before
// computing on the CPU (choose_device() does). Any thread.
void mend_convolutions();

// Whether convolutions of float maps are right as LibTorch does them now. Tried anew by each call, in memory full of
// NaNs, against the same in double, which oneDNN does not compute.
bool convolutions_are_right();

// As long as one of these lives, gradients of convolutions are right too: without oneDNN where it gets them wrong,
// which is several times slower, and for the whole process, since LibTorch knows no other switch. May live on several
// threads at once. Mends the convolutions themselves first.
class RightGradients {
 public:
  RightGradients();
  ~RightGradients();
  RightGradients(const RightGradients&) = delete;
  RightGradients& operator=(const RightGradients&) = delete;

 private:
  bool avoids_;
};

}  // namespace animate::core
