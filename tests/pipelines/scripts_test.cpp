// SPDX-License-Identifier: LGPL-2.1-or-later
// The shell scripts: their syntax, and the recipes on input made by formula.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <rdenoise/picture_file.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "run_program.hpp"
#include "support/data_folder.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

const std::string source_root = SOURCE_ROOT;

TEST(Scripts, bash_accepts_their_syntax) {
  for (const char* script :
       {"pipelines/quickstart", "pipelines/set-up.sh", "pipelines/recipes/raw-photo", "pipelines/recipes/raw-timelapse",
        "pipelines/recipes/video-file", "pipelines/recipes/camera", "pipelines/recipes/split-view",
        "pipelines/recipes/raw-folder", "pipelines/recipes/noise-log", "pipelines/recipes/virtual-camera",
        "pipelines/recipes/before-after", "pipelines/recipes/encoder-saving", "pipelines/cluster/slurm-array",
        "pipelines/cluster/gnu-parallel", "tests/run", ".ci/run"}) {
    const ProgramResult result = run_program({"bash", "-n", source_root + "/" + script});
    EXPECT_EQ(result.exit_code, 0) << result.messages;
  }
}

TEST(Scripts, quickstart_refuses_a_photo_that_is_not_there_before_it_installs_anything) {
  const ProgramResult result = run_program({source_root + "/pipelines/quickstart", "/absent/photo.dng"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find("/absent/photo.dng"), std::string::npos);
}

class Recipes : public Workplace {
 protected:
  static void run(const std::string& recipe, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), source_root + "/pipelines/recipes/" + recipe);
    const ProgramResult result = run_program(arguments);
    EXPECT_EQ(result.exit_code, 0) << recipe << ": " << result.messages;
  }

  static void launch(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"gst-launch-1.0", "-q"});
    const ProgramResult result = run_program(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.messages;
  }

  /// Frames of a video file, counted by decoding it.
  [[nodiscard]] int frame_count(const std::string& video) const {
    launch({"filesrc", "location=" + video, "!", "decodebin", "!", "videoconvert", "!", "video/x-raw,format=GRAY8", "!",
            "pngenc", "!", "multifilesink", "location=" + path("frame-%d.png")});
    return count_files_beginning_with("frame-");
  }
};

TEST_F(Recipes, raw_photo_makes_a_picture_of_the_photos_size) {
  run("raw-photo", {write_formula_dng("in.dng"), path("out.png")});
  const Picture picture = read_picture(path("out.png"));
  EXPECT_EQ(picture.image.width_px(), 48);
  EXPECT_EQ(picture.image.height_px(), 40);
}

TEST_F(Recipes, raw_timelapse_makes_a_frame_of_each_photo) {
  for (const char* name : {"shot-0000.dng", "shot-0001.dng", "shot-0002.dng"}) write_formula_dng(name);
  run("raw-timelapse", {path("shot-%04d.dng"), path("out.webm")});
  EXPECT_EQ(frame_count(path("out.webm")), 3);
}

TEST_F(Recipes, video_file_keeps_every_frame) {
  launch({"videotestsrc", "num-buffers=5", "!", "video/x-raw,format=I420,width=64,height=48", "!", "jpegenc", "!",
          "avimux", "!", "filesink", "location=" + path("in.avi")});
  run("video-file", {path("in.avi"), path("out.webm")});
  EXPECT_EQ(frame_count(path("out.webm")), 5);
}

TEST_F(Recipes, camera_runs_to_the_end_of_its_source) { run("camera", {"videotestsrc num-buffers=5", "fakesink"}); }

/// Mean absolute difference over the columns from x_px to end_px.
double difference(const Image& a, const Image& b, int x_px, int end_px) {
  double sum = 0.0;
  for (int plane = 0; plane < a.plane_count(); ++plane) {
    for (int y = 0; y < a.height_px(); ++y) {
      for (int x = x_px; x < end_px; ++x) sum += std::abs(a.at(plane, x, y) - b.at(plane, x, y));
    }
  }
  return sum / (static_cast<double>(a.plane_count()) * a.height_px() * (end_px - x_px));
}

TEST_F(Recipes, split_view_leaves_the_left_half_alone) {
  run("split-view", {"videotestsrc num-buffers=1", "pngenc ! filesink location=" + path("out.png")});
  launch({"videotestsrc", "num-buffers=1", "!", "video/x-raw,format=RGB,width=640,height=480", "!", "pngenc", "!",
          "filesink", "location=" + path("plain.png")});
  const Image view = read_picture(path("out.png")).image;
  const Image plain = read_picture(path("plain.png")).image;
  ASSERT_EQ(view.width_px(), 640);
  ASSERT_EQ(view.height_px(), 480);
  // Conversion to YUV and back costs a few steps; a network of random weights turns the picture into something else.
  EXPECT_LT(difference(view, plain, 0, 320), 4.0 / 255);
  EXPECT_GT(difference(view, plain, 320, 640), 16.0 / 255);
}

TEST_F(Recipes, raw_folder_makes_a_frame_of_each_photo_whatever_its_name) {
  std::filesystem::create_directories(path("clip"));
  for (const char* name : {"clip/B 2.dng", "clip/a.DNG", "clip/c-0001.dng"}) write_formula_dng(name);
  write_text("clip/notes.txt", "no photo");
  run("raw-folder", {path("clip"), path("out.webm")});
  EXPECT_EQ(frame_count(path("out.webm")), 3);
}

TEST_F(Recipes, noise_log_has_a_line_for_each_frame_with_the_noise_that_was_added) {
  run("noise-log", {"videotestsrc num-buffers=6 pattern=ball ! video/x-raw,format=I420,width=320,height=240 ! rdnoise "
                    "sigma=10 seed=3",
                    path("log.csv")});
  std::ifstream stream(path("log.csv"));
  std::string line;
  ASSERT_TRUE(std::getline(stream, line));
  EXPECT_EQ(line, "seconds,format,width,height,sigma_8bit,a,b,confidence");
  int count = 0;
  for (; std::getline(stream, line); ++count) {
    std::istringstream fields(line);
    std::vector<std::string> values;
    for (std::string value; std::getline(fields, value, ',');) values.push_back(value);
    ASSERT_EQ(values.size(), 8U) << line;
    EXPECT_EQ(values[1] + " " + values[2] + " " + values[3], "I420 320 240");
    // One part in seven of a mosaic of smooth places: the estimate of a frame is right within a few per cent.
    EXPECT_NEAR(std::stod(values[4]), 10.0, 1.0) << line;
  }
  EXPECT_EQ(count, 6);
}

TEST_F(Recipes, virtual_camera_gives_frames_in_the_format_of_cameras_or_says_what_is_missing) {
  setenv("RDENOISE_MODEL_PATH", SOURCE_ROOT "/models", 1);
  run("virtual-camera", {"videotestsrc num-buffers=3 is-live=true ! video/x-raw,width=64,height=48,framerate=5/1",
                         "filesink location=" + path("camera.yuv")});
  // YUY2 has two bytes for each pixel. Frames may be dropped, but not cut.
  const auto bytes = std::filesystem::file_size(path("camera.yuv"));
  EXPECT_GT(bytes, 0U);
  EXPECT_EQ(bytes % (64 * 48 * 2), 0U);
  if (std::filesystem::exists("/sys/class/video4linux")) GTEST_SKIP() << "a camera is here, and may be a loopback";
  const ProgramResult result = run_program({source_root + "/pipelines/recipes/virtual-camera"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.messages.find("v4l2loopback"), std::string::npos) << result.messages;
}

TEST_F(Recipes, before_after_shows_the_file_and_beside_it_the_same_denoised) {
  const std::string picture = write_formula_picture("in.png", ColorModel::rgb, 96, 64);
  run("before-after", {picture, path("out.png")});
  const Image both = read_picture(path("out.png")).image;
  ASSERT_EQ(both.width_px(), 2 * 96);
  ASSERT_EQ(both.height_px(), 64);
  const Image before = read_picture(picture).image;
  double left = 0.0;
  double right = 0.0;
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 96; ++x) {
      left += std::abs(both.at(1, x, y) - before.at(1, x, y)) / (96 * 64);
      right += std::abs(both.at(1, 96 + x, y) - before.at(1, x, y)) / (96 * 64);
    }
  }
  // Conversion to YUV and back costs a few steps; a network of random weights turns the picture into something else.
  EXPECT_LT(left, 4.0 / 255);
  EXPECT_GT(right, 16.0 / 255);
  launch({"videotestsrc", "num-buffers=4", "!", "video/x-raw,format=I420,width=64,height=48", "!", "jpegenc", "!",
          "avimux", "!", "filesink", "location=" + path("in.avi")});
  run("before-after", {path("in.avi"), path("out.webm")});
  EXPECT_EQ(frame_count(path("out.webm")), 4);
}

TEST_F(Recipes, encoder_saving_tells_how_many_bits_denoising_saves) {
  // With a network that denoises, and on a real clip where there is one.
  setenv("RDENOISE_MODEL_PATH", SOURCE_ROOT "/models", 1);
  const std::string program_path = std::filesystem::path(RDN_PROGRAM).parent_path().string();
  setenv("PATH", (program_path + ":" + std::getenv("PATH")).c_str(), 1);
  std::string clip = path("in.avi");
  if (const auto folder = data_folder("video")) {
    clip = (*folder / "carphone_pristine.mp4").string();
  } else {
    launch({"videotestsrc", "num-buffers=8", "pattern=ball", "!", "video/x-raw,format=I420,width=176,height=144", "!",
            "jpegenc", "quality=100", "!", "avimux", "!", "filesink", "location=" + clip});
  }
  const ProgramResult result = run_program({source_root + "/pipelines/recipes/encoder-saving", clip, "10", "8"});
  ASSERT_EQ(result.exit_code, 0) << result.messages;
  // The first line is of the finest quantiser, which spends most on noise.
  const std::size_t saved = result.out.find(" % saved");
  ASSERT_NE(saved, std::string::npos) << result.out;
  const std::size_t begin = result.out.find_last_of(' ', saved - 1) + 1;
  EXPECT_GT(std::stoi(result.out.substr(begin, saved - begin)), 10) << result.out;
}

}  // namespace
}  // namespace rdenoise::test
