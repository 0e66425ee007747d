#include "motion/template_pickle.h"

#include <sys/wait.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <set>

#include "animate/error.h"
#include "checkpoint/checkpoint.h"
#include "motion/template_file.h"
#include "motion/template_pickle_layout.h"
#include "support/catch.h"
#include "support/fixtures.h"
#include "support/skip.h"
#include "support/temp_dir.h"

using namespace animate::checkpoint;
using namespace animate::motion;
using namespace animate;
namespace fs = std::filesystem;

namespace {

std::vector<float> stored_floats(const Checkpoint& key, const std::string& name) {
  std::vector<float> values(static_cast<size_t>(key.info(name).numel()));
  key.read(name, std::as_writable_bytes(std::span(values)));
  return values;
}

int64_t stored_integer(const Checkpoint& key, const std::string& name) {
  int64_t value = 0;
  key.read(name, std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

// One array of all frames under the name that the answer keys use.
std::vector<float> column(const FaceTemplate& face, const std::string& name) {
  std::vector<float> all;
  const auto add = [&all](const Points3& points) {
    for (const Point3& point : points) all.insert(all.end(), point.begin(), point.end());
  };
  for (const FaceFrame& frame : face.frames) {
    const FaceMotion& motion = frame.motion;
    if (name == "scale") all.push_back(motion.scale);
    if (name == "R") add({motion.rotation.begin(), motion.rotation.end()});
    if (name == "exp") add(motion.expression);
    if (name == "t") add({motion.translation});
    if (name == "kp") add(motion.canonical);
    if (name == "c_eyes_lst") all.insert(all.end(), frame.ratios->eyes.begin(), frame.ratios->eyes.end());
    if (name == "c_lip_lst") all.push_back(frame.ratios->lip);
  }
  return all;
}

// Bit by bit: a comparison of numbers would take 0 for -0.
bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

bool same_bits(const MotionTemplate& a, const MotionTemplate& b) {
  if (a != b) return false;
  for (size_t i = 0; i < a.frames.size(); ++i) {
    for (const auto& [name, array] : a.frames[i].arrays) {
      if (!same_bits(array.values, b.frames[i].arrays.at(name).values)) return false;
    }
  }
  return true;
}

std::string refusal(const fs::path& path) {
  try {
    read_template_pickle(path);
  } catch (const Error& error) {
    const bool expected = error.kind() == ErrorKind::Input || error.kind() == ErrorKind::Model;
    CHECK(expected);
    const std::string sentence = error.what();
    CHECK(sentence.rfind(path.string() + ": ", 0) == 0);
    CHECK(sentence.find('\n') == std::string::npos);
    return sentence.substr(path.string().size() + 2);
  }
  FAIL(path << " was accepted");
  return {};
}

}  // namespace

TEST_CASE("every template of the original's formats gives its answer key's numbers") {
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator((test::liveportrait_fixtures() / "templates"))) {
    if (entry.path().extension() != ".pkl") continue;
    INFO(entry.path().filename());
    const FaceTemplate face = read_template_pickle(entry.path());
    const Checkpoint key = Checkpoint::open(fs::path(entry.path()).replace_extension(".safetensors"));
    CHECK(static_cast<int64_t>(face.frames.size()) == stored_integer(key, "n_frames"));
    CHECK(face.frame_rate == Rational{stored_integer(key, "output_fps"), 1});
    CHECK(face.has_canonical() == key.contains("kp"));
    CHECK(face.has_ratios() == key.contains("c_eyes_lst"));
    for (const char* name : {"scale", "R", "exp", "t", "kp", "c_eyes_lst", "c_lip_lst"}) {
      INFO(name);
      if (key.contains(name)) CHECK(same_bits(column(face, name), stored_floats(key, name)));
    }
    if (key.contains("x_s")) {
      std::vector<float> points;
      for (const FaceFrame& frame : face.frames) {
        for (const Point3& point : frame.motion.keypoints()) points.insert(points.end(), point.begin(), point.end());
      }
      const auto expected = stored_floats(key, "x_s");
      REQUIRE(points.size() == expected.size());
      for (size_t i = 0; i < points.size(); ++i) REQUIRE(points[i] == Approx(expected[i]).margin(1e-5));
    }
    CHECK(face.pts.size() == face.frames.size());
    CHECK(face.pts.back() == static_cast<int64_t>(face.frames.size()) - 1);
    CHECK(face.time_base.value() * face.frame_rate.value() == Approx(1));
    ++files;
  }
  CHECK(files >= 10);
}

TEST_CASE("hostile and broken templates are refused in one sentence that says why") {
  const std::string again = "; make it again";
  const std::string trust = "; nothing was executed; get the file from a source you trust";
  const std::string download = "; download it again from a source you trust";
  const std::map<std::string, std::string> expected{
      {"bad_memo.pkl", "the pickle in it recalls a value that it never stored" + download},
      {"count_mismatch.pkl", "as a motion template of LivePortrait it says it has 9 frames and holds 7" + again +
                                 ", or set its 'n_frames' to 7 if the others were cut on purpose"},
      {"deep_nesting.pkl", "as a motion template of LivePortrait it holds no dict" + again},
      {"empty.pkl", "the file is empty; download or copy it again"},
      {"ext_code.pkl", "the pickle in it uses the operation 0x82, which no file of numbers needs" + download},
      {"global_call.pkl", "the pickle in it calls os.getpid, which is not data" + trust},
      {"huge_shape.pkl",
       "as a motion template of LivePortrait it has 'exp' of frame 0 with the shape [2147483647, 21, 3] instead of "
       "[1, 21, 3]" +
           again},
      {"no_motion.pkl", "as a motion template of LivePortrait it has no list 'motion'" + again},
      {"not_a_pickle.pkl", "is no motion template of LivePortrait, which is a Python pickle; give another file"},
      {"numpy_other_callable.pkl", "the pickle in it mentions numpy.fromstr, which is not data" + trust},
      {"object_dtype.pkl", "the pickle in it holds an array of the type 'O8', which is not a number" + trust},
      {"persistent_id.pkl", "the pickle in it refers to something outside of itself" + trust},
      {"short_array_bytes.pkl", "the pickle in it uses the operation 0x39, which no file of numbers needs" + download},
      {"stack_global_call.pkl", "the pickle in it calls os.getpid, which is not data" + trust},
      {"truncated.pkl", "the file ends inside its pickle: the download was cut; download it again"},
  };
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator((test::liveportrait_fixtures() / "templates") / "must_reject")) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    const std::string sentence = refusal(entry.path());
    REQUIRE(expected.contains(name));
    CHECK(sentence == expected.at(name));
    ++files;
  }
  CHECK(files == expected.size());
}

TEST_CASE("the original's own example templates read", "[optional]") {
  const fs::path folder = test::material("media/templates");
  if (folder.empty()) return test::skip("media/templates is not in $ANIMATE_MATERIAL");
  const std::map<std::string, std::pair<size_t, bool>> facts{
      {"d1.pkl", {16, true}}, {"d5.pkl", {148, true}}, {"laugh.pkl", {54, false}}, {"wink.pkl", {57, false}}};
  for (const auto& [name, fact] : facts) {
    INFO(name);
    const FaceTemplate face = read_template_pickle(folder / name);
    CHECK(face.frames.size() == fact.first);
    CHECK(face.has_ratios() == fact.second);
    CHECK_FALSE(face.has_canonical());
    CHECK(face.frame_rate.num == (name[0] == 'd' ? 30 : 25));
  }
}

TEST_CASE("theirs, ours and theirs again hold the same values") {
  const test::TempDir dir;
  for (const auto& entry : fs::directory_iterator((test::liveportrait_fixtures() / "templates"))) {
    if (entry.path().extension() != ".pkl") continue;
    INFO(entry.path().filename());
    const MotionTemplate first = load_motion_template(entry.path());
    save_motion_template(dir / "a.motion", first);
    const MotionTemplate second = load_motion_template(dir / "a.motion");
    CHECK(same_bits(first, second));
    save_motion_template(dir / "b.PKL", second);
    CHECK(is_pickle(dir / "b.PKL"));
    CHECK(same_bits(first, load_motion_template(dir / "b.PKL")));
  }
}

TEST_CASE("ours, theirs and ours again is the same to the bit") {
  const test::TempDir dir;
  FaceTemplate face = read_template_pickle((test::liveportrait_fixtures() / "templates") / "new_format.pkl");
  face.model = "liveportrait-base";
  face.frame_rate = {30000, 1001};
  face.time_base = {1, 90000};
  face.audio_path = "/clips/Grüße \"a\".mp4";
  face.audio_start = 0.1;
  for (size_t i = 0; i < face.frames.size(); ++i) {
    face.pts[i] = static_cast<int64_t>(i) * 3003 + (i > 3 ? int64_t{1} << 40 : 0) - 5;
    face.duration[i] = i == 2 ? 0 : 3003;
  }
  face.frames[1].motion.translation[2] = -0.0F;
  face.frames[2].motion.scale = 1.17549435e-38F / 4;  // not even a normal number
  const MotionTemplate motion = to_motion_template(face);
  save_motion_template(dir / "a.pkl", motion);
  CHECK(same_bits(load_motion_template(dir / "a.pkl"), motion));
  CHECK(dir.entries() == 1);
}

TEST_CASE("what our writer adds counts only as long as it agrees with the rest") {
  const test::TempDir dir;
  FaceTemplate face = read_template_pickle((test::liveportrait_fixtures() / "templates") / "single_frame.pkl");
  face.frame_rate = {30000, 1001};
  face.time_base = {1001, 30000};
  face.audio_path = "a.mp4";
  write_template_pickle(dir / "a.pkl", face);
  CHECK(read_template_pickle(dir / "a.pkl").audio_path == "a.mp4");

  // Somebody sets another output_fps in Python: K 30 becomes K 24.
  std::ifstream in(dir / "a.pkl", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const size_t at = bytes.find("output_fpsK\x1e");
  REQUIRE(at != std::string::npos);
  bytes[at + 11] = 24;
  const FaceTemplate edited = read_template_pickle(dir.write("b.pkl", bytes));
  CHECK(edited.frame_rate == Rational{24, 1});
  CHECK(edited.audio_path.empty());
}

TEST_CASE("a motion of other than 21 points is not written as a pickle") {
  const test::TempDir dir;
  FaceTemplate face = read_template_pickle((test::liveportrait_fixtures() / "templates") / "single_frame.pkl");
  face.frames[0].motion.expression.resize(7);
  face.frames[0].motion.canonical.resize(7);
  try {
    write_template_pickle(dir / "a.pkl", face);
    FAIL("was written");
  } catch (const Error& error) {
    CHECK(error.what() ==
          (dir / "a.pkl").string() +
              ": motion templates of LivePortrait hold 21 points, this motion has 7; write a .motion file instead");
  }
  CHECK(dir.entries() == 0);
}

TEST_CASE("Python loads what we write as LivePortrait does") {
  const test::TempDir dir;
  const fs::path script = fs::path(ANIMATE_TEST_DATA).parent_path() / "motion" / "check_template.py";
  const auto python = [&](const std::string& interpreter, const fs::path& ours, const fs::path& theirs) {
    const int status = std::system((interpreter + " '" + script.string() + "' '" + ours.string() + "' '" +
                                    theirs.string() + "' > '" + (dir / "log").string() + "' 2>&1")
                                       .c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  };
  size_t checked = 0;
  for (const std::string interpreter : {"python3", "/usr/bin/python3"}) {
    // On some machines the first python3 of the path is not the distribution's, which has NumPy.
    if (std::system((interpreter + " -c 'import numpy' > /dev/null 2>&1").c_str()) != 0) continue;
    for (const auto& entry : fs::directory_iterator((test::liveportrait_fixtures() / "templates"))) {
      if (entry.path().extension() != ".pkl") continue;
      const fs::path ours = dir / "ours.pkl";
      write_template_pickle(ours, read_template_pickle(entry.path()));
      const int code = python(interpreter, ours, entry.path());
      std::ifstream log(dir / "log");
      const std::string said{std::istreambuf_iterator<char>(log), {}};
      INFO(entry.path() << ": " << said);
      CHECK(code == 0);
      ++checked;
    }
    if (checked > 0) break;
  }
  if (checked == 0) return test::skip("there is no python3 with NumPy to load the written templates");
  CHECK(checked >= 10);
}
