#pragma once

#include <filesystem>

namespace animate::media {

// What a path given as source or driving input is, by content: a GIF or APNG with more than one frame is a Video,
// with one frame an Image. Pattern is a name like frames/%05d.png that is no file itself.
// Unknown: missing, unreadable, sound only or nothing that FFmpeg knows; opening it gives the exact sentence.
enum class MediaKind { Image, Video, Folder, Pattern, Unknown };

// Never throws for a bad file. Reads the head of the file only.
MediaKind classify_media(const std::filesystem::path& path);

}  // namespace animate::media
