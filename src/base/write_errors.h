#pragma once

#include <filesystem>
#include <iosfwd>

namespace animate {
inline namespace base {

// Whether an errno says that nothing more fits: the disk is full, the user's share of it, or the largest file allowed.
bool is_full_disk(int error);

// What is told when `target` could not be written, `error` being the errno: Error(DiskFull) where nothing more fits,
// else Error(Input) with the reason.
[[noreturn]] void fail_to_write(const std::filesystem::path& target, int error);

// The same for a stream on a file, where it has failed. To be called right after the write, flush or close that may
// have: the standard library keeps no reason beside errno.
void check_written(const std::ostream& stream, const std::filesystem::path& target);

}  // namespace base
}  // namespace animate
