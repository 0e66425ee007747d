#include <cstdint>
#include <cstdlib>
#include <span>

#include "media/picture_essence.h"
#include "media/picture_header.h"
#include "media/picture_kind.h"

// What is read of a picture's bytes before any library decodes them. Nothing here throws.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace animate::media;
  const auto file = std::as_bytes(std::span(data, size));
  picture_kind(file);
  unreadable_part(file);
  stored_profile(file);
  const PictureHeader header = read_picture_header(file);
  if (header.orientation < 1 || header.orientation > 8) std::abort();
  // What makes the pixels is never more than what is there and an end mark, and has nothing more to take away.
  const auto essence = picture_essence(file);
  if (essence.size() > size + 2) std::abort();
  if (picture_essence(essence) != essence) std::abort();
  return 0;
}
