#pragma once

#include <cstddef>

#include "motion/motion_template.h"

namespace animate::motion {

// The times of a motion template, and changes of its clock. Frames may lie at any increasing times.

// When frame i begins, in the template's own seconds: the first may begin at any time.
double begin_of(const MotionTemplate& motion, size_t i);

// Seconds from the first frame's beginning to the last one's end. A last frame of unknown duration counts 1/frame_rate.
double length_of(const MotionTemplate& motion);

// The motion `seconds` after the first frame's beginning: between frames it is interpolated, beyond the ends these
// hold.
Motion motion_at(const MotionTemplate& motion, double seconds);

// The same motion at a constant `rate`, from time 0 on: it keeps its length, rounded to whole frames, and its sound.
// Frames that lie at their new time already stay bit by bit. Throws Error(Input) when that is more than a million.
MotionTemplate resample(const MotionTemplate& motion, Rational rate);

// Whether frames follow each other at the template's frame rate, as in a clip of constant rate.
bool is_steady(const MotionTemplate& motion);
// The motion itself where it is steady, else resampled to its own frame rate.
MotionTemplate steady(const MotionTemplate& motion);

// Frames first .. last - 1; they begin at time 0, and the sound where it did.
MotionTemplate cut(const MotionTemplate& motion, size_t first, size_t last);

// The frames that begin from `start` on and before `end`, in the template's own seconds (as --start and --end do for a
// driver). Throws Error(Input) when there is none; `shown` is the file.
MotionTemplate trim(const MotionTemplate& motion, double start, double end, const std::string& shown);

// `speed` times as fast: the same frames, closer together or further apart. The sound is let go, as it would no longer
// fit. Throws Error(Input) where the times leave 64 bits.
MotionTemplate change_speed(const MotionTemplate& motion, Rational speed, const std::string& shown);

}  // namespace animate::motion
