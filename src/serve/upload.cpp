#include "serve/upload.h"

#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <utility>

#include "base/write_errors.h"
#include "serve/ids.h"
#include "serve/problem.h"
#include "serve/stored_file.h"
#include "serve/target.h"

namespace animate::serve {
namespace {

Refusal too_large(uint64_t most) {
  return {413,
          fmt::format("the file is larger than {} MB, the most that is taken; cut or shrink it", most / 1'000'000)};
}

}  // namespace

Upload::Upload(const RequestHead& head, std::string owner, FileStore& store, DiskSpace& space, uint64_t most)
    : store_(store), space_(space), id_(new_id()), owner_(std::move(owner)), most_(most) {
  // A form adds its headers and boundaries.
  constexpr uint64_t form_bytes = 16384;
  if (head.length && *head.length > most_ + form_bytes) throw too_large(most_);
  const std::string_view type = head.header("content-type");
  // A form without files is what `curl --data-binary @FILE` calls its bytes: what they are is told by themselves.
  if (type.starts_with("application/json")) {
    throw Refusal(415,
                  fmt::format("{}: is no file; send its bytes as they are, or a form (multipart/form-data)", type));
  }
  store_.check_room(owner_);
  const auto name = head.query.find("name");
  if (name != head.query.end()) name_ = shown_name(name->second);
  if (type.starts_with("multipart/")) {
    form_ = std::make_unique<MultipartReader>(parameter_of(type, "boundary"),
                                              MultipartReader::Events{[this](const MultipartReader::Part& part) {
                                                                        in_file_ = !had_file_ && !part.filename.empty();
                                                                        if (!in_file_) return;
                                                                        had_file_ = true;
                                                                        if (name_.empty())
                                                                          name_ = shown_name(part.filename);
                                                                      },
                                                                      [this](std::string_view bytes) {
                                                                        if (in_file_) this->store(bytes);
                                                                      },
                                                                      [this] { in_file_ = false; }});
  } else {
    had_file_ = true;
  }
  content_ = store_.make_incoming(id_) / "content";
  stream_.open(content_, std::ios::binary);
  check_written(stream_, name_);
}

Upload::~Upload() {
  if (kept_) return;
  stream_.close();
  store_.drop_incoming(id_);
  space_.give_back(bytes_);
}

void Upload::write(std::string_view bytes) {
  if (form_) {
    form_->write(bytes);
  } else {
    store(bytes);
  }
}

void Upload::store(std::string_view bytes) {
  if (bytes.size() > most_ - bytes_) throw too_large(most_);
  space_.take(bytes.size());
  bytes_ += bytes.size();
  stream_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  check_written(stream_, name_.empty() ? "the file" : name_);
}

void Upload::finish() {
  if (form_) form_->finish();
  if (!had_file_) throw Refusal(400, "the form holds no file; add one with a file name");
  if (name_.empty()) name_ = "file";
  stream_.close();
  check_written(stream_, name_);
  if (bytes_ == 0) throw Refusal(422, fmt::format("{}: the file is empty; choose another", name_));
}

}  // namespace animate::serve
