#include "media/picture_text.h"

#include <algorithm>
#include <string_view>

extern "C" {
#include <libavutil/crc.h>
}

#include "base/error.h"

namespace animate::media {
namespace {

using Bytes = std::vector<uint8_t>;

// Texts of a picture under the names that PNG and people know.
const std::map<std::string, std::string, std::less<>> kNames{{"software", "Software"},
                                                             {"comment", "Comment"},
                                                             {"creation_time", "Creation Time"},
                                                             {"digital_source_type", "Digital Source Type"}};

std::string name_of(const std::string& key) {
  const auto found = kNames.find(key);
  return found == kNames.end() ? key : found->second;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

void append(Bytes& bytes, std::string_view text) { bytes.insert(bytes.end(), text.begin(), text.end()); }

void append_big_endian(Bytes& bytes, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(value >> shift));
}

void append_chunk(Bytes& file, std::string_view type, std::string_view content) {
  append_big_endian(file, static_cast<uint32_t>(content.size()));
  const size_t start = file.size();
  append(file, type);
  append(file, content);
  const uint32_t crc =
      av_crc(av_crc_get_table(AV_CRC_32_IEEE_LE), 0xffffffffU, file.data() + start, file.size() - start);
  append_big_endian(file, crc ^ 0xffffffffU);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// tEXt is Latin-1; everything else needs the longer iTXt: not compressed, no language, no translated keyword.
void append_png_text(Bytes& file, const std::string& keyword, const std::string& text) {
  if (is_ascii(text)) {
    append_chunk(file, "tEXt", keyword + std::string(1, '\0') + text);
  } else {
    append_chunk(file, "iTXt", keyword + std::string(5, '\0') + text);
  }
}

void append_segment(Bytes& file, uint8_t marker, std::string_view content) {
  constexpr size_t most = 65533;
  check(content.size() <= most, ErrorKind::Usage, "metadata: a text of {} bytes does not fit into a JPEG; shorten it",
        content.size());
  const size_t length = content.size() + 2;
  file.insert(file.end(), {0xff, marker, static_cast<uint8_t>(length >> 8), static_cast<uint8_t>(length & 0xff)});
  append(file, content);
}

}  // namespace

std::string xmp_packet(const Metadata& metadata) {
  const auto value = [&metadata](const char* key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : escaped(found->second);
  };
  std::string body;
  const auto element = [&body](std::string_view name, const std::string& content) {
    if (!content.empty()) body += fmt::format("<{0}>{1}</{0}>", name, content);
  };
  element("xmp:CreatorTool", value("software"));
  element("xmp:CreateDate", value("creation_time"));
  const std::string type = value("digital_source_type");
  if (!type.empty()) {
    element("Iptc4xmpExt:DigitalSourceType", "http://cv.iptc.org/newscodes/digitalsourcetype/" + type);
  }
  const std::string comment = value("comment");
  if (!comment.empty()) {
    element("dc:description", "<rdf:Alt><rdf:li xml:lang=\"x-default\">" + comment + "</rdf:li></rdf:Alt>");
  }
  return "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
         "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
         "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
         "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
         "xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\">" +
         body + "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>";
}

std::vector<uint8_t> with_png_text(std::span<const uint8_t> file, const Metadata& metadata) {
  constexpr size_t header = 8 + 25;  // the signature and IHDR, which must come first
  check(file.size() > header, ErrorKind::Internal, "a PNG of {} bytes", file.size());
  Bytes result(file.begin(), file.begin() + header);
  for (const auto& [key, text] : metadata) append_png_text(result, name_of(key), text);
  if (!metadata.empty())
    append_chunk(result, "iTXt", "XML:com.adobe.xmp" + std::string(5, '\0') + xmp_packet(metadata));
  result.insert(result.end(), file.begin() + header, file.end());
  return result;
}

std::vector<uint8_t> with_jpeg_text(std::span<const uint8_t> file, const Metadata& metadata) {
  check(file.size() > 4, ErrorKind::Internal, "a JPEG of {} bytes", file.size());
  size_t place = 2;
  const bool jfif = file[2] == 0xff && file[3] == 0xe0;
  if (jfif && file.size() > 6) place += 2 + (size_t{file[4]} << 8 | file[5]);
  check(place < file.size(), ErrorKind::Internal, "a JPEG whose first segment ends behind the file");
  const auto split = static_cast<std::ptrdiff_t>(place);
  Bytes result(file.begin(), file.begin() + split);
  if (!metadata.empty()) {
    append_segment(result, 0xe1, "http://ns.adobe.com/xap/1.0/" + std::string(1, '\0') + xmp_packet(metadata));
  }
  if (const auto comment = metadata.find("comment"); comment != metadata.end()) {
    append_segment(result, 0xfe, comment->second);
  }
  result.insert(result.end(), file.begin() + split, file.end());
  return result;
}

std::vector<uint8_t> gif_comment(const std::string& text) {
  Bytes bytes{0x21, 0xfe};
  for (size_t at = 0; at < text.size(); at += 255) {
    const std::string_view piece = std::string_view(text).substr(at, 255);
    bytes.push_back(static_cast<uint8_t>(piece.size()));
    for (const char c : piece) bytes.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : static_cast<uint8_t>(c));
  }
  bytes.push_back(0);
  return bytes;
}

}  // namespace animate::media
