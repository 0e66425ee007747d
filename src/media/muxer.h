#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "media/av_ptr.h"
#include "media/metadata.h"

namespace animate::media {

// A container being written: packets in, a file out. Encodes nothing. Interleaves the streams itself.
// Not thread-safe.
class Muxer {
 public:
  // Writes to `file`; error sentences name `target`, the file the user asked for. Throws Error(Input).
  Muxer(const AVOutputFormat& container, const std::filesystem::path& file, std::filesystem::path target);

  ~Muxer();
  Muxer(const Muxer&) = delete;
  Muxer& operator=(const Muxer&) = delete;

  AVFormatContext& context() { return *context_; }
  AVStream& add_stream();
  // What the file tells beside its streams (see Metadata), before begin(). `bit_exact`: FFmpeg adds nothing random
  // and not its own version.
  void describe(const Metadata& metadata, bool bit_exact);
  // After the last add_stream(); the container may now change the streams' time bases.
  void begin();
  // `time_base` is the packet's. Takes what the packet refers to.
  void write(AVPacket& packet, const AVStream& stream, AVRational time_base);
  // The same for a packet that the file can do without. False when the container does not take it; a full disk and the
  // like still throw.
  bool write_optional(AVPacket& packet, const AVStream& stream, AVRational time_base);
  // How long a GIF shows its last picture, hundredths of a second; otherwise as long as the one before.
  void set_final_delay(int64_t delay);
  // Writes the trailer and closes the file, which reports errors that came late.
  void end();

  const std::filesystem::path& target() const { return target_; }

 private:
  void require(int code) const;
  bool is(std::string_view name) const { return name == context_->oformat->name; }

  std::filesystem::path target_;
  UniqueIo io_;  // outlives the context that writes to it
  UniqueOutput context_;
  std::string comment_;  // of a GIF, whose writer in FFmpeg knows none
  bool open_ = false;    // between begin() and end()
};

}  // namespace animate::media
