#pragma once

#include <deque>
#include <string>
#include <vector>

#include "animate/option_values.h"
#include "media/av_ptr.h"
#include "media/hdr_colors.h"

namespace animate::media {

// Decoded pictures of a stream -> pictures as a screen of today shows them: progressive, and in the colours of BT.709.
// Interlaced pictures are turned into whole ones, one for one, with the times they had (bwdif); HDR (PQ, HLG) and
// BT.2020 are brought to BT.709 (zscale, tonemap; HdrColors where FFmpeg is built without). Pictures that need neither
// pass through untouched. A few pictures are held back until the next ones or drain() come. Not thread-safe.
//
//   filter.send(frame);  while (filter.receive(frame)) use(frame);
class PictureFilter {
 public:
  enum class Colors { Best, Own };  // Own: HdrColors even where FFmpeg has its filters

  // `stream` and the name that notes begin with. `deinterlace` Auto: where the stream or its pictures say so.
  PictureFilter(const AVStream& stream, std::string name, Switch deinterlace, Colors colors = Colors::Best);

  // Takes what `frame` refers to. The stamp that counts, before and after, is best_effort_timestamp.
  void send(AVFrame& frame);
  void drain();
  bool receive(AVFrame& frame);

  // What was done, a sentence each; grows with the first picture that needs it.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  // What a graph was made for.
  struct Task {
    int width = 0, height = 0, format = -1, colorspace = 0, range = 0, primaries = 0, transfer = 0;
    bool deinterlace = false;
    bool tone_map = false;
    bool to_bt709 = false;

    bool any() const { return deinterlace || tone_map || to_bt709; }
    bool operator==(const Task&) const = default;
  };
  struct Times {
    int64_t stamp;
    int64_t duration;
  };

  Task task_of(const AVFrame& frame);
  bool wants_deinterlacing(const AVFrame& frame);
  void open(const Task& task);
  bool try_open(const Task& task);  // false: without the colours then
  void give_up_colors();
  void flush();
  void take_results();
  void hand_on(UniqueFrame frame);
  std::string description(const Task& task) const;

  AVRational time_base_;
  AVRational aspect_;
  std::string name_;
  Switch deinterlace_;
  bool field_stream_;        // the header says interlaced
  bool by_flags_ = true;     // only pictures flagged as interlaced are changed
  bool interlaced_ = false;  // from the first such picture on
  bool told_colors_ = false;
  bool own_colors_;  // by own_, because FFmpeg has no filters for it
  HdrColors own_;
  bool colors_failed_ = false;
  Task task_;
  UniqueGraph graph_;
  AVFilterContext* source_ = nullptr;  // owned by graph_
  AVFilterContext* sink_ = nullptr;
  std::deque<Times> inside_;       // of the pictures in the graph
  std::deque<UniqueFrame> ready_;  // pictures that came out
  std::vector<std::string> notes_;
};

}  // namespace animate::media
