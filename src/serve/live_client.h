#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace animate::serve {

// An answer of a live session, as whoever sent the frame sees it. Times are in seconds.
struct LiveAnswer {
  int64_t id = 0;
  double arrived = 0;    // since the first frame was sent
  double delay = 0;      // from the frame's start on its way to its answer
  double inference = 0;  // of it in Session::animate, as the server has it
  bool face_found = false;
  bool distinct = false;  // another picture than the answer before
  int width = 0;          // pixels
  int height = 0;
  int64_t skipped = 0;  // frames that newer ones replaced, so far
};

// A client of a server on this machine's loopback, which sends frames over a WebSocket as the page does: for
// measuring. Not thread-safe. Every call throws animate::Error: with the server's sentence for what it refuses,
// Cancelled once `stop` is requested.
class LiveClient {
 public:
  LiveClient(uint16_t port, std::stop_token stop);
  ~LiveClient();
  LiveClient(const LiveClient&) = delete;
  LiveClient& operator=(const LiveClient&) = delete;

  // Gives the file's id.
  std::string upload(const std::string& bytes);
  // Opens a session on an upload and connects to it; gives the name of its model. Waits until that is opened.
  std::string open(const std::string& source);
  // Sends `count` frames, beginning again with the first when all were sent: with an `interval` of 0 s each when the
  // one before is answered, else one every `interval`, whether it is answered or not. Gives what came back, the last
  // frame's answer last.
  std::vector<LiveAnswer> play(const std::vector<std::string>& frames, int64_t count, double interval);

 private:
  struct Parts;
  class Play;
  std::unique_ptr<Parts> parts_;
};

}  // namespace animate::serve
