#include <cstring>
#include <functional>
#include <optional>

#include "base/file_kind.h"
#include "base/log.h"
#include "motion/numpy_pickle_writer.h"
#include "motion/template_file.h"
#include "motion/template_pickle.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

// Templates as other programs and other versions of Python write them.
using namespace animate::motion;
using namespace animate;
using test::error_of;

namespace {

constexpr const char* kPrefix = "t: as a motion template of LivePortrait it ";

struct Read {
  FaceTemplate face;
  std::vector<std::string> warnings;
};

Read read(const std::string& bytes) {
  Read result;
  const log::CollectWarnings collect(result.warnings);
  result.face = parse_template_pickle(std::as_bytes(std::span(bytes)), "t");
  return result;
}

// A template of two frames by our writer; each part may be left out or replaced.
struct Parts {
  std::optional<int64_t> n_frames = 2;
  std::vector<int64_t> scale{1, 1}, rotation{1, 3, 3}, points{1, 21, 3}, translation{1, 3};
  std::function<void(NumpyPickleWriter&)> ratios;
};

std::vector<float> numbers(size_t count, float first) {
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = first + static_cast<float>(i) / 8;
  return values;
}

std::string bytes_of(const Parts& parts) {
  NumpyPickleWriter out;
  out.begin_dict();
  if (parts.n_frames) {
    out.text("n_frames");
    out.integer(*parts.n_frames);
  }
  out.text("motion");
  out.begin_list();
  for (float frame = 0; frame < 2; ++frame) {
    out.begin_dict();
    out.text("scale");
    out.array(parts.scale, {1 + frame});
    out.text("R");
    out.array(parts.rotation, numbers(9, frame));
    out.text("exp");
    out.array(parts.points, numbers(63, frame));
    out.text("t");
    out.array(parts.translation, numbers(3, frame));
    out.end_dict();
  }
  out.end_list();
  if (parts.ratios) parts.ratios(out);
  out.end_dict();
  return std::move(out).finish();
}

void expect_values(const FaceTemplate& face, float last_scale = 2) {
  REQUIRE(face.frames.size() == 2);
  for (size_t i = 0; i < 2; ++i) {
    const FaceMotion& motion = face.frames[i].motion;
    const auto first = static_cast<float>(i);
    CHECK(motion.translation == Point3{first, first + 0.125F, first + 0.25F});
    CHECK(motion.rotation[1][2] == first + 5.0F / 8);
    CHECK(motion.expression[20][2] == first + 62.0F / 8);
  }
  CHECK(face.frames[1].motion.scale == last_scale);
}

// The same template by protocols 0 and 1, which spell lists of numbers in place of arrays.
std::string list_of(const std::vector<std::string>& items) {
  std::string text = "(l";
  for (const std::string& item : items) text += item + "a";
  return text;
}

std::string text_list(size_t rows, size_t columns, float first) {
  std::vector<std::string> row, all;
  for (size_t i = 0; i < rows * columns; ++i) {
    row.push_back(fmt::format("F{}\n", first + static_cast<float>(i) / 8));
    if (row.size() < columns) continue;
    all.push_back(list_of(row));
    row.clear();
  }
  return list_of(all);
}

// `key` spells a dict's key, as in "Vscale\n" or "X\5\0\0\0scale".
template <typename Key>
std::string of_lists(const std::string& open, Key&& key) {
  std::vector<std::string> frames;
  for (const float first : {0.0F, 1.0F}) {
    std::string frame = "(d" + key("scale") + text_list(1, 1, 1 + first) + "s";
    frame += key("R") + list_of({text_list(3, 3, first)}) + "s";
    frame += key("exp") + list_of({text_list(21, 3, first)}) + "s";
    frames.push_back(frame + key("t") + text_list(1, 3, first) + "s");
  }
  return open + key("n_frames") + "I2\ns" + key("output_fps") + "I24\ns" + key("motion") + list_of(frames) + "s.";
}

std::string unicode_key(const std::string& name) { return "V" + name + "\np" + std::to_string(name.size()) + "\n"; }

std::string binary_key(const std::string& name) {
  return "X" + std::string{static_cast<char>(name.size()), 0, 0, 0} + name;
}

// An array as Python 3 pickles it for protocol 0: its bytes are text in Latin-1.
std::string array0(const std::string& shape, const std::string& code, const std::string& data) {
  std::string escaped;
  for (const char c : data) {
    const bool plain = c != '\\' && c != '\n' && c != '\r' && c != '\0' && c != '\x1a';
    escaped += plain ? std::string(1, c) : fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
  }
  const auto encoded = [](const std::string& text) { return "c_codecs\nencode\n(V" + text + "\nVlatin1\ntR"; };
  return "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\nt" + encoded("b") + "tR(I1\n(" + shape +
         "tcnumpy\ndtype\n(V" + code + "\nI00\nI01\ntR(I3\nV<\nNNNI-1\nI-1\nI0\ntbI00\n" + encoded(escaped) + "tb";
}

template <typename T>
std::string raw(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

}  // namespace

TEST_CASE("a template without eye and lip ratios is read, whatever stands in their place") {
  using Out = NumpyPickleWriter;
  const auto lists = [](auto&& list) {
    return [list](Out& out) {
      for (const char* key : {"c_eyes_lst", "c_lip_lst"}) {
        out.text(key);
        list(out);
      }
    };
  };
  const auto none = [](Out& out) { out.none(); };
  const auto empty = [](Out& out) { out.begin_list(), out.end_list(); };
  const auto nones = [](Out& out) { out.begin_list(), out.none(), out.none(), out.end_list(); };
  for (const std::function<void(Out&)>& ratios :
       {std::function<void(Out&)>{}, std::function<void(Out&)>(lists(none)), std::function<void(Out&)>(lists(empty)),
        std::function<void(Out&)>(lists(nones))}) {
    Parts parts;
    parts.ratios = ratios;
    const Read got = read(bytes_of(parts));
    expect_values(got.face);
    CHECK_FALSE(got.face.has_ratios());
    CHECK(got.warnings.empty());
  }
}

TEST_CASE("a template with eye ratios alone is read and says that lips are missing") {
  Parts parts;
  parts.ratios = [](NumpyPickleWriter& out) {
    out.text("c_eyes_lst");
    out.begin_list();
    for (int i = 0; i < 2; ++i) out.array({1, 2}, {0.25F, 0.5F});
    out.end_list();
  };
  const Read got = read(bytes_of(parts));
  CHECK_FALSE(got.face.has_ratios());
  CHECK(got.warnings == std::vector<std::string>{"t: the motion template tells how far eyes are open, not lips "
                                                 "('c_lip_lst'), so neither can be retargeted"});
}

TEST_CASE("ratios of some frames only are refused") {
  Parts parts;
  parts.ratios = [](NumpyPickleWriter& out) {
    for (const char* key : {"c_eyes_lst", "c_lip_lst"}) {
      out.text(key);
      out.begin_list();
      out.array({1, key[2] == 'e' ? 2 : 1}, numbers(key[2] == 'e' ? 2 : 1, 0));
      out.end_list();
    }
  };
  CHECK(error_of(ErrorKind::Input, [&] { read(bytes_of(parts)); }) ==
        std::string(kPrefix) + "has 2 frames, 1 eye ratios and 1 lip ratios; make it again");
}

TEST_CASE("n_frames may be missing or too low, and is said") {
  Parts parts;
  parts.n_frames.reset();
  Read got = read(bytes_of(parts));
  expect_values(got.face);
  CHECK(got.warnings == std::vector<std::string>{"t: the motion template has no whole number 'n_frames'; the frames it "
                                                 "holds are taken (2)"});
  parts.n_frames = 1;
  got = read(bytes_of(parts));
  expect_values(got.face);
  CHECK(got.warnings ==
        std::vector<std::string>{"t: the motion template's 'n_frames' is 1; all the frames it holds are taken (2)"});
  parts.n_frames = 78;
  CHECK(error_of(ErrorKind::Input, [&] { read(bytes_of(parts)); }) ==
        std::string(kPrefix) +
            "says it has 78 frames and holds 2; make it again, or set its 'n_frames' to 2 if the others were cut on "
            "purpose");
}

TEST_CASE("arrays without axes of one entry, and points in one row") {
  Parts parts;
  parts.scale = {1};
  parts.rotation = {3, 3};
  parts.points = {1, 63};
  parts.translation = {3};
  expect_values(read(bytes_of(parts)).face);
  parts.points = {21, 3};
  parts.translation = {3, 1};
  expect_values(read(bytes_of(parts)).face);
  parts.points = {3, 21};
  CHECK(error_of(ErrorKind::Input, [&] { read(bytes_of(parts)); }) ==
        std::string(kPrefix) + "has 'exp' of frame 0 with the shape [3, 21] instead of [1, 21, 3]; make it again");
}

TEST_CASE("templates of protocols 0 and 1, with lists in place of arrays") {
  for (const std::string& bytes : {of_lists("(dp0\n", unicode_key), of_lists("(d", unicode_key),
                                   of_lists("(dp0\n", [](const std::string& name) { return "S'" + name + "'\n"; }),
                                   of_lists(std::string("}q\0", 3), binary_key), of_lists("}", binary_key)}) {
    INFO(bytes.substr(0, 20));
    const Read got = read(bytes);
    expect_values(got.face);
    CHECK(got.face.frame_rate == Rational{24, 1});
    CHECK(got.warnings.empty());
  }
}

TEST_CASE("arrays of protocol 0, single and double") {
  std::vector<double> points(63);
  for (size_t i = 0; i < points.size(); ++i) points[i] = static_cast<double>(i) / 8;
  // 1.25 ends in 0xa0 3f; 10 * 2^-149 holds a newline, which is escaped.
  float tiny = 0;
  const uint32_t bits = 0x0a;
  std::memcpy(&tiny, &bits, sizeof(tiny));
  const std::string frame = "(dVscale\n" + array0("I1\nI1\n", "f4", raw<float>({1.25F})) + "sVR\n" +
                            array0("I1\nI3\nI3\n", "f8", raw<double>({1, 0, 0, 0, 1, 0, 0, 0, 1})) + "sVexp\n" +
                            array0("I1\nI21\nI3\n", "f8", raw(points)) + "sVt\n" +
                            array0("I1\nI3\n", "f4", raw<float>({-1, tiny, 0})) + "s";
  const FaceTemplate face = read("(dp0\nVn_frames\nL1L\nsVmotion\n(l" + frame + "as.").face;
  REQUIRE(face.frames.size() == 1);
  const FaceMotion& motion = face.frames[0].motion;
  CHECK(motion.scale == 1.25F);
  CHECK(motion.rotation[1] == Point3{0, 1, 0});
  CHECK(motion.expression[20][2] == 62.0F / 8);
  CHECK(motion.translation == Point3{-1, tiny, 0});
}

TEST_CASE("lists that are no array are refused") {
  const std::string good = of_lists("(d", unicode_key);
  const auto changed = [&](const std::string& what, const std::string& into) {
    std::string bytes = good;
    const size_t at = bytes.find(what);
    REQUIRE(at != std::string::npos);
    bytes.replace(at, what.size(), into);
    return error_of(ErrorKind::Input, [&] { read(bytes); });
  };
  CHECK(changed("F7.75\n", "Vx\n") == "t: 'exp' of frame 0 holds what is not a number; get the file again");
  CHECK(changed("F7.75\na", "") == "t: 'exp' of frame 0 is a list whose rows differ in length; get the file again");
  CHECK(changed("F7.75\n", "Fnan\n") ==
        std::string(kPrefix) + "has NaN or infinite values in 'exp' of frame 0; make it again");
}

TEST_CASE("a compressed template and a pickle that is none are named as what they are") {
  const test::TempDir dir;
  const auto gzip = dir.write("a.pkl.gz", std::string("\x1f\x8b\x08\0\0\0\0\0", 8));
  CHECK(is_motion_template(gzip));
  CHECK(error_of(ErrorKind::Input, [&] { load_motion_template(gzip); }) ==
        gzip.string() + ": is compressed with gzip; unpack it (`gunzip -c FILE.gz > FILE`) and give what comes out");
  const auto list = dir.write("list.bin", "(lp0\nI1\naI2\na.");
  CHECK(is_motion_template(list));
  CHECK(error_of(ErrorKind::Input, [&] { load_motion_template(list); }) ==
        list.string() + ": as a motion template of LivePortrait it holds no dict; make it again");
  const auto odd = dir.write("odd.pkl", "no pickle");
  CHECK(is_motion_template(odd));
  CHECK(error_of(ErrorKind::Input, [&] { load_motion_template(odd); }) ==
        odd.string() + ": is not a motion template; make one with `animate template -d clip.mp4 -o clip.motion`");
}
