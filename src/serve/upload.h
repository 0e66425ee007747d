#pragma once

#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "serve/disk_space.h"
#include "serve/file_store.h"
#include "serve/message.h"
#include "serve/multipart.h"

namespace animate::serve {

// One file on its way in, raw or as the first file of a multipart form, written to disk as it comes. What is not whole
// is gone when this is.
class Upload : public BodySink {
 public:
  // `head` tells the form, the name (query `name`, or the form's file name) and the announced length. Throws
  // Refusal(413) for more than `most` bytes, Refusal(415) for JSON, Refusal(429) for too many files.
  Upload(const RequestHead& head, std::string owner, FileStore& store, DiskSpace& space, uint64_t most);
  ~Upload() override;

  void write(std::string_view bytes) override;
  void finish() override;

  const std::string& id() const { return id_; }
  const std::string& owner() const { return owner_; }
  const std::string& name() const { return name_; }
  const std::filesystem::path& content() const { return content_; }
  uint64_t bytes() const { return bytes_; }
  // It was put into the store: nothing is to be cleaned up.
  void keep() { kept_ = true; }

 private:
  void store(std::string_view bytes);

  FileStore& store_;
  DiskSpace& space_;
  std::string id_;
  std::string owner_;
  std::string name_;
  uint64_t most_;
  uint64_t bytes_ = 0;
  std::filesystem::path content_;
  std::ofstream stream_;
  std::unique_ptr<MultipartReader> form_;
  bool in_file_ = false;
  bool had_file_ = false;
  bool kept_ = false;
};

}  // namespace animate::serve
