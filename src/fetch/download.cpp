#include "fetch/download.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "base/error.h"
#include "base/log.h"
#include "digest/sha256.h"
#include "fetch/address.h"
#include "fetch/part_file.h"
#include "fetch/transfer.h"

namespace animate::fetch {
namespace {

class Downloader {
 public:
  Downloader(const Download& job, const DownloadOptions& options, const std::function<void(int64_t)>& advance,
             std::stop_token stop)
      : job_(job),
        options_(options),
        advance_(advance),
        stop_(std::move(stop)),
        bytes_(job.bytes),
        told_(job.exact),
        part_(job.target) {}

  void run() {
    if (told_ && part_.size() > bytes_) part_.restart();
    bool resumed = part_.size() > 0;
    if (resumed) log::info("{}: going on after {} bytes", show(part_.path()), part_.size());
    for (;;) {
      fill();
      const std::string hash = digest::sha256_of(part_.path());
      if (hash == job_.sha256) return part_.install();
      // The bytes from an earlier run may be of another version of the file: download all of it once more.
      if (!resumed) refuse(fmt::format("its SHA-256 is {}, the published one {}", hash, job_.sha256));
      log::info("{}: does not fit what came after it; downloading all of it", show(part_.path()));
      part_.restart();
      resumed = false;
    }
  }

 private:
  // Until the part has all bytes.
  void fill() {
    int64_t fruitless = 0;
    int64_t best = part_.size();
    advance_(best);
    while (!is_whole()) {
      const TransferResult result = request();
      if (result.end == TransferEnd::Stopped) stop_here();
      // A server that does not tell the size has sent all of it when it ends well.
      if (result.end == TransferEnd::Done && (is_whole() || !told_)) return;
      if (result.status == 416 && part_.size() > 0) {  // the server's file ends before ours
        part_.restart();
        continue;
      }
      const std::string reason = result.end == TransferEnd::Done
                                     ? "the connection was cut; run the same command again, which goes on there"
                                     : result.reason;
      fruitless = part_.size() > best ? 0 : fruitless + 1;
      best = std::max(best, part_.size());
      check(result.end != TransferEnd::Refused && fruitless <= options_.retries && options_.retries > 0,
            ErrorKind::Input, "{}: {}", show_address(job_.url), reason);
      log::info("{}: cut after {} of {} bytes, going on", job_.target.filename().string(), part_.size(), bytes_);
      wait(fruitless);
    }
  }

  bool is_whole() const { return told_ && part_.size() == bytes_; }
  // Of a size that is not known to the byte: no server may fill the disk.
  int64_t most() const { return job_.bytes + job_.bytes / 100; }

  TransferResult request() {
    TransferRequest request{job_.url, part_.size(), part_.etag(), options_.any_http, options_.stall_seconds};
    return transfer(
        request, [this](const TransferReply& reply) { begin(reply); },
        [this](std::span<const char> bytes) {
          const int64_t grown = part_.size() + static_cast<int64_t>(bytes.size());
          if (told_ ? grown > bytes_ : grown > most()) {
            refuse(fmt::format("the server sends more than the published {} bytes", bytes_));
          }
          part_.append(bytes);
          advance_(part_.size());
        },
        stop_);
  }

  void begin(const TransferReply& reply) {
    if (!job_.exact && reply.total && std::abs(*reply.total - job_.bytes) <= most() - job_.bytes) {
      bytes_ = *reply.total;
      told_ = true;
    }
    if (reply.total && *reply.total != bytes_) {
      refuse(fmt::format("the server has {} bytes{}, published are {}", *reply.total,
                         reply.type == "text/html" ? " of a web page" : "", bytes_));
    }
    if (reply.status == 206) {
      if (reply.first != part_.size()) refuse("the server sends another piece than was asked for");
    } else {
      part_.restart();  // the whole file comes, whatever was asked for
    }
    part_.set_etag(reply.etag);
  }

  // The server has another file, so the part is removed and the next run starts from nothing.
  [[noreturn]] void refuse(const std::string& difference) {
    part_.discard();
    fail(ErrorKind::Input,
         "{}: is not the published file: {}; nothing was installed, fetch it from elsewhere with --from",
         show_address(job_.url), difference);
  }

  [[noreturn]] void stop_here() const {
    fail(ErrorKind::Cancelled, "stopped; {} of {} bytes are kept in {}, the same command goes on there", part_.size(),
         bytes_, show(part_.path()));
  }

  // One second, then two, then four: a server that fails is not helped by haste.
  void wait(int64_t fruitless) const {
    using namespace std::chrono;
    const auto until =
        steady_clock::now() + seconds(int64_t{1} << std::min<int64_t>(std::max<int64_t>(fruitless - 1, 0), 5));
    while (fruitless > 0 && steady_clock::now() < until) {
      if (stop_.stop_requested()) stop_here();
      std::this_thread::sleep_for(milliseconds(50));
    }
  }

  const Download& job_;
  const DownloadOptions& options_;
  const std::function<void(int64_t)>& advance_;
  std::stop_token stop_;
  int64_t bytes_;  // of the whole file
  bool told_;      // whether that is known to the byte
  PartFile part_;
};

}  // namespace

void download(const Download& job, const DownloadOptions& options, const std::function<void(int64_t)>& advance,
              std::stop_token stop) {
  Downloader(job, options, advance, std::move(stop)).run();
}

}  // namespace animate::fetch
