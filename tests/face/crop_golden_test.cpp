#include <iomanip>
#include <sstream>

#include "face/driving_crop.h"
#include "face/golden_arrays.h"
#include "face/portrait_crop.h"
#include "media/image_io.h"
#include "pictures/exact_resize.h"
#include "support/pictures.h"

// Sizes and crops (models/liveportrait/README.md#pictures, models/liveportrait/README.md#crops) against the original's
// numbers.
using namespace animate::face;
using namespace animate::pictures;
using namespace animate::media;
using namespace animate;
using test::golden_file;
using test::GoldenArrays;
using test::largest_difference;
using test::share_within_one;
using test::strided;

namespace {

constexpr double kTolerance = 2e-3;  // points and matrices
constexpr double kShare = 0.99;      // of the samples within one level

std::string two_digits(int number) {
  std::ostringstream text;
  text << std::setw(2) << std::setfill('0') << number;
  return text.str();
}

std::array<double, 4> corners(const FaceCorners& box) { return {box.left, box.top, box.right, box.bottom}; }

}  // namespace

TEST_CASE("crops: every landmark count, scale, shift and turn of the original") {
  const auto json = golden_file("crop/cases.json");
  const auto file = golden_file("crop/crop.safetensors");
  const auto png = golden_file("crop/image.png");
  const auto cases = test::read_json(json);
  const GoldenArrays golden(file);
  const Image image = load_image(png);
  int pictures = 0;
  for (const auto& row : cases) {
    const std::string key = two_digits(row["index"].get<int>());
    INFO("case " << key);
    const Points2 landmarks = golden.points(key + ".pts");
    const bool use_lip = row["use_lip_for_rect"];
    const bool rotate = row["flag_do_rot"];
    const RectangleOptions options{row["scale"], row["vx_ratio"], row["vy_ratio"], use_lip};

    const auto two = upright_points(landmarks, use_lip);
    CHECK(largest_difference(Points2(two.begin(), two.end()), golden.points(key + ".pt2")) <= kTolerance);
    const FaceRectangle rectangle = face_rectangle(landmarks, options);
    CHECK(largest_difference(rectangle.centre, golden.singles(key + ".rect_center")) <= kTolerance);
    CHECK(largest_difference(std::array{rectangle.size, rectangle.size}, golden.singles(key + ".rect_size")) <=
          kTolerance);
    CHECK(std::abs(rectangle.angle - golden.numbers(key + ".rect_angle").at(0)) <= kTolerance);
    const auto upright = upright_corners(rectangle);
    CHECK(largest_difference(Points2(upright.begin(), upright.end()), golden.points(key + ".bbox")) <= kTolerance);
    const auto turned = turned_corners(rectangle);
    CHECK(largest_difference(Points2(turned.begin(), turned.end()), golden.points(key + ".bbox_rot")) <= kTolerance);

    // The original's crop reads vx_ratio and use_lip and ignores both; ours honours vx_ratio, so 0 is given here.
    const PortraitCropOptions crop{row["dsize"], row["scale"], 0, row["vy_ratio"], rotate};
    const CropTransform transform = crop_transform(landmarks, crop);
    CHECK(largest_difference(transform.crop_from_image, golden.matrix(key + ".M_o2c")) <= kTolerance);
    CHECK(largest_difference(transform.image_from_crop, golden.matrix(key + ".M_c2o")) <= kTolerance);
    CHECK(largest_difference(transform_points(landmarks, transform.crop_from_image), golden.points(key + ".pt_crop")) <=
          kTolerance);
    const Image cropped = warp_crop(image, transform);
    if (golden.has(key + ".img_crop")) {
      ++pictures;
      CHECK(share_within_one(cropped, golden.image(key + ".img_crop")) >= kShare);
    } else if (const auto whole = png.parent_path() / ("crop512_" + key + ".png"); std::filesystem::exists(whole)) {
      ++pictures;
      CHECK(share_within_one(cropped, load_image(whole)) >= kShare);
      const Image half = load_image(png.parent_path() / ("crop256_area_" + key + ".png"));
      CHECK(share_within_one(resize_area(cropped, 256, 256), half) >= kShare);
    }
  }
  CHECK(cases.size() >= 44);
  // The large ones are not among the copies in tests/data.
  CHECK(pictures >= 14);
  std::cout << "crop: " << cases.size() << " cases, " << pictures << " pictures compared\n";
}

TEST_CASE("resize_to_limit: sizes and pixels") {
  const auto json = golden_file("crop/resize_to_limit.json");
  const auto rows = test::read_json(json)["rows"];
  for (const auto& row : rows) {
    INFO(row.dump());
    const auto size = limited_size(row[1], row[0], row[2], row[3]);
    CHECK(size[0] == row[5].get<int>());
    CHECK(size[1] == row[4].get<int>());
  }
  CHECK(rows.size() >= 243);
  const auto file = golden_file("crop/resize_to_limit_image.safetensors");
  const GoldenArrays golden(file);
  CHECK(test::same_pixels(resize_to_limit(golden.image("image"), 100, 8), golden.image("out_max100_div8")));
}

TEST_CASE("source picture: the crop round the 106 points") {
  const auto file = golden_file("crop/source_image_crop.safetensors");
  const auto clip = golden_file("crop/driving_video_crop.safetensors");
  const GoldenArrays golden(file);
  const Points2 landmarks = golden.points("lmk106");
  PortraitCropOptions options;
  options.rotate = false;  // as this fixture was made
  const CropTransform transform = crop_transform(landmarks, options);
  CHECK(largest_difference(transform.crop_from_image, golden.matrix("M_o2c")) <= kTolerance);
  CHECK(largest_difference(transform.image_from_crop, golden.matrix("M_c2o")) <= kTolerance);
  CHECK(largest_difference(transform_points(landmarks, transform.crop_from_image), golden.points("pt_crop")) <=
        kTolerance);
  const Image crop = resize_area(warp_crop(GoldenArrays(clip).image("frames"), transform), 256, 256);
  CHECK(share_within_one(strided(crop, 2), golden.image("crop256_strided2")) >= kShare);
}

TEST_CASE("source video: the crop of every frame round its 203 points") {
  const auto file = golden_file("crop/source_video_crop.safetensors");
  const auto clip = golden_file("crop/driving_video_crop.safetensors");
  const GoldenArrays golden(file);
  const GoldenArrays frames(clip);
  const auto count = static_cast<size_t>(golden.shape("M_c2o")[0]);
  for (size_t i = 0; i < count; ++i) {
    const Points2 landmarks = golden.points("lmk203", i);
    const CropTransform transform = crop_transform(landmarks, PortraitCropOptions{});
    CHECK(largest_difference(transform.image_from_crop, golden.matrix("M_c2o", i)) <= kTolerance);
    Points2 in_crop = transform_points(landmarks, transform.crop_from_image);
    for (Point2& point : in_crop) point = {point[0] / 2, point[1] / 2};
    CHECK(largest_difference(in_crop, golden.points("lmk_crop_256", i)) <= kTolerance);
    const Image crop = resize_area(warp_crop(frames.image("frames", i), transform), 256, 256);
    CHECK(share_within_one(strided(crop, 4), golden.image("crop256_strided4", i)) >= kShare);
  }
  CHECK(count == 3);
}

TEST_CASE("driving video: boxes, their average, the crops") {
  const auto file = golden_file("crop/driving_video_crop.safetensors");
  const GoldenArrays golden(file);
  const auto count = static_cast<size_t>(golden.shape("boxes")[0]);
  std::vector<FaceCorners> boxes;
  for (size_t i = 0; i < count; ++i) {
    boxes.push_back(driving_box(golden.points("lmk203", i), {2.2, 0, -0.1, true}));
    const Points2 expected = golden.points("boxes", i);
    CHECK(largest_difference(corners(boxes.back()),
                             std::array{expected[0][0], expected[0][1], expected[2][0], expected[2][1]}) <= kTolerance);
  }
  const FaceCorners average = average_box(boxes);
  CHECK(largest_difference(corners(average), golden.numbers("global_bbox")) <= kTolerance);
  const CropTransform transform = crop_by_box(average, 512);
  for (size_t i = 0; i < count; ++i) {
    CHECK(largest_difference(transform_points(golden.points("lmk203", i), transform.crop_from_image),
                             golden.points("lmk_crop", i)) <= 5 * kTolerance);
    const Image crop = warp_crop(golden.image("frames", i), transform);
    CHECK(share_within_one(strided(crop, 8), golden.image("frame_crop_strided8_" + std::to_string(i))) >= kShare);
    CHECK(share_within_one(strided(resize_linear(crop, 256, 256), 4),
                           golden.image("frame256_strided4_" + std::to_string(i))) >= kShare);
  }
  CHECK(count == 3);
}

TEST_CASE("a box that is turned about its centre") {
  const auto file = golden_file("crop/driving_video_crop.safetensors");
  const GoldenArrays golden(file);
  const auto expected = golden.matrix("bbox_rot.M_o2c");
  const double angle = std::atan2(expected[1], expected[0]);
  const int size = static_cast<int>(golden.shape("bbox_rot.img_crop")[0]);
  // The fixture does not say its box; the matrices tell it: side and centre of what the crop covers.
  const auto back = golden.matrix("bbox_rot.M_c2o");
  const double side = size * std::hypot(back[0], back[3]);
  const Point2 middle = transform_points({{size / 2.0F, size / 2.0F}}, back)[0];
  const FaceCorners box{middle[0] - side / 2, middle[1] - side / 2, middle[0] + side / 2, middle[1] + side / 2};
  const CropTransform transform = crop_by_box(box, size, angle);
  CHECK(largest_difference(transform.crop_from_image, expected) <= kTolerance);
  CHECK(largest_difference(transform.image_from_crop, back) <= kTolerance);
  CHECK(share_within_one(warp_crop(golden.image("frames"), transform), golden.image("bbox_rot.img_crop")) >= kShare);
  CHECK(largest_difference(transform_points(golden.points("lmk203"), transform.crop_from_image),
                           golden.points("bbox_rot.lmk_crop")) <= kTolerance);
}
