#include <libheif/heif.h>

#include <memory>

#include "base/error.h"
#include "media/picture_kind.h"
#include "media/rgba_rows.h"
#include "media/still_readers.h"

namespace animate::media {
namespace {

namespace fs = std::filesystem;

struct HeifCloser {
  void operator()(heif_context* context) const { heif_context_free(context); }
  void operator()(heif_image_handle* handle) const { heif_image_handle_release(handle); }
  void operator()(heif_image* image) const { heif_image_release(image); }
  void operator()(heif_decoding_options* options) const { heif_decoding_options_free(options); }
};

template <typename T>
using Owned = std::unique_ptr<T, HeifCloser>;

struct OpenHeif {
  Owned<heif_context> context;
  Owned<heif_image_handle> handle;
};

const char* kind_name(std::span<const std::byte> file) {
  return picture_kind(file) == PictureKind::Avif ? "AVIF" : "HEIC";
}

void require_good(const heif_error& error, const fs::path& path, std::span<const std::byte> file) {
  if (error.code == heif_error_Ok) return;
  const char* name = kind_name(file);
  const bool unsupported =
      error.code == heif_error_Unsupported_feature || error.code == heif_error_Unsupported_filetype;
  check(!unsupported, ErrorKind::Input,
        "{}: is a {} picture that this libheif cannot decode ({}); install its decoder ({}), or convert it to PNG",
        show(path), name, error.message,
        picture_kind(file) == PictureKind::Avif ? "libheif-plugin-dav1d" : "libheif-plugin-libde265");
  fail(ErrorKind::Input, "{}: the {} picture is damaged or ends early ({}); copy or download it again", show(path),
       name, error.message);
}

OpenHeif open_heif(const fs::path& path, std::span<const std::byte> file) {
  OpenHeif open{Owned<heif_context>(heif_context_alloc()), nullptr};
  // The bytes outlive the context.
  require_good(heif_context_read_from_memory_without_copy(open.context.get(), file.data(), file.size(), nullptr), path,
               file);
  heif_image_handle* handle = nullptr;
  require_good(heif_context_get_primary_image_handle(open.context.get(), &handle), path, file);
  open.handle.reset(handle);
  return open;
}

std::vector<std::byte> profile_of(const heif_image_handle* handle) {
  const auto kind = heif_image_handle_get_color_profile_type(handle);
  if (kind != heif_color_profile_type_rICC && kind != heif_color_profile_type_prof) return {};
  std::vector<std::byte> profile(heif_image_handle_get_raw_color_profile_size(handle));
  if (heif_image_handle_get_raw_color_profile(handle, profile.data()).code != heif_error_Ok) return {};
  return profile;
}

}  // namespace

StillSize heif_size(const fs::path& path, std::span<const std::byte> file) {
  const OpenHeif open = open_heif(path, file);
  return {heif_image_handle_get_width(open.handle.get()), heif_image_handle_get_height(open.handle.get())};
}

ReadStill read_heif(const fs::path& path, std::span<const std::byte> file, const ImageOptions& options) {
  const OpenHeif open = open_heif(path, file);
  check_picture_size(path, heif_image_handle_get_width(open.handle.get()),
                     heif_image_handle_get_height(open.handle.get()), options);
  const Owned<heif_decoding_options> how(heif_decoding_options_alloc());
  how->convert_hdr_to_8bit = 1;
  heif_image* decoded = nullptr;
  require_good(
      heif_decode_image(open.handle.get(), &decoded, heif_colorspace_RGB, heif_chroma_interleaved_RGBA, how.get()),
      path, file);
  const Owned<heif_image> picture(decoded);
  int stride = 0;
  const uint8_t* rows = heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride);
  const int width = heif_image_get_width(decoded, heif_channel_interleaved);
  const int height = heif_image_get_height(decoded, heif_channel_interleaved);
  check(rows != nullptr && width > 0 && height > 0, ErrorKind::Input,
        "{}: the {} picture is empty; copy or download it again", show(path), kind_name(file));
  return {over_background(rows, static_cast<size_t>(stride), width, height, options), profile_of(open.handle.get())};
}

}  // namespace animate::media
