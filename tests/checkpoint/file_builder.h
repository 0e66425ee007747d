#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace animate::test {

inline std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

// std::string_view literals end at the first zero byte; this keeps them all.
template <size_t N>
std::string raw(const char (&text)[N]) {
  return std::string(text, N - 1);
}

template <typename T>
std::string little(T value) {
  std::string text(sizeof(T), '\0');
  std::memcpy(text.data(), &value, sizeof(T));
  return text;
}

inline std::string text_op(std::string_view text) {
  return "X" + little(static_cast<uint32_t>(text.size())) + std::string(text);
}

// The operations that rebuild a float32 tensor: shape, strides and offset given as pickled integers.
struct TensorOps {
  std::string key = "0";
  std::string numel = "K\x04";
  std::string offset = raw("K\x00");
  std::string shape = "K\x04\x85";
  std::string strides = "K\x01\x85";
  std::string view = "N";  // "" for the five items that the zip format has
  std::string storage = "FloatStorage";

  std::string text() const {
    return "ctorch._utils\n_rebuild_tensor_v2\n((" + text_op("storage") + "ctorch\n" + storage + "\n" + text_op(key) +
           text_op("cpu") + numel + view + "tQ" + offset + shape + strides + "\x89" + "ccollections\nOrderedDict\n)RtR";
  }
};

inline std::string dict_of(std::string_view key, std::string_view value_ops) {
  return "}" + text_op(key) + std::string(value_ops) + "s";
}

// A whole legacy file round the operations of its object (without PROTO and STOP).
inline std::string legacy_file(std::string_view object, std::string_view key_list = "]", std::string_view data = "",
                               std::string_view header = "}") {
  const std::string proto = "\x80\x02";
  return raw("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.") + raw("\x80\x02M\xe9\x03.") + proto +
         std::string(header) + "." + proto + std::string(object) + "." + proto + std::string(key_list) + "." +
         std::string(data);
}

// Four floats under the key "0": the storage that TensorOps describes.
inline std::string four_floats() {
  std::string data = little(int64_t{4});
  for (const float value : {1.F, 2.F, 3.F, 4.F}) data += little(value);
  return data;
}
inline std::string key_list_0() { return "]" + text_op("0") + "a"; }

// A zip written entry by entry, each stored or deflated, as torch does: sizes and CRC only in the directory.
class ZipBuilder {
 public:
  ZipBuilder& add(std::string_view name, std::string_view content, bool deflated = false) {
    const std::string stored = deflated ? deflate(content) : std::string(content);
    const auto crc = static_cast<uint32_t>(
        ::crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<unsigned int>(content.size())));
    const std::string extra = raw("FB\x05\x00ZZZZZ");
    const uint16_t method = deflated ? 8 : 0;
    const auto offset = static_cast<uint32_t>(file_.size());
    file_ += "PK\x03\x04" + little(uint16_t{0}) + little(uint16_t{8}) + little(method) + std::string(16, '\0') +
             little(static_cast<uint16_t>(name.size())) + little(static_cast<uint16_t>(extra.size())) +
             std::string(name) + extra + stored;
    const std::string zip64 = wide ? little(uint16_t{1}) + little(uint16_t{24}) + little(uint64_t{content.size()}) +
                                         little(uint64_t{stored.size()}) + little(uint64_t{offset})
                                   : "";
    const auto field = [&](size_t value) { return little(wide ? UINT32_MAX : static_cast<uint32_t>(value)); };
    directory_ += "PK\x01\x02" + little(uint32_t{0}) + little(uint16_t{8}) + little(method) + little(uint32_t{0}) +
                  little(crc) + field(stored.size()) + field(content.size()) +
                  little(static_cast<uint16_t>(name.size())) + little(static_cast<uint16_t>(zip64.size())) +
                  little(uint16_t{0}) + std::string(8, '\0') + field(offset) + std::string(name) + zip64;
    ++count_;
    return *this;
  }

  std::string finish() const {
    const uint64_t offset = file_.size();
    std::string end;
    if (wide) {
      end = "PK\x06\x06" + little(uint64_t{44}) + std::string(12, '\0') + little(uint64_t{count_}) +
            little(uint64_t{count_}) + little(uint64_t{directory_.size()}) + little(offset) + "PK\x06\x07" +
            little(uint32_t{0}) + little(offset + directory_.size()) + little(uint32_t{1});
    }
    const auto count = wide ? uint16_t{0xffff} : count_;
    return file_ + directory_ + end + "PK\x05\x06" + little(uint32_t{0}) + little(count) + little(count) +
           little(wide ? UINT32_MAX : static_cast<uint32_t>(directory_.size())) +
           little(wide ? UINT32_MAX : static_cast<uint32_t>(offset)) + little(uint16_t{0});
  }

  bool wide = false;  // zip64 records

 private:
  static std::string deflate(std::string_view content) {
    z_stream stream{};
    ::deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(::deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<unsigned int>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<unsigned int>(out.size());
    ::deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
    return out;
  }

  std::string file_;
  std::string directory_;
  uint16_t count_ = 0;
};

inline std::vector<std::byte> read_array(const checkpoint::Checkpoint& checkpoint, const std::string& name) {
  std::vector<std::byte> out(checkpoint.info(name).size_bytes());
  checkpoint.read(name, out);
  return out;
}

inline std::vector<float> read_floats(const checkpoint::Checkpoint& checkpoint, const std::string& name) {
  const std::vector<std::byte> bytes = read_array(checkpoint, name);
  std::vector<float> values(bytes.size() / sizeof(float));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

inline std::string safetensors_file(std::string_view header, std::string_view data) {
  return little(uint64_t{header.size()}) + std::string(header) + std::string(data);
}

}  // namespace animate::test
