// SPDX-License-Identifier: LGPL-2.1-or-later
// The shell scripts: their syntax, and the recipes on input made by formula.
#include <cmath>
#include <rdenoise/picture_file.hpp>
#include <string>

#include "run_program.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

const std::string source_root = SOURCE_ROOT;

TEST(Scripts, bash_accepts_their_syntax) {
  for (const char* script :
       {"pipelines/quickstart", "pipelines/set-up.sh", "pipelines/recipes/raw-photo", "pipelines/recipes/raw-timelapse",
        "pipelines/recipes/video-file", "pipelines/recipes/camera", "pipelines/recipes/split-view",
        "pipelines/cluster/slurm-array", "pipelines/cluster/gnu-parallel", "tests/run", ".ci/run"}) {
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

}  // namespace
}  // namespace rdenoise::test
